//! Names of lists, and patterns of such names.
//!
//! A name has up to four parts with dots between them: `orders.eu.late`. In a pattern, `*` stands for exactly one part,
//! and `**` at the end for one part or more.

/// How many parts a name has at most.
const MAX_PARTS: usize = 4;
/// How long a name is at most, in bytes.
const MAX_BYTES: usize = 256;

/// Why a text is no list's name; none when it is one.
pub fn refuse_id(text: &str) -> Option<&'static str> {
    if text.contains(['*', '#']) || text.chars().any(|one| one.is_whitespace() || one.is_control()) {
        return Some("A list's id holds neither spaces nor `*`, `#` or control characters");
    }
    refuse_parts(text)
}

fn refuse_parts(text: &str) -> Option<&'static str> {
    if text.is_empty() || text.len() > MAX_BYTES {
        return Some("Expected 1 to 256 bytes");
    }
    if text.split('.').any(str::is_empty) {
        return Some("Dots stand between parts: not first, not last, not two together");
    }
    if text.split('.').count() > MAX_PARTS {
        return Some("Expected at most four parts with dots between them");
    }
    None
}

/// A pattern of lists' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    /// Whether more parts may follow: `**` was the last.
    open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Any,
    Named(String),
}

impl Pattern {
    /// Reads a pattern. A name without wildcards is one that only it matches.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(refusal) = refuse_parts(text) {
            return Err(refusal);
        }
        let mut texts: Vec<&str> = text.split('.').collect();
        let open = texts.last() == Some(&"**");
        if open {
            texts.pop();
            if texts.last().is_none_or(|last| *last == "*") {
                return Err("`**` stands for the parts after a name, and cannot follow `*` or stand alone");
            }
        }
        let part = |text: &str| match text {
            "*" => Ok(Part::Any),
            "**" => Err("`**` stands only at the end"),
            text if text.contains('*') => Err("`*` replaces a whole part"),
            text => match refuse_id(text) {
                Some(refusal) => Err(refusal),
                None => Ok(Part::Named(text.to_owned())),
            },
        };
        let parts = texts.into_iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts, open })
    }

    /// Whether a list's name matches.
    pub fn matches(&self, id: &str) -> bool {
        let mut given = id.split('.');
        let head = self.parts.iter().all(|part| match (part, given.next()) {
            (Part::Any, Some(_)) => true,
            (Part::Named(name), Some(given)) => name == given,
            (_, None) => false,
        });
        // One part or more where the pattern is open, and none where it is not.
        head && given.next().is_some() == self.open
    }

    /// What every matching name begins with.
    pub fn prefix(&self) -> String {
        let named = self.parts.iter().map_while(|part| match part {
            Part::Named(name) => Some(name.as_str()),
            Part::Any => None,
        });
        let named: Vec<&str> = named.collect();
        let mut prefix = named.join(".");
        if !named.is_empty() && (self.open || named.len() < self.parts.len()) {
            prefix.push('.');
        }
        prefix
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the public API words it, part by part.
    fn plain_match(pattern: &str, id: &str) -> bool {
        let (p, q): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), id.split('.').collect());
        let same = |p: &[&str], q: &[&str]| p.iter().zip(q).all(|(p, q)| *p == "*" || p == q);
        if p.last() == Some(&"**") {
            q.len() >= p.len() && same(&p[..p.len() - 1], &q[..p.len() - 1])
        } else {
            p.len() == q.len() && same(&p, &q)
        }
    }

    fn plain_valid(pattern: &str) -> bool {
        let parts: Vec<&str> = pattern.split('.').collect();
        let last = parts.len() - 1;
        parts.len() <= 4
            && parts.iter().all(|part| !part.is_empty())
            && parts.iter().enumerate().all(|(index, part)| match *part {
                "**" => index == last,
                "*" => true,
                named => !named.contains(['*', '#', ' ']),
            })
            && (parts[last] != "**" || (last > 0 && parts[last - 1] != "*"))
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "",
            "**",
            "*.**",
            "a*",
            "a.**.b",
            "a..b",
            ".a",
            "a.",
            "a.b.c.d.e",
            "a b",
            "a#",
            "***",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        for text in ["a", "*", "a.*", "a.**", "*.b", "*.a.**", "a.*.c"] {
            assert!(Pattern::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn names_are_up_to_four_parts() {
        for id in ["", "a..b", ".a", "a.", "a b", "a*", "a#b", "a\nb", "1.2.3.4.5"] {
            assert!(refuse_id(id).is_some(), "{id}");
        }
        assert_eq!(refuse_id("orders.eu.late.x"), None);
    }

    fn part() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["a", "b", "ab", "*", "**", "a*", "", "c"])
    }

    proptest! {
        #[test]
        fn patterns_are_read_as_a_plain_reader_would(parts in prop::collection::vec(part(), 1..6)) {
            let text = parts.join(".");
            prop_assert_eq!(Pattern::parse(&text).is_ok(), plain_valid(&text), "{}", text);
        }

        #[test]
        fn matching_is_what_the_plain_words_say(
            pattern in prop::collection::vec(part(), 1..5),
            id in prop::collection::vec(prop::sample::select(vec!["a", "b", "ab", "c"]), 1..5),
        ) {
            let (text, id) = (pattern.join("."), id.join("."));
            if let Ok(pattern) = Pattern::parse(&text) {
                prop_assert_eq!(pattern.matches(&id), plain_match(&text, &id), "{} {}", text, id);
                prop_assert!(!pattern.matches(&id) || id.starts_with(&pattern.prefix()));
            }
        }
    }
}
