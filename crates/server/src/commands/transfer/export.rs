//! `tidings export`: profiles or subscriptions into a file, in the form that `tidings import` reads.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};
use tidings_store::{PageRequest, Store};
use tidings_types::{Environment, Object};

use super::progress::Progress;
use super::{named, open};
use crate::cli::{TransferKind, TransferOptions};

/// How many rows are read at once.
const PAGE: u32 = 1000;

/// Exports to a file.
///
/// # Errors
/// When the file or the store fails.
pub(crate) async fn run(kind: TransferKind, options: TransferOptions) -> anyhow::Result<()> {
    let environment = options.environment.into();
    let store = open(&options.store).await?;
    let mut out = Out::create(kind, &options.file)?;
    match kind {
        TransferKind::Profiles => profiles(&store, environment, &mut out).await?,
        TransferKind::Subscriptions => subscriptions(&store, environment, &mut out).await?,
    }
    let rows = out.end()?;
    store.close().await?;
    writeln!(std::io::stdout(), "{rows} {} written", named(kind))?;
    Ok(())
}

async fn profiles(store: &Arc<dyn Store>, environment: Environment, out: &mut Out) -> anyhow::Result<()> {
    let mut page = first();
    loop {
        let read = store.profiles(environment, page.clone()).await?;
        for (user, profile) in read.items {
            out.write(&json!({ "user_id": user.as_str(), "profile": profile }))?;
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
                    out.write(&row)?;
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

/// The file that is written: CSV when its name says so, else JSON Lines.
struct Out {
    form: Form,
    progress: Progress,
    rows: u64,
}

enum Form {
    /// With these columns; what is no text stands in its cell as JSON.
    Csv(Box<csv::Writer<File>>, &'static [&'static str]),
    Lines(BufWriter<File>),
}

impl Out {
    fn create(kind: TransferKind, path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
        let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        let form = match kind {
            _ if !is_csv => Form::Lines(BufWriter::new(file)),
            TransferKind::Profiles => {
                anyhow::bail!("profiles have no columns in common: export them as JSON Lines, such as profiles.jsonl")
            }
            TransferKind::Subscriptions => {
                let columns: &[&str] = &["list_id", "user_id", "preferences"];
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(columns)?;
                Form::Csv(Box::new(writer), columns)
            }
        };
        Ok(Self {
            form,
            progress: Progress::new(named(kind), None),
            rows: 0,
        })
    }

    fn write(&mut self, row: &Value) -> anyhow::Result<()> {
        match &mut self.form {
            Form::Csv(writer, columns) => {
                let row: &Object = row.as_object().context("a row is an object")?;
                let cell = |name: &&str| match row.get(*name) {
                    None => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                writer.write_record(columns.iter().map(cell))?;
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
