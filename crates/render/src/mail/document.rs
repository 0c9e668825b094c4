//! The page around the card.

use std::fmt::Write as _;

use tidings_template::Escape;

use super::picture::linked;
use super::style::class as class_attribute;
use super::{CARD_PADDING, FONTS, Mail, Part, color};
use crate::color::{DARK_PAGE, ground_on_dark};

/// The longest preview shown beside the subject in a list of mails, in characters.
const PREVIEW: usize = 140;
/// Keeps a list of mails from showing the page's own words after the preview.
const PREVIEW_FILLER: &str = "&#847;&zwnj;&nbsp;";

impl Mail {
    /// The whole document.
    pub(crate) fn finish(mut self, subject: &str, preview: &str) -> String {
        if let Some(own) = self.own.take() {
            return own;
        }
        let mut body = String::with_capacity(self.rows.len() + 4 * 1024);
        // The body first: it says which rules the sheets must hold.
        self.body(&mut body, preview);
        let mut out = String::with_capacity(body.len() + 4 * 1024);
        self.head(&mut out, subject);
        out.push_str(&body);
        out
    }

    fn head(&self, out: &mut String, subject: &str) {
        let (language, direction) = (&self.theme.language, self.theme.direction());
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\" xmlns=\"http://www.w3.org/1999/xhtml\" \
             xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n\
             <meta charset=\"utf-8\">\n\
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
        self.sheet.push_sizes(out);
        self.sheet.push_dark(&self.theme.look.primary, out);
        if let Some(head) = &self.theme.parts.head {
            out.extend([head, "\n"]);
        }
        out.push_str("</head>\n");
    }

    fn body(&mut self, out: &mut String, preview: &str) {
        let own = self.page.background.clone().or_else(|| self.theme.look.page.clone());
        let class = class_attribute(&self.page_class(own.as_deref()));
        let page = own.unwrap_or_else(|| color::PAGE.to_owned());
        let (direction, width) = (self.theme.direction(), self.theme.look.width);
        let _ = writeln!(
            out,
            "<body{class} style=\"margin:0;padding:0;background-color:{page};\
             -webkit-text-size-adjust:100%;text-size-adjust:100%\">"
        );
        push_preview(out, preview);
        let _ = write!(
            out,
            "<table{class} role=\"presentation\" dir=\"{direction}\" width=\"100%\" cellpadding=\"0\" \
             cellspacing=\"0\" border=\"0\" bgcolor=\"{page}\" style=\"background-color:{page}\"><tr>\
             <td class=\"t-edge\" align=\"center\" style=\"padding:32px 16px\">\n\
             <!--[if mso]><table role=\"presentation\" width=\"{width}\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\
             <tr><td><![endif]-->\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"max-width:{width}px;margin:0 auto\">\n"
        );
        self.header(out);
        self.card(out);
        let footer = self.footer(&page);
        let full = self.theme.look.footer_full;
        if !full {
            out.push_str(&footer);
        }
        out.push_str("</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr>\n");
        if full {
            out.push_str(&footer);
        }
        out.push_str("</table>\n</body>\n</html>\n");
    }

    /// The class that darkens the page.
    fn page_class(&mut self, own: Option<&str>) -> String {
        match own {
            None => "t-page".to_owned(),
            // A page and a card that are both white by day are both dark by night, the page a little darker.
            Some(own) if ground_on_dark(own).is_some() => self.sheet.dark(Part::Ground, DARK_PAGE.to_owned()),
            Some(_) => String::new(),
        }
    }

    /// The brand's own header, or its logo.
    fn header(&self, out: &mut String) {
        if let Some(header) = &self.theme.parts.header {
            let start = self.theme.start;
            let _ = writeln!(
                out,
                "<tr><td class=\"c--header\" align=\"{start}\" style=\"padding:0\">{header}</td></tr>"
            );
            return;
        }
        let Some((image, href)) = &self.theme.parts.logo else {
            return;
        };
        let mut logo = String::from("<img src=\"");
        Escape::Html.push(&mut logo, image);
        logo.push_str("\" alt=\"");
        Escape::Html.push(&mut logo, &self.theme.look.name);
        let _ = write!(
            logo,
            "\" width=\"140\" class=\"t-ink\" style=\"display:inline-block;width:140px;max-width:100%;height:auto;\
             border:0;font-family:{FONTS};font-size:18px;font-weight:700;color:{}\">",
            color::INK
        );
        out.extend([
            "<tr><td class=\"c--header\" align=\"center\" style=\"padding:0 0 24px\">",
            &linked(href.as_deref(), &logo),
            "</td></tr>\n",
        ]);
    }

    fn card(&mut self, out: &mut String) {
        let card = self.ground.color().to_owned();
        let class = match self.ground.dark() {
            // The common rule darkens the border as well.
            Some(dark) if dark == crate::color::DARK_CARD => "t-card".to_owned(),
            Some(dark) => self.sheet.dark(Part::Ground, dark.to_owned()),
            None => String::new(),
        };
        let class = class_attribute(&class);
        let padding = self.page.padding.as_deref().unwrap_or(CARD_PADDING);
        let pad_class = if self.page.padding.is_some() { "" } else { "t-pad" };
        let _ = write!(
            out,
            "<tr><td{class} bgcolor=\"{card}\" style=\"background-color:{card};border:1px solid {};\
             border-radius:12px;overflow:hidden\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n",
            color::LINE
        );
        if let Some(bar) = self
            .theme
            .look
            .bar
            .as_ref()
            .filter(|_| self.theme.parts.header.is_none())
        {
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

    /// The row below the card: the brand's own footer, or its text and its pages elsewhere.
    fn footer(&mut self, page: &str) -> String {
        let (ground, class) = match self.theme.look.footer_ground.clone() {
            Some(ground) => {
                let class = self.ground_class(&ground);
                (format!(";background-color:{ground}"), class)
            }
            None => (String::new(), String::new()),
        };
        let below = self.theme.look.footer_ground.as_deref().unwrap_or(page);
        if let Some(own) = &self.theme.parts.own_footer {
            let start = self.theme.start;
            return format!(
                "<tr><td class=\"c--footer {class}\" align=\"{start}\" style=\"padding:0{ground}\">{own}</td></tr>\n"
            );
        }
        let mut inside = String::new();
        let fonts = self.fonts();
        let (ink_class, ink) = if ground_on_dark(below).is_some() {
            ("t-muted", color::MUTED)
        } else {
            ("", crate::color::readable_on(below))
        };
        let letters =
            format!("margin:0;font-family:{fonts};font-size:13px;line-height:1.6;color:{ink};text-align:center");
        if let Some(text) = &self.theme.parts.footer {
            let _ = write!(
                inside,
                "<p{} style=\"{letters}\">{text}</p>",
                class_attribute(ink_class)
            );
        }
        if !self.theme.parts.social.is_empty() {
            let above = if inside.is_empty() { "0" } else { "12px" };
            let _ = write!(
                inside,
                "<p class=\"c--social {ink_class}\" style=\"{letters};padding:{above} 0 0\">"
            );
            for (index, (name, href)) in self.theme.parts.social.iter().enumerate() {
                inside.push_str(if index == 0 { "<a" } else { " &nbsp;&middot;&nbsp; <a" });
                let _ = write!(inside, "{} href=\"", class_attribute(ink_class));
                Escape::Html.push(&mut inside, href);
                let _ = write!(
                    inside,
                    "\" target=\"_blank\" rel=\"noopener\" style=\"color:{ink};text-decoration:underline\">{name}</a>"
                );
            }
            inside.push_str("</p>");
        }
        if inside.is_empty() {
            return inside;
        }
        let padding = if ground.is_empty() { "24px 16px 0" } else { "24px 16px" };
        format!(
            "<tr><td class=\"c--footer {class}\" align=\"center\" style=\"padding:{padding};text-align:center{ground}\">\
             {inside}</td></tr>\n"
        )
    }
}

/// The words that a list of mails shows beside the subject; the page itself hides them.
pub(super) fn push_preview(out: &mut String, preview: &str) {
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
    // As many as would fill what the words leave of the line.
    let filler = PREVIEW.saturating_sub(words.chars().count()).max(20);
    out.push_str(&PREVIEW_FILLER.repeat(filler));
    out.push_str("</div>\n");
}
