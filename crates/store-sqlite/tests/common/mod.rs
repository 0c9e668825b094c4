//! What the tests of this store begin with.

use tidings_store::Acceptance;
use tidings_store::conformance::fixtures;
pub(crate) use tidings_store::conformance::fixtures::{NOW, step};

/// A request with one message, whose body is of about this many bytes.
pub(crate) fn acceptance(id: &str, bytes: usize) -> Acceptance {
    let mut acceptance = fixtures::single(id, |_| {});
    acceptance.request.spec = serde_json::json!({"data": {"filler": "x".repeat(bytes)}}).to_string();
    acceptance
}
