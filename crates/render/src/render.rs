//! The way from prepared content to a channel's own form.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use tidings_template::{Context, Missing, Translations};
use tidings_types::{Channel, Object, Rendered};

use crate::note::{Note, Notes};
use crate::scene::Scene;
use crate::{Prepared, PreparedBrand, RenderError, anchors, channel, overrides, sms};

/// What rendering needs to know beside the content.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// The person's language tag (BCP 47), for the mail's `lang` and direction.
    pub locale: Option<String>,
    /// The message's tags, for the in-app feed.
    pub tags: Vec<String>,
    /// The person's time zone (IANA), for dates that name none.
    pub time_zone: Option<String>,
    /// The texts of the person's language, for `{{t "key"}}`.
    pub translations: Option<Arc<Translations>>,
    /// What becomes of a variable without a value: by default it prints nothing; it may fail the rendering instead.
    pub missing: Missing,
    /// What the content's jsonnet programs came to, by their source: a value, or why there is none.
    pub programs: BTreeMap<String, Result<Value, String>>,
    /// The template's own mail headers (`from`, `reply_to`, `cc`, `bcc`); they may hold variables.
    pub email: Option<Object>,
    /// Where links in mails and chat programs lead instead.
    pub links: Option<Arc<dyn LinkRewriter>>,
}

/// Leads links elsewhere. The same link must always lead to the same place.
pub trait LinkRewriter: fmt::Debug + Send + Sync {
    /// Where a link leads instead; none when it stays as it is.
    fn rewrite(&self, link: &str) -> Option<String>;
}

/// One rendering to be done.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The channel to render for.
    pub channel: Channel,
    /// The provider that will take it, where already known: content may be meant for it alone.
    pub provider: Option<&'a str>,
    /// The content.
    pub content: &'a Prepared,
    /// The brand, if any.
    pub brand: Option<&'a PreparedBrand>,
    /// The values.
    pub context: &'a Context,
    /// The channel's override object of the send; empty for none. Its texts are taken as they are.
    pub overrides: &'a Object,
    /// Everything else.
    pub meta: &'a Meta,
}

/// A finished rendering.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// What goes to the provider.
    pub rendered: Rendered,
    /// How it was before the overrides, if they changed anything.
    pub original: Option<Rendered>,
    /// What the content says in the provider's own terms: to be merged into the body of its call.
    pub body: Object,
    /// What was adjusted, for the trace.
    pub notes: Vec<Note>,
}

/// Renders content for one person and one channel.
///
/// # Errors
/// [`RenderError`] if nothing is meant for the channel, a condition fails, the result is empty or an override is wrong.
pub fn render(request: &Request<'_>) -> Result<Output, RenderError> {
    let mut scene = Scene::new(request);
    let mut rendered = channel::render(&mut scene)?;
    if let (Rendered::Email(email), Some(headers)) = (&mut rendered, &request.meta.email) {
        overrides::template_headers(email, headers, &mut scene)?;
    }
    let changed = overrides::apply(&rendered, request.overrides)?;
    let (rendered, original) = match changed {
        Some(changed) => (changed, Some(rendered)),
        None => (rendered, None),
    };
    let mut rendered = rendered;
    if let Rendered::Sms(sms) = &mut rendered {
        sms::finish(&mut sms.body, request.overrides, scene.context().data())?;
    }
    if let (Rendered::Email(email), Some(links)) = (&mut rendered, &request.meta.links) {
        email.html = anchors::rewrite(&email.html, links.as_ref(), &scene.take_untracked());
    }
    if channel::is_empty(&rendered) {
        return Err(RenderError::Empty);
    }
    let body = scene.take_body();
    let mut notes: Notes = scene.into_notes();
    if let Rendered::Email(email) = &rendered {
        clipped(email.html.len(), &mut notes);
    }
    Ok(Output {
        rendered,
        original,
        body,
        notes: notes.into_vec(),
    })
}

/// From about 102 KB of HTML on, Gmail hides the rest of a mail behind a link. Google does not document the limit; it is
/// what senders have measured.
const CLIPPED_AT: usize = 102 * 1024;

fn clipped(bytes: usize, notes: &mut Notes) {
    if bytes > CLIPPED_AT {
        notes.add(Note::Clipped { bytes });
    }
}
