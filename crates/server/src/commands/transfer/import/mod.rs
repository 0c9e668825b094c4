//! `tidings import`: rows of a file into the store.
//!
//! Rows are written some hundred at a time; after each such part the number of rows done is noted in a file beside the
//! rows', so that an import that was broken off goes on there. A row written twice is the same as written once, and of two
//! rows of one person the later one is written later. Refused rows do not stop it: they are listed, with their number and
//! why, in another file beside.

mod place;
mod refusals;
mod row;

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tidings_store::lists::By;
use tidings_store::{ProfileChange, Store};
use tidings_types::{Clock as _, Environment, Result, SystemClock, Timestamp};
use tokio::task::JoinSet;

use self::place::{Place, Subject};
use self::refusals::Refusals;
use self::row::{Write, check_columns, checked};
use super::progress::Progress;
use super::rows::Rows;
use super::{named, open};
use crate::cli::{TransferKind, TransferOptions};

/// How many rows are written before the place is noted.
const PART: usize = 512;
/// How many rows share a commit: few, since a server beside this cannot write meanwhile.
const AT_ONCE: usize = 32;
/// The longest pause after a commit.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Imports a file.
///
/// # Errors
/// When the file or the store fails. What was written stays, and the next run goes on from there.
pub(crate) async fn run(kind: TransferKind, options: TransferOptions) -> anyhow::Result<()> {
    let environment = options.environment.into();
    let mut rows = Rows::open(&options.file)?;
    if let Some(columns) = rows.columns() {
        check_columns(kind, columns).with_context(|| format!("{} cannot be imported", options.file.display()))?;
    }
    let store = open(&options.store).await?;
    let place = beside(&options.file, "progress");
    let report = beside(&options.file, "refused");
    let total = std::fs::metadata(&options.file).map(|file| file.len()).ok();
    let progress = Progress::new(named(kind), total);
    let what = Subject::of(kind, environment, &options.file)?;
    let mut done = Place::read(&place, &what)?;
    let mut refusals = Refusals::open(&report, done.reported)?;
    let (mut number, mut read, mut held) = (0, 0, None);
    loop {
        let begun = number;
        let mut part = Part::default();
        part.extend(held.take());
        while part.len() < PART
            && held.is_none()
            && let Some(row) = rows.next(read)?
        {
            number += 1;
            read = row.read;
            if number <= done.rows {
                continue;
            }
            match row.value.and_then(|row| checked(kind, row)) {
                // The parts of a part are written in any order, so whoever is in it already waits for the next.
                Ok(write) if part.names(&write) => held = Some((number, write)),
                Ok(write) => part.extend([(number, write)]),
                Err(why) => refusals.add(number, &why)?,
            }
        }
        if number == begun && part.len() == 0 {
            break;
        }
        for (number, why) in write_all(&store, environment, part.rows, SystemClock.now()).await? {
            refusals.add(number, &why)?;
        }
        let written = if held.is_some() { number - 1 } else { number };
        done = Place {
            rows: written.max(done.rows),
            refused: done.refused + refusals.take(),
            reported: refusals.bytes()?,
        };
        done.write(&place, &what)?;
        progress.show(done.rows, done.refused, read);
    }
    progress.end();
    store.close().await?;
    std::fs::remove_file(&place).or_else(ignore_missing)?;
    let mut out = std::io::stdout();
    writeln!(out, "{} {} read, {} refused", done.rows, named(kind), done.refused)?;
    if done.refused > 0 {
        writeln!(out, "Why is told in {}", report.display())?;
    }
    Ok(())
}

/// Rows that are written at once: of each person, or person on a list, one.
#[derive(Default)]
struct Part {
    rows: Vec<(u64, Write)>,
    names: HashSet<(String, String)>,
}

impl Part {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn names(&self, write: &Write) -> bool {
        self.names.contains(&write.name())
    }
}

impl Extend<(u64, Write)> for Part {
    fn extend<I: IntoIterator<Item = (u64, Write)>>(&mut self, rows: I) {
        for (number, write) in rows {
            self.names.insert(write.name());
            self.rows.push((number, write));
        }
    }
}

/// Writes a part; tells which rows the store refused. Whatever else goes wrong ends the import.
async fn write_all(
    store: &Arc<dyn Store>,
    environment: Environment,
    part: Vec<(u64, Write)>,
    now: Timestamp,
) -> anyhow::Result<Vec<(u64, String)>> {
    let mut refused = Vec::new();
    let mut part = part.into_iter().peekable();
    while part.peek().is_some() {
        let begun = Instant::now();
        let mut under_way = JoinSet::new();
        for (number, write) in part.by_ref().take(AT_ONCE) {
            let store = Arc::clone(store);
            under_way.spawn(async move { (number, one(store.as_ref(), environment, write, now).await) });
        }
        while let Some(done) = under_way.join_next().await {
            match done? {
                (_, Ok(())) => {}
                (number, Err(error)) if error.kind() == tidings_types::ErrorKind::Invalid => {
                    refused.push((number, error.message().to_owned()));
                }
                (number, Err(error)) => {
                    let told = format!("row {number} cannot be written");
                    return Err(anyhow::anyhow!("{error}")).context(told);
                }
            }
        }
        // A server beside this has as much of the time for what it writes as the import takes.
        tokio::time::sleep(begun.elapsed().min(LONGEST_PAUSE)).await;
    }
    refused.sort();
    Ok(refused)
}

async fn one(store: &dyn Store, environment: Environment, write: Write, now: Timestamp) -> Result<()> {
    match write {
        Write::Profile(user, profile) => store
            .change_profile(environment, &user, ProfileChange::Merge(profile), now)
            .await
            .map(drop),
        Write::Subscription(list, one) => {
            store
                .subscribe(environment, &list, vec![one], false, By { source: "import", now })
                .await
        }
    }
}

/// A file beside the rows'.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::cli::{EnvironmentArg, StoreOptions};

    fn options(folder: &Path, name: &str, text: &str) -> TransferOptions {
        let file = folder.join(name);
        if !text.is_empty() {
            std::fs::write(&file, text).unwrap();
        }
        TransferOptions {
            file,
            environment: EnvironmentArg::Test,
            store: StoreOptions {
                data_dir: Some(folder.join("data")),
                ..StoreOptions::default()
            },
        }
    }

    #[tokio::test]
    async fn rows_are_imported_refused_and_exported_again() {
        let folder = tempfile::tempdir().unwrap();
        let text = "user_id,email,address.city\nada,ada@x.y,Bonn\n,nobody@x.y,\nbob,bob@x.y,Ulm\n";
        let people = options(folder.path(), "people.csv", text);
        run(TransferKind::Profiles, people.clone()).await.unwrap();
        let refused = std::fs::read_to_string(beside(&people.file, "refused")).unwrap();
        assert_eq!(refused, "row 2: user_id: Required\n");
        assert!(!beside(&people.file, "progress").exists());

        let lines = "{\"list_id\": \"news\", \"user_id\": \"ada\"}\n{\"list_id\": \"a b\", \"user_id\": \"ada\"}\n";
        run(TransferKind::Subscriptions, options(folder.path(), "subs.jsonl", lines))
            .await
            .unwrap();
        let out = options(folder.path(), "out.jsonl", "");
        super::super::export(TransferKind::Profiles, out.clone()).await.unwrap();
        let written = std::fs::read_to_string(&out.file).unwrap();
        let rows: Vec<Value> = written
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(
            rows[0],
            json!({"user_id": "ada", "profile": {"email": "ada@x.y", "address": {"city": "Bonn"}}})
        );
        assert_eq!(rows.len(), 2);
        let out = options(folder.path(), "subs.csv", "");
        super::super::export(TransferKind::Subscriptions, out.clone())
            .await
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&out.file).unwrap(),
            "list_id,user_id,preferences\nnews,ada,\n"
        );
    }

    #[tokio::test]
    async fn an_import_that_was_broken_off_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let line = |number| format!("{{\"user_id\": \"u{number}\", \"n\": {number}}}\n");
        let text = [0, 1, 2, 3, 4].map(line).concat();
        let people = options(folder.path(), "people.jsonl", &text);
        let what = Subject::of(TransferKind::Profiles, Environment::Test, &people.file).unwrap();
        let noted = Place {
            rows: 3,
            ..Place::default()
        };
        noted.write(&beside(&people.file, "progress"), &what).unwrap();
        // It is of this kind, this environment and this file.
        let mut elsewhere = people.clone();
        elsewhere.environment = EnvironmentArg::Production;
        assert!(run(TransferKind::Profiles, elsewhere).await.is_err());
        assert!(run(TransferKind::Subscriptions, people.clone()).await.is_err());
        run(TransferKind::Profiles, people.clone()).await.unwrap();
        let store = open(&people.store).await.unwrap();
        let known = async |user: &str| store.profile(Environment::Test, &user.into()).await.unwrap().is_some();
        assert!(!known("u2").await && known("u3").await && known("u4").await);
        std::fs::write(beside(&people.file, "progress"), "nonsense").unwrap();
        assert!(run(TransferKind::Profiles, people).await.is_err());
    }

    #[tokio::test]
    async fn the_later_row_of_a_person_counts() {
        let folder = tempfile::tempdir().unwrap();
        let line = |number| format!("{{\"user_id\": \"u{}\", \"n\": {number}}}\n", number % 7);
        let text = (0..1200).map(line).collect::<Vec<_>>().concat();
        let people = options(folder.path(), "people.jsonl", &text);
        run(TransferKind::Profiles, people.clone()).await.unwrap();
        let store = open(&people.store).await.unwrap();
        for last in 1193..1200 {
            let user = format!("u{}", last % 7);
            let found = store
                .profile(Environment::Test, &user.as_str().into())
                .await
                .unwrap()
                .unwrap();
            assert_eq!(found.get("n"), Some(&json!(last)));
        }
    }

    #[tokio::test]
    async fn what_is_exported_as_a_table_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "{\"user_id\": \"ada\", \"email\": \"ada@x.y\", \"address\": {\"city\": \"Bonn, \\\"Beuel\\\"\"}}\n\
            {\"user_id\": \"bob\", \"plan\": {\"seats\": 5}, \"tags\": [\"a\"], \"gone\": null}\n";
        run(TransferKind::Profiles, options(folder.path(), "people.jsonl", lines))
            .await
            .unwrap();
        let table = options(folder.path(), "people.csv", "");
        super::super::export(TransferKind::Profiles, table.clone())
            .await
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&table.file).unwrap(),
            "user_id,address.city,email,plan.seats,tags\nada,\"Bonn, \"\"Beuel\"\"\",ada@x.y,,\nbob,,,5,\"[\"\"a\"\"]\"\n"
        );
        let mut copy = table.clone();
        copy.store.data_dir = Some(folder.path().join("copy"));
        run(TransferKind::Profiles, copy.clone()).await.unwrap();
        let store = open(&copy.store).await.unwrap();
        let ada = store.profile(Environment::Test, &"ada".into()).await.unwrap().unwrap();
        assert_eq!(
            json!(ada),
            json!({"email": "ada@x.y", "address": {"city": "Bonn, \"Beuel\""}})
        );
        let bob = store.profile(Environment::Test, &"bob".into()).await.unwrap().unwrap();
        assert_eq!(
            json!(bob),
            json!({"plan": {"seats": "5"}, "tags": "[\"a\"]"}),
            "a table holds texts"
        );
        store.close().await.unwrap();

        let line = "{\"list_id\": \"news\", \"user_id\": \"ada\", \"preferences\": {\"categories\": {}}}\n";
        run(TransferKind::Subscriptions, options(folder.path(), "subs.jsonl", line))
            .await
            .unwrap();
        let table = options(folder.path(), "subs.csv", "");
        super::super::export(TransferKind::Subscriptions, table.clone())
            .await
            .unwrap();
        let mut copy = table.clone();
        copy.store.data_dir = Some(folder.path().join("copy"));
        run(TransferKind::Subscriptions, copy.clone()).await.unwrap();
        let store = open(&copy.store).await.unwrap();
        let found = store
            .subscription(Environment::Test, "news", &"ada".into())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(json!(found.preferences), json!({"categories": {}}));
    }
}
