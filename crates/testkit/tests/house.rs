//! The rules of the house, held against what cargo knows: imports go down only, siblings do not import each other, and
//! each kind of outside knowledge has its rooms.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these are tests: a panic is how they fail"
)]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// The floor each room is on. A room imports only rooms on lower floors.
const FLOORS: [(&str, u8); 17] = [
    ("types", 0),
    ("wire", 1),
    ("domain", 1),
    ("template", 1),
    ("providers", 1),
    ("store", 1),
    ("bus", 1),
    ("render", 2),
    ("store-sqlite", 2),
    ("store-postgres", 2),
    ("pipeline", 3),
    ("testkit", 4),
    ("auth", 4),
    ("api", 5),
    ("inbox", 5),
    ("pages", 5),
    ("server", 6),
];

/// Rooms that are pure: no clock, no randomness, no I/O, no async.
const PURE: [&str; 5] = ["types", "wire", "domain", "template", "render"];

/// Outside crates, and the only rooms that may know them.
const KNOWN_ONLY_TO: [(&str, &[&str]); 7] = [
    ("axum", &["api", "inbox", "pages", "server"]),
    ("async-graphql", &["inbox"]),
    ("rusqlite", &["store-sqlite"]),
    ("tokio-postgres", &["store-postgres"]),
    ("lettre", &["providers"]),
    ("clap", &["server"]),
    ("maud", &["pages"]),
];

fn rooms() -> BTreeMap<String, Vec<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--no-deps",
            "--manifest-path",
            manifest,
        ])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let mut rooms = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let Some(room) = package["name"].as_str().and_then(|name| name.strip_prefix("tidings-")) else {
            continue;
        };
        if room == "bench" {
            continue;
        }
        let normal = package["dependencies"].as_array().expect("dependencies").iter();
        let names = normal
            .filter(|one| one["kind"].is_null())
            .filter_map(|one| one["name"].as_str());
        rooms.insert(room.to_owned(), names.map(str::to_owned).collect());
    }
    rooms
}

fn floor(room: &str) -> u8 {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .unwrap_or_else(|| panic!("room {room} has no floor yet"))
        .1
}

#[test]
fn imports_go_down_only() {
    for (room, imports) in rooms() {
        for import in imports.iter().filter_map(|name| name.strip_prefix("tidings-")) {
            assert!(floor(import) < floor(&room), "{room} must not import {import}");
        }
    }
}

#[test]
fn outside_knowledge_stays_in_its_rooms() {
    for (room, imports) in rooms() {
        for (known, only_to) in KNOWN_ONLY_TO {
            let allowed = only_to.contains(&room.as_str());
            assert!(
                allowed || !imports.iter().any(|name| name == known),
                "{room} must not know {known}"
            );
        }
    }
}

#[test]
fn pure_rooms_are_pure() {
    for (room, imports) in rooms() {
        if !PURE.contains(&room.as_str()) {
            continue;
        }
        for impure in [
            "tokio",
            "reqwest",
            "async-trait",
            "futures-util",
            "tracing",
            "metrics",
            "axum",
        ] {
            assert!(
                !imports.iter().any(|name| name == impure),
                "{room} is pure and must not know {impure}"
            );
        }
    }
}
