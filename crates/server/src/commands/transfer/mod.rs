//! `tidings import` and `tidings export`: profiles and subscriptions by file, beside a running server or without one.

mod export;
mod import;
mod progress;
mod rows;

use std::sync::Arc;

use tidings_store::Store;

use crate::cli::{ServerOptions, StoreOptions, TransferKind};
use crate::settings;
use crate::wiring::{self, Opener};

pub(crate) use export::run as export;
pub(crate) use import::run as import;

async fn open(options: &StoreOptions) -> anyhow::Result<Arc<dyn Store>> {
    let settings = settings::load(&ServerOptions::from(options), false)?;
    wiring::data_dir(&settings)?;
    wiring::store(&settings, Opener::Tool).await
}

/// What is in a file, in words.
fn named(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Profiles => "profiles",
        TransferKind::Subscriptions => "subscriptions",
    }
}
