//! Who opens which page, and in which language.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::html;
use serde_json::Value;
use tidings_pipeline::preferences::{CONFIRM_LINK_MS, Clock, Origin, Speaker, brand, is_revoked, page};
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_types::{Error, Result, Timestamp, UserId};
use url::form_urlencoded;

use super::look::Look;
use super::shell::Shell;
use super::words::{self, Words};
use crate::{Pages, problem};

/// The part of a page's address that is ours to keep from one view to the next.
const KEPT: [&str; 2] = ["lang", "brand"];

/// What is known of a request before its link was read.
pub(super) struct Asking {
    pub(super) words: &'static Words,
    pub(super) query: Vec<(String, String)>,
    /// Whether the language was asked for by name.
    named: bool,
    accepted: String,
}

/// A person at a page of theirs.
pub(super) struct Visit {
    pub(super) claims: LinkClaims,
    /// Whether the link is too old, or was revoked. One that unsubscribes goes on doing so, and does nothing else.
    pub(super) is_stale: bool,
    pub(super) user: UserId,
    pub(super) words: &'static Words,
    pub(super) look: Look,
    /// The tenant whose messages it is about, by name.
    pub(super) tenant_name: Option<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) zone: TimeZone,
    /// The zone by name: the profile's, else the default one.
    pub(super) zone_name: String,
}

/// A page that cannot be shown.
#[derive(Debug)]
pub(crate) struct Lost {
    words: &'static Words,
    look: Box<Look>,
    why: Why,
}

/// Why a person's page cannot be shown.
#[derive(Debug)]
enum Why {
    /// The link is forged, cut or mistyped, or opens another page.
    Link,
    /// The link is too old, or was revoked.
    Stale,
    /// Our side failed.
    Failed(Error),
}

impl Asking {
    pub(super) fn new(query: Option<&str>, headers: &HeaderMap) -> Self {
        let query: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let named: Vec<&str> = query
            .iter()
            .filter(|(name, _)| name == "lang")
            .map(|(_, value)| value.as_str())
            .collect();
        let words = words::best(named.iter().copied().chain(words::accepted(&accepted)));
        Self {
            words,
            named: !named.is_empty(),
            accepted,
            query,
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn lost(&self) -> Lost {
        self.because(Why::Link)
    }

    pub(super) fn failed(&self, error: Error) -> Lost {
        self.because(Why::Failed(error))
    }

    fn because(&self, why: Why) -> Lost {
        Lost {
            words: self.words,
            look: Box::default(),
            why,
        }
    }

    /// Reads a link.
    pub(super) async fn visit(self, pages: &Pages, token: &str, kinds: &[LinkKind]) -> Result<Visit, Lost> {
        let claims = pages.services.links.verify(bare(token)).map_err(|_| self.lost())?;
        if !kinds.contains(&claims.kind) {
            return Err(self.lost());
        }
        let stale = is_stale(pages, &claims).await.map_err(|error| self.failed(error))?;
        let words = self.words;
        let visit = self.enter(pages, claims, stale).await.map_err(|error| Lost {
            words,
            look: Box::default(),
            why: Why::Failed(error),
        })?;
        // The law and mail programs count on it that who was sent something can always unsubscribe from it.
        if stale && visit.claims.kind != LinkKind::Unsubscribe {
            return Err(visit.stale());
        }
        Ok(visit)
    }

    async fn enter(self, pages: &Pages, claims: LinkClaims, is_stale: bool) -> Result<Visit> {
        let user = UserId::from(claims.user_id.as_str());
        let profile = pages
            .services
            .store
            .profile(claims.environment, &user)
            .await?
            .unwrap_or_default();
        let text = |name: &str| profile.get(name).and_then(Value::as_str).map(str::to_owned);
        let zone_name = text("zoneinfo").or_else(|| text("timezone"));
        let clock = Clock::of(&pages.services, claims.environment, zone_name.as_deref()).await?;
        // What the browser asks for counts more than what the profile says, if it asks for a language there is.
        let browser = words::accepted(&self.accepted);
        let asked = browser.iter().any(|tag| words::knows(tag));
        let words = match text("locale") {
            Some(locale) if !self.named && !asked => words::best([locale.as_str()]),
            _ => self.words,
        };
        let (look, tenant_name) = look(pages, &claims, self.value("brand")).await?;
        let query = self
            .query
            .into_iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()))
            .collect();
        Ok(Visit {
            claims,
            is_stale,
            user,
            words,
            look,
            tenant_name,
            query,
            zone_name: clock.name,
            zone: clock.zone,
        })
    }
}

/// Whether a link was good once.
async fn is_stale(pages: &Pages, claims: &LinkClaims) -> Result<bool> {
    let services = &pages.services;
    let good_for = match claims.kind {
        LinkKind::Confirm => CONFIRM_LINK_MS,
        LinkKind::Preferences | LinkKind::Preview | LinkKind::Unsubscribe => services.settings.preference_link_ms,
    };
    if claims.issued.plus(good_for) < services.clock.now() {
        return Ok(true);
    }
    let user = UserId::from(claims.user_id.as_str());
    is_revoked(services, claims.environment, &user, claims.issued).await
}

/// How the page looks, and the name of the tenant it is for.
async fn look(pages: &Pages, claims: &LinkClaims, asked: Option<&str>) -> Result<(Look, Option<String>)> {
    let services = &pages.services;
    let environment = claims.environment;
    let tenant = claims.tenant_id.as_deref();
    let page = page(services, environment, claims.kind == LinkKind::Preview).await?;
    let brand = brand(services, environment, &page, tenant, asked).await?;
    let chain = match tenant {
        Some(tenant) => services.documents().tenant_chain(environment, tenant).await?,
        None => None,
    };
    let name = chain.and_then(|chain| Some(chain.values.get("name")?.as_str()?.to_owned()));
    let name = name
        .filter(|name| !name.trim().is_empty())
        .or_else(|| tenant.map(str::to_owned));
    let look = brand.map(|brand| Look::of(brand.brand())).unwrap_or_default();
    Ok((look, name))
}

/// A token without what programs that find links in text take along: what ends a sentence or closes a bracket is no part
/// of it.
fn bare(token: &str) -> &str {
    token.trim_end_matches(|end: char| !end.is_ascii_alphanumeric() && !matches!(end, '-' | '_'))
}

impl Visit {
    /// The document around the page.
    pub(super) fn shell(&self) -> Shell<'_> {
        let query = self.query.iter().filter(|(name, _)| name != "lang").cloned().collect();
        Shell {
            words: self.words,
            look: &self.look,
            query,
        }
    }

    /// The person, speaking here.
    pub(super) fn speaker(&self, origin: Origin) -> Speaker<'_> {
        Speaker {
            environment: self.claims.environment,
            user: &self.user,
            tenant: self.claims.tenant_id.as_deref(),
            origin,
            message_id: self.claims.message_id.as_deref(),
            wording: Some(&self.words.version),
            language: Some(self.words.tag),
        }
    }

    /// The last day before a moment, as the person writes it: what ends at midnight lasts until the day before.
    pub(super) fn date(&self, until: Timestamp) -> String {
        let last = self.zone.to_datetime(until.minus(1).to_jiff()).date();
        self.words.date(last)
    }

    /// Where the page stands after a change.
    pub(super) fn address(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query).append_pair(name, value);
        format!("?{}", query.finish())
    }

    /// There is nothing left that the link could do.
    pub(super) fn stale(&self) -> Lost {
        Lost {
            words: self.words,
            look: Box::new(self.look.clone()),
            why: Why::Stale,
        }
    }

    pub(super) fn failed(&self, error: Error) -> Lost {
        Lost {
            words: self.words,
            look: Box::new(self.look.clone()),
            why: Why::Failed(error),
        }
    }
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        let words = self.words;
        let (status, title, text, end) = match self.why {
            Why::Link => (
                StatusCode::NOT_FOUND,
                &words.lost_title,
                &words.lost_text,
                Some(&words.nothing_changed),
            ),
            Why::Stale => (
                StatusCode::GONE,
                &words.stale_title,
                &words.stale_text,
                Some(&words.nothing_changed),
            ),
            Why::Failed(error) => {
                problem::note(&error);
                let (status, _) = problem::status_of(error.kind());
                (status, &words.failed_title, &words.failed_text, None)
            }
        };
        let content = html! {
            h1 { (title) }
            p { (text) }
            @if let Some(end) = end { p { (end) } }
        };
        let shell = Shell {
            words,
            look: &self.look,
            query: Vec::new(),
        };
        shell.card(status, title, &content)
    }
}
