//! Reading rows: CSV by its heading, JSON Lines by their keys.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value};
use tidings_types::Object;

/// The longest line of JSON that is read, in bytes.
const MAX_LINE: usize = 1024 * 1024;

/// The rows of a file, one after the other; the file is never in memory as a whole.
pub(super) enum Rows {
    Csv {
        heading: Vec<String>,
        reader: csv::Reader<File>,
    },
    Lines(BufReader<File>),
}

/// A row, or why it is none; and where the file has been read to, in bytes.
pub(super) struct Row {
    pub(super) value: Result<Object, String>,
    pub(super) read: u64,
}

impl Rows {
    /// Opens a file. One whose name ends in `.csv` is CSV; any other is JSON Lines.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        if !is_csv {
            return Ok(Self::Lines(BufReader::new(file)));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(file);
        let heading = reader.headers().context("the heading cannot be read")?;
        let heading = heading.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self::Csv { heading, reader })
    }

    /// The names of the columns of a table; none where each row names what it has.
    pub(super) fn columns(&self) -> Option<&[String]> {
        match self {
            Self::Csv { heading, .. } => Some(heading),
            Self::Lines(_) => None,
        }
    }

    /// The next row. Empty lines are no rows.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub(super) fn next(&mut self, read: u64) -> anyhow::Result<Option<Row>> {
        match self {
            Self::Csv { heading, reader } => {
                let mut record = csv::StringRecord::new();
                let value = match reader.read_record(&mut record) {
                    Ok(false) => return Ok(None),
                    Ok(true) => Ok(nested(heading, &record)),
                    Err(error) if error.is_io_error() => return Err(error.into()),
                    Err(error) => Err(error.to_string()),
                };
                Ok(Some(Row {
                    value,
                    read: reader.position().byte(),
                }))
            }
            Self::Lines(reader) => {
                let mut read = read;
                loop {
                    let mut line = Vec::new();
                    let took = reader.read_until(b'\n', &mut line)?;
                    if took == 0 {
                        return Ok(None);
                    }
                    read += u64::try_from(took).unwrap_or(0);
                    if !line.trim_ascii().is_empty() {
                        return Ok(Some(Row {
                            value: parsed(&line),
                            read,
                        }));
                    }
                }
            }
        }
    }
}

/// Why columns cannot stand in one table; none when they can. Each needs a name of its own, and one that holds a text
/// cannot have others within it: `address` and `address.city`.
pub(super) fn refuse_columns(columns: &[String]) -> Option<String> {
    let mut seen = HashSet::new();
    for name in columns {
        if name.split('.').any(str::is_empty) {
            return Some(format!(
                "column `{name}`: Expected a name, or names with a dot between them"
            ));
        }
        if !seen.insert(name.as_str()) {
            return Some(format!("column `{name}`: It is there twice"));
        }
    }
    columns.iter().find_map(|name| {
        let mut above = name.match_indices('.').filter_map(|(dot, _)| name.get(..dot));
        let outer = above.find(|outer| seen.contains(outer))?;
        Some(format!(
            "columns `{outer}` and `{name}`: One cannot hold a text and stand for what is within it at once"
        ))
    })
}

fn parsed(line: &[u8]) -> Result<Object, String> {
    if line.len() > MAX_LINE {
        return Err(format!("longer than {MAX_LINE} bytes"));
    }
    match serde_json::from_slice(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("not a JSON object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// A record as an object: a column `address.city` stands within `address`; an empty cell says nothing.
fn nested(heading: &[String], record: &csv::StringRecord) -> Object {
    let mut object = Object::new();
    for (name, cell) in heading.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        let mut within = &mut object;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                within.insert(part.to_owned(), Value::String(cell.to_owned()));
                break;
            }
            let inner = within.entry(part).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = inner else { break };
            within = inner;
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn all(name: &str, text: &str) -> Vec<Result<Value, String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut rows = Rows::open(&path).unwrap();
        let (mut found, mut read) = (Vec::new(), 0);
        while let Some(row) = rows.next(read).unwrap() {
            read = row.read;
            found.push(row.value.map(Value::Object));
        }
        assert!(read <= u64::try_from(text.len()).unwrap());
        found
    }

    #[test]
    fn columns_with_dots_stand_within_each_other() {
        let rows = all(
            "a.csv",
            "user_id,email,address.city\nada,ada@x.y,Bonn\nbob,,\n\"c,d\",\"q\"\"q\",x\n",
        );
        assert_eq!(
            rows[0],
            Ok(json!({"user_id": "ada", "email": "ada@x.y", "address": {"city": "Bonn"}}))
        );
        assert_eq!(rows[1], Ok(json!({"user_id": "bob"})));
        assert_eq!(
            rows[2],
            Ok(json!({"user_id": "c,d", "email": "q\"q", "address": {"city": "x"}}))
        );
    }

    #[test]
    fn columns_that_would_overwrite_each_other_are_refused() {
        let refusal = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            refuse_columns(&names)
        };
        for fine in [
            &["user_id", "a.b", "a.c", "ab", "a-b"][..],
            &["a.b.c", "a.b.d", "b"],
            &[],
        ] {
            assert_eq!(refusal(fine), None);
        }
        for (wrong, told) in [
            (&["user_id", "a", "a.b"][..], "columns `a` and `a.b`: "),
            (&["a.b.c.d", "a-b", "a.b"], "columns `a.b` and `a.b.c.d`: "),
            (&["a", "b", "a"], "column `a`: "),
            (&["user_id", ""], "column ``: "),
            (&["email."], "column `email.`: "),
            (&["a..b"], "column `a..b`: "),
        ] {
            let refusal = refusal(wrong).unwrap();
            assert!(refusal.starts_with(told), "{refusal}");
        }
    }

    #[test]
    fn what_is_no_row_is_told_and_the_rest_is_read() {
        let rows = all("a.csv", "user_id,email\nada\nbob,b@x.y\n");
        assert!(rows[0].is_err());
        assert!(rows[1].is_ok());
        let rows = all("a.jsonl", "{\"a\": 1}\n\n[1]\n{\"a\"\n{\"b\": 2}");
        assert_eq!(rows.len(), 4);
        assert_eq!((&rows[0], &rows[3]), (&Ok(json!({"a": 1})), &Ok(json!({"b": 2}))));
        assert!(rows[1].is_err() && rows[2].is_err());
    }
}
