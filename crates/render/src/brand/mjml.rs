//! MJML, around tags of the template language: these are set aside while it is compiled, so a value is never read as
//! MJML, and the result is filled in many times.

use std::collections::HashMap;

use mrml::prelude::render::RenderOptions;

/// The longest MJML read, in bytes.
const MAX_SOURCE: usize = 256 * 1024;
/// How deep its elements may nest: the compiler calls itself for each level.
const MAX_DEPTH: usize = 64;
/// Ends a mark's number.
const END: char = 'q';

/// Elements between whose children no text may stand.
const HOLDERS: &[&str] = &[
    "mj-head",
    "mj-body",
    "mj-wrapper",
    "mj-section",
    "mj-group",
    "mj-column",
    "mj-hero",
];
/// MJML's elements, without their `mj-`. Including files is not among them.
const ELEMENTS: &[&str] = &[
    "accordion",
    "accordion-element",
    "accordion-text",
    "accordion-title",
    "all",
    "attributes",
    "body",
    "breakpoint",
    "button",
    "carousel",
    "carousel-image",
    "class",
    "column",
    "divider",
    "font",
    "group",
    "head",
    "hero",
    "html-attributes",
    "image",
    "navbar",
    "navbar-link",
    "preview",
    "raw",
    "section",
    "social",
    "social-element",
    "spacer",
    "style",
    "table",
    "text",
    "title",
    "wrapper",
];
/// HTML elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
];

/// Tags of the template language, set aside. Letters and digits stand in for them, since the compiler rewrites much else.
#[derive(Debug)]
pub(super) struct Aside {
    prefix: String,
    tags: Vec<String>,
}

/// A whole MJML document as HTML, with the tags of the template language in their places.
pub(crate) fn compile(source: &str) -> Result<String, String> {
    let mut aside = Aside::around("templatetag", &[source]);
    let masked = aside.mask(source, "mjml");
    Ok(aside.back(&html(&masked)?))
}

impl Aside {
    /// Marks that begin like this, and that none of these sources holds.
    pub(super) fn around(prefix: &str, sources: &[&str]) -> Self {
        let mut prefix = prefix.to_owned();
        while sources.iter().any(|source| source.contains(&prefix)) {
            prefix.push('x');
        }
        Self {
            prefix,
            tags: Vec::new(),
        }
    }

    /// A mark for a text that comes later.
    pub(super) fn mark(&mut self, text: &str) -> String {
        let mark = format!("{}{}{END}", self.prefix, self.tags.len());
        self.tags.push(text.to_owned());
        mark
    }

    /// Takes a text apart at its marks: what stands before the first, then each marked text and what follows it.
    pub(super) fn split<'t>(&'t self, html: &'t str) -> (&'t str, Vec<(&'t str, &'t str)>) {
        let mut pieces = html.split(self.prefix.as_str());
        let first = pieces.next().unwrap_or_default();
        let marked = pieces.map(|piece| {
            let (number, after) = piece.split_once(END).unwrap_or(("", piece));
            let tag = number.parse::<usize>().ok().and_then(|index| self.tags.get(index));
            (tag.map_or("", String::as_str), after)
        });
        (first, marked.collect())
    }

    /// Puts the tags back.
    pub(super) fn back(&self, html: &str) -> String {
        let (first, marked) = self.split(html);
        let mut out = first.to_owned();
        for (tag, after) in marked {
            out.extend([tag, after]);
        }
        out
    }

    /// A source with its tags set aside; `root` is the element it stands in. A tag that stands between elements becomes
    /// raw content, where no text may stand.
    pub(super) fn mask(&mut self, source: &str, root: &str) -> String {
        let mut out = String::with_capacity(source.len() + 64);
        let mut open = vec![root.to_owned()];
        let mut rest = source;
        while let Some(at) = rest.find(['{', '<']) {
            let (text, tail) = rest.split_at(at);
            out.push_str(text);
            if let Some((tag, after)) = template_tag(tail) {
                let between = open.last().is_some_and(|name| HOLDERS.contains(&name.as_str()));
                let mark = self.mark(tag);
                if between {
                    out.extend(["<mj-raw>", &mark, "</mj-raw>"]);
                } else {
                    out.push_str(&mark);
                }
                rest = after;
            } else if let Some((element, after)) = element(tail) {
                follow(element, &mut open);
                self.mask_element(element, &mut out);
                rest = after;
            } else {
                let mut chars = tail.chars();
                out.extend(chars.next());
                rest = chars.as_str();
            }
        }
        out.push_str(rest);
        out
    }

    /// Copies an element's tag, setting aside what its attributes hold.
    fn mask_element(&mut self, element: &str, out: &mut String) {
        let mut rest = element;
        while let Some(at) = rest.find('{') {
            let (text, tail) = rest.split_at(at);
            out.push_str(text);
            if let Some((tag, after)) = template_tag(tail) {
                out.push_str(&self.mark(tag));
                rest = after;
            } else {
                out.push('{');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
    }
}

/// Compiles MJML.
///
/// # Errors
/// What is wrong with it, as a clause.
pub(crate) fn html(source: &str) -> Result<String, String> {
    if source.len() > MAX_SOURCE {
        return Err(format!("is longer than {MAX_SOURCE} bytes of MJML"));
    }
    if depth(source) > MAX_DEPTH {
        return Err(format!("nests deeper than {MAX_DEPTH} elements"));
    }
    if let Some(name) = unknown(source) {
        return Err(format!("is no MJML: there is no element mj-{name}"));
    }
    let parsed = mrml::parse(source).map_err(|error| format!("is no MJML: {error}"))?;
    // No font is loaded from anywhere: that would tell others who opens the mail.
    let options = RenderOptions {
        fonts: HashMap::new(),
        ..RenderOptions::default()
    };
    let html = parsed.element.render(&options);
    html.map_err(|error| format!("cannot be made from its MJML: {error}"))
}

/// A tag of the template language at the beginning of a text, and what follows it.
fn template_tag(text: &str) -> Option<(&str, &str)> {
    let end = if text.starts_with("{{!--") {
        text.find("--}}")? + 4
    } else if text.starts_with("{{{") {
        text.find("}}}")? + 3
    } else if text.starts_with("{{") {
        text.find("}}")? + 2
    } else {
        return None;
    };
    Some(text.split_at(end))
}

/// An element's tag or a comment at the beginning of a text, and what follows it. Quotes may hold `>`, and so may tags
/// of the template language.
fn element(text: &str) -> Option<(&str, &str)> {
    if text.starts_with("<!--") {
        let end = text.find("-->")? + 3;
        return Some(text.split_at(end));
    }
    let name = text.strip_prefix('<')?.trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '>') => return Some(text.split_at(at + 1)),
            _ => {}
        }
    }
    None
}

/// Keeps track of the MJML elements that are open.
fn follow(element: &str, open: &mut Vec<String>) {
    let name = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect()
    };
    if let Some(closing) = element.strip_prefix("</") {
        let closing = name(closing);
        if let Some(at) = open.iter().rposition(|one| *one == closing) {
            open.truncate(at);
        }
    } else if let Some(opening) = element.strip_prefix('<') {
        let opening = name(opening);
        let is_mjml = opening.starts_with("mj-") || opening == "mjml";
        if is_mjml && !element.ends_with("/>") {
            open.push(opening);
        }
    }
}

/// The first element that looks like one of MJML's and is none: the compiler would take it for HTML.
fn unknown(source: &str) -> Option<&str> {
    let names = source.split("<mj-").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    });
    names.into_iter().find(|name| !ELEMENTS.contains(name))
}

/// How deep elements nest.
fn depth(source: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        let tail = rest.get(at..).unwrap_or_default();
        let Some((element, after)) = element(tail) else {
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        let is_void = || {
            let name: String = element
                .chars()
                .skip(1)
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            VOID.contains(&name.to_ascii_lowercase().as_str())
        };
        if element.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !element.starts_with("<!") && !element.ends_with("/>") && !is_void() {
            depth += 1;
            most = most.max(depth);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!("<mjml><mj-body>{body}</mj-body></mjml>")
    }

    #[test]
    fn tags_are_set_aside_and_come_back() {
        let html = compile(&page(
            "{{#if a}}<mj-section><mj-column><mj-text>Hi {{name}} {{format \"<b>\" 1}}</mj-text>\
             <mj-button href=\"https://a.example/?x={{x}}\">Go</mj-button></mj-column></mj-section>{{/if}}",
        ))
        .unwrap();
        for part in [
            "{{#if a}}",
            "Hi {{name}} {{format \"<b>\" 1}}",
            "https://a.example/?x={{x}}",
            "{{/if}}",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("templatetag") && !html.contains("googleapis"), "{html}");
    }

    #[test]
    fn what_is_no_mjml_is_told() {
        for wrong in [
            "<mjml><mj-body><mj-nothing/></mj-body></mjml>",
            "<p>x</p>",
            "<mjml><mj-body>",
            "",
        ] {
            assert!(compile(wrong).is_err(), "{wrong}");
        }
        let deep = page(&format!(
            "<mj-raw>{}{}</mj-raw>",
            "<b>".repeat(100_000),
            "</b>".repeat(100_000)
        ));
        assert!(compile(&deep).is_err());
        let deep = page(&format!("<mj-raw>{}{}</mj-raw>", "<b>".repeat(100), "</b>".repeat(100)));
        assert_eq!(compile(&deep), Err("nests deeper than 64 elements".to_owned()));
    }

    #[test]
    fn elements_and_comments_are_told_apart() {
        assert_eq!(element("<a x='>'>b"), Some(("<a x='>'>", "b")));
        assert_eq!(element("<!-- > --> b"), Some(("<!-- > -->", " b")));
        assert_eq!(element("< b>"), None);
        assert_eq!(depth("<a><br><b/><c></c></a>"), 2);
    }
}
