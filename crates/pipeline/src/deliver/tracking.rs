//! What of one attempt is tracked, if its environment wants any of it.

use std::sync::Arc;

use serde_json::{Value, json};
use tidings_render::LinkRewriter;
use tidings_types::{Channel, KeyMode, Object, Rendered};

use super::attempt::{Attempted, CallSubject, Traces};
use crate::Services;
use crate::resolve::Resolved;
use crate::tracking::{Tracked, TrackingKind, with_pixel};

/// What of one attempt is tracked.
#[derive(Default)]
pub(super) struct Tracking {
    clicks: Option<Arc<Tracked>>,
    opens: Option<Arc<Tracked>>,
    pushes: Option<Arc<Tracked>>,
}

impl Tracking {
    /// Nothing of a one-time message: its links are often the secret. Nothing of what never leaves either.
    pub(super) fn of(services: &Services, resolved: &Resolved, subject: &CallSubject, attempted: &Attempted) -> Self {
        let wanted = resolved.tracking;
        let any = wanted.clicks || wanted.opens || wanted.pushes;
        if !any || subject.mode == KeyMode::Mock || resolved.is_one_time() {
            return Self::default();
        }
        let (channel, provider) = (attempted.leaf.channel, &attempted.target.provider);
        let tracked = Arc::new(Tracked {
            links: services.links.clone(),
            environment: subject.environment,
            message_id: subject.message_id.clone(),
            via: format!("{channel}:{provider}"),
            utm: utm(resolved, channel, provider),
        });
        let mail = channel == Channel::Email;
        let on = |wanted: bool| wanted.then(|| Arc::clone(&tracked));
        Self {
            clicks: on((mail || channel == Channel::DirectMessage) && wanted.clicks),
            opens: on(mail && opens(resolved, wanted.opens, channel, provider)),
            pushes: on(channel == Channel::Push && wanted.pushes),
        }
    }

    /// What rendering is to know of it.
    pub(super) fn traces(&self) -> Traces {
        Traces {
            links: self.clicks.clone().map(|tracked| tracked as Arc<dyn LinkRewriter>),
            opened: self.pixel(),
        }
    }

    /// Whether a rendering has traces of it: what is kept for reading must have none, or looking at it would count.
    pub(super) fn leaves_traces(&self) -> bool {
        self.clicks.is_some() || self.opens.is_some()
    }

    fn pixel(&self) -> Option<String> {
        self.opens.as_ref().map(|tracked| tracked.url(TrackingKind::Open, None))
    }

    /// Adds what tells of opens, unless the author has placed it.
    pub(super) fn put_into(&self, mut rendered: Rendered) -> Rendered {
        match (&mut rendered, self.pixel(), &self.pushes) {
            (Rendered::Email(email), Some(pixel), _) if !email.html.is_empty() && !email.html.contains(&pixel) => {
                email.html = with_pixel(&email.html, &pixel);
            }
            (Rendered::Push(push), _, Some(tracked)) => {
                let url = tracked.url(TrackingKind::Device, None);
                push.data.insert("trackingUrl".to_owned(), json!(url));
            }
            _ => {}
        }
        rendered
    }
}

/// The send's own word on opens, else that of the environment. A send cannot switch on what the environment has off.
fn opens(resolved: &Resolved, wanted: bool, channel: Channel, provider: &str) -> bool {
    let own = |name: &str| {
        let options = resolved.channels.get(name)?;
        options.overrides.get("tracking")?.get("open").and_then(Value::as_bool)
    };
    wanted && own(provider).or_else(|| own(channel.as_str())).unwrap_or(true)
}

/// The message's UTM values, those of the channel before them, and those of the provider before all.
fn utm(resolved: &Resolved, channel: Channel, provider: &str) -> Object {
    let mut utm = resolved.spec.metadata.utm.clone();
    if let Some(options) = resolved.channels.get(channel.as_str()) {
        utm.extend(options.metadata.utm.clone());
    }
    if let Some(options) = resolved.providers.get(provider) {
        utm.extend(options.metadata.utm.clone());
    }
    utm
}
