//! What of one attempt is tracked, if its environment wants any of it.

use std::sync::Arc;

use serde_json::{Value, json};
use tidings_render::LinkRewriter;
use tidings_types::{Channel, KeyMode, Object, Rendered};

use super::attempt::{Attempted, CallSubject};
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
            clicks: on(mail && wanted.clicks),
            opens: on(mail && opens(resolved, wanted.opens, channel, provider)),
            pushes: on(channel == Channel::Push && wanted.pushes),
        }
    }

    /// Where links lead instead.
    pub(super) fn links(&self) -> Option<Arc<dyn LinkRewriter>> {
        self.clicks.clone().map(|tracked| tracked as Arc<dyn LinkRewriter>)
    }

    /// Adds what tells of opens. What is kept for reading has none of it, or looking at it would count.
    pub(super) fn put_into(&self, mut rendered: Rendered) -> Rendered {
        match (&mut rendered, &self.opens, &self.pushes) {
            (Rendered::Email(email), Some(tracked), _) if !email.html.is_empty() => {
                email.html = with_pixel(&email.html, &tracked.url(TrackingKind::Open, None));
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
