//! Which brand a message looks like, on each channel.

use std::collections::BTreeMap;
use std::sync::Arc;

use tidings_render::PreparedBrand;
use tidings_types::message::ChannelOptions;
use tidings_types::{Channel, Environment, NO_BRAND, Result};

use crate::{Services, brands};

/// Where a brand may be named, nearest first; a channel's own comes before all of them.
pub(super) struct Named<'a> {
    /// By the send.
    pub(super) message: Option<&'a str>,
    /// By the tenant, or the nearest of its parents that names one.
    pub(super) tenant: Option<&'a str>,
    /// By the template.
    pub(super) template: Option<&'a str>,
}

/// The brands of a message.
#[derive(Debug, Default)]
pub(crate) struct Brands {
    /// The one that holds where a channel names none.
    pub(crate) common: Option<Arc<PreparedBrand>>,
    /// By channel or provider, as the send names them; `None` for no brand.
    own: BTreeMap<String, Option<Arc<PreparedBrand>>>,
    /// Named, and not there.
    pub(crate) missing: Vec<String>,
}

impl Brands {
    /// The brand for a channel and provider.
    pub(crate) fn of(&self, channel: Channel, provider: &str) -> Option<&PreparedBrand> {
        let own = self.own.get(provider).or_else(|| self.own.get(channel.as_str()));
        own.unwrap_or(&self.common).as_deref()
    }

    /// Whether a channel or provider has a brand of its own.
    pub(crate) fn is_own(&self, channel: Channel, provider: &str) -> bool {
        self.own.contains_key(provider) || self.own.contains_key(channel.as_str())
    }
}

/// Looks up the brands of a message. One that is not there is passed over, and told.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn brands(
    services: &Services,
    environment: Environment,
    named: &Named<'_>,
    channels: &BTreeMap<String, ChannelOptions>,
) -> Result<Brands> {
    let library = services.documents();
    let mut found = Brands::default();
    for (name, options) in channels {
        if let Some(inline) = brands::inline(&options.overrides) {
            let prepared = library.prepare_brand(environment, &inline).await?;
            found.own.insert(name.clone(), Some(Arc::new(prepared)));
        } else if let Some(id) = options.brand_id.as_deref() {
            match library.brand(environment, id).await? {
                brand if brand.is_some() || id == NO_BRAND => {
                    found.own.insert(name.clone(), brand);
                }
                _ => found.missing.push(id.to_owned()),
            }
        }
    }
    for id in [named.message, named.tenant, named.template].into_iter().flatten() {
        if id == NO_BRAND {
            return Ok(found);
        }
        found.common = library.brand(environment, id).await?;
        if found.common.is_some() {
            return Ok(found);
        }
        found.missing.push(id.to_owned());
    }
    found.common = library.default_brand(environment).await?;
    Ok(found)
}
