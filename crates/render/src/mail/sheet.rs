//! The style sheets: what wide, small and dark screens need beyond the styles in the elements.
//!
//! Each is a `<style>` of its own, since some programs drop a whole sheet over one rule they do not know. The dark rules
//! come twice: as a media query, and after the marks that Outlook.com sets on what it darkens by itself (`data-ogsc` for
//! letters, `data-ogsb` for grounds).

use std::fmt::Write as _;

use crate::color::{DARK_CARD, DARK_INK, DARK_LINE, DARK_MUTED, DARK_PAGE, on_dark, readable_on};

/// What a dark rule changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Letters.
    Ink,
    /// The background.
    Ground,
    /// Borders.
    Line,
}

impl Part {
    const fn property(self) -> &'static str {
        match self {
            Self::Ink => "color",
            Self::Ground => "background-color",
            Self::Line => "border-color",
        }
    }

    /// The mark that Outlook.com sets on an element whose part it changed.
    const fn mark(self) -> &'static str {
        match self {
            Self::Ink => "[data-ogsc]",
            Self::Ground | Self::Line => "[data-ogsb]",
        }
    }
}

/// What this mail needs beyond the common rules.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    dark: Vec<(Part, String)>,
    /// Widths of columns, in hundredths of a per cent.
    shares: Vec<u32>,
}

impl Sheet {
    /// The class of whatever gets this colour in the dark.
    pub(super) fn dark(&mut self, part: Part, color: String) -> String {
        let known = self
            .dark
            .iter()
            .position(|(one, value)| *one == part && *value == color);
        let index = known.unwrap_or_else(|| {
            self.dark.push((part, color));
            self.dark.len() - 1
        });
        format!("t-d{index}")
    }

    /// The class of a column that takes this share of the width, in hundredths of a per cent, where there is room.
    pub(super) fn share(&mut self, share: u32) -> String {
        if !self.shares.contains(&share) {
            self.shares.push(share);
        }
        format!("t-w{share}")
    }

    /// Writes the sheets that every mail program may read.
    pub(super) fn push_sizes(&self, out: &mut String) {
        out.push_str(
            "<style>\n@media (max-width:479px){.t-edge{padding:16px 8px!important}.t-pad{padding:28px 20px 12px!important}\
             .t-in{padding-left:0!important;padding-right:0!important}.t-gap{padding-bottom:16px!important}}\n",
        );
        if !self.shares.is_empty() {
            out.push_str("@media (min-width:480px){");
            for share in &self.shares {
                let (whole, rest) = (share / 100, share % 100);
                // Writing to a string cannot fail.
                let _ = write!(out, ".t-w{share}{{width:{whole}.{rest:02}%!important}}");
            }
            out.push_str("}\n");
        }
        out.push_str("</style>\n");
    }

    /// Writes the sheets of dark screens.
    pub(super) fn push_dark(&self, primary: &str, out: &mut String) {
        // Letters need more light than a button's ground, which keeps the brand's colour where it can.
        let accent = on_dark(primary, 0.3);
        let filled = on_dark(primary, 0.06);
        let common = [
            ("t-page", Part::Ground, DARK_PAGE),
            ("t-card", Part::Ground, DARK_CARD),
            ("t-card", Part::Line, "#2b313b"),
            ("t-ink", Part::Ink, DARK_INK),
            ("t-muted", Part::Ink, DARK_MUTED),
            ("t-line", Part::Line, DARK_LINE),
            ("t-link", Part::Ink, &accent),
            ("t-outlined", Part::Line, &accent),
            ("t-outlined-text", Part::Ink, &accent),
            ("t-filled", Part::Ground, &filled),
            ("t-filled", Part::Line, &filled),
            ("t-filled-text", Part::Ink, readable_on(&filled)),
        ];
        let rules = |out: &mut String, marked: bool| {
            let mut rule = |class: &str, part: Part, value: &str| {
                let mark = if marked { part.mark() } else { "" };
                let between = if marked { " " } else { "" };
                out.extend([
                    mark,
                    between,
                    ".",
                    class,
                    "{",
                    part.property(),
                    ":",
                    value,
                    "!important}",
                ]);
            };
            for (class, part, value) in common {
                rule(class, part, value);
            }
            for (index, (part, value)) in self.dark.iter().enumerate() {
                rule(&format!("t-d{index}"), *part, value);
            }
        };
        out.push_str(
            "<style>\n:root{color-scheme:light dark;supported-color-schemes:light dark}\n\
             @media (prefers-color-scheme:dark){",
        );
        rules(out, false);
        out.push_str("}\n</style>\n<style>\n");
        rules(out, true);
        out.push_str("\n</style>\n");
    }
}
