//! The providers this program knows.

use std::sync::Arc;

use tidings_types::{Channel, Error, Result};

use crate::{Provider, Spec, discord, inbox, msteams, sendgrid, slack, smtp, twilio, webhook, whatsapp};

/// The catcher of the test environment: not a provider one can call or configure.
const OUTBOX: &str = "outbox";

/// All known providers.
#[derive(Clone)]
pub struct Registry {
    providers: Arc<[Arc<dyn Provider>]>,
}

impl Default for Registry {
    fn default() -> Self {
        Self::builtin()
    }
}

impl Registry {
    /// Those that come with the program.
    pub fn builtin() -> Self {
        Self::of(vec![
            Arc::new(smtp::Smtp),
            Arc::new(sendgrid::SendGrid),
            Arc::new(twilio::Twilio),
            Arc::new(slack::Slack),
            Arc::new(msteams::MsTeams),
            Arc::new(discord::Discord),
            Arc::new(whatsapp::WhatsApp),
            Arc::new(inbox::Inbox),
            Arc::new(webhook::Webhook),
        ])
    }

    /// Exactly these.
    pub fn of(providers: Vec<Arc<dyn Provider>>) -> Self {
        Self {
            providers: providers.into(),
        }
    }

    /// One by its key. The feed also answers to `courier`, the name clients send.
    pub fn get(&self, key: &str) -> Option<&Arc<dyn Provider>> {
        let key = Self::canonical_key(key);
        self.providers.iter().find(|provider| provider.spec().key == key)
    }

    /// The key a name on the wire stands for.
    pub fn canonical_key(name: &str) -> &str {
        if name == "courier" { inbox::SPEC.key } else { name }
    }

    /// One of which an account can be stored; an error names the key otherwise.
    pub fn configurable(&self, key: &str) -> Result<&Arc<dyn Provider>> {
        let provider = self.get(key).filter(|provider| provider.spec().configurable());
        provider.ok_or_else(|| {
            if key == OUTBOX || self.get(key).is_some() {
                Error::invalid(format!("provider: {key} works without configuration"))
            } else {
                Error::invalid(format!("provider: no provider is called {key}"))
            }
        })
    }

    /// All, in the order of failover among those without other order.
    pub fn list(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.providers.iter()
    }

    /// All of one class of channel.
    pub fn of_channel(&self, channel: Channel) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.list().filter(move |provider| provider.spec().channel == channel)
    }

    /// Descriptions that pass a filter.
    pub fn catalog(&self, filter: &CatalogFilter<'_>) -> Vec<&'static Spec> {
        self.list()
            .map(|provider| provider.spec())
            .filter(|spec| filter.admits(spec))
            .collect()
    }
}

/// What the catalog is asked for. Absent parts admit all.
#[derive(Clone, Debug, Default)]
pub struct CatalogFilter<'a> {
    /// One of these keys.
    pub keys: Option<Vec<&'a str>>,
    /// Part of the name, in any case.
    pub name: Option<&'a str>,
    /// The channel.
    pub channel: Option<Channel>,
}

impl CatalogFilter<'_> {
    fn admits(&self, spec: &Spec) -> bool {
        let key = |keys: &Vec<&str>| keys.iter().any(|key| Registry::canonical_key(key) == spec.key);
        let name = |part: &str| spec.name.to_lowercase().contains(&part.to_lowercase());
        self.keys.as_ref().is_none_or(key)
            && self.name.is_none_or(name)
            && self.channel.is_none_or(|channel| channel == spec.channel)
    }
}
