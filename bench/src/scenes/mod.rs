//! What is measured, one scene after the other.

mod accept;
mod deliver;
mod expand;
mod footprint;
mod inbox;
mod render;

use crate::cli::{RunOptions, Scene};
use crate::report::Report;
use crate::server::Programs;

/// Measures what was asked for, and tells the figures.
pub(crate) async fn run(options: &RunOptions) -> anyhow::Result<()> {
    let mut report = Report::new();
    report.heading();
    if options.wants(Scene::Render) {
        render::measure(&mut report)?;
    }
    if options.only == [Scene::Render] {
        return report.finish(options.out.as_deref());
    }
    let programs = Programs::find(options.server.as_deref())?;
    if options.wants(Scene::Footprint) {
        footprint::measure(&programs, &mut report).await?;
    }
    if options.wants(Scene::Accept) {
        accept::measure(&programs, options.seconds, &mut report).await?;
    }
    if options.wants(Scene::Deliver) {
        deliver::measure(&programs, options.messages, &mut report).await?;
    }
    if options.wants(Scene::Inbox) {
        inbox::measure(&programs, options.seconds, &mut report).await?;
    }
    if options.wants(Scene::Expand) {
        expand::measure(&programs, options.recipients, &mut report).await?;
    }
    report.finish(options.out.as_deref())
}
