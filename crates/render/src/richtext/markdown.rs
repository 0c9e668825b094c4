//! The inline part of markdown: emphasis, strike-through, links, code and line breaks.
//!
//! Blocks (headings, lists, quotes and so on) have elements of their own, so what would begin a block is text here,
//! and every line break is kept.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use tidings_template::Template;

use super::{Inline, RichText, Style};

/// Reads a template's markdown.
pub(super) fn parse(template: &Template) -> RichText {
    RichText(read(template, &template.masked()))
}

/// Reads the markdown of a block's branch. White space at its ends belongs to the text around the block.
fn parse_branch(template: &Template) -> RichText {
    let masked = template.masked();
    let inner = masked.trim();
    let (before, after) = masked.split_once(inner).unwrap_or_default();
    let mut pieces = blanks(before);
    pieces.extend(read(template, inner));
    pieces.extend(blanks(after));
    RichText(pieces)
}

/// White space: line ends are kept, and so is one blank between words.
fn blanks(text: &str) -> Vec<Inline> {
    let mut pieces = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            pieces.push(Inline::Break);
        }
        if line.contains([' ', '\t']) {
            pieces.push(Inline::Text(Template::literal(" ")));
        }
    }
    pieces
}

fn read(template: &Template, masked: &str) -> Vec<Inline> {
    let source = lines_only(masked);
    let mut reader = Reader {
        template,
        open: Vec::new(),
        pieces: Vec::new(),
    };
    for (index, paragraph) in source.split("\n\n").enumerate() {
        if index > 0 {
            reader.pieces.extend([Inline::Break, Inline::Break]);
        }
        for event in Parser::new_ext(paragraph, Options::ENABLE_STRIKETHROUGH) {
            reader.read(event);
        }
    }
    reader.pieces
}

/// Reading under way: pieces of the innermost open span, and what was before each open span.
struct Reader<'a> {
    template: &'a Template,
    open: Vec<(Span, Vec<Inline>)>,
    pieces: Vec<Inline>,
}

enum Span {
    Styled(Style),
    Link(Template),
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Strong) => self.start(Span::Styled(Style::Bold)),
            Event::Start(Tag::Emphasis) => self.start(Span::Styled(Style::Italic)),
            Event::Start(Tag::Strikethrough) => self.start(Span::Styled(Style::Strike)),
            Event::Start(Tag::Link {
                link_type, dest_url, ..
            }) => {
                let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
                self.start(Span::Link(self.template.unmask(&format!("{scheme}{dest_url}"))));
            }
            Event::Start(Tag::Image { dest_url, .. }) => self.start(Span::Link(self.template.unmask(&dest_url))),
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image) => {
                self.end();
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.pieces
                    .extend(Inline::texts(self.template.unmask(&text), parse_branch));
            }
            Event::Code(text) => self.pieces.push(Inline::Code(self.template.unmask(&text))),
            Event::SoftBreak | Event::HardBreak => self.pieces.push(Inline::Break),
            _ => {}
        }
    }

    fn start(&mut self, span: Span) {
        self.open.push((span, std::mem::take(&mut self.pieces)));
    }

    fn end(&mut self) {
        let Some((span, before)) = self.open.pop() else { return };
        let inner = RichText(std::mem::replace(&mut self.pieces, before));
        self.pieces.push(match span {
            Span::Styled(style) => Inline::Styled(style, inner),
            Span::Link(href) => Inline::Link { href, label: inner },
        });
    }
}

/// Takes the meaning from everything that would begin a block, by a backslash before it.
fn lines_only(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    for (index, line) in source.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let line = line.trim();
        if let Some(at) = block_mark(line) {
            let (before, after) = line.split_at(at);
            out.extend([before, "\\", after]);
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Where the mark stands that would make a block of this line (`CommonMark` 0.31, sections 4 and 5), if there is one.
fn block_mark(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line.get(digits..)?.chars().next()?;
    let alone = line.chars().all(|c| c == mark || c == ' ' || c == '\t');
    let repeated = |count: usize| line.chars().take(count).all(|c| c == mark) && line.len() >= count;
    let begins = match mark {
        '.' | ')' if digits > 0 => return Some(digits),
        _ if digits > 0 => false,
        '#' | '>' | '=' => true,
        '-' | '+' => alone || line.get(1..).is_some_and(|rest| rest.starts_with([' ', '\t'])),
        '*' => alone || line.get(1..).is_some_and(|rest| rest.starts_with([' ', '\t'])),
        '_' => alone,
        '`' | '~' => repeated(3),
        '<' => !(line.starts_with("<http") || line.starts_with("<mailto")),
        '[' => line.contains("]:"),
        _ => false,
    };
    begins.then_some(0)
}
