//! `/p/{token}`: everything a person can choose, in one form.
//!
//! Without a script the form is sent as a whole and the page comes back with what was saved and a way to undo it. With
//! the page's script each change is sent at once, as the same form with one topic in it, and answered as JSON.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tidings_pipeline::LinkKind;
use tidings_pipeline::preferences::{
    Origin, Pause, View, change, last_change, leave_all, pause_everything, undo, view,
};
use tidings_types::{Result, Timestamp};

use super::changes::{self, Problem};
use super::form::Form;
use super::row;
use super::sheet::{self, Notice};
use super::visit::{Asking, Lost, Visit};
use crate::Pages;

/// Both pages that this address shows.
const KINDS: [LinkKind; 2] = [LinkKind::Preferences, LinkKind::Preview];
/// In the address of the page after saving: the moment by which it can be undone.
const SAVED: &str = "saved";
/// In the address of the page after undoing.
const UNDONE: &str = "undone";
/// For how long what is sent again counts as sent once, in milliseconds.
const AGAIN_MS: u64 = 60 * 1000;

/// What was done, as the page's address names it, and by which moment it can be undone.
type Done = (&'static str, Option<Timestamp>);

/// Shows the page. Changes nothing.
pub(crate) async fn show(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Lost> {
    let asking = Asking::new(query.as_deref(), &headers);
    let notice = match (asking.value(SAVED), asking.value(UNDONE)) {
        (Some(at), _) => Notice::Saved(at.parse().ok().map(Timestamp::from_millis)),
        (None, Some(_)) => Notice::Undone,
        (None, None) => Notice::None,
    };
    let visit = asking.visit(&pages, &token, &KINDS).await?;
    respond(&pages, &visit, StatusCode::OK, &notice).await
}

/// Saves what differs from what held before. What the person did not touch goes on following the topic's default.
pub(crate) async fn save(
    State(pages): crate::State,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Lost> {
    let visit = Asking::new(query.as_deref(), &headers)
        .visit(&pages, &token, &KINDS)
        .await?;
    let by_script = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if visit.claims.kind == LinkKind::Preview {
        let told = &visit.words.draft;
        if by_script {
            return Ok(refused(told));
        }
        return respond(&pages, &visit, StatusCode::CONFLICT, &Notice::None).await;
    }
    let form = Form::parse(&body);
    let done = carry_out(&pages, &visit, &form)
        .await
        .map_err(|error| visit.failed(error))?;
    match done {
        Ok((name, at)) if by_script => {
            let notes = notes(&pages, &visit, &form)
                .await
                .map_err(|error| visit.failed(error))?;
            Ok(Json(json!({ name: at, "notes": notes })).into_response())
        }
        Ok((name, at)) => {
            let at = at.map(|at| at.as_millis().to_string()).unwrap_or_default();
            let address = visit.address(name, &at);
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
        }
        Err(problem) => {
            let told = problem.told(visit.words);
            if by_script {
                return Ok(refused(&told));
            }
            let notice = Notice::Problem(told, form);
            respond(&pages, &visit, StatusCode::UNPROCESSABLE_ENTITY, &notice).await
        }
    }
}

/// What is to be known, now that they are saved, of the topics that the form is about and whose notes change.
async fn notes(pages: &Pages, visit: &Visit, form: &Form) -> Result<BTreeMap<String, &'static str>> {
    if form.first("topic").is_none() {
        return Ok(BTreeMap::new());
    }
    let seen = seen(pages, visit).await?;
    let topics = seen.sections.iter().flat_map(|section| &section.topics);
    let asked = topics.filter(|view| row::may_change(view) && form.says("topic", view.topic.topic.id.as_str()));
    Ok(asked
        .map(|view| {
            (
                view.topic.topic.id.to_string(),
                row::note(visit.words, view).unwrap_or_default(),
            )
        })
        .collect())
}

fn refused(told: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "problem": told }))).into_response()
}

/// Does what the form says; names what was done, and by which moment it can be undone.
async fn carry_out(pages: &Pages, visit: &Visit, form: &Form) -> Result<Result<Done, Problem>> {
    let services = &pages.services;
    let speaker = visit.speaker(Origin::Page);
    let now = services.clock.now();
    match form.first("action") {
        Some("undo") => {
            let at = form.first("at").and_then(|text| text.parse().ok()).unwrap_or_default();
            let written = undo(services, &speaker, Timestamp::from_millis(at)).await?;
            return Ok(Ok((UNDONE, Some(written.at))));
        }
        Some("leave") => {
            leave_all(services, &speaker).await?;
        }
        Some("pause" | "resume" | "quiet") => match changes::of_everything(form, &visit.zone, now) {
            Some(Pause::Until(until)) if is_paused(&seen(pages, visit).await?, until) => {}
            Some(pause) => {
                pause_everything(services, &speaker, pause).await?;
            }
            None => return Ok(Err(Problem::NotSaved)),
        },
        _ => {
            let seen = seen(pages, visit).await?;
            let choices = match changes::of_topics(form, &seen, now) {
                Ok(choices) => choices,
                Err(problem) => return Ok(Err(problem)),
            };
            if change(services, &speaker, choices).await?.is_err() {
                return Ok(Err(Problem::NotSaved));
            }
        }
    }
    // A form that comes to nothing was most likely sent twice, by a double click or by going back: what can be undone is
    // then what it came to the first time.
    let at = last_change(services, &speaker, now.minus(AGAIN_MS)).await?;
    Ok(Ok((SAVED, at)))
}

/// Whether everything is paused until about then already.
fn is_paused(seen: &View, until: Timestamp) -> bool {
    let own = seen.said.of_everything().preference.snooze;
    let near = until.minus(AGAIN_MS)..=until;
    own.iter().any(|snooze| near.contains(&snooze.until))
}

async fn seen(pages: &Pages, visit: &Visit) -> Result<View> {
    let claims = &visit.claims;
    let draft = claims.kind == LinkKind::Preview;
    view(
        &pages.services,
        claims.environment,
        &visit.user,
        claims.tenant_id.as_deref(),
        draft,
    )
    .await
}

async fn respond(pages: &Pages, visit: &Visit, status: StatusCode, notice: &Notice) -> Result<Response, Lost> {
    let seen = seen(pages, visit).await.map_err(|error| visit.failed(error))?;
    let now = pages.services.clock.now();
    let title = seen.page.heading.clone().unwrap_or_else(|| visit.words.title.clone());
    let content = sheet::sheet(visit, &seen, notice, &title, now);
    Ok(visit.shell().sheet(status, &title, &content))
}
