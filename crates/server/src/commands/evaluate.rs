//! `tidings evaluate-jsonnet`, which the server runs for content that holds a jsonnet program. It is not for people.

use std::io::{Read as _, Write as _};

use rustix::process::{Resource, Rlimit, setrlimit};
use serde_json::{Value, json};
use tidings_render::jsonnet;

/// The most that is read, in bytes.
const MAX_INPUT: u64 = 8 << 20;
/// Seconds of processor time; bytes of memory that can be written; bytes of addresses.
const CPU_SECONDS: u64 = 2;
const MEMORY: u64 = 256 << 20;
const ADDRESSES: u64 = 4 << 30;

/// Reads `{source, data, profile}` and writes `{value}` or `{error}`.
///
/// # Errors
/// When it cannot be limited, or its input is not what the server writes.
pub(crate) fn run() -> anyhow::Result<()> {
    for (resource, limit) in [
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Data, MEMORY),
        (Resource::As, ADDRESSES),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // Input, output and error are open; nothing else can be.
        (Resource::Nofile, 3),
        (Resource::Nproc, 0),
    ] {
        let limits = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        setrlimit(resource, limits)?;
    }
    let mut input = Vec::new();
    std::io::stdin().lock().take(MAX_INPUT).read_to_end(&mut input)?;
    let input: Value = serde_json::from_slice(&input)?;
    let part = |name: &str| input.get(name).cloned().unwrap_or_default();
    let source = part("source");
    let answer = match jsonnet::evaluate(source.as_str().unwrap_or_default(), &part("data"), &part("profile")) {
        // What it made is JSON already.
        Ok(value) => format!("{{\"value\":{value}}}"),
        Err(error) => json!({ "error": error }).to_string(),
    };
    std::io::stdout().lock().write_all(answer.as_bytes())?;
    Ok(())
}
