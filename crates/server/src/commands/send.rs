//! `tidings send`: a message from the shell.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};

use crate::cli::SendOptions;
use crate::commands::dev::KEY_FILE;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends, and prints the server's answer.
///
/// # Errors
/// When the server refuses, in its own words, or cannot be reached.
pub(crate) async fn run(options: SendOptions) -> anyhow::Result<()> {
    let key = key(&options)?;
    let body = json!({ "message": message(&options)? });
    let dry_run = if options.dry_run { "?dry_run=true" } else { "" };
    let url = format!("{}/send{dry_run}", options.server.trim_end_matches('/'));
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let response = client.post(&url).bearer_auth(key).json(&body).send().await;
    let response =
        response.with_context(|| format!("{} cannot be reached; is `tidings dev` running?", options.server))?;
    let status = response.status();
    let answer: Value = response.json().await.context("the server's answer is no JSON")?;
    if !status.is_success() {
        bail!(
            "{}",
            answer
                .get("message")
                .and_then(Value::as_str)
                .unwrap_or("the server refused")
        );
    }
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&answer)?)?;
    Ok(())
}

fn key(options: &SendOptions) -> anyhow::Result<String> {
    if let Some(key) = &options.key {
        return Ok(key.clone());
    }
    let path = options.data_dir.join(KEY_FILE);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "no key: give --key or TIDINGS_API_KEY, or start `tidings dev` ({})",
            path.display()
        )
    })?;
    Ok(text.trim().to_owned())
}

fn message(options: &SendOptions) -> anyhow::Result<Value> {
    let mut to = Map::new();
    for (name, value) in [
        ("user_id", &options.user),
        ("email", &options.email),
        ("phone_number", &options.phone),
    ] {
        if let Some(value) = value {
            to.insert(name.to_owned(), json!(value));
        }
    }
    if to.is_empty() {
        bail!("to whom? Give --email, --phone or --user");
    }
    let mut data = Map::new();
    for one in &options.data {
        let (name, value) = one
            .split_once('=')
            .with_context(|| format!("--data {one}: expected NAME=VALUE"))?;
        data.insert(name.to_owned(), json!(value));
    }
    let mut message = json!({ "to": to, "data": data });
    let mut set = |name: &str, value: Value| {
        if let Some(object) = message.as_object_mut() {
            object.insert(name.to_owned(), value);
        }
    };
    match (&options.template, &options.body) {
        (Some(template), _) => set("template", json!(template)),
        (None, Some(body)) => set("content", json!({ "title": options.title, "body": body })),
        (None, None) => bail!("what? Give --body (and --title), or --template"),
    }
    if !options.channels.is_empty() {
        let method = if options.all { "all" } else { "single" };
        set("routing", json!({ "method": method, "channels": options.channels }));
    }
    Ok(message)
}
