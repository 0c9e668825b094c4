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

/// Where something stands on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Where lines begin: left, or right in languages written that way.
    Start,
    /// Left, whatever the language.
    Left,
    Center,
    Right,
    /// Over the whole width.
    Full,
}

impl Align {
    /// Names in content.
    pub(crate) const NAMES: &[(&str, Self)] = &[
        ("left", Self::Left),
        ("center", Self::Center),
        ("right", Self::Right),
        ("full", Self::Full),
    ];

    /// The CSS value, where lines begin at `start`.
    pub(super) const fn css(self, start: &'static str) -> &'static str {
        match self {
            Self::Start | Self::Full => start,
            Self::Left => "left",
            Self::Center => "center",
            Self::Right => "right",
        }
    }
}
