//! What the mail and the page behind its link say, in each language: a plain data file beside this one.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The words of one language. `{{topics}}` in mails and `{topics}` on the page stand for the names of topics.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationWords {
    /// The language's tag (BCP 47).
    pub tag: String,
    /// The mail's subject.
    pub mail_subject: String,
    /// What it asks.
    pub mail_text: String,
    /// Its button.
    pub mail_do: String,
    /// What to do for who did not ask for it.
    pub mail_ignore: String,
    /// The page's heading.
    pub title: String,
    /// What it asks.
    pub text: String,
    /// Its button.
    pub confirm: String,
    /// The heading once it was pressed.
    pub done_title: String,
    /// The sentence beneath.
    pub done_text: String,
    /// What the preference page says of a topic that waits for its confirmation.
    pub awaited: String,
}

static WORDS: LazyLock<Vec<ConfirmationWords>> =
    // A test reads the file, so it can be read in a program that was built from tested sources.
    LazyLock::new(|| serde_json::from_str(include_str!("words.json")).unwrap_or_default());

impl ConfirmationWords {
    /// The language of the first tag that is known, by its primary part; English otherwise.
    #[expect(
        clippy::indexing_slicing,
        reason = "a test reads the file, so there is a first language"
    )]
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> &'static Self {
        let known = |tag: &str| {
            let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
            WORDS.iter().find(|words| words.tag.eq_ignore_ascii_case(primary))
        };
        tags.into_iter().find_map(known).unwrap_or(&WORDS[0])
    }

    /// Which words these are: `confirm-en-1a2b3c4d`. Other words have another name.
    pub fn version(&self) -> String {
        let mut hash = hex::encode(Sha256::digest(format!("{}\n{}", self.text, self.confirm)));
        hash.truncate(8);
        format!("confirm-{}-{hash}", self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_whole() {
        let tags: Vec<_> = WORDS.iter().map(|words| words.tag.as_str()).collect();
        assert_eq!(tags, ["en", "es", "fr", "de", "ar", "ja"]);
        for words in WORDS.iter() {
            for text in [&words.mail_subject, &words.mail_text] {
                assert!(text.contains("{{topics}}"), "{text}");
            }
            for text in [&words.text, &words.done_text] {
                assert!(text.contains("{topics}") && !text.contains("{{"), "{text}");
            }
        }
        assert_eq!(ConfirmationWords::best(["pt", "de-AT"]).tag, "de");
        assert_eq!(ConfirmationWords::best([]).tag, "en");
    }
}
