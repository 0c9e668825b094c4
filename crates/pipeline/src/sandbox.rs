//! Running jsonnet programs, each in a process of its own that can be ended.
//!
//! The process is this program once more, with a hidden command. It gets the source and its variables on its input, no
//! environment and no files; it limits itself before it begins, and is killed when its time is over.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use tidings_types::Object;

/// The hidden command.
pub const EVALUATE: &str = "evaluate-jsonnet";
/// How long a program may take, from its start to its last word.
const TIME: Duration = Duration::from_secs(3);
/// The most that is read of its answer, in bytes.
const MAX_ANSWER: u64 = 1 << 20;
/// How many may run at once.
const PLACES: usize = 2;

/// Where programs are run.
#[derive(Clone, Debug)]
pub struct Sandbox {
    program: Option<PathBuf>,
    places: Arc<Semaphore>,
}

impl Default for Sandbox {
    /// One that refuses every program.
    fn default() -> Self {
        Self::of(None)
    }
}

impl Sandbox {
    /// A sandbox whose processes are this executable.
    pub fn new(program: PathBuf) -> Self {
        Self::of(Some(program))
    }

    fn of(program: Option<PathBuf>) -> Self {
        Self {
            program,
            places: Arc::new(Semaphore::new(PLACES)),
        }
    }

    /// Evaluates a program with `data` and `profile`.
    ///
    /// # Errors
    /// What went wrong, in words that hold no value.
    pub async fn evaluate(&self, source: &str, data: &Object, profile: &Object) -> Result<Value, String> {
        let Some(program) = &self.program else {
            return Err("programs cannot be run here".to_owned());
        };
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| "the server is stopping".to_owned())?;
        let input = json!({"source": source, "data": data, "profile": profile}).to_string();
        let mut child = Command::new(program)
            .arg(EVALUATE)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| "no process could be started for it".to_owned())?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
            return Err("no process could be started for it".to_owned());
        };
        let talk = async {
            // One that ends early does not read to the end.
            let _ = stdin.write_all(input.as_bytes()).await;
            drop(stdin);
            let mut answer = Vec::new();
            let _ = stdout.take(MAX_ANSWER + 1).read_to_end(&mut answer).await;
            answer
        };
        let answer = timeout(TIME, talk).await;
        // Also one that has said all it has to say is not left running.
        let _ = child.start_kill();
        let _ = child.wait().await;
        let answer = answer.map_err(|_| format!("it did not end within {} seconds", TIME.as_secs()))?;
        if u64::try_from(answer.len()).unwrap_or(u64::MAX) > MAX_ANSWER {
            return Err("its answer is longer than 1 MB".to_owned());
        }
        read(&answer)
    }
}

/// Reads `{"value": ..}` or `{"error": ".."}`. One that was ended by its limits has said neither.
fn read(answer: &[u8]) -> Result<Value, String> {
    let ended = || "it was ended: it took too much time or memory".to_owned();
    let mut answer: Object = serde_json::from_slice(answer).map_err(|_| ended())?;
    match (answer.remove("value"), answer.get("error").and_then(Value::as_str)) {
        (Some(value), _) => Ok(value),
        (None, Some(error)) => Err(error.to_owned()),
        (None, None) => Err(ended()),
    }
}
