//! Light markup: the marks of a chat program around runs of text, and breaking it into pieces that are not too long.

use super::units;
use crate::telling::runs::{Line, Run};

/// The longest piece of a text that is never broken, in bytes.
const WORD: usize = 200;

/// How a chat program writes emphasis and links.
pub(super) struct Dialect {
    pub(super) bold: &'static str,
    pub(super) italic: &'static str,
    pub(super) strike: &'static str,
    /// Writes text so that it is read as it stands.
    pub(super) literal: fn(&str, &mut String),
    /// Writes text in a fixed pitch.
    pub(super) code: fn(&str, &mut String),
    /// Writes a link: where it leads, and the label.
    pub(super) link: fn(&str, &str, &mut String),
}

impl Dialect {
    /// A line with its marks.
    pub(super) fn line(&self, line: &[Run]) -> String {
        let mut out = String::new();
        for run in line {
            self.run(run, &mut out);
        }
        out
    }

    /// Several lines.
    pub(super) fn lines(&self, lines: &[Line]) -> String {
        let lines: Vec<String> = lines.iter().map(|line| self.line(line)).collect();
        lines.join("\n")
    }

    fn run(&self, run: &Run, out: &mut String) {
        // Marks that a space follows are no marks.
        let text = run.text.trim();
        if text.is_empty() {
            out.push_str(&run.text);
            return;
        }
        let start = run.text.len() - run.text.trim_start().len();
        out.push_str(run.text.get(..start).unwrap_or_default());
        let look = run.look;
        let marks = [
            (look.bold, self.bold),
            (look.italic, self.italic),
            (look.strike, self.strike),
        ];
        let marks: Vec<&str> = marks
            .into_iter()
            .filter_map(|(wanted, mark)| wanted.then_some(mark))
            .collect();
        out.extend(marks.iter().copied());
        match &run.href {
            Some(href) => (self.link)(href, text, out),
            None if look.code => (self.code)(text, out),
            None => (self.literal)(text, out),
        }
        out.extend(marks.iter().rev().copied());
        out.push_str(run.text.get(start + text.len()..).unwrap_or_default());
    }

    /// Breaks lines into pages, none of which is longer than a limit once written.
    pub(super) fn pages(&self, lines: &[Line], limit: usize) -> Vec<Vec<Line>> {
        if units(&self.lines(lines)) <= limit {
            return vec![lines.to_vec()];
        }
        let mut pages = Vec::new();
        let mut page: Vec<Line> = Vec::new();
        let mut used = 0;
        for line in lines {
            // The line break counts.
            used += usize::from(!page.is_empty());
            if used > limit {
                pages.push(std::mem::take(&mut page));
                used = 0;
            }
            page.push(Line::new());
            for word in line.iter().flat_map(words) {
                // Each word is counted with the marks of its own that it may come to need.
                let width = units(&self.line(std::slice::from_ref(&word)));
                if width > limit {
                    continue;
                }
                if used + width > limit {
                    pages.push(std::mem::replace(&mut page, vec![Line::new()]));
                    used = 0;
                }
                used += width;
                if let Some(line) = page.last_mut() {
                    append(line, word);
                }
            }
        }
        pages.push(page);
        pages
    }
}

/// A run word by word. Links stay whole, their labels shortened if need be.
fn words(run: &Run) -> Vec<Run> {
    let with = |text: String| Run { text, ..run.clone() };
    if run.href.is_some() {
        return vec![with(super::cut(&run.text, WORD))];
    }
    let mut words = Vec::new();
    for word in run.text.split_inclusive(' ') {
        let mut piece = String::new();
        for letter in word.chars() {
            if piece.len() + letter.len_utf8() > WORD && !super::is_web(word) {
                words.push(with(std::mem::take(&mut piece)));
            }
            piece.push(letter);
        }
        words.push(with(piece));
    }
    words
}

fn append(line: &mut Line, word: Run) {
    match line.last_mut() {
        Some(last) if last.look == word.look && last.href.is_none() && word.href.is_none() => {
            last.text.push_str(&word.text);
        }
        _ => line.push(word),
    }
}
