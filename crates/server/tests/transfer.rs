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

/// Imports a file that was just written; tells how it ended, what it said, and which rows it refused.
fn imported(folder: &Path, kind: &str, name: &str, text: &str) -> (bool, String, String) {
    std::fs::write(folder.join(name), text).unwrap();
    let mut command = tidings(folder, &["import", kind, name]);
    let ended = command.stderr(Stdio::piped()).output().unwrap();
    let told = [ended.stdout, ended.stderr].concat();
    let refused = std::fs::read_to_string(folder.join(format!("{name}.refused"))).unwrap_or_default();
    (ended.status.success(), String::from_utf8(told).unwrap(), refused)
}

#[test]
fn a_table_that_cannot_be_read_is_refused_as_a_whole() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    for (kind, text, named) in [
        ("profiles", "user_id,a,a.b\nada,1,2\n", "`a` and `a.b`"),
        ("profiles", "user_id,email,email\nada,1,2\n", "`email`"),
        ("profiles", "user_id,email.\nada,1\n", "`email.`"),
        ("profiles", "id,email\nada,ada@example.com\n", "`user_id`"),
        ("subscriptions", "user_id\nada\n", "`list_id`"),
        ("subscriptions", "list_id,user_id,status\nnews,ada,x\n", "`status`"),
    ] {
        let (succeeded, told, refused) = imported(folder, kind, "table.csv", text);
        assert!(!succeeded && told.contains(named), "{told}");
        assert_eq!(refused, "", "no row was looked at");
    }
    assert!(!folder.join("table.csv.progress").exists());
    let exported = tidings(folder, &["export", "profiles", "out.jsonl"]).output().unwrap();
    assert!(exported.status.success());
    assert_eq!(std::fs::read_to_string(folder.join("out.jsonl")).unwrap(), "");
    // As programs for tables write it: with a mark at the beginning, and lines that end in two characters.
    let table = "\u{feff}user_id,address.city\r\nada,Bonn\r\n";
    let (succeeded, told, _) = imported(folder, "profiles", "table.csv", table);
    assert!(succeeded && told.contains("1 profiles read, 0 refused"), "{told}");
}

#[test]
fn rows_are_refused_for_what_the_api_refuses() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let long = "x".repeat(513);
    let rows = format!(
        "list_id,user_id,preferences\n\
         news,ada,\"{{\"\"categories\"\":{{\"\"t\"\":{{\"\"status\"\":\"\"OPTED_OUT\"\"}}}}}}\"\n\
         news,eve,\"{{\"\"categories\"\":{{\"\"t\"\":{{\"\"status\"\":\"\"NOPE\"\"}}}}}}\"\n\
         news,{long},\n\
         news,bob,\n"
    );
    let (succeeded, told, refused) = imported(folder, "subscriptions", "subs.csv", &rows);
    assert!(succeeded && told.contains("4 subscriptions read, 2 refused"), "{told}");
    let refused: Vec<&str> = refused.lines().collect();
    assert!(refused[0].starts_with("row 2: preferences.categories.t"), "{refused:?}");
    assert!(
        refused[1].starts_with("row 3: user_id: Expected at most 512 bytes"),
        "{refused:?}"
    );
    let people = format!(
        "{{\"user_id\": \"{long}\", \"a\": 1}}\n{{\"user_id\": \"ada\", \"a\": {{\"b\": 1}}}}\n{{\"user_id\": \"bob\", \"a\": 1}}\n"
    );
    let (_, told, refused) = imported(folder, "profiles", "people.jsonl", &people);
    assert!(told.contains("3 profiles read, 1 refused"), "{told}");
    assert!(refused.starts_with("row 1: user_id: "), "{refused}");

    let exported = tidings(folder, &["export", "subscriptions", "out.jsonl"])
        .output()
        .unwrap();
    assert!(exported.status.success());
    let out = std::fs::read_to_string(folder.join("out.jsonl")).unwrap();
    let users: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["user_id"].clone())
        .collect();
    assert_eq!(users, ["ada", "bob"]);
    // A table that could not be imported again is not written either.
    let mut export = tidings(folder, &["export", "profiles", "out.csv"]);
    let refused = export.stderr(Stdio::piped()).output().unwrap();
    assert!(!refused.status.success() && !folder.join("out.csv").exists());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("`a` and `a.b`"));
}
