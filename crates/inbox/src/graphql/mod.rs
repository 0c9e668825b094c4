//! One schema for both GraphQL paths; one file per object.
//!
//! A resolver says who may ask with [`Viewer::need`], whose things are meant with [`Viewer::user`], and fails with the
//! domain error, which becomes the status of the whole answer. To add something: a file with its objects and a
//! `...Query` or `...Mutation` struct, named in [`Query`] or [`Mutation`].

mod banners;
mod brand;
mod designer;
mod exact;
mod filter;
mod later;
mod marks;
mod message;
mod messages;
mod page;
mod preferences;
mod scalar;
mod serve;
mod track;
pub(crate) mod tracking_ids;
mod viewer;
mod wire;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject};
use tidings_pipeline::Services;

pub use brand::Brand;
pub(crate) use serve::answer;
pub use viewer::{Viewer, services};

/// How deep a query may nest: the deepest of a published client has eight levels; tools that read the schema need more.
const MAX_DEPTH: usize = 16;

/// How many fields a query may ask for. The largest of a published client are fifty changes at once, and a list of
/// messages for each tab of a page.
const MAX_FIELDS: usize = 2000;

/// What can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    messages::MessagesQuery,
    brand::BrandQuery,
    banners::BannersQuery,
    preferences::PreferencesQuery,
    designer::DesignerQuery,
);

/// What can be done.
#[derive(Default, MergedObject)]
pub struct Mutation(
    marks::MarksMutation,
    track::TrackMutation,
    preferences::PreferencesMutation,
    designer::DesignerMutation,
);

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Builds the schema over a set of services.
pub fn schema(services: Arc<Services>) -> Schema {
    async_graphql::Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_FIELDS)
        .data(services)
        .finish()
}
