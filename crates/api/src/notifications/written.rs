//! What was written, checked and made ready to be stored.

use std::collections::HashSet;

use tidings_pipeline::Services;
use tidings_store::{DocumentKind, WriteMode};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Environment, Error, NO_BRAND, Result, TemplateContent};
use tidings_wire::notification::{ContentWrite, EmailHeaders, NotificationPayload, NotificationState};

use super::elements;
use super::stored::StoredNotification;
use crate::document;
use crate::validation::no_control_characters;

/// The versions of the form that are read.
const VERSIONS: [&str; 2] = [CURRENT, "2020-01-01"];
/// The version of content that names none.
const CURRENT: &str = "2022-01-01";
/// Aliases with this beginning are kept for tenants' own templates.
const RESERVED: &str = "tenant/";

/// Checks a template, its references included. Mail headers it does not speak of are taken from `headers`.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn checked(
    services: &Services,
    environment: Environment,
    payload: NotificationPayload,
    strict_channels: bool,
    headers: Option<EmailHeaders>,
) -> Result<StoredNotification> {
    let NotificationPayload {
        name,
        tags,
        brand,
        subscription,
        routing,
        content,
        email,
        alias: _,
    } = payload;
    no_control_characters("notification.name", &name)?;
    for (index, tag) in tags.iter().enumerate() {
        no_control_characters(&format!("notification.tags.{index}"), tag)?;
    }
    let references = [
        (
            DocumentKind::Brand,
            brand.as_ref().map(|one| &one.id).filter(|id| *id != NO_BRAND),
        ),
        (DocumentKind::Topic, subscription.as_ref().map(|one| &one.topic_id)),
        (
            DocumentKind::RoutingStrategy,
            routing.as_ref().map(|one| &one.strategy_id),
        ),
    ];
    for (kind, id) in references {
        if let Some(id) = id {
            document::must_exist(services, environment, kind, id).await?;
        }
    }
    let content = checked_content(services, "notification.content", content, strict_channels)?;
    let email = email.unwrap_or(headers);
    if let Some(email) = &email {
        check_headers(email)?;
    }
    Ok(StoredNotification {
        name,
        tags,
        brand,
        subscription,
        routing,
        content,
        email,
    }
    .without_idle_headers(services))
}

/// Checks content and gives its elements ids.
///
/// # Errors
/// `Invalid`, naming every wrong element beneath `field`.
pub(crate) fn checked_content(
    services: &Services,
    field: &str,
    written: ContentWrite,
    strict_channels: bool,
) -> Result<TemplateContent> {
    let version = written.version.unwrap_or_else(|| CURRENT.to_owned());
    if !VERSIONS.contains(&version.as_str()) {
        return Err(Error::invalid(format!(
            "{field}.version: Invalid value. Expected '{CURRENT}'"
        )));
    }
    if written
        .scope
        .as_deref()
        .is_some_and(|scope| !matches!(scope, "default" | "strict"))
    {
        return Err(Error::invalid(format!(
            "{field}.scope: Invalid value. Expected 'default' or 'strict'"
        )));
    }
    let mut nodes = written.elements;
    let given = elements::prepare(field, &mut nodes, || {
        new_prefixed_id("elem_", services.clock.now(), services.random.as_ref())
    })?;
    let content = TemplateContent {
        version: Some(version),
        elements: Some(nodes),
        scope: written.scope,
        ..TemplateContent::default()
    };
    tidings_render::check(&content, strict_channels).map_err(|problems| told(field, &problems, &given))?;
    Ok(content)
}

/// What is wrong with content, element by element. Only ids that the writer knows are named.
pub(crate) fn told(field: &str, problems: &[tidings_render::Problem], given: &HashSet<String>) -> Error {
    let told: Vec<String> = problems
        .iter()
        .map(|one| {
            let path = dotted(&one.element_path);
            match one.id.as_ref().filter(|id| given.contains(*id)) {
                Some(id) => format!("{field}.{path}: {} (element {id})", one.reason),
                None => format!("{field}.{path}: {}", one.reason),
            }
        })
        .collect();
    Error::invalid(told.join("; "))
}

/// `elements[0].href` as `elements.0.href`.
fn dotted(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}

fn check_headers(email: &EmailHeaders) -> Result<()> {
    let single = [("from", &email.from), ("reply_to", &email.reply_to)];
    let single = single
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let several = [("cc", &email.cc), ("bcc", &email.bcc)];
    let several = several
        .into_iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    for (name, value) in single.chain(several) {
        no_control_characters(&format!("notification.email.{name}"), value)?;
    }
    Ok(())
}

/// The names a notification has from now on; none when nothing was said of them.
///
/// # Errors
/// `Invalid` for an alias that cannot be one, `Conflict` when it is another template's id.
#[expect(clippy::option_option, reason = "absent, null and a text are three different wishes")]
pub(super) async fn names(
    services: &Services,
    environment: Environment,
    alias: Option<Option<String>>,
) -> Result<Option<Vec<String>>> {
    let Some(alias) = alias else { return Ok(None) };
    let Some(alias) = alias else {
        return Ok(Some(Vec::new()));
    };
    check_name(services, environment, "notification.alias", &alias).await?;
    Ok(Some(vec![alias]))
}

/// Refuses what cannot be a template's further name.
///
/// # Errors
/// `Invalid`, naming the field; `Conflict` when it is another template's id.
pub(crate) async fn check_name(services: &Services, environment: Environment, field: &str, name: &str) -> Result<()> {
    no_control_characters(field, name)?;
    if name.is_empty() {
        return Err(Error::invalid(format!("{field}: Must not be empty")));
    }
    if name.starts_with(RESERVED) {
        return Err(Error::invalid(format!("{field}: Must not begin with {RESERVED}")));
    }
    let kind = DocumentKind::Notification;
    match services.store.document(environment, kind, name).await? {
        None => Ok(()),
        Some(_) => Err(Error::conflict(format!("{name} is the id of a notification template"))),
    }
}

/// How what was written is to be stored, and what state it is then in.
///
/// # Errors
/// `Invalid` when the state is unknown.
pub(super) fn mode(state: Option<&str>) -> Result<(WriteMode, NotificationState)> {
    match state.map(str::to_ascii_uppercase).as_deref() {
        None | Some("DRAFT") => Ok((WriteMode::Draft, NotificationState::Draft)),
        Some("PUBLISHED") => Ok((WriteMode::Publish, NotificationState::Published)),
        Some(_) => Err(Error::invalid("state: Invalid value. Expected 'DRAFT' or 'PUBLISHED'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_in_any_case() {
        assert_eq!(
            mode(Some("published")).unwrap(),
            (WriteMode::Publish, NotificationState::Published)
        );
        assert_eq!(mode(None).unwrap().1, NotificationState::Draft);
        assert!(mode(Some("ARCHIVED")).unwrap_err().message().starts_with("state: "));
    }
}
