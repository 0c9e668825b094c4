//! What becomes of a gathering that is looked at.

use tidings_types::Timestamp;
use tidings_types::digest::{Digest, Frequency};

use super::next_release;

/// What becomes of a gathering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// It is sent.
    Send,
    /// It waits, in this rhythm until then.
    Wait {
        /// The rhythm: that in which it is gathered, or another that holds for the person now.
        schedule_id: String,
        /// When the rhythm comes round.
        until: Timestamp,
    },
}

/// What becomes of what is gathered in a rhythm, for a person who chose `chosen`. `round` is the moment for which it is
/// looked at, where it is looked at because of one: it counts only if the rhythm still comes round then.
pub fn next_step(
    digest: &Digest,
    chosen: Option<&str>,
    gathered_in: &str,
    round: Option<Timestamp>,
    now: Timestamp,
) -> NextStep {
    // Without a rhythm there is nothing to wait for.
    let Some(schedule) = digest
        .schedule(chosen)
        .filter(|one| one.frequency != Frequency::Instant)
    else {
        return NextStep::Send;
    };
    let is_due = |round: Timestamp| round <= now && next_release(schedule, round.minus(1)) == Some(round);
    if schedule.schedule_id == gathered_in && round.is_some_and(is_due) {
        return NextStep::Send;
    }
    match next_release(schedule, now) {
        Some(until) => NextStep::Wait {
            schedule_id: schedule.schedule_id.clone(),
            until,
        },
        None => NextStep::Send,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn digest(schedules: &[Value]) -> Digest {
        serde_json::from_value(json!({
            "template_id": "t", "schedules": schedules, "categories": [], "created": 0, "updated": 0,
        }))
        .unwrap()
    }

    fn rhythm(id: &str, frequency: &str, time: &str) -> Value {
        json!({
            "schedule_id": id, "frequency": frequency, "time": time, "day_of_week": "monday",
            "days_of_week": ["tuesday", "friday"], "day_of_month": 31,
        })
    }

    /// 2026-11-26, a Thursday, at an hour.
    fn at(hour: u64) -> Timestamp {
        Timestamp::from_millis(1_795_651_200_000).plus(hour * 3_600_000)
    }

    #[test]
    fn it_goes_when_its_own_rhythm_comes_round() {
        let daily = digest(&[rhythm("d", "daily", "09:00"), rhythm("w", "weekly", "09:00")]);
        let wait = |schedule: &str, until| NextStep::Wait {
            schedule_id: schedule.to_owned(),
            until,
        };
        assert_eq!(next_step(&daily, None, "d", Some(at(9)), at(9)), NextStep::Send);
        assert_eq!(
            next_step(&daily, None, "d", Some(at(9)), at(11)),
            NextStep::Send,
            "late"
        );
        assert_eq!(
            next_step(&daily, None, "d", Some(at(8)), at(8)),
            wait("d", at(9)),
            "it has another time now"
        );
        assert_eq!(next_step(&daily, None, "d", None, at(8)), wait("d", at(9)));
        assert_eq!(
            next_step(&daily, Some("w"), "d", Some(at(9)), at(9)),
            wait("w", at(4 * 24 + 9)),
            "the person chose another"
        );
        assert_eq!(
            next_step(&daily, None, "gone", Some(at(9)), at(9)),
            wait("d", at(24 + 9))
        );
    }

    #[test]
    fn nothing_waits_for_a_rhythm_that_never_comes() {
        let instant = digest(&[rhythm("now", "instant", "09:00"), rhythm("d", "daily", "09:00")]);
        assert_eq!(next_step(&instant, None, "d", None, at(8)), NextStep::Send);
        let mut off = rhythm("d", "daily", "09:00");
        off["disabled"] = json!(true);
        assert_eq!(next_step(&digest(&[off]), None, "d", None, at(8)), NextStep::Send);
    }

    proptest! {
        #[test]
        fn what_waits_goes_the_next_time(
            frequency in proptest::sample::select(vec!["daily", "weekdays", "weekly", "custom_days", "monthly"]),
            hour in 0_u64..24,
            now in 0_u64..2000,
            round in proptest::option::of(0_u64..2000),
        ) {
            let digest = digest(&[rhythm("s", frequency, &format!("{hour:02}:00"))]);
            match next_step(&digest, None, "s", round.map(at), at(now)) {
                NextStep::Send => prop_assert!(round.is_some_and(|round| round <= now)),
                NextStep::Wait { schedule_id, until } => {
                    prop_assert_eq!(schedule_id, "s");
                    prop_assert!(until > at(now));
                    prop_assert_eq!(next_step(&digest, None, "s", Some(until), until), NextStep::Send);
                }
            }
        }
    }
}
