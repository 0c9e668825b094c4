//! Pictures that shrink with the screen.

use tidings_template::Escape;

use super::{Align, Css, FONTS, Mail};
use crate::css::pixels;

/// An image, filled in.
#[derive(Debug)]
pub(crate) struct Picture {
    /// A safe link.
    pub(crate) src: String,
    /// A safe link.
    pub(crate) href: Option<String>,
    pub(crate) alt: String,
    pub(crate) align: Align,
    pub(crate) width: Option<String>,
    /// How wide the file itself is, in pixels.
    pub(crate) natural: Option<u32>,
    pub(crate) padding: Option<String>,
    /// Border and rounded corners.
    pub(crate) frame: Css,
}

impl Mail {
    /// Draws a picture.
    pub(crate) fn picture(&mut self, picture: &Picture) {
        let class = self.box_class(&picture.frame);
        let image = self.image(picture, &class);
        let content = linked(picture.href.as_deref(), &image);
        let align = picture.align.css(self.theme.start, "center");
        let padding = picture.padding.as_deref().unwrap_or("0 0 16px");
        self.row(
            "c--block-image",
            &format!("padding:{padding};text-align:{align}"),
            &format!(" align=\"{align}\""),
            &content,
        );
    }

    fn image(&self, picture: &Picture, class: &str) -> String {
        let wanted = picture.width.as_deref().filter(|width| *width != "auto");
        let known = match wanted {
            _ if picture.align == Align::Full => Some(self.width),
            Some(width) => pixels(width).or_else(|| percent(width, self.width)),
            None => picture.natural,
        };
        let shown = known.map(|pixels| pixels.min(self.width));
        // Only a width in per cent lets a table column be narrower than the picture.
        let (width, most) = match wanted {
            _ if picture.align == Align::Full => ("100%", "100%".to_owned()),
            Some(width) if width.ends_with('%') => (width, "100%".to_owned()),
            Some(width) => (
                "100%",
                shown.map_or_else(|| width.to_owned(), |pixels| format!("{pixels}px")),
            ),
            None => match shown {
                Some(pixels) => ("100%", format!("{pixels}px")),
                None => ("auto", "100%".to_owned()),
            },
        };
        let draw = |attribute: Option<u32>| {
            let mut out = String::from("<img src=\"");
            Escape::Html.push(&mut out, &picture.src);
            out.push_str("\" alt=\"");
            Escape::Html.push(&mut out, &picture.alt);
            out.push('"');
            if let Some(pixels) = attribute {
                out.extend([" width=\"", &pixels.to_string(), "\""]);
            }
            if !class.is_empty() {
                out.extend([" class=\"", class, "\""]);
            }
            out.extend([
                " style=\"display:inline-block;width:",
                width,
                ";max-width:",
                &most,
                ";height:auto;border:0;font-family:",
                FONTS,
                ";font-size:14px",
            ]);
            if !picture.frame.is_empty() {
                out.extend([";", &picture.frame.to_string()]);
            }
            out.push_str("\">");
            out
        };
        match shown {
            // Outlook reads the attribute, and knows pixels only.
            Some(_) => draw(shown),
            // It would draw a picture it knows no width of as wide as its file, and the whole mail with it.
            None => format!(
                "<!--[if mso]>{}<![endif]--><!--[if !mso]><!-->{}<!--<![endif]-->",
                draw(Some(self.width)),
                draw(None)
            ),
        }
    }
}

/// An image that leads somewhere, if it does.
pub(super) fn linked(href: Option<&str>, image: &str) -> String {
    match href {
        None | Some("" | "#") => image.to_owned(),
        Some(href) => {
            let mut out = String::from("<a href=\"");
            Escape::Html.push(&mut out, href);
            out.extend([
                "\" target=\"_blank\" rel=\"noopener\" style=\"text-decoration:none\">",
                image,
                "</a>",
            ]);
            out
        }
    }
}

/// A share of a width.
fn percent(text: &str, of: u32) -> Option<u32> {
    let digits = text.strip_suffix('%')?;
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let share: u32 = whole.parse().ok().filter(|share| *share <= 100)?;
    Some((of * share / 100).max(1))
}
