//! An import that is killed in the middle goes on, and comes to the same as one that was not.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How many rows the file has; every hundredth is refused.
const ROWS: u64 = 12_000;

fn tidings(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
    command
        .current_dir(folder)
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.args(["--environment", "test", "--data-dir", "data"]);
    command
}

/// How many rows are noted as done; none when there is no note.
fn noted(folder: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(folder.join("people.jsonl.progress")).ok()?;
    text.split(' ').next()?.parse().ok()
}

#[test]
fn an_import_is_killed_and_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let row = |number: u64| match number % 100 {
        0 => "{\"email\": \"nobody@example.com\"}\n".to_owned(),
        _ => format!("{{\"user_id\": \"u{number}\", \"email\": \"u{number}@example.com\"}}\n"),
    };
    let text = (1..=ROWS).map(row).collect::<Vec<_>>().concat();
    std::fs::write(folder.join("people.jsonl"), text).unwrap();

    let import = ["import", "profiles", "people.jsonl"];
    let mut seen = 0;
    for kill in 1..=3 {
        let mut running = tidings(folder, &import).spawn().unwrap();
        let begun = Instant::now();
        while noted(folder).is_none_or(|rows| rows < ROWS * kill / 5) {
            assert!(begun.elapsed() < Duration::from_mins(2), "it does not get on");
            assert!(running.try_wait().unwrap().is_none(), "it ended before it was killed");
            std::thread::sleep(Duration::from_millis(1));
        }
        running.kill().unwrap();
        running.wait().unwrap();
        let rows = noted(folder).unwrap();
        assert!(seen < rows && rows < ROWS, "{rows} after {seen}");
        seen = rows;
    }
    let ended = tidings(folder, &import).output().unwrap();
    assert!(ended.status.success());
    let told = String::from_utf8(ended.stdout).unwrap();
    assert!(told.contains("12000 profiles read, 120 refused"), "{told}");
    assert_eq!(noted(folder), None);
    let refused = std::fs::read_to_string(folder.join("people.jsonl.refused")).unwrap();
    let expected: Vec<String> = (1..=ROWS / 100)
        .map(|n| format!("row {}: user_id: Required", n * 100))
        .collect();
    assert_eq!(refused.lines().collect::<Vec<_>>(), expected);

    let exported = tidings(folder, &["export", "profiles", "out.jsonl"]).output().unwrap();
    assert!(exported.status.success());
    let out = std::fs::read_to_string(folder.join("out.jsonl")).unwrap();
    let mut users: Vec<String> = out
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let user = row["user_id"].as_str().unwrap().to_owned();
            assert_eq!(row["profile"]["email"], format!("{user}@example.com"));
            user
        })
        .collect();
    users.sort();
    let mut expected: Vec<String> = (1..=ROWS).filter(|n| n % 100 != 0).map(|n| format!("u{n}")).collect();
    expected.sort();
    assert_eq!(users, expected);
}
