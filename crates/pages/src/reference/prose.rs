//! Descriptions are `CommonMark`. Markup in them is shown, not obeyed.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A description in paragraphs.
pub(super) fn markdown(text: &str) -> Markup {
    if text.is_empty() {
        return html! {};
    }
    html! { div.prose { (made(text, false)) } }
}

/// A description on one line.
pub(super) fn inline(text: &str) -> Markup {
    made(text, true)
}

fn made(text: &str, inline: bool) -> Markup {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Some(Event::Text(markup)),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. }) | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => None,
        Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) if inline => None,
        // Links of other schemes would leave the words of the document and do things.
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_web(dest_url) => Some(Event::Start(Tag::Emphasis)),
        other => Some(other),
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    PreEscaped(html)
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://") || address.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_strange_links_are_no_links() {
        let html = markdown("a <b onclick=x>b</b> [x](javascript:alert(1))\n\n<script>y</script>").into_string();
        assert!(
            !html.contains("<b ") && !html.contains("<script") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(inline("the `id`").into_string().contains("<code>id</code>"));
    }
}
