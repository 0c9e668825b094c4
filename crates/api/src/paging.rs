//! Pages of the store as listings of the API.

use tidings_store::Page;
use tidings_wire::paging::{Items, Paging, Results};

/// A page whose entries stand in `results`.
pub fn results<T>(page: Page<T>) -> Results<T> {
    Results {
        paging: paging(&page),
        results: page.items,
    }
}

/// A page whose entries stand in `items`.
pub fn items<T>(page: Page<T>) -> Items<T> {
    Items {
        paging: paging(&page),
        items: page.items,
    }
}

/// Where a listing stands.
pub fn paging<T>(page: &Page<T>) -> Paging {
    let cursor = page.next.as_ref().map(tidings_store::Cursor::encode);
    Paging {
        more: cursor.is_some(),
        cursor,
    }
}
