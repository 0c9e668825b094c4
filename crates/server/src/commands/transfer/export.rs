//! `tidings export`: profiles or subscriptions into a file, in the form that `tidings import` reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};
use tidings_store::{PageRequest, Store};
use tidings_types::{Environment, Object};

use super::progress::Progress;
use super::rows::refuse_columns;
use super::{named, open};
use crate::cli::{TransferKind, TransferOptions};

/// How many rows are read at once.
const PAGE: u32 = 1000;
/// How many columns a table of profiles has at most.
const MAX_COLUMNS: usize = 1000;

/// Exports to a file.
///
/// # Errors
/// When the file or the store fails.
pub(crate) async fn run(kind: TransferKind, options: TransferOptions) -> anyhow::Result<()> {
    let environment = options.environment.into();
    let store = open(&options.store).await?;
    let columns = match kind {
        _ if !is_csv(&options.file) => None,
        TransferKind::Profiles => Some(columns(&store, environment).await?),
        TransferKind::Subscriptions => Some(["list_id", "user_id", "preferences"].map(str::to_owned).to_vec()),
    };
    let mut out = Out::create(kind, &options.file, columns)?;
    match kind {
        TransferKind::Profiles => profiles(&store, environment, |row| out.write(row)).await?,
        TransferKind::Subscriptions => subscriptions(&store, environment, &mut out).await?,
    }
    let rows = out.end()?;
    store.close().await?;
    writeln!(std::io::stdout(), "{rows} {} written", named(kind))?;
    Ok(())
}

/// The columns of a table of all profiles.
async fn columns(store: &Arc<dyn Store>, environment: Environment) -> anyhow::Result<Vec<String>> {
    let mut found = BTreeSet::new();
    profiles(store, environment, |row| {
        let cells = row
            .get("profile")
            .and_then(Value::as_object)
            .map(flat)
            .unwrap_or_default();
        found.extend(cells.into_keys());
        if found.len() > MAX_COLUMNS {
            anyhow::bail!(
                "profiles have more than {MAX_COLUMNS} keys: export them as JSON Lines, such as profiles.jsonl"
            );
        }
        Ok(())
    })
    .await?;
    // Whose profile it is stands first anyway.
    found.remove("user_id");
    let columns: Vec<String> = std::iter::once("user_id".to_owned()).chain(found).collect();
    if let Some(refusal) = refuse_columns(&columns) {
        anyhow::bail!("{refusal}. Export profiles as JSON Lines, such as profiles.jsonl");
    }
    Ok(columns)
}

async fn profiles(
    store: &Arc<dyn Store>,
    environment: Environment,
    mut each: impl FnMut(Value) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut page = first();
    loop {
        let read = store.profiles(environment, page.clone()).await?;
        for (user, profile) in read.items {
            each(json!({ "user_id": user.as_str(), "profile": profile }))?;
        }
        match read.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn subscriptions(store: &Arc<dyn Store>, environment: Environment, out: &mut Out) -> anyhow::Result<()> {
    let mut lists = first();
    loop {
        let read = store.lists(environment, "", lists.clone()).await?;
        for list in read.items {
            let mut page = first();
            loop {
                let people = store.subscriptions(environment, &list.id, page.clone()).await?;
                for one in people.items {
                    let mut row = json!({ "list_id": list.id, "user_id": one.user_id.as_str() });
                    if let (Some(preferences), Value::Object(row)) = (one.preferences, &mut row) {
                        row.insert("preferences".to_owned(), Value::Object(preferences));
                    }
                    out.write(row)?;
                }
                match people.next {
                    Some(next) => page.after = Some(next),
                    None => break,
                }
            }
        }
        match read.next {
            Some(next) => lists.after = Some(next),
            None => return Ok(()),
        }
    }
}

fn first() -> PageRequest {
    PageRequest {
        after: None,
        limit: PAGE,
    }
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"))
}

/// A profile as cells: `address.city` is within `address`. What is no text stands in its cell as JSON; null and what is
/// empty say nothing, so they have no cell.
fn flat(profile: &Object) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    gather("", profile, &mut cells);
    cells
}

/// The cells of what stands beneath a name. As deep as profiles are, which JSON bounds.
fn gather(prefix: &str, object: &Object, cells: &mut BTreeMap<String, String>) {
    for (key, value) in object {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        let text = match value {
            Value::Null => continue,
            Value::Object(inner) if !inner.is_empty() => {
                gather(&name, inner, cells);
                continue;
            }
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !text.is_empty() {
            cells.insert(name, text);
        }
    }
}

/// The file that is written: CSV when its name says so, else JSON Lines.
struct Out {
    form: Form,
    progress: Progress,
    rows: u64,
}

enum Form {
    /// With these columns.
    Csv(Box<csv::Writer<File>>, Vec<String>),
    Lines(BufWriter<File>),
}

impl Out {
    fn create(kind: TransferKind, path: &Path, columns: Option<Vec<String>>) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
        let form = match columns {
            None => Form::Lines(BufWriter::new(file)),
            Some(columns) => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(&columns)?;
                Form::Csv(Box::new(writer), columns)
            }
        };
        Ok(Self {
            form,
            progress: Progress::new(named(kind), None),
            rows: 0,
        })
    }

    fn write(&mut self, row: Value) -> anyhow::Result<()> {
        match &mut self.form {
            Form::Csv(writer, columns) => {
                let mut cells = cells(row)?;
                writer.write_record(columns.iter().map(|name| cells.remove(name).unwrap_or_default()))?;
                if let Some(name) = cells.keys().next() {
                    anyhow::bail!("profiles were given a new key while they were read ({name}): export them again");
                }
            }
            Form::Lines(writer) => writeln!(writer, "{row}")?,
        }
        self.rows += 1;
        if self.rows.is_multiple_of(1000) {
            self.progress.show(self.rows, 0, 0);
        }
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<u64> {
        match &mut self.form {
            Form::Csv(writer, _) => writer.flush()?,
            Form::Lines(writer) => writer.flush()?,
        }
        self.progress.end();
        Ok(self.rows)
    }
}

/// A row as cells by the names of their columns.
fn cells(row: Value) -> anyhow::Result<BTreeMap<String, String>> {
    let Value::Object(row) = row else {
        anyhow::bail!("a row is an object");
    };
    let mut cells = BTreeMap::new();
    for (name, value) in row {
        match value {
            Value::Object(profile) if name == "profile" => {
                for (name, text) in flat(&profile) {
                    cells.entry(name).or_insert(text);
                }
            }
            Value::String(text) => {
                cells.insert(name, text);
            }
            other => {
                cells.insert(name, other.to_string());
            }
        }
    }
    Ok(cells)
}
