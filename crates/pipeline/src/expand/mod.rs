//! Expansion: from a crowd (a list, a pattern of lists, an audience, a tenant) to one message per person.
//!
//! A send to a crowd is accepted as a request and one job per crowd. The job reads the crowd page by page; each page's
//! messages, their queue rows and the place where the next page begins are one transaction. After a crash at any moment
//! the job goes on where the last page ended. A message's id is made of the request's and the person's, so nobody gets
//! two, whatever happens. The lists of a pattern and the tenants beneath a tenant are read one after the other.

mod crowd;
mod job;
mod look;
mod page;
mod people;
mod walk;

use tidings_store::RequestRow;
use tidings_types::{Error, Result};

pub use crowd::whole;
pub(crate) use crowd::{Crowd, CrowdKind, data_of, message_id};
pub(crate) use job::{Expand, jobs_of};
pub(crate) use look::look;
pub(crate) use page::{ENTRY, LIST_PREFERENCES, is_internal};

/// The kind of job that expands a crowd. Its key begins with the request's id and a slash.
pub const EXPAND: &str = tidings_store::jobs::EXPAND;

/// An entry of a request's `to` that stands for many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdSummary {
    /// Its place in `to`, counting from zero.
    pub entry: u32,
    /// `list`, `pattern`, `audience` or `tenant`.
    pub kind: String,
    /// Its id, or the pattern.
    pub id: String,
}

/// The entries of a request's `to` that stand for many.
///
/// # Errors
/// `Internal` when they are not what this program writes.
pub fn crowds(request: &RequestRow) -> Result<Vec<CrowdSummary>> {
    let crowds: Vec<Crowd> =
        serde_json::from_str(request.crowds.as_deref().unwrap_or("[]")).map_err(Error::internal)?;
    let summary = |crowd: Crowd| CrowdSummary {
        entry: crowd.entry,
        kind: crowd.kind.as_str().to_owned(),
        id: crowd.id,
    };
    Ok(crowds.into_iter().map(summary).collect())
}

/// How many people a page has.
const PAGE: u32 = 256;
