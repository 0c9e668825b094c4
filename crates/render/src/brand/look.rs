//! A brand's settings, read: colours checked, texts parsed, MJML compiled.

use tidings_template::Template;
use tidings_types::{Brand, Object};

use super::frame::{self, Frame};
use super::reader::Reader;
use crate::Problem;
use crate::richtext::RichText;

/// The colour of buttons and links where no brand sets one: dark enough for white letters (6.5 to 1).
const PRIMARY: &str = "#2456d6";
/// The width of the card where no brand sets one, in pixels.
const WIDTH: u32 = 600;

/// Pages elsewhere that a footer can lead to, and how they are called.
const SOCIAL: &[(&str, &str)] = &[
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("medium", "Medium"),
    ("twitter", "X"),
];

/// What a brand makes of a page.
#[derive(Debug)]
pub(crate) struct Look {
    /// The colour of buttons and links.
    pub(crate) primary: String,
    /// The bar above the card.
    pub(crate) bar: Option<String>,
    /// The brand's name, for readers who do not see the logo.
    pub(crate) name: String,
    /// The logo's address, and where it leads.
    pub(crate) logo: Option<(Template, Option<Template>)>,
    /// What `<head>` holds beyond ours.
    pub(crate) head: Option<Template>,
    /// A header of the brand's own, in place of bar and logo.
    pub(crate) header: Option<Template>,
    /// The footer's text.
    pub(crate) footer: Option<RichText>,
    /// Pages elsewhere: their names, and where they lead.
    pub(crate) social: Vec<(&'static str, Template)>,
    /// A footer of the brand's own, in place of text and pages.
    pub(crate) own_footer: Option<Template>,
    /// The page's background.
    pub(crate) page: Option<String>,
    /// The card's background.
    pub(crate) card: Option<String>,
    /// The background behind the footer.
    pub(crate) footer_ground: Option<String>,
    /// Whether the footer is as wide as the page.
    pub(crate) footer_full: bool,
    /// The card's width on a wide screen, in pixels.
    pub(crate) width: u32,
    /// The whole document, made from the brand's MJML, with places left open.
    pub(crate) frame: Option<Frame>,
}

impl Look {
    /// The look of no brand at all.
    pub(super) fn plain() -> Self {
        Self {
            primary: PRIMARY.to_owned(),
            bar: None,
            name: String::new(),
            logo: None,
            head: None,
            header: None,
            footer: None,
            social: Vec::new(),
            own_footer: None,
            page: None,
            card: None,
            footer_ground: None,
            footer_full: false,
            width: WIDTH,
            frame: None,
        }
    }
}

/// Reads a brand. What is wrong is left out, and told.
pub(super) fn read(brand: &Brand) -> (Look, Vec<Problem>) {
    let mut reader = Reader::new(&brand.settings);
    let mut look = Look::plain();
    look.name.clone_from(&brand.name);
    colors(&mut reader, &mut look, &brand.settings);
    look.logo = {
        let image = reader.link(&["email", "header", "logo", "image"]);
        let href = reader.link(&["email", "header", "logo", "href"]);
        image.map(|image| (image, href))
    };
    look.head = reader.template(&["email", "head", "content"]);
    look.footer = reader.markdown(&["email", "footer", "markdown"]);
    for (key, name) in SOCIAL {
        let link = reader.link(&["email", "footer", "social", key, "url"]);
        look.social.extend(link.map(|link| (*name, link)));
    }
    overridden(&mut reader, &mut look);
    (look, reader.problems)
}

fn colors(reader: &mut Reader<'_>, look: &mut Look, settings: &Object) {
    let primary = reader.color(&["colors", "primary"]);
    let others = settings.get("colors").and_then(|colors| colors.as_object());
    for name in others
        .into_iter()
        .flat_map(Object::keys)
        .filter(|name| *name != "primary")
    {
        // Used by templates as variables only; a colour that is none would be found out there, too late.
        reader.color(&["colors", name]);
    }
    // An empty one is the brand editor's word for none.
    let email = settings.get("email");
    let plain = email.and_then(|email| email.pointer("/header/barColor")?.as_str()) == Some("");
    look.bar = reader
        .color(&["email", "header", "barColor"])
        .or_else(|| primary.clone())
        .filter(|_| !plain);
    if let Some(primary) = primary {
        look.primary = primary;
    }
}

/// The brand's own document, where it is switched on.
fn overridden(reader: &mut Reader<'_>, look: &mut Look) {
    const OVERRIDE: [&str; 2] = ["email", "templateOverride"];
    let at = |name: &'static str| [OVERRIDE[0], OVERRIDE[1], name];
    let enabled = reader.flag(&at("enabled"));
    let [email, own] = OVERRIDE;
    let mjml = reader.flag(&[email, own, "mjml", "enabled"]);
    // Everything is read, so that what is wrong is told even while it is switched off.
    let page = reader.color(&at("backgroundColor"));
    let card = reader.color(&at("blocksBackgroundColor"));
    let footer_ground = reader.color(&at("footerBackgroundColor"));
    let footer_full = reader.flag(&at("footerFullWidth"));
    let width = reader.width(&at("width"));
    let head = reader.template(&at("head"));
    let header = reader.template(&at("header"));
    let footer = reader.template(&at("footer"));
    let parts = frame::Parts {
        page: reader.color(&[email, own, "mjml", "backgroundColor"]),
        card: reader.color(&[email, own, "mjml", "blocksBackgroundColor"]),
        width: reader.width(&[email, own, "mjml", "width"]),
        head: reader.text(&[email, own, "mjml", "head"]),
        header: reader.text(&[email, own, "mjml", "header"]),
        footer: reader.text(&[email, own, "mjml", "footer"]),
    };
    let frame = frame::build(&parts, reader);
    if mjml {
        look.width = parts.width.unwrap_or(WIDTH);
        look.card = parts.card;
        look.page = parts.page;
        look.frame = frame;
    } else if enabled {
        look.page = page;
        look.card = card;
        look.footer_ground = footer_ground;
        look.footer_full = footer_full;
        look.width = width.unwrap_or(WIDTH);
        look.head = head.or(look.head.take());
        look.header = header;
        look.own_footer = footer;
    }
}
