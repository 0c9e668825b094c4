//! The page around the card.

use std::fmt::Write as _;

use tidings_template::Escape;

use super::{FONTS, Mail, color};
use crate::css::{on_dark, readable_on};

/// The longest preview shown beside the subject in a list of mails, in characters.
const PREVIEW: usize = 140;
/// Keeps a list of mails from showing the page's own words after the preview.
const PREVIEW_FILLER: &str = "&#847;&zwnj;&nbsp;";

impl Mail {
    /// The whole document.
    pub(crate) fn finish(self, subject: &str, preview: &str) -> String {
        let mut out = String::with_capacity(self.rows.len() + 4 * 1024);
        self.head(&mut out, subject);
        self.body(&mut out, preview);
        out
    }

    fn head(&self, out: &mut String, subject: &str) {
        let (language, direction) = (&self.theme.language, self.theme.direction());
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\" xmlns=\"http://www.w3.org/1999/xhtml\" \
             xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"x-apple-disable-message-reformatting\">\n\
             <meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>"
        );
        Escape::Html.push(out, subject);
        out.push_str(
            "</title>\n<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch>\
             </o:OfficeDocumentSettings></xml></noscript><![endif]-->\n",
        );
        self.style_sheet(out);
        out.push_str("</head>\n");
    }

    /// What small and dark screens need beyond the inline styles.
    fn style_sheet(&self, out: &mut String) {
        // Letters need more light than a button's ground, which keeps the brand's colour where it can.
        let accent = on_dark(&self.theme.primary, 0.3);
        let filled = on_dark(&self.theme.primary, 0.06);
        let filled_text = readable_on(&filled);
        let _ = write!(
            out,
            "<style>\n:root{{color-scheme:light dark;supported-color-schemes:light dark}}\n\
             @media (max-width:480px){{.t-edge{{padding:16px 8px!important}}.t-pad{{padding:28px 20px 12px!important}}}}\n\
             @media (prefers-color-scheme:dark){{.t-page{{background-color:#0d1117!important}}\
             .t-card{{background-color:#171b22!important;border-color:#2b313b!important}}\
             .t-ink{{color:#e6e9ee!important}}.t-muted{{color:#9aa3b0!important}}.t-line{{border-color:#333b47!important}}\
             .t-link,.t-outlined-text{{color:{accent}!important}}.t-outlined{{border-color:{accent}!important}}\
             .t-filled{{background-color:{filled}!important}}.t-filled-text{{color:{filled_text}!important}}}}\n</style>\n"
        );
    }

    fn body(&self, out: &mut String, preview: &str) {
        let page = self.page.background.as_deref().unwrap_or(color::PAGE);
        let page_class = if self.page.background.is_some() { "" } else { "t-page" };
        let direction = self.theme.direction();
        let _ = writeln!(
            out,
            "<body class=\"{page_class}\" style=\"margin:0;padding:0;background-color:{page};\
             -webkit-text-size-adjust:100%;text-size-adjust:100%\">"
        );
        push_preview(out, preview);
        let _ = write!(
            out,
            "<table class=\"{page_class}\" role=\"presentation\" dir=\"{direction}\" width=\"100%\" cellpadding=\"0\" \
             cellspacing=\"0\" border=\"0\" bgcolor=\"{page}\" style=\"background-color:{page}\"><tr>\
             <td class=\"t-edge\" align=\"center\" style=\"padding:32px 16px\">\n\
             <!--[if mso]><table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\
             <tr><td><![endif]-->\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"max-width:600px;margin:0 auto\">\n"
        );
        self.logo(out);
        self.card(out);
        self.footer(out);
        out.push_str("</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n");
    }

    fn logo(&self, out: &mut String) {
        let Some((image, href)) = &self.theme.logo else { return };
        out.push_str("<tr><td class=\"c--header\" align=\"center\" style=\"padding:0 0 24px\">");
        if let Some(href) = href {
            out.push_str("<a href=\"");
            Escape::Html.push(out, href);
            out.push_str("\" target=\"_blank\" rel=\"noopener\" style=\"text-decoration:none\">");
        }
        out.push_str("<img src=\"");
        Escape::Html.push(out, image);
        out.push_str("\" alt=\"");
        Escape::Html.push(out, &self.theme.name);
        let _ = write!(
            out,
            "\" width=\"140\" class=\"t-ink\" style=\"display:inline-block;width:140px;max-width:100%;height:auto;\
             border:0;font-family:{FONTS};font-size:18px;font-weight:700;color:{}\">",
            color::INK
        );
        out.push_str(if href.is_some() {
            "</a></td></tr>\n"
        } else {
            "</td></tr>\n"
        });
    }

    fn card(&self, out: &mut String) {
        let card = self.page.card.as_deref().unwrap_or(color::CARD);
        let class = if self.surface.is_some() { "" } else { "t-card" };
        let padding = self.page.padding.as_deref().unwrap_or("40px 40px 24px");
        let pad_class = if self.page.padding.is_some() { "" } else { "t-pad" };
        let _ = write!(
            out,
            "<tr><td class=\"{class}\" bgcolor=\"{card}\" style=\"background-color:{card};border:1px solid {};\
             border-radius:12px;overflow:hidden\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n",
            color::LINE
        );
        if let Some(bar) = &self.theme.bar {
            let _ = writeln!(
                out,
                "<tr><td class=\"c--bar\" bgcolor=\"{bar}\" style=\"background-color:{bar};height:6px;font-size:1px;\
                 line-height:6px;border-radius:11px 11px 0 0\">&nbsp;</td></tr>"
            );
        }
        let _ = write!(
            out,
            "<tr><td class=\"c--content {pad_class}\" style=\"padding:{padding};word-break:break-word;\
             overflow-wrap:anywhere\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"table-layout:fixed\">\n{}</table>\n</td></tr>\n</table>\n</td></tr>\n",
            self.rows
        );
    }

    fn footer(&self, out: &mut String) {
        let Some(footer) = &self.theme.footer else { return };
        let class = if self.page.background.is_some() { "" } else { "t-muted" };
        let _ = writeln!(
            out,
            "<tr><td class=\"c--footer\" align=\"center\" style=\"padding:24px 16px 0;text-align:center\">\
             <p class=\"{class}\" style=\"margin:0;font-family:{};font-size:13px;line-height:1.6;color:{};\
             text-align:center\">{footer}</p></td></tr>",
            self.fonts(),
            color::MUTED
        );
    }
}

/// The words that a list of mails shows beside the subject; the page itself hides them.
fn push_preview(out: &mut String, preview: &str) {
    let mut words: String = preview.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return;
    }
    if let Some((end, _)) = words.char_indices().nth(PREVIEW) {
        words.truncate(end);
        words.push('…');
    }
    out.push_str(
        "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;\
         color:transparent;mso-hide:all\">",
    );
    Escape::Html.push(out, &words);
    out.push_str(&PREVIEW_FILLER.repeat(40));
    out.push_str("</div>\n");
}
