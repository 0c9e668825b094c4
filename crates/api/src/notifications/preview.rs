//! `POST /notifications/{id}/preview`: see what a template would say, without sending.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::rendering::{self, ShownChannel, Wish};
use tidings_render::segments;
use tidings_types::{Channel, Error, Object, Rendered, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ChannelPreview, Preview, PreviewRequest, PreviewSize, SmsSize};

use super::shown::Shown;
use super::version::{Which, label};
use super::written::checked_content;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// See a template as a person would get it, on every channel that has content, without sending anything.
///
/// Any version, or content that is not stored yet; for a stored person or profile values given here; in any language, for
/// any tenant and brand. It shows the bytes that a send would hand over; only links that belong to one message differ.
#[utoipa::path(
    post, path = "/notifications/{id}/preview", tag = "notifications",
    params(("id" = String, Path)),
    request_body(
        content = PreviewRequest,
        example = json!({"version": "draft", "profile": {"email": "ada@example.com"}, "data": {"name": "Ada"}, "locale": "fr"}),
    ),
    responses((status = 200, body = Preview), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn preview_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<PreviewRequest>,
) -> ApiResult<Json<Preview>> {
    let services = state.services();
    let channels = request.channels.as_deref().map(channels).transpose()?;
    let content = match request.content {
        // What is not stored yet need not stand inside channels.
        Some(content) => Some(checked_content(services, "content", content, false)?),
        None => None,
    };
    let which = match (&content, request.version.as_deref()) {
        // The rest of the template is taken from its draft.
        (Some(_), None) => Which::Draft,
        (_, version) => Which::parse(version)?,
    };
    // Tells what is missing as any other reading does.
    Shown::find(services, caller.environment, &id, which).await?;
    let wish = Wish {
        version: label(which),
        content,
        to: person(request.profile, request.user_id, request.locale),
        data: request.data,
        tenant_id: request.tenant_id,
        brand_id: request.brand_id,
        channels,
        overrides: request.overrides,
        template: id.clone(),
    };
    let shown = rendering::show(services, &caller, wish).await?;
    Ok(Json(Preview {
        id,
        version: shown.version,
        locale: shown.locale,
        brand_id: shown.brand_id,
        channels: shown.channels.into_iter().map(on_the_wire).collect::<Result<_>>()?,
    }))
}

/// The recipient that these make.
pub(super) fn person(mut profile: Object, user_id: Option<String>, locale: Option<String>) -> Object {
    for (name, value) in [("user_id", user_id), ("locale", locale)] {
        if let Some(value) = value {
            profile.insert(name.to_owned(), value.into());
        }
    }
    profile
}

fn channels(names: &[String]) -> Result<Vec<Channel>> {
    let read = |(index, name): (usize, &String)| {
        Channel::parse(name).ok_or_else(|| Error::invalid(format!("channels.{index}: There is no channel {name}")))
    };
    names.iter().enumerate().map(read).collect()
}

fn on_the_wire(shown: ShownChannel) -> Result<ChannelPreview> {
    let content = shown.content();
    let mut preview = ChannelPreview {
        channel: shown.channel.to_string(),
        provider: shown.provider,
        content,
        ..ChannelPreview::default()
    };
    match shown.rendered {
        Err(error) => preview.error = Some(error),
        Ok((rendered, notes)) => {
            preview.size = size(&rendered);
            preview.notes = notes;
            preview.rendered = Some(document::stored(&rendered)?);
        }
    }
    Ok(preview)
}

fn size(rendered: &Rendered) -> PreviewSize {
    let bytes = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let (html, text) = match rendered {
        Rendered::Email(email) => (email.html.as_str(), email.text.as_str()),
        Rendered::Sms(sms) => ("", sms.body.as_str()),
        Rendered::Push(push) => ("", push.body.as_str()),
        Rendered::Inbox(inbox) => ("", inbox.preview.as_str()),
        Rendered::DirectMessage(chat) => ("", chat.text.as_str()),
        Rendered::Webhook(hook) => ("", hook.body.as_str()),
    };
    let sms = match rendered {
        Rendered::Sms(sms) => Some(segments(&sms.body)),
        _ => None,
    };
    PreviewSize {
        html: bytes(html),
        text: bytes(text),
        sms: sms.map(|sms| SmsSize {
            encoding: sms.encoding.as_str().to_owned(),
            characters: count(sms.characters),
            segments: count(sms.segments),
        }),
    }
}
