//! PO files: <https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html>.
//!
//! What comes in is written by people and tools all over the world, so whatever is no PO file is refused by its line and
//! nothing is guessed.

use std::collections::HashSet;
use std::fmt;

use super::plural::Rule;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoError {
    /// Where, counting from 1.
    line: usize,
    /// What, in words.
    told: String,
}

impl fmt::Display for PoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.told)
    }
}

impl std::error::Error for PoError {}

/// A file, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct File {
    /// Its entries without the header.
    pub(super) entries: Vec<Entry>,
    /// Which form of a plural is for which number.
    pub(super) plural_rule: Rule,
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The line it begins on.
    line: usize,
    /// What tells it from others of the same key.
    pub(super) context: Option<String>,
    /// Its key.
    pub(super) id: String,
    /// Its key in the plural; only that there is one counts.
    pub(super) plural: Option<String>,
    /// Its text, or one for each form of the plural.
    pub(super) texts: Vec<String>,
    /// Whether a tool guessed it.
    pub(super) fuzzy: bool,
}

/// Where a text in quotes is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Context,
    Id,
    Plural,
    Text,
}

/// Reads a file.
///
/// # Errors
/// [`PoError`] for the first thing that is wrong.
pub(super) fn parse(text: &str) -> Result<File, PoError> {
    let mut reader = Reader::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        reader.line = index + 1;
        reader.read(line.trim())?;
    }
    reader.end_entry()?;
    reader.file()
}

#[derive(Default)]
struct Reader {
    line: usize,
    entry: Entry,
    field: Option<Field>,
    /// Whether the comments before the next entry say that a tool guessed it.
    fuzzy: bool,
    entries: Vec<Entry>,
}

impl Reader {
    fn read(&mut self, line: &str) -> Result<(), PoError> {
        if line.is_empty() {
            return self.end_entry();
        }
        if let Some(comment) = line.strip_prefix('#') {
            if self.field == Some(Field::Text) {
                self.end_entry()?;
            }
            self.fuzzy |= comment
                .strip_prefix(',')
                .is_some_and(|flags| flags.split(',').any(|flag| flag.trim() == "fuzzy"));
            return Ok(());
        }
        if line.starts_with('"') {
            let more = self.unquoted(line)?;
            return match self.current() {
                Some(text) => {
                    text.push_str(&more);
                    Ok(())
                }
                None => Err(self.error("This text belongs to nothing")),
            };
        }
        let (keyword, rest) = line
            .split_once(|one: char| one == '"' || one.is_whitespace())
            .unwrap_or((line, ""));
        let quoted = line.get(keyword.len()..).unwrap_or(rest).trim_start();
        let begins = matches!(keyword, "msgctxt" | "msgid") && self.field == Some(Field::Text);
        if begins {
            self.end_entry()?;
        }
        self.begin(keyword)?;
        let first = self.unquoted(quoted)?;
        if let Some(text) = self.current() {
            *text = first;
        }
        Ok(())
    }

    /// Begins a field; it must be one that can follow.
    fn begin(&mut self, keyword: &str) -> Result<(), PoError> {
        if self.field.is_none() {
            self.entry.line = self.line;
            self.entry.fuzzy = std::mem::take(&mut self.fuzzy);
        }
        let place = match (keyword, self.field) {
            ("msgctxt", None) => {
                self.entry.context = Some(String::new());
                Field::Context
            }
            ("msgid", None | Some(Field::Context)) => Field::Id,
            ("msgid_plural", Some(Field::Id)) => {
                self.entry.plural = Some(String::new());
                Field::Plural
            }
            ("msgstr", Some(Field::Id)) => {
                self.entry.texts.push(String::new());
                Field::Text
            }
            (form, Some(Field::Plural | Field::Text)) if self.entry.plural.is_some() => {
                let expected = format!("msgstr[{}]", self.entry.texts.len());
                if form != expected {
                    return Err(self.error(format!("Expected {expected}")));
                }
                self.entry.texts.push(String::new());
                Field::Text
            }
            ("msgctxt" | "msgid" | "msgid_plural" | "msgstr", _) => {
                return Err(self.error(format!("{keyword} cannot stand here")));
            }
            _ => return Err(self.error("Expected msgctxt, msgid, msgid_plural, msgstr, a text in quotes or a comment")),
        };
        self.field = Some(place);
        Ok(())
    }

    /// The text that is being read.
    fn current(&mut self) -> Option<&mut String> {
        match self.field? {
            Field::Context => self.entry.context.as_mut(),
            Field::Id => Some(&mut self.entry.id),
            Field::Plural => self.entry.plural.as_mut(),
            Field::Text => self.entry.texts.last_mut(),
        }
    }

    fn end_entry(&mut self) -> Result<(), PoError> {
        match self.field.take() {
            None => Ok(()),
            Some(Field::Text) => {
                self.entries.push(std::mem::take(&mut self.entry));
                Ok(())
            }
            Some(_) => Err(self.error("Expected msgstr")),
        }
    }

    /// What stands between the quotes.
    fn unquoted(&self, text: &str) -> Result<String, PoError> {
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .ok_or_else(|| self.error("Expected a text in quotes"))?;
        let mut out = String::with_capacity(inner.len());
        let mut rest = inner.chars();
        while let Some(one) = rest.next() {
            match one {
                '"' => return Err(self.error("A quote within a text is written \\\"")),
                '\\' => {
                    let escaped = rest.next().and_then(unescaped);
                    out.push(escaped.ok_or_else(|| self.error("Expected one of \\n \\t \\r \\\" \\\\"))?);
                }
                one if one.is_control() && one != '\t' => return Err(self.error("Control characters are not allowed")),
                one => out.push(one),
            }
        }
        Ok(out)
    }

    /// Looks at all entries together.
    fn file(self) -> Result<File, PoError> {
        let mut header = None;
        let mut entries = Vec::with_capacity(self.entries.len());
        let mut seen = HashSet::new();
        for entry in self.entries {
            if !seen.insert((entry.context.clone(), entry.id.clone())) {
                return Err(entry.error("Another entry has this msgid"));
            }
            if entry.id.is_empty() && entry.context.is_none() {
                header = Some(entry);
            } else {
                entries.push(entry);
            }
        }
        let plural_rule = match &header {
            Some(header) => header.plural_rule()?,
            None => Rule::default(),
        };
        for entry in &entries {
            let forms = entry.texts.len();
            if entry.plural.is_some() && forms != plural_rule.forms() {
                let told = format!("Expected {} forms of the plural, found {forms}", plural_rule.forms());
                return Err(entry.error(told));
            }
            if entry.plural.is_some() && !entry.texts.iter().all(|text| are_matched(text)) {
                return Err(entry.error("The braces of a form of the plural do not match"));
            }
        }
        Ok(File { entries, plural_rule })
    }

    fn error(&self, told: impl Into<String>) -> PoError {
        PoError {
            line: self.line,
            told: told.into(),
        }
    }
}

impl Entry {
    fn error(&self, told: impl Into<String>) -> PoError {
        PoError {
            line: self.line,
            told: told.into(),
        }
    }

    /// What the header says of the file.
    fn plural_rule(&self) -> Result<Rule, PoError> {
        let mut rule = Rule::default();
        for line in self.texts.iter().flat_map(|text| text.lines()) {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            match name.trim().to_ascii_lowercase().as_str() {
                "content-type" => {
                    let charset = value.to_ascii_lowercase();
                    let charset = charset.split("charset=").nth(1).unwrap_or("utf-8").trim();
                    // `CHARSET` is what templates of such files say.
                    if !matches!(charset, "utf-8" | "utf8" | "ascii" | "us-ascii" | "charset") {
                        return Err(self.error("Content-Type: Expected charset=UTF-8"));
                    }
                }
                "plural-forms" => {
                    rule = Rule::parse(value)
                        .ok_or_else(|| self.error("Plural-Forms: Expected such as nplurals=2; plural=(n != 1);"))?;
                }
                _ => {}
            }
        }
        Ok(rule)
    }
}

/// Whether each brace has its counterpart.
fn are_matched(text: &str) -> bool {
    let mut open = 0_u32;
    for one in text.chars() {
        match one {
            '{' => open += 1,
            '}' if open == 0 => return false,
            '}' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

fn unescaped(one: char) -> Option<char> {
    Some(match one {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '"' => '"',
        '\\' => '\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_go_on_over_lines_and_entries_need_no_blank_line() {
        let file = parse("msgid \"\"\n\"a\"\n\"b\\n\"\nmsgstr \"x\\\"y\"\r\nmsgid\"c\"\nmsgstr \"\"\n").unwrap();
        let shown: Vec<_> = file
            .entries
            .iter()
            .map(|one| (one.id.as_str(), one.texts.join("|")))
            .collect();
        assert_eq!(shown, [("ab\n", "x\"y".to_owned()), ("c", String::new())]);
        assert_eq!(parse("").unwrap().entries, []);
        assert_eq!(parse("# only\n#~ comments\n").unwrap().entries, []);
    }

    #[test]
    fn what_is_no_po_file_is_refused_by_its_line() {
        for (text, told) in [
            (
                "hello",
                "line 1: Expected msgctxt, msgid, msgid_plural, msgstr, a text in quotes or a comment",
            ),
            ("\"hello\"", "line 1: This text belongs to nothing"),
            ("msgid", "line 1: Expected a text in quotes"),
            ("msgid \"", "line 1: Expected a text in quotes"),
            ("msgid \"a\"\n\nmsgstr \"b\"", "line 2: Expected msgstr"),
            ("msgid \"a\"", "line 1: Expected msgstr"),
            ("msgstr \"a\"", "line 1: msgstr cannot stand here"),
            ("msgid \"a\"\nmsgid \"b\"", "line 2: msgid cannot stand here"),
            (
                "msgid \"a\"\nmsgstr \"\\q\"",
                "line 2: Expected one of \\n \\t \\r \\\" \\\\",
            ),
            (
                "msgid \"a\"\nmsgstr \"b\"c\"",
                "line 2: A quote within a text is written \\\"",
            ),
            (
                "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"",
                "line 4: Another entry has this msgid",
            ),
            (
                "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"",
                "line 3: Expected msgstr[0]",
            ),
            (
                "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"",
                "line 1: Expected 2 forms of the plural, found 1",
            ),
            (
                "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\nmsgstr[1] \"{\"",
                "line 1: The braces of a form of the plural do not match",
            ),
            (
                "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=latin-1\\n\"",
                "line 1: Content-Type: Expected charset=UTF-8",
            ),
            (
                "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=n +;\\n\"",
                "line 1: Plural-Forms: Expected such as nplurals=2; plural=(n != 1);",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), told, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(text in "([a-z \"\\\\#\\[\\]{}0-9]|msgid |msgstr |msgid_plural |msgctxt |\n|\"){0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn every_text_comes_back(key in "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{1,20}", text in "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{0,20}") {
            let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let file = format!("msgid \"{}\"\nmsgstr \"{}\"\n", quoted(&key), quoted(&text));
            let read = parse(&file).unwrap();
            prop_assert_eq!((&read.entries[0].id, &read.entries[0].texts[0]), (&key, &text));
        }
    }
}
