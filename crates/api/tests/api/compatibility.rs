//! `docs/compatibility.md` and the router tell the same story.

use std::collections::{BTreeMap, BTreeSet};

use http::{Method, StatusCode};

use crate::app::App;
use crate::surface::{operations, sample};

const PAGE: &str = include_str!("../../../../docs/compatibility.md");

/// The page's rows: method and path to state.
fn rows() -> BTreeMap<(String, String), String> {
    let mut rows = BTreeMap::new();
    for line in PAGE.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [method, path, state, ..] = cells.as_slice() else {
            continue;
        };
        if !path.starts_with('/') {
            continue;
        }
        let state = state.trim_end_matches(" |").to_owned();
        assert!(["working", "partial", "absent"].contains(&state.as_str()), "{line}");
        assert!(state != "partial" || cells.len() > 3, "say what is missing: {line}");
        let before = rows.insert(((*method).to_owned(), (*path).to_owned()), state);
        assert_eq!(before, None, "listed twice: {line}");
    }
    assert!(rows.len() > 150, "{} rows", rows.len());
    rows
}

/// Names of parameters do not matter.
fn nameless(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn the_page_lists_what_is_served_and_nothing_else() {
    let served: BTreeSet<(String, String)> = operations()
        .into_iter()
        .map(|(method, path, _)| (method.to_string(), nameless(&path)))
        .collect();
    let listed: BTreeSet<(String, String)> = rows()
        .into_iter()
        .filter(|(_, state)| state != "absent")
        .map(|((method, path), _)| (method, nameless(&path)))
        .collect();
    let unlisted: Vec<_> = served.difference(&listed).collect();
    let missing: Vec<_> = listed.difference(&served).collect();
    assert!(
        unlisted.is_empty() && missing.is_empty(),
        "served, not listed: {unlisted:?}; listed, not served: {missing:?}"
    );
}

#[tokio::test]
async fn what_is_absent_says_so_in_json() {
    let app = App::start().await;
    for ((method, path), state) in rows() {
        if state != "absent" {
            continue;
        }
        let method: Method = method.parse().unwrap();
        let reply = app.call(method.clone(), &sample(&path)).raw("{}").send().await;
        let plain = matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        assert!(plain, "{method} {path}: {} {}", reply.status, reply.body);
        assert_eq!(reply.json()["type"], "invalid_request_error");
    }
}
