//! `tidings import`: rows of a file into the store.
//!
//! Rows are written some hundred at a time; after each such part the number of rows done is noted in a file beside the
//! rows', so that an import that was broken off goes on there. A row written twice is the same as written once. Refused
//! rows do not stop it: they are listed, with their number and why, in another file beside.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::Value;
use tidings_store::{NewSubscription, ProfileChange, Store};
use tidings_types::{Clock as _, Environment, Object, Result, SystemClock, Timestamp, UserId};
use tokio::task::JoinSet;

use super::progress::Progress;
use super::rows::Rows;
use super::{named, open};
use crate::cli::{TransferKind, TransferOptions};

/// How many rows are written before the place is noted.
const PART: usize = 512;

/// A row that can be written.
enum Write {
    Profile(UserId, Object),
    Subscription(String, NewSubscription),
}

/// Imports a file.
///
/// # Errors
/// When the file or the store fails. What was written stays, and the next run goes on from there.
pub(crate) async fn run(kind: TransferKind, options: TransferOptions) -> anyhow::Result<()> {
    let environment = options.environment.into();
    let store = open(&options.store).await?;
    let place = beside(&options.file, "progress");
    let report = beside(&options.file, "refused");
    let total = std::fs::metadata(&options.file).map(|file| file.len()).ok();
    let progress = Progress::new(named(kind), total);
    let mut rows = Rows::open(&options.file)?;
    let mut done = Place::read(&place)?;
    let (mut number, mut read) = (0, 0);
    let mut refusals = Refusals::new(&report, done.rows > 0)?;
    loop {
        let mut part = Vec::new();
        while part.len() < PART
            && let Some(row) = rows.next(read)?
        {
            number += 1;
            read = row.read;
            if number <= done.rows {
                continue;
            }
            match row.value.and_then(|row| checked(kind, row)) {
                Ok(write) => part.push((number, write)),
                Err(why) => refusals.add(number, &why)?,
            }
        }
        if number <= done.rows && part.is_empty() {
            break;
        }
        for (number, why) in write_all(&store, environment, part, SystemClock.now()).await? {
            refusals.add(number, &why)?;
        }
        refusals.flush()?;
        done = Place {
            rows: number,
            refused: done.refused + refusals.take(),
        };
        done.write(&place)?;
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

/// Writes a part; tells which rows the store refused. Whatever else goes wrong ends the import.
async fn write_all(
    store: &Arc<dyn Store>,
    environment: Environment,
    part: Vec<(u64, Write)>,
    now: Timestamp,
) -> anyhow::Result<Vec<(u64, String)>> {
    let mut under_way = JoinSet::new();
    for (number, write) in part {
        let store = Arc::clone(store);
        under_way.spawn(async move { (number, one(store.as_ref(), environment, write, now).await) });
    }
    let mut refused = Vec::new();
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
    refused.sort();
    Ok(refused)
}

async fn one(store: &dyn Store, environment: Environment, write: Write, now: Timestamp) -> Result<()> {
    match write {
        Write::Profile(user, profile) => store
            .change_profile(environment, &user, ProfileChange::Merge(profile), now)
            .await
            .map(drop),
        Write::Subscription(list, one) => store.subscribe(environment, &list, vec![one], false, now).await,
    }
}

/// Reads a row's fields.
fn checked(kind: TransferKind, mut row: Object) -> Result<Write, String> {
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::String(text)) if !text.is_empty() && !text.chars().any(char::is_control) => Ok(text),
        Some(_) => Err(format!(
            "{name}: Expected a text that is not empty and holds no control characters"
        )),
        None => Err(format!("{name}: Required")),
    };
    match kind {
        TransferKind::Profiles => {
            let user = text("user_id")?;
            let profile = match row.remove("profile") {
                None => row,
                Some(Value::Object(profile)) if row.is_empty() => profile,
                Some(_) => return Err("profile: Expected an object, and nothing beside it".to_owned()),
            };
            Ok(Write::Profile(user.into(), profile))
        }
        TransferKind::Subscriptions => {
            let list = text("list_id")?;
            if let Some(refusal) = tidings_domain::list::refuse_id(&list) {
                return Err(format!("list_id: {refusal}"));
            }
            let user = text("user_id")?;
            let preferences = match row.remove("preferences") {
                None | Some(Value::Null) => None,
                Some(Value::Object(preferences)) => Some(preferences),
                Some(_) => return Err("preferences: Expected an object".to_owned()),
            };
            if let Some(name) = row.keys().next() {
                return Err(format!("{name}: There is no such field"));
            }
            let one = NewSubscription {
                user_id: user.into(),
                preferences,
            };
            Ok(Write::Subscription(list, one))
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

/// How far an import is.
#[derive(Clone, Copy, Default)]
struct Place {
    rows: u64,
    refused: u64,
}

impl Place {
    /// Where the last run was broken off; the beginning when it was not.
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let numbers: Vec<u64> = text
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect();
        match numbers.as_slice() {
            [rows, refused] => Ok(Self {
                rows: *rows,
                refused: *refused,
            }),
            _ => anyhow::bail!(
                "{} does not say how far the import is; take it away to begin anew",
                path.display()
            ),
        }
    }

    fn write(self, path: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(path, format!("{} {}\n", self.rows, self.refused))?)
    }
}

/// The list of refused rows; the file is made with the first.
struct Refusals {
    path: PathBuf,
    file: Option<File>,
    count: u64,
}

impl Refusals {
    fn new(path: &Path, goes_on: bool) -> anyhow::Result<Self> {
        if !goes_on {
            std::fs::remove_file(path).or_else(ignore_missing)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file: None,
            count: 0,
        })
    }

    fn add(&mut self, number: u64, why: &str) -> anyhow::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::options().create(true).append(true).open(&self.path)?),
        };
        writeln!(file, "row {number}: {why}")?;
        self.count += 1;
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.file.as_mut().map_or(Ok(()), File::flush)?)
    }

    /// How many since the last time.
    fn take(&mut self) -> u64 {
        std::mem::take(&mut self.count)
    }
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
    use serde_json::json;

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
        std::fs::write(beside(&people.file, "progress"), "3 0\n").unwrap();
        run(TransferKind::Profiles, people.clone()).await.unwrap();
        let store = open(&people.store).await.unwrap();
        let known = async |user: &str| store.profile(Environment::Test, &user.into()).await.unwrap().is_some();
        assert!(!known("u2").await && known("u3").await && known("u4").await);
        std::fs::write(beside(&people.file, "progress"), "nonsense").unwrap();
        assert!(run(TransferKind::Profiles, people).await.is_err());
    }
}
