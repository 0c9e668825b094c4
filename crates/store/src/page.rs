//! Paging by key: a page starts after a row, so that pages neither skip nor repeat while rows are added.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tidings_types::{Error, Result};

/// A place in a listing: the sort value and the id of the last row seen. Opaque to callers of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's sort value, usually a time in milliseconds.
    pub sort: i64,
    /// The row's id, which breaks ties.
    pub id: String,
}

impl Cursor {
    /// The opaque form.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.sort, self.id))
    }

    /// Reads the opaque form.
    ///
    /// # Errors
    /// `Invalid` with the documented words when it is not one of ours.
    pub fn decode(text: &str) -> Result<Self> {
        let parse = || {
            let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (sort, id) = text.split_once(':')?;
            Some(Self {
                sort: sort.parse().ok()?,
                id: id.to_owned(),
            })
        };
        parse().ok_or_else(|| Error::invalid("Invalid cursor format"))
    }
}

/// Which page is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Start after this row; none for the first page.
    pub after: Option<Cursor>,
    /// At most this many rows.
    pub limit: u32,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Where the next page starts; none when this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of rows read with a limit of one more than wanted: the surplus row says that there is more.
    pub fn from_surplus(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page with every row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_nonsense_is_refused() {
        let cursor = Cursor {
            sort: -5,
            id: "a:b".to_owned(),
        };
        assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        for wrong in ["", "%%%", "aGVsbG8", "💥"] {
            assert_eq!(Cursor::decode(wrong).unwrap_err().message(), "Invalid cursor format");
        }
    }
}
