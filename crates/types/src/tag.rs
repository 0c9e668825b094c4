//! Tags of messages.

/// How long a tag may be, in characters: the public API's limit.
pub const MAX_CHARS: usize = 30;

/// Says what is wrong with a tag. Published clients write tags into queries as they are, so none may hold what ends a text
/// there.
///
/// # Errors
/// What is wrong, as the end of a sentence about the field.
pub fn check(tag: &str) -> Result<(), &'static str> {
    if tag.is_empty() {
        return Err("Must not be empty");
    }
    if tag.chars().any(char::is_control) {
        return Err("Must not hold control characters");
    }
    if tag.contains(['"', '\\']) {
        return Err("Must not hold quotation marks or backslashes");
    }
    if tag.chars().count() > MAX_CHARS {
        return Err("Longer than 30 characters");
    }
    Ok(())
}

/// The tags without those that were there before.
pub fn once(tags: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !once.contains(&tag) {
            once.push(tag);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_short_and_harmless() {
        for good in ["a", "order updates", "größe", &"é".repeat(MAX_CHARS)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "a\"b", "a\\b", "a\nb", &"x".repeat(MAX_CHARS + 1)] {
            assert!(check(bad).is_err(), "{bad}");
        }
        let told = check(&"x".repeat(99)).unwrap_err();
        assert!(told.contains(&MAX_CHARS.to_string()), "{told}");
    }

    #[test]
    fn a_tag_is_there_once() {
        let tags = ["b", "a", "b", "b"].map(str::to_owned).to_vec();
        assert_eq!(once(tags), ["b", "a"]);
    }
}
