//! `GET /preferences/opt-out-waves`: opt-outs by mail that look like a scanner's.

use axum::Json;
use axum::extract::State;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Whole;
use tidings_wire::preference_page::OptOutWave;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::query::Query;

/// How far back waves are looked for, in milliseconds: a day.
const BACK_MS: u64 = 24 * 60 * 60 * 1000;

/// List mail domains from which so many people opted out within a day that a scanner may have followed their links.
///
/// Nothing is undone by itself: the log has every change, and each can be taken back.
#[utoipa::path(
    get, path = "/preferences/opt-out-waves", tag = "preferences",
    params(("people" = Option<u32>, Query, description = "From this many different people on; 10 unless given.")),
    responses((status = 200, body = Whole<OptOutWave>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_opt_out_waves(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Whole<OptOutWave>>> {
    let services = state.services();
    let people = match query.text("people") {
        None => tidings_pipeline::preferences::WAVE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|people| *people > 0)
            .ok_or_else(|| tidings_types::Error::invalid("people: Expected a number above 0"))?,
    };
    let since = services.clock.now().minus(BACK_MS);
    let found = services
        .store
        .opt_outs_by_domain(caller.environment, since, people)
        .await?;
    let results = found
        .into_iter()
        .map(|wave| OptOutWave {
            mail_domain: wave.mail_domain,
            people: wave.people,
            first: wave.first.to_rfc3339(),
            last: wave.last.to_rfc3339(),
        })
        .collect();
    Ok(Json(Whole { results }))
}
