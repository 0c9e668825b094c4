//! Putting a version in force.

use serde_json::Value;
use tidings_store::{Document, DocumentVersion};
use tidings_types::{Environment, Error, ErrorKind, Result, Routing};

use super::{MAX_BYTES, Which, body, check, check_routing, find, latest, missing};
use crate::{Services, images};

/// How often a version is looked at again that was revised while it was looked at.
const TRIES: usize = 5;

/// Puts a version of a tenant's template in force, and gives its number. What a designer saved is checked now: saving it
/// takes anything.
///
/// # Errors
/// `NotFound` when there is no such tenant, template or version; `Invalid`, in words for people, when the version cannot be
/// sent, or when it is asked for as `published`. Then what was in force stays.
pub async fn publish(
    services: &Services,
    environment: Environment,
    tenant: &str,
    id: &str,
    which: Which,
) -> Result<(Document, u32)> {
    let no_version = |number| {
        Error::not_found(format!(
            "Version v{number} of template {id} of tenant {tenant} not found"
        ))
    };
    for _ in 0..TRIES {
        let found = find(services, environment, tenant, id).await?;
        let number = match which {
            Which::Latest => latest(services, environment, &found).await?,
            Which::Number(number) => number,
            Which::Published => return Err(Error::invalid("version: Expected format: latest, v1, v2, etc.")),
        };
        let kept = services
            .store
            .version(environment, found.kind, &found.id, number)
            .await?;
        let kept = kept.ok_or_else(|| no_version(number))?;
        if body::design(&kept.body).is_some() {
            check_designed(&kept)?;
        }
        let now = services.clock.now();
        let put = services
            .store
            .put_in_force(environment, found.kind, &found.id, number, Some(&kept.body), now)
            .await;
        crate::library::announce(services, environment);
        match put {
            Ok(in_force) => return Ok((in_force.ok_or_else(|| missing(tenant, id))?, number)),
            Err(error) if error.kind() == ErrorKind::Busy => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(no_version(number)),
            Err(error) => return Err(error),
        }
    }
    Err(Error::busy("The template is being changed: try again"))
}

fn check_designed(kept: &DocumentVersion) -> Result<()> {
    let read = body::read(&kept.body)?;
    images::check(&read)?;
    // Mails bear the addresses of pictures, not the pictures.
    let sent = images::addressed(&read);
    let bytes = sent.to_string().len();
    if bytes > MAX_BYTES {
        let told =
            format!("The template is too large to be sent: {bytes} bytes without its pictures. Max is {MAX_BYTES}");
        return Err(Error::too_large(told));
    }
    check::content(sent.get("content").unwrap_or(&Value::Null))?;
    if let Some(routing) = read.get("routing").filter(|routing| !routing.is_null()) {
        check_routing("routing", &read_routing(routing)?)?;
    }
    Ok(())
}

/// Reads routing that a designer wrote.
///
/// # Errors
/// `Invalid` when it is none.
pub fn read_routing(written: &Value) -> Result<Routing> {
    tidings_types::validation::decode_at("routing", written)
}
