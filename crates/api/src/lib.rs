//! The REST API: one operation, one file.
