//! RFC 6902 operations as callers write them.

use json_patch::{Patch, PatchOperation};
use tidings_types::{Error, Result};
use tidings_wire::profile::PatchRequest;

/// Reads the operations of a request.
///
/// # Errors
/// `Invalid`, naming the operation, when one is unknown or lacks something.
pub(crate) fn operations(request: PatchRequest) -> Result<Patch> {
    let read = |(index, operation)| {
        let operation = serde_json::to_value(operation).map_err(Error::internal)?;
        serde_json::from_value::<PatchOperation>(operation)
            .map_err(|error| Error::invalid(format!("patch.{index}: {error}")))
    };
    request
        .patch
        .into_iter()
        .enumerate()
        .map(read)
        .collect::<Result<Vec<_>>>()
        .map(Patch)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(patch: &serde_json::Value) -> Result<Patch> {
        operations(serde_json::from_value(json!({ "patch": patch })).unwrap())
    }

    #[test]
    fn a_null_is_a_value_and_a_missing_one_is_not() {
        assert_eq!(
            read(&json!([{"op": "add", "path": "/a", "value": null}]))
                .unwrap()
                .0
                .len(),
            1
        );
        let told = read(&json!([{"op": "remove", "path": "/a"}, {"op": "add", "path": "/a"}])).unwrap_err();
        assert!(told.message().starts_with("patch.1: "), "{told}");
        assert!(read(&json!([{"op": "explode", "path": "/a"}])).is_err());
        assert!(read(&json!([{"op": "remove", "path": "no pointer"}])).is_err());
    }
}
