//! Pictures that shrink with the screen.

use tidings_template::Escape;

use super::{Align, FONTS, Mail};

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
    pub(crate) padding: Option<String>,
    pub(crate) border_color: Option<String>,
    pub(crate) border_size: Option<String>,
}

impl Mail {
    /// Draws a picture.
    pub(crate) fn picture(&mut self, picture: &Picture) {
        let image = image(picture);
        let content = match picture.href.as_deref() {
            None | Some("" | "#") => image,
            Some(href) => {
                let mut out = String::from("<a href=\"");
                Escape::Html.push(&mut out, href);
                out.extend([
                    "\" target=\"_blank\" rel=\"noopener\" style=\"text-decoration:none\">",
                    &image,
                    "</a>",
                ]);
                out
            }
        };
        let align = picture.align.css(self.theme.start);
        let padding = picture.padding.as_deref().unwrap_or("0 0 16px");
        self.row(
            "c--block-image",
            &format!("padding:{padding};text-align:{align}"),
            &format!(" align=\"{align}\""),
            &content,
        );
    }
}

fn image(picture: &Picture) -> String {
    let mut out = String::from("<img src=\"");
    Escape::Html.push(&mut out, &picture.src);
    out.push_str("\" alt=\"");
    Escape::Html.push(&mut out, &picture.alt);
    out.push('"');
    // Outlook reads the attribute and knows pixels only.
    if let Some(pixels) = picture.width.as_deref().and_then(|width| width.strip_suffix("px")) {
        out.extend([" width=\"", pixels, "\""]);
    }
    let (width, most) = match picture.width.as_deref() {
        _ if picture.align == Align::Full => ("100%", "100%"),
        None => ("auto", "100%"),
        // Only a width in percent lets a table column be narrower than the picture.
        Some(width) if !width.ends_with('%') => ("100%", width),
        Some(width) => (width, "100%"),
    };
    out.extend([
        " style=\"display:inline-block;width:",
        width,
        ";max-width:",
        most,
        ";height:auto;border:0;",
    ]);
    out.extend(["font-family:", FONTS, ";font-size:14px"]);
    if let Some(color) = &picture.border_color {
        out.extend([
            ";border:",
            picture.border_size.as_deref().unwrap_or("1px"),
            " solid ",
            color,
        ]);
    }
    out.push_str("\">");
    out
}
