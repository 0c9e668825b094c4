//! What pages for people say, in each language: plain data files beside the sources, read once.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tidings_types::Channel;

/// All languages, the first one for who asks for none of them.
const FILES: [(&str, &str); 6] = [
    ("en", include_str!("../../words/en.json")),
    ("es", include_str!("../../words/es.json")),
    ("fr", include_str!("../../words/fr.json")),
    ("de", include_str!("../../words/de.json")),
    ("ar", include_str!("../../words/ar.json")),
    ("ja", include_str!("../../words/ja.json")),
];

/// What pages for people say, in one language. `{topic}`, `{date}` and the like stand for what is filled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// The language's tag (BCP 47).
    #[serde(skip)]
    pub(super) tag: &'static str,
    /// Which words of consent these are: `page-en-1a2b3c4d`. Other words have another name.
    #[serde(skip)]
    pub(super) version: String,
    /// What its speakers call it.
    pub(super) name: String,
    /// `ltr` or `rtl`.
    pub(super) dir: String,
    /// How a date is written.
    date: String,
    months: Vec<String>,
    /// Monday first.
    pub(super) weekdays: Vec<String>,
    /// The same for where several stand in a row.
    pub(super) weekdays_short: Vec<String>,
    /// What stands between the items of a list.
    pub(super) list: String,
    channels: ChannelWords,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) of_tenant: String,
    pub(super) only_tenant: String,
    pub(super) saved: String,
    pub(super) saving: String,
    pub(super) undo: String,
    pub(super) undone: String,
    pub(super) how: String,
    pub(super) how_of: String,
    pub(super) no_channel: String,
    pub(super) rhythm: String,
    pub(super) at_once: String,
    pub(super) daily: String,
    pub(super) every_weekday: String,
    pub(super) weekly: String,
    pub(super) monthly: String,
    pub(super) pause: String,
    pub(super) not_paused: String,
    pub(super) for_day: String,
    pub(super) for_week: String,
    pub(super) for_month: String,
    pub(super) until: String,
    pub(super) locked: String,
    pub(super) from_message: String,
    pub(super) all_title: String,
    pub(super) pause_title: String,
    pub(super) pause_about: String,
    pub(super) pause_date: String,
    pub(super) pause_do: String,
    pub(super) paused: String,
    pub(super) resume: String,
    pub(super) quiet_title: String,
    pub(super) quiet_about: String,
    pub(super) quiet_on: String,
    pub(super) quiet_from: String,
    pub(super) quiet_to: String,
    pub(super) quiet_zone: String,
    pub(super) leave_title: String,
    pub(super) leave_about: String,
    pub(super) leave_do: String,
    pub(super) save: String,
    pub(super) nothing: String,
    pub(super) language: String,
    pub(super) draft: String,
    pub(super) not_saved: String,
    pub(super) consent: String,
    pub(super) lost_title: String,
    pub(super) lost_text: String,
    pub(super) stale_title: String,
    pub(super) stale_text: String,
    pub(super) nothing_changed: String,
    pub(super) failed_title: String,
    pub(super) failed_text: String,
    pub(super) these: String,
    pub(super) ask_title: String,
    pub(super) ask_text: String,
    pub(super) ask_do: String,
    pub(super) done_title: String,
    pub(super) done_text: String,
    pub(super) done_question: String,
    pub(super) done_back: String,
    pub(super) back_title: String,
    pub(super) back_text: String,
    pub(super) back_question: String,
    pub(super) required_title: String,
    pub(super) required_text: String,
    pub(super) more: String,
}

/// What people call the channels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelWords {
    email: String,
    push: String,
    sms: String,
    direct_message: String,
    inbox: String,
    webhook: String,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let read = |(tag, text): (&'static str, &str)| {
        let words = serde_json::from_str::<Words>(text);
        // A test reads every file, so none is left out in a program that was built from tested sources.
        words.ok().map(|words| {
            let hash = hex::encode(Sha256::digest(&words.consent));
            let version = format!("page-{tag}-{}", hash.get(..8).unwrap_or_default());
            Words { tag, version, ..words }
        })
    };
    FILES.into_iter().filter_map(read).collect()
});

/// All languages.
pub(super) fn all() -> &'static [Words] {
    &WORDS
}

/// Whether a tag's language is among them.
pub(super) fn knows(tag: &str) -> bool {
    of_tag(tag).is_some()
}

fn of_tag(tag: &str) -> Option<&'static Words> {
    let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
    WORDS.iter().find(|words| words.tag.eq_ignore_ascii_case(primary))
}

/// The language of the first tag that is known, by its primary part; the first language otherwise.
#[expect(clippy::indexing_slicing, reason = "a test reads every file, so there are six")]
pub(super) fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> &'static Words {
    tags.into_iter().find_map(of_tag).unwrap_or(&WORDS[0])
}

/// The tags of an `Accept-Language` header, the most wanted first (RFC 9110, section 12.5.4).
pub(super) fn accepted(header: &str) -> Vec<&str> {
    let mut wanted: Vec<(&str, f32)> = header
        .split(',')
        .filter_map(|item| {
            let (tag, weight) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight
                .trim()
                .strip_prefix("q=")
                .map_or(Some(1.0), |text| text.parse().ok())?;
            (weight > 0.0).then_some((tag.trim(), weight))
        })
        .collect();
    // Stable: what is wanted alike stays in the order it was named.
    wanted.sort_by(|one, other| other.1.total_cmp(&one.1));
    wanted.into_iter().map(|(tag, _)| tag).collect()
}

impl Words {
    /// Fills a name in. In languages written from right to left it is set apart, so that its own direction does not
    /// mix with theirs (Unicode TR 9: first strong isolate).
    pub(super) fn fill(&self, text: &str, name: &str, value: &str) -> String {
        let place = format!("{{{name}}}");
        if self.dir == "rtl" {
            text.replace(&place, &format!("\u{2068}{value}\u{2069}"))
        } else {
            text.replace(&place, value)
        }
    }

    /// A topic's name filled in.
    pub(super) fn topic(&self, text: &str, topic: &str) -> String {
        self.fill(text, "topic", topic)
    }

    /// A date as people write it.
    pub(super) fn date(&self, date: jiff::civil::Date) -> String {
        let month = usize::try_from(date.month() - 1)
            .ok()
            .and_then(|month| self.months.get(month));
        self.date
            .replace("{day}", &date.day().to_string())
            .replace("{month}", month.map_or("", String::as_str))
            .replace("{year}", &date.year().to_string())
    }

    /// What people call a channel.
    pub(super) fn channel(&self, channel: Channel) -> &str {
        let of = &self.channels;
        match channel {
            Channel::Email => &of.email,
            Channel::Push => &of.push,
            Channel::Sms => &of.sms,
            Channel::DirectMessage => &of.direct_message,
            Channel::Inbox => &of.inbox,
            Channel::Webhook => &of.webhook,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole_and_keeps_its_places() {
        let english: serde_json::Value = serde_json::from_str(FILES[0].1).unwrap();
        for (tag, text) in FILES {
            let words: Words = serde_json::from_str(text).unwrap_or_else(|error| panic!("{tag}: {error}"));
            assert_eq!((words.months.len(), words.weekdays.len()), (12, 7), "{tag}");
            assert_eq!(words.weekdays_short.len(), 7, "{tag}");
            let other: serde_json::Value = serde_json::from_str(text).unwrap();
            for (key, value) in english.as_object().unwrap() {
                for place in ["{topic}", "{time}", "{zone}", "{tenant}", "{date}"] {
                    let has = |value: &serde_json::Value| value.as_str().is_some_and(|text| text.contains(place));
                    assert_eq!(has(value), has(&other[key]), "{tag}: {key} and {place}");
                }
                assert!(other[key] != "", "{tag}: {key} is empty");
            }
        }
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn the_most_wanted_known_language_is_taken() {
        assert_eq!(best(accepted("pt-BR, ja;q=0.5, de-AT;q=0.8")).tag, "de");
        assert_eq!(best(accepted("de;q=0, fr_CA")).tag, "fr");
        assert_eq!(best(accepted("xx, ;q=nonsense,")).tag, "en");
    }

    #[test]
    fn dates_are_written_as_people_do() {
        let date = jiff::civil::date(2026, 12, 3);
        let of = |tag| best([tag]).date(date);
        assert_eq!(
            (of("en").as_str(), of("ja").as_str()),
            ("3 December 2026", "2026年12月3日")
        );
        assert_eq!(of("es"), "3 de diciembre de 2026");
    }
}
