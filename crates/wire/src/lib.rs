//! The public API's requests and responses, spelled exactly as clients see them.
