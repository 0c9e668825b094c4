//! Leading the links of finished HTML elsewhere: those of an author's own HTML, which no element drew.
//!
//! Only the address of an `<a>` or `<area>` changes, character for character; everything else stays as it was written,
//! comments with Outlook's own drawing among it.

use std::collections::BTreeSet;

use crate::LinkRewriter;
use crate::strip::decoded;

/// Elements whose content is no HTML.
const RAW: [&str; 2] = ["style", "script"];

/// Leads links elsewhere, except for those that are to stay.
pub(crate) fn rewrite(html: &str, rewriter: &dyn LinkRewriter, stay: &BTreeSet<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        out.push_str(text);
        let (tag, after) = tail.split_at(end_of(tail));
        match name_of(tag).as_str() {
            "a" | "area" => out.push_str(&leading_on(tag, rewriter, stay)),
            name if RAW.contains(&name) => {
                let end = find_ignoring_case(after, &format!("</{name}"));
                let (content, next) = after.split_at(end.unwrap_or(after.len()));
                out.push_str(tag);
                out.push_str(content);
                rest = next;
                continue;
            }
            _ => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a tag, or a comment, ends. A `>` within quotes ends nothing.
fn end_of(tail: &str) -> usize {
    if tail.starts_with("<!--") {
        return tail.find("-->").map_or(tail.len(), |end| end + 3);
    }
    let mut quote = None;
    for (at, c) in tail.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    tail.len()
}

fn name_of(tag: &str) -> String {
    let name = tag
        .trim_start_matches('<')
        .chars()
        .take_while(char::is_ascii_alphanumeric);
    name.collect::<String>().to_ascii_lowercase()
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    // Lower case in ASCII alone moves no byte.
    text.to_ascii_lowercase().find(wanted)
}

/// A tag with its address led elsewhere, if it is led anywhere.
fn leading_on(tag: &str, rewriter: &dyn LinkRewriter, stay: &BTreeSet<String>) -> String {
    let changed = value_of_href(tag).and_then(|(from, to)| {
        let link = decoded(tag.get(from..to)?).trim().to_owned();
        let other = rewriter.rewrite(&link).filter(|_| !stay.contains(&link))?;
        // It stands within the quotes that are there, or within none.
        let escaped = other
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        Some(format!("{}{escaped}{}", tag.get(..from)?, tag.get(to..)?))
    });
    changed.unwrap_or_else(|| tag.to_owned())
}

/// Where the value of `href` begins and ends within a tag.
fn value_of_href(tag: &str) -> Option<(usize, usize)> {
    let mut at = 1 + name_of(tag).len();
    loop {
        let rest = tag.get(at..)?;
        at += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/').len();
        let rest = tag.get(at..)?;
        let name = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        if name == 0 {
            // The end of the tag, or something that is no attribute.
            if rest.is_empty() || rest.starts_with('>') {
                return None;
            }
            at += 1;
            continue;
        }
        let is_href = rest.get(..name)?.eq_ignore_ascii_case("href");
        at += name;
        let rest = tag.get(at..)?;
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start();
        at = tag.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (from, length) = if let Some(quote) = quote {
            (at + 1, value.get(1..)?.find(quote)?)
        } else {
            let end = value.find(|c: char| c.is_whitespace() || c == '>');
            (at, end.unwrap_or(value.len()))
        };
        if is_href {
            return Some((from, from + length));
        }
        at = from + length + usize::from(quote.is_some());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug)]
    struct There;

    impl LinkRewriter for There {
        fn rewrite(&self, link: &str) -> Option<String> {
            link.starts_with("https://")
                .then(|| format!("https://t/?u={}&s='", link.trim_start_matches("https://")))
        }
    }

    fn led(html: &str) -> String {
        rewrite(html, &There, &BTreeSet::from(["https://stays".to_owned()]))
    }

    #[test]
    fn addresses_of_anchors_change_and_nothing_else() {
        for (before, after) in [
            (
                "<p><A class=x HREF = 'https://a/?x=1&amp;y=2' title=\"a > b\">a</A>",
                "<p><A class=x HREF = 'https://t/?u=a/?x=1&amp;y=2&amp;s=&#39;' title=\"a > b\">a</A>",
            ),
            ("<a href=https://a>b</a>", "<a href=https://t/?u=a&amp;s=&#39;>b</a>"),
            (
                "<area href=\"https://a\"/>",
                "<area href=\"https://t/?u=a&amp;s=&#39;\"/>",
            ),
            (
                "<a data-href=\"https://no\" title='href=https://no' href=\"https://a\">",
                "<a data-href=\"https://no\" title='href=https://no' href=\"https://t/?u=a&amp;s=&#39;\">",
            ),
        ] {
            assert_eq!(led(before), after);
        }
    }

    #[test]
    fn what_is_no_link_or_is_to_stay_stays() {
        for same in [
            "<a href=\"https://stays\">",
            "<a href=\"mailto:x@y\">",
            "<a name=x>",
            "<a href>",
            "<a",
            "<a href=\"https://a",
            "<abbr href=\"https://a\">",
            "<img src=\"https://a\">",
            "<link href=\"https://a\">",
            "<!--[if mso]><a href=\"https://a\"><![endif]-->",
            "<style>a::after{content:'<a href=\"https://a\">'}</style>",
            "5 < 6 https://a",
        ] {
            assert_eq!(led(same), same);
        }
    }

    proptest! {
        /// Whatever is written there: nothing is lost or added where nothing is led elsewhere.
        #[test]
        fn html_without_links_is_never_touched(html in "[<>a-z\"'=/! h&;\\-]{0,60}") {
            prop_assert_eq!(led(&html), html);
        }

        #[test]
        fn any_text_is_read(html in ".{0,60}(<a href=[\"']?https://.{0,20})?") {
            led(&html);
        }
    }
}
