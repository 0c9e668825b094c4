//! `GET /outbox/messages/{number}`: one entry with all there is to see.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use tidings_store::Caught;
use tidings_types::Rendered;

use super::entry::{Entry, words};
use super::source;
use crate::problem::Problem;

#[derive(Serialize)]
pub(crate) struct Detail {
    #[serde(flatten)]
    entry: Entry,
    /// What would have been sent.
    rendered: Value,
    /// What a webhook call would have carried.
    payload: Option<Value>,
    /// The plain text, where there is one beside the preview.
    text: Option<String>,
    /// A mail's headers, in order.
    headers: Option<Vec<(String, String)>>,
    /// All of it as text: a mail as a mail, the rest as JSON.
    source: String,
    /// How a text message is cut into segments.
    sms: Option<Count>,
}

#[derive(Serialize)]
struct Count {
    encoding: &'static str,
    characters: usize,
    segments: usize,
}

pub(crate) async fn message(
    State(pages): crate::State,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Json<Detail>, Problem> {
    let access = pages.access(&headers).await?;
    let caught = pages.caught(access, &number).await?;
    Ok(Json(detail(&caught)))
}

fn detail(caught: &Caught) -> Detail {
    let mut rendered = serde_json::to_value(&caught.rendered).unwrap_or_default();
    let mut detail = Detail {
        entry: Entry::from(caught),
        rendered: Value::Null,
        payload: caught.payload.clone(),
        text: Some(words(&caught.rendered).1.to_owned()),
        headers: None,
        source: String::new(),
        sms: None,
    };
    match &caught.rendered {
        Rendered::Email(mail) => {
            let headers = source::headers(caught, mail);
            detail.source = source::mail(caught, mail, &headers);
            detail.headers = Some(headers);
            // The frame fetches the document on its own; twice would be once too often.
            if let Some(object) = rendered.as_object_mut() {
                object.remove("html");
            }
        }
        Rendered::Sms(sms) => {
            detail.sms = Some(segments(&sms.body));
            detail.source = pretty(&rendered);
        }
        Rendered::Push(_) | Rendered::Inbox(_) | Rendered::DirectMessage(_) => detail.source = pretty(&rendered),
        Rendered::Webhook(_) => detail.source = pretty(caught.payload.as_ref().unwrap_or(&rendered)),
    }
    detail.rendered = rendered;
    detail
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn segments(body: &str) -> Count {
    let count = tidings_render::segments(body);
    Count {
        encoding: count.encoding.as_str(),
        characters: count.characters,
        segments: count.segments,
    }
}
