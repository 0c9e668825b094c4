//! Where a list goes on.

use async_graphql::SimpleObject;

/// Where a list goes on. Clients hand `startCursor` back as `after`: whatever its name says, it is where the next page
/// starts. The older web client asks on for as long as it is there, so it is null on the last page.
#[derive(Default, SimpleObject)]
pub(super) struct PageInfo {
    start_cursor: Option<String>,
    has_next_page: bool,
}

impl From<Option<tidings_store::Cursor>> for PageInfo {
    fn from(next: Option<tidings_store::Cursor>) -> Self {
        Self {
            has_next_page: next.is_some(),
            start_cursor: next.map(|cursor| cursor.encode()),
        }
    }
}
