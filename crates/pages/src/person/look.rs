//! A brand's own look: its accent colour, kept readable on light and dark, and its logo.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_types::Brand;
use url::Url;

/// The least contrast of words and of what is to be seen on them (WCAG 2.2, success criteria 1.4.3 and 1.4.11; words
/// need more than drawings, and the accent is used for both).
const CONTRAST: f64 = 4.5;
/// What the accent stands on, light and dark: the surfaces of `base.css`.
const LIGHT_SURFACE: Colour = Colour(0xef, 0xee, 0xe8);
const DARK_SURFACE: Colour = Colour(0x16, 0x1e, 0x26);
const WHITE: Colour = Colour(0xff, 0xff, 0xff);
const BLACK: Colour = Colour(0x10, 0x14, 0x18);

/// How a page looks.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// The brand's name.
    pub(super) name: Option<String>,
    /// Where its logo is.
    pub(super) logo: Option<String>,
    /// Where its logo leads.
    pub(super) href: Option<String>,
    /// A style sheet of its own, without surprises: only colours that were read as such.
    pub(super) style: Option<String>,
}

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour(u8, u8, u8);

impl Look {
    /// A brand's look.
    pub(super) fn of(brand: &Brand) -> Self {
        let text = |path: &str| brand.settings_text(path).filter(|text| !text.is_empty());
        let web = |link: String| {
            Url::parse(&link)
                .ok()
                .filter(|url| matches!(url.scheme(), "https" | "http"))
                .map(String::from)
        };
        let accent = text("/colors/primary").and_then(|text| Colour::parse(&text));
        Self {
            name: Some(brand.name.clone()).filter(|name| !name.is_empty()),
            logo: text("/email/header/logo/image")
                .or_else(|| text("/logo/image"))
                .and_then(web),
            href: text("/email/header/logo/href")
                .or_else(|| text("/logo/href"))
                .and_then(web),
            style: accent.map(style),
        }
    }

    /// The source expression that lets a page use its style sheet (CSP level 3, section 2.3.1).
    pub(super) fn style_source(&self) -> Option<String> {
        let style = self.style.as_ref()?;
        Some(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style))))
    }

    /// The origin of the logo.
    pub(super) fn image_source(&self) -> Option<String> {
        let url = Url::parse(self.logo.as_deref()?).ok()?;
        Some(url.origin().ascii_serialization())
    }
}

/// Reading a text out of a brand's settings.
trait SettingsText {
    fn settings_text(&self, path: &str) -> Option<String>;
}

impl SettingsText for Brand {
    fn settings_text(&self, path: &str) -> Option<String> {
        let (first, rest) = path.trim_start_matches('/').split_once('/')?;
        let found = self.settings.get(first)?.pointer(&format!("/{rest}"))?;
        Value::as_str(found).map(str::to_owned)
    }
}

fn style(accent: Colour) -> String {
    let light = accent.readable_on(LIGHT_SURFACE, BLACK);
    let dark = accent.readable_on(DARK_SURFACE, WHITE);
    let of = |accent: Colour, surface: Colour| {
        format!(
            "--accent:{};--accent-ink:{};--accent-soft:{}",
            accent.hex(),
            accent.ink().hex(),
            surface.mixed(accent, 0.1).hex()
        )
    };
    format!(
        ":root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}",
        of(light, WHITE),
        of(dark, DARK_SURFACE)
    )
}

impl Colour {
    /// Reads `#rgb` and `#rrggbb`.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        let wide = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        match hex::decode(wide).ok()?.as_slice() {
            [red, green, blue] => Some(Self(*red, *green, *blue)),
            _ => None,
        }
    }

    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// The same hue, moved towards another colour just as far as it takes to be read on a surface.
    fn readable_on(self, surface: Self, towards: Self) -> Self {
        let steps = (0..=20_u8).map(|step| self.mixed(towards, f64::from(step) / 20.0));
        let mut readable = steps.filter(|one| one.contrast(surface) >= CONTRAST);
        readable.next().unwrap_or(towards)
    }

    /// What is read on it: white or near black, whichever stands out more.
    fn ink(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        }
    }

    fn mixed(self, other: Self, share: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes lies a byte"
        )]
        let mix = |own: u8, other: u8| (f64::from(own) * (1.0 - share) + f64::from(other) * share).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.0722f64.mul_add(
            linear(self.2),
            0.2126f64.mul_add(linear(self.0), 0.7152 * linear(self.1)),
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn look(settings: Value) -> Look {
        let Value::Object(settings) = settings else {
            panic!("{settings} is no object");
        };
        Look::of(&Brand {
            id: "b".to_owned(),
            name: "Acme".to_owned(),
            settings,
            snippets: Vec::new(),
        })
    }

    #[test]
    fn any_colour_becomes_readable_in_light_and_dark() {
        for text in ["#ffff00", "#fff", "#000000", "#0a6a6a", "#ff0066", "#8899aa", "#0000ff"] {
            let colour = Colour::parse(text).unwrap();
            for (surface, towards) in [(LIGHT_SURFACE, BLACK), (DARK_SURFACE, WHITE)] {
                let accent = colour.readable_on(surface, towards);
                assert!(accent.contrast(surface) >= CONTRAST, "{text} on {surface:?}");
                assert!(accent.contrast(accent.ink()) >= CONTRAST, "ink on {text}");
            }
        }
        assert_eq!(
            Colour::parse("#0a6a6a")
                .unwrap()
                .readable_on(LIGHT_SURFACE, BLACK)
                .hex(),
            "#0a6a6a"
        );
    }

    #[test]
    fn only_colours_and_web_addresses_get_onto_the_page() {
        let bad = look(json!({
            "colors": {"primary": "red;}body{display:none"},
            "email": {"header": {"logo": {"image": "javascript:alert(1)", "href": "data:text/html,x"}}},
        }));
        assert_eq!((bad.style, bad.logo, bad.href), (None, None, None));
        let good = look(json!({
            "colors": {"primary": "#04f"},
            "email": {"header": {"logo": {"image": "https://cdn.example/a.png", "href": "https://acme.example"}}},
        }));
        assert_eq!(good.image_source().as_deref(), Some("https://cdn.example"));
        assert!(good.style_source().unwrap().starts_with("'sha256-"));
        assert!(good.style.unwrap().starts_with(":root{--accent:#0044ff;"));
    }
}
