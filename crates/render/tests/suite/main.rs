//! Rendering as its callers use it.

mod common;
mod content;
mod golden;
mod values;
