//! The scale-out store: PostgreSQL.
