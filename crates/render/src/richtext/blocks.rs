//! Headings and lists in the markdown of a mail's texts.
//!
//! They are few, and read line by line: `# ` to `###### ` begins a heading; two lines or more that begin with `- `, `* `
//! or `+ `, or with `1. `, `2. ` and so on, are a list. A single such line is a signature or a date more often than a
//! list, and stays as it is. Everywhere but in a mail's HTML the lines stay as they are written.

use tidings_template::Template;

use super::RichText;

/// A block of a text.
#[derive(Debug)]
pub(crate) enum TextBlock {
    /// Lines of text.
    Lines(RichText),
    /// A heading and its level, from 1 on.
    Heading(usize, RichText),
    /// A list.
    List {
        /// Numbered, or with bullets.
        ordered: bool,
        /// What its items say.
        items: Vec<RichText>,
    },
}

/// What a line is. Lines of lists are kept whole, since their mark may count as text after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Text(&'a str),
    Heading(usize, &'a str),
    Bullet(&'a str),
    Number(u32, &'a str),
}

/// A text's blocks; `None` if it is nothing but lines.
pub(crate) fn blocks(template: &Template) -> Option<Vec<TextBlock>> {
    let masked = template.masked();
    let lines = joined(masked.lines().map(line).collect());
    if lines.iter().all(|line| matches!(line, Line::Text(_))) {
        return None;
    }
    let rich = |text: &str| RichText::markdown(&template.unmask(text));
    let item_of = |line: &str| {
        let mark = line.find([' ', '\t']).unwrap_or_default();
        rich(after_mark(line, mark).unwrap_or_default())
    };
    let mut blocks = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    let flush = |text: &mut Vec<&str>, blocks: &mut Vec<TextBlock>| {
        let joined = text.join("\n");
        text.clear();
        if !joined.trim().is_empty() {
            blocks.push(TextBlock::Lines(rich(joined.trim_matches('\n'))));
        }
    };
    for line in lines {
        match line {
            Line::Text(line) => text.push(line),
            Line::Heading(level, heading) => {
                flush(&mut text, &mut blocks);
                blocks.push(TextBlock::Heading(level, rich(heading)));
            }
            Line::Bullet(item) | Line::Number(_, item) => {
                flush(&mut text, &mut blocks);
                let wanted = matches!(line, Line::Number(..));
                let starts = matches!(line, Line::Number(1, _));
                match blocks.last_mut() {
                    Some(TextBlock::List { ordered, items }) if *ordered == wanted && !starts => {
                        items.push(item_of(item));
                    }
                    _ => blocks.push(TextBlock::List {
                        ordered: wanted,
                        items: vec![item_of(item)],
                    }),
                }
            }
        }
    }
    flush(&mut text, &mut blocks);
    Some(blocks)
}

/// Takes list marks that stand alone, or do not count from one, for text.
fn joined(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut at = 0;
    while at < lines.len() {
        let run = run_length(lines.get(at..).unwrap_or_default());
        if run == 1
            && let Some(line) = lines.get_mut(at)
        {
            line.be_text();
        }
        at += run.max(1);
    }
    lines
}

/// How many lines from the first on make one list; none if it begins no list mark.
fn run_length(lines: &[Line<'_>]) -> usize {
    match lines.first() {
        Some(Line::Bullet(_)) => lines.iter().take_while(|line| matches!(line, Line::Bullet(_))).count(),
        Some(Line::Number(1, _)) => {
            let counts = |(index, line): (usize, &Line<'_>)| matches!(line, Line::Number(number, _) if usize::try_from(*number) == Ok(index + 1));
            lines.iter().enumerate().take_while(|pair| counts(*pair)).count()
        }
        Some(Line::Number(..)) => 1,
        _ => 0,
    }
}

impl Line<'_> {
    /// Its mark counts as text after all.
    fn be_text(&mut self) {
        if let Self::Bullet(whole) | Self::Number(_, whole) = *self {
            *self = Self::Text(whole);
        }
    }
}

fn line(source: &str) -> Line<'_> {
    let line = source.trim();
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes)
        && let Some(heading) = after_mark(line, hashes)
    {
        return Line::Heading(hashes, heading);
    }
    if line.starts_with(['-', '*', '+']) && after_mark(line, 1).is_some() {
        return Line::Bullet(line);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && line.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')'])) {
        let number = line.get(..digits).and_then(|digits| digits.parse().ok());
        if let (Some(number), Some(_)) = (number, after_mark(line, digits + 1)) {
            return Line::Number(number, line);
        }
    }
    Line::Text(source)
}

/// What follows a mark and a space, if anything does.
fn after_mark(line: &str, mark: usize) -> Option<&str> {
    let rest = line.get(mark..)?;
    let text = rest.strip_prefix([' ', '\t'])?.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<String> {
        let template = Template::parse(text).unwrap();
        let told = |block: &TextBlock| match block {
            TextBlock::Lines(_) => "text".to_owned(),
            TextBlock::Heading(level, _) => format!("h{level}"),
            TextBlock::List { ordered, items } => format!("{}{}", if *ordered { "ol" } else { "ul" }, items.len()),
        };
        blocks(&template).map(|blocks| blocks.iter().map(told).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn headings_and_lists_are_found_among_lines() {
        assert_eq!(
            shape("# A\nb\n\n- c\n- d {{e}}\nf\n1. g\n2. h").as_deref(),
            Some("h1 text ul2 text ol2")
        );
        assert_eq!(shape("- a\n- b\n1) c\n2) d").as_deref(), Some("ul2 ol2"));
        for plain in [
            "a\nb",
            "Bye\n- Ada",
            "3. October",
            "#tag",
            "- ",
            "1. a\n1. b",
            "**b** c",
            "-a\n-b",
        ] {
            assert_eq!(shape(plain), None, "{plain}");
        }
    }
}
