//! Pages of the store as listings of the API.

use tidings_store::{Cursor, Page, PageRequest};
use tidings_wire::paging::{Items, LinkedList, Paging, Results};

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
    let cursor = page.next.as_ref().map(Cursor::encode);
    Paging {
        more: cursor.is_some(),
        cursor,
    }
}

/// A page as a listing of the older form. `path` is the request's path with its own parameters, such as
/// `/tenants?parent_tenant_id=acme`, without `limit` and `cursor`.
pub fn linked<T>(page: Page<T>, path: &str, request: &PageRequest) -> LinkedList<T> {
    let join = if path.contains('?') { '&' } else { '?' };
    let at = |cursor: Option<&str>| {
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        format!("{path}{join}limit={}{cursor}", request.limit)
    };
    let cursor = page.next.as_ref().map(Cursor::encode);
    LinkedList {
        kind: "list".to_owned(),
        items: page.items,
        has_more: cursor.is_some(),
        url: at(request.after.as_ref().map(Cursor::encode).as_deref()),
        next_url: cursor.as_deref().map(|cursor| at(Some(cursor))),
        cursor,
    }
}
