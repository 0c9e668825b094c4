//! Inline styles and alignment.

use std::fmt;

/// Style declarations whose values were checked.
#[derive(Debug, Default)]
pub(crate) struct Css(Vec<(&'static str, String)>);

impl Css {
    /// Adds a declaration, if there is a value.
    pub(crate) fn set(&mut self, name: &'static str, value: Option<String>) {
        self.0.extend(value.map(|value| (name, value)));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(one, _)| *one == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Css {
    /// `name:value;name:value`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { ";" };
            write!(f, "{between}{name}:{value}")?;
        }
        Ok(())
    }
}

/// The attribute of class names; none without names.
pub(super) fn class(names: &str) -> String {
    let names = names.trim();
    if names.is_empty() {
        String::new()
    } else {
        format!(" class=\"{names}\"")
    }
}

/// Where something stands on its line. Left and right change places in a mail that is written from right to left:
/// content names a side once for all its languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Where lines begin.
    Start,
    /// In the middle.
    Center,
    /// Where lines end.
    End,
    /// Over the whole width.
    Full,
}

impl Align {
    /// Names in content.
    pub(crate) const NAMES: &[(&str, Self)] = &[
        ("left", Self::Start),
        ("center", Self::Center),
        ("right", Self::End),
        ("full", Self::Full),
    ];

    /// The CSS value, where lines begin at `start`; `full` is what the whole width comes to.
    pub(super) fn css(self, start: &'static str, full: &'static str) -> &'static str {
        match self {
            Self::Start => start,
            Self::Center => "center",
            Self::End => opposite(start),
            Self::Full => full,
        }
    }
}

/// The other side.
pub(super) fn opposite(side: &str) -> &'static str {
    if side == "left" { "right" } else { "left" }
}

/// How children stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerticalAlign {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

impl VerticalAlign {
    /// Names in content.
    pub(crate) const NAMES: &[(&str, Self)] = &[("top", Self::Top), ("middle", Self::Middle), ("bottom", Self::Bottom)];

    /// The value, in CSS as in a table cell.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Middle => "middle",
            Self::Bottom => "bottom",
        }
    }
}
