//! `banners`, which the older web packages export and none of their components asks for. There never are any; the types
//! are there so that the query is valid.

use async_graphql::{InputObject, Object, SimpleObject, Union};
use serde_json::Value;

use super::page::PageInfo;
use super::scalar::Moment;
use super::tracking_ids::TrackingIds;

/// Which banners are asked for.
#[derive(InputObject)]
struct BannerParamsInput {
    account_id: Option<String>,
    tenant_id: Option<String>,
    tags: Option<Vec<String>>,
    status: Option<String>,
    archived: Option<bool>,
    from: Option<Moment>,
    locale: Option<String>,
}

/// Banners.
#[derive(SimpleObject)]
struct BannerConnection {
    total_count: i32,
    page_info: PageInfo,
    nodes: Vec<Banner>,
}

/// A banner.
#[derive(SimpleObject)]
struct Banner {
    id: String,
    user_id: Option<String>,
    message_id: Option<String>,
    created: Option<String>,
    tags: Option<Vec<String>>,
    content: Option<BannerContent>,
}

/// What a banner says.
#[derive(SimpleObject)]
struct BannerContent {
    title: Option<String>,
    body: Option<String>,
    blocks: Option<Vec<Block>>,
    data: Option<Value>,
    tracking_ids: Option<TrackingIds>,
}

/// A part of a banner.
#[derive(Union)]
enum Block {
    /// Words.
    Text(TextBlock),
    /// A button.
    Action(ActionBlock),
}

/// Words.
#[derive(SimpleObject)]
struct TextBlock {
    #[graphql(name = "type")]
    kind: Option<String>,
    text: Option<String>,
}

/// A button.
#[derive(SimpleObject)]
struct ActionBlock {
    #[graphql(name = "type")]
    kind: Option<String>,
    text: Option<String>,
    url: Option<String>,
}

/// Asking for banners.
#[derive(Default)]
pub(super) struct BannersQuery;

#[Object]
impl BannersQuery {
    /// There never are any.
    async fn banners(
        &self,
        params: Option<BannerParamsInput>,
        limit: Option<i32>,
        after: Option<String>,
    ) -> Option<BannerConnection> {
        drop((params, limit, after));
        Some(BannerConnection {
            total_count: 0,
            page_info: PageInfo::default(),
            nodes: Vec::new(),
        })
    }
}
