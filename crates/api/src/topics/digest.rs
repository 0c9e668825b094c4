//! A topic's digest, checked and completed.

use std::collections::BTreeSet;

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_pipeline::library::Found;
use tidings_types::digest::{Category, DEFAULT_CATEGORY, Digest, Frequency, Retain, Schedule};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Environment, Error, KeyScope, Result};
use tidings_wire::digest::{CategoryWrite, DigestWrite, ScheduleWrite, retain, weekday};

use crate::validation::{decode, no_control_characters};

/// How many rhythms and categories a digest has at most.
const MOST: usize = 20;
/// How many a category keeps unless told otherwise, and at most.
const LIMIT: (u32, u32) = (10, 100);

/// A digest as it is stored. `before` is the one there was.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn checked(
    services: &Services,
    environment: Environment,
    written: &Value,
    before: Option<&Digest>,
) -> Result<Digest> {
    let written: DigestWrite =
        decode(written).map_err(|error| Error::invalid(format!("digest.{}", error.message())))?;
    if written.template_id.is_empty() {
        return Err(Error::invalid("digest.template_id: Required"));
    }
    no_control_characters("digest.template_id", &written.template_id)?;
    let schedules = match (written.schedules, before) {
        (Some(list), _) if list.is_empty() => {
            return Err(Error::invalid(
                "digest.schedules: Expected at least one: send null as `digest` to turn it off",
            ));
        }
        (Some(list), _) if list.len() > MOST => {
            return Err(Error::invalid(format!("digest.schedules: Expected at most {MOST}")));
        }
        (Some(list), _) => list
            .into_iter()
            .enumerate()
            .map(|(index, one)| schedule(services, one, before, &format!("digest.schedules.{index}")))
            .collect::<Result<Vec<_>>>()?,
        (None, Some(before)) => before.schedules.clone(),
        (None, None) => return Err(Error::invalid("digest.schedules: Required")),
    };
    check_together(&schedules)?;
    let categories = match (written.categories, before) {
        (None, Some(before)) => before.categories.clone(),
        (None, None) => vec![default_category()],
        (Some(list), _) if list.is_empty() => vec![default_category()],
        (Some(list), _) if list.len() > MOST => {
            return Err(Error::invalid(format!("digest.categories: Expected at most {MOST}")));
        }
        (Some(list), _) => list
            .into_iter()
            .enumerate()
            .map(|(index, one)| category(one, &format!("digest.categories.{index}")))
            .collect::<Result<_>>()?,
    };
    let mut keys = BTreeSet::new();
    if let Some(index) = categories.iter().position(|one| !keys.insert(&one.category_key)) {
        return Err(Error::invalid(format!(
            "digest.categories.{index}.category_key: Named twice"
        )));
    }
    check_references(
        services,
        environment,
        &written.template_id,
        written.audience_id.as_deref(),
    )
    .await?;
    let now = services.clock.now();
    Ok(Digest {
        template_id: written.template_id,
        schedules,
        categories,
        trigger_empty: written.trigger_empty.unwrap_or(false),
        audience_id: written.audience_id,
        created: before.map_or(now, |before| before.created),
        updated: now,
    })
}

/// Refuses a template that cannot be sent, and an audience that is not there.
async fn check_references(
    services: &Services,
    environment: Environment,
    template: &str,
    audience: Option<&str>,
) -> Result<()> {
    let found = services
        .documents()
        .template(environment, template, KeyScope::Published, &[])
        .await?;
    let told = match found {
        Found::Template(_) | Found::Broken(_) => None,
        Found::Unpublished => Some(format!("Notification template {template} is not published")),
        Found::Unknown => Some(format!("Notification template {template} not found")),
    };
    if let Some(told) = told {
        return Err(Error::invalid(format!("digest.template_id: {told}")));
    }
    if let Some(audience) = audience
        && services.store.audience(environment, audience).await?.is_none()
    {
        return Err(Error::invalid(format!(
            "digest.audience_id: Audience {audience} not found"
        )));
    }
    Ok(())
}

/// Refuses rhythms that make no sense beside each other.
fn check_together(schedules: &[Schedule]) -> Result<()> {
    let mut ids = BTreeSet::new();
    if let Some(index) = schedules.iter().position(|one| !ids.insert(&one.schedule_id)) {
        return Err(Error::invalid(format!(
            "digest.schedules.{index}.schedule_id: Named twice"
        )));
    }
    let defaults = || schedules.iter().enumerate().filter(|(_, one)| one.is_default);
    if let Some((index, _)) = defaults().nth(1) {
        return Err(Error::invalid(format!(
            "digest.schedules.{index}.is_default: Expected one default at most"
        )));
    }
    if let Some((index, _)) = defaults().find(|(_, one)| one.disabled) {
        return Err(Error::invalid(format!(
            "digest.schedules.{index}.disabled: The default cannot be disabled"
        )));
    }
    if schedules.iter().all(|one| one.disabled) {
        return Err(Error::invalid(
            "digest.schedules: Expected at least one that is not disabled: send null as `digest` to turn it off",
        ));
    }
    Ok(())
}

fn default_category() -> Category {
    Category {
        category_key: DEFAULT_CATEGORY.to_owned(),
        retain: Retain::First,
        limit: LIMIT.0,
        sort_key: None,
    }
}

fn schedule(services: &Services, one: ScheduleWrite, before: Option<&Digest>, field: &str) -> Result<Schedule> {
    let invalid = |name: &str, told: &str| Error::invalid(format!("{field}.{name}: {told}"));
    let known =
        |id: &String| before.is_some_and(|before| before.schedules.iter().any(|known| known.schedule_id == *id));
    let schedule_id = match one.schedule_id {
        Some(id) if known(&id) => id,
        Some(_) => return Err(invalid("schedule_id", "The topic has no such digest schedule")),
        None => new_prefixed_id("sch_", services.clock.now(), services.random.as_ref()),
    };
    if one.time.is_none() && one.frequency != Frequency::Instant {
        return Err(invalid("time", "Required"));
    }
    let day = |name: &str, text: &str| weekday(text).ok_or_else(|| invalid(name, "Expected a day of the week"));
    let day_of_week = one
        .day_of_week
        .as_deref()
        .map(|text| day("day_of_week", text))
        .transpose()?;
    let days = one.days_of_week.unwrap_or_default();
    let listed: Vec<_> = days
        .iter()
        .map(|text| day("days_of_week", text))
        .collect::<Result<_>>()?;
    let mut named = BTreeSet::new();
    if !listed.iter().all(|day| named.insert(day)) {
        return Err(invalid("days_of_week", "Named twice"));
    }
    match one.frequency {
        Frequency::Weekly if day_of_week.is_none() => return Err(invalid("day_of_week", "Required")),
        Frequency::CustomDays if listed.is_empty() => return Err(invalid("days_of_week", "Required")),
        Frequency::Monthly if one.day_of_month.is_none() => return Err(invalid("day_of_month", "Required")),
        _ => {}
    }
    if one.day_of_month.is_some_and(|day| !(1..=31).contains(&day)) {
        return Err(invalid("day_of_month", "Expected 1 to 31"));
    }
    if let Some(zone) = one.timezone.as_deref()
        && !tidings_pipeline::preferences::is_zone(zone)
    {
        return Err(invalid("timezone", "Expected an IANA time zone such as Europe/Berlin"));
    }
    Ok(Schedule {
        schedule_id,
        frequency: one.frequency,
        time: one.time,
        day_of_week,
        days_of_week: listed,
        day_of_month: one.day_of_month,
        timezone: one.timezone,
        is_default: one.is_default.unwrap_or(false),
        disabled: one.disabled.unwrap_or(false),
    })
}

fn category(one: CategoryWrite, field: &str) -> Result<Category> {
    let invalid = |name: &str, told: &str| Error::invalid(format!("{field}.{name}: {told}"));
    if one.category_key.is_empty() {
        return Err(invalid("category_key", "Required"));
    }
    no_control_characters(&format!("{field}.category_key"), &one.category_key)?;
    let kept = match one.retain.as_deref() {
        None => Retain::First,
        Some(text) => retain(text).ok_or_else(|| invalid("retain", "Expected FIRST, LAST, HIGHEST, LOWEST or NONE"))?,
    };
    if matches!(kept, Retain::Highest | Retain::Lowest) && one.sort_key.as_deref().unwrap_or_default().is_empty() {
        return Err(invalid("sort_key", "Required"));
    }
    let limit = one.limit.unwrap_or(LIMIT.0);
    if !(1..=LIMIT.1).contains(&limit) {
        return Err(invalid("limit", "Expected 1 to 100"));
    }
    Ok(Category {
        category_key: one.category_key,
        retain: kept,
        limit,
        sort_key: one.sort_key,
    })
}
