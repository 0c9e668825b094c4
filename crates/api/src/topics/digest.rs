//! A topic's digest, checked and completed.

use serde_json::Value;
use tidings_pipeline::Services;
use tidings_types::digest::{Category, DEFAULT_CATEGORY, Digest, Frequency, Retain, Schedule};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Error, Result};
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
pub(super) fn checked(services: &Services, written: &Value, before: Option<&Digest>) -> Result<Digest> {
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
    let categories = match written.categories {
        None => vec![default_category()],
        Some(list) if list.is_empty() => vec![default_category()],
        Some(list) if list.len() > MOST => {
            return Err(Error::invalid(format!("digest.categories: Expected at most {MOST}")));
        }
        Some(list) => list
            .into_iter()
            .enumerate()
            .map(|(index, one)| category(one, &format!("digest.categories.{index}")))
            .collect::<Result<_>>()?,
    };
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
