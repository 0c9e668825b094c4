//! A brand: how mail, the feed and the preference page look.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::Value;
use tidings_pipeline::Services;
use tidings_types::{Brand as Stored, Object as Fields};

use super::{Viewer, services};

/// Reading brands.
#[derive(Default)]
pub(super) struct BrandQuery;

#[Object]
impl BrandQuery {
    /// One brand; without an id, the one that applies when nothing else is said.
    async fn brand(&self, context: &Context<'_>, brand_id: Option<String>) -> Result<Option<Brand>> {
        let viewer = Viewer::of(context)?;
        let id = brand_id.filter(|id| !id.is_empty());
        viewer.need_for(&["read:brands"], id.as_deref())?;
        Brand::find(context, id.as_deref()).await
    }

    /// How the in-app components of the older web packages look. They cannot be shown without, so every token may read it.
    async fn in_app_brand(&self, context: &Context<'_>) -> Result<Option<Brand>> {
        Brand::find(context, None).await
    }
}

/// A brand.
#[derive(SimpleObject)]
pub struct Brand {
    /// Its id; none for how things look without one.
    #[graphql(name = "brandId")]
    id: Option<String>,
    /// Its name.
    name: Option<String>,
    /// Colours and looks.
    settings: BrandSettings,
    /// The logo. Never null: the older preference page reads it unasked.
    logo: BrandLogo,
    /// `{facebook: {url}, ...}`.
    links: Option<Value>,
    /// Topics, where the older packages look for them. Theirs are read from the preference page.
    preference_templates: PreferenceTemplates,
}

impl Brand {
    /// A brand by id, or the look that applies without one. None when there is no such brand.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(context: &Context<'_>, id: Option<&str>) -> Result<Option<Self>> {
        let environment = Viewer::of(context)?.environment();
        let Services { library, .. } = services(context)?.as_ref();
        let found = match id {
            Some(id) => library.brand(environment, id).await?,
            None => match library.default_brand(environment).await? {
                None => return Ok(Some(Self::of(None))),
                default => default,
            },
        };
        Ok(found.map(|prepared| Self::of(Some(prepared.brand()))))
    }

    /// A brand as it is read here; without one, how things look then.
    pub fn of(brand: Option<&Stored>) -> Self {
        let Some(brand) = brand.cloned() else {
            return Self::from_settings(None, None, &Value::Null);
        };
        Self::from_settings(Some(brand.id), Some(brand.name), &Value::Object(brand.settings))
    }

    fn from_settings(brand_id: Option<String>, name: Option<String>, settings: &Value) -> Self {
        let header = settings.pointer("/email/header/logo").unwrap_or(&Value::Null);
        // Neither is ever null: the older preference page reads both unasked.
        let links = settings
            .pointer("/email/footer/social")
            .filter(|links| links.is_object());
        Self {
            id: brand_id,
            name,
            logo: BrandLogo::read(header),
            links: Some(links.cloned().unwrap_or_else(|| Value::Object(Fields::new()))),
            settings: BrandSettings {
                colors: Some(BrandColors::read(settings.get("colors").unwrap_or(&Value::Null))),
                // Never null: without it the older components show their footer.
                inapp: Some(BrandInApp::read(settings.get("inapp").unwrap_or(&Value::Null))),
                email: settings.get("email").map(BrandEmail::read),
            },
            preference_templates: PreferenceTemplates { nodes: Vec::new() },
        }
    }
}

/// A text at a name. Numbers are taken as texts: settings are kept as they are written.
fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn flag(value: &Value, name: &str) -> Option<bool> {
    value.get(name)?.as_bool()
}

/// Topics, as the older packages name them.
#[derive(SimpleObject)]
struct PreferenceTemplates {
    nodes: Vec<PreferenceTemplate>,
}

/// A topic.
#[derive(SimpleObject)]
struct PreferenceTemplate {
    default_status: Option<String>,
    template_name: Option<String>,
    template_id: Option<String>,
}

/// A logo.
#[derive(SimpleObject)]
struct BrandLogo {
    href: Option<String>,
    image: Option<String>,
}

impl BrandLogo {
    fn read(value: &Value) -> Self {
        Self {
            href: text(value, "href"),
            image: text(value, "image"),
        }
    }
}

/// Colours and looks.
#[derive(SimpleObject)]
struct BrandSettings {
    colors: Option<BrandColors>,
    inapp: Option<BrandInApp>,
    email: Option<BrandEmail>,
}

/// Colours, in CSS.
#[derive(SimpleObject)]
struct BrandColors {
    primary: Option<String>,
    secondary: Option<String>,
    tertiary: Option<String>,
}

impl BrandColors {
    fn read(value: &Value) -> Self {
        Self {
            primary: text(value, "primary"),
            secondary: text(value, "secondary"),
            tertiary: text(value, "tertiary"),
        }
    }
}

/// How in-app components look.
#[derive(SimpleObject)]
struct BrandInApp {
    border_radius: Option<String>,
    disable_courier_footer: Option<bool>,
    disable_message_icon: Option<bool>,
    placement: Option<String>,
    empty_state: Option<EmptyState>,
    widget_background: Option<WidgetBackground>,
    colors: Option<InAppColors>,
    icons: Option<InAppIcons>,
    render_actions_as_buttons: Option<bool>,
    slots: Option<Vec<Slot>>,
    toast: Option<BrandToast>,
}

impl BrandInApp {
    fn read(value: &Value) -> Self {
        let slots = value.get("slots").and_then(Value::as_array);
        Self {
            border_radius: text(value, "borderRadius"),
            // The footer of the older components advertises another service.
            disable_courier_footer: Some(flag(value, "disableCourierFooter").unwrap_or(true)),
            disable_message_icon: flag(value, "disableMessageIcon"),
            placement: text(value, "placement"),
            empty_state: value.get("emptyState").map(|state| EmptyState {
                text_color: text(state, "textColor"),
                text: text(state, "text"),
            }),
            widget_background: value.get("widgetBackground").map(|background| WidgetBackground {
                top_color: text(background, "topColor"),
                bottom_color: text(background, "bottomColor"),
            }),
            colors: value.get("colors").map(|colors| InAppColors {
                invert_header: flag(colors, "invertHeader"),
                invert_buttons: flag(colors, "invertButtons"),
            }),
            icons: value.get("icons").map(|icons| InAppIcons {
                bell: text(icons, "bell"),
                message: text(icons, "message"),
            }),
            render_actions_as_buttons: flag(value, "renderActionsAsButtons"),
            slots: slots.map(|slots| slots.iter().map(Slot::read).collect()),
            toast: value.get("toast").map(|toast| BrandToast {
                timer_auto_close: toast
                    .get("timerAutoClose")
                    .and_then(Value::as_i64)
                    .and_then(|millis| i32::try_from(millis).ok()),
                border_radius: text(toast, "borderRadius"),
            }),
        }
    }
}

/// What an empty feed shows.
#[derive(SimpleObject)]
struct EmptyState {
    text_color: Option<String>,
    text: Option<String>,
}

/// The background of a component.
#[derive(SimpleObject)]
struct WidgetBackground {
    top_color: Option<String>,
    bottom_color: Option<String>,
}

/// Which colours are swapped.
#[derive(SimpleObject)]
struct InAppColors {
    invert_header: Option<bool>,
    invert_buttons: Option<bool>,
}

/// Addresses of icons.
#[derive(SimpleObject)]
struct InAppIcons {
    bell: Option<String>,
    message: Option<String>,
}

/// A place for pinned messages.
#[derive(SimpleObject)]
struct Slot {
    id: Option<String>,
    label: Option<ValueColor>,
    icon: Option<ValueColor>,
}

impl Slot {
    fn read(value: &Value) -> Self {
        Self {
            id: text(value, "id"),
            label: value.get("label").map(ValueColor::read),
            icon: value.get("icon").map(ValueColor::read),
        }
    }
}

/// A text or picture and its colour.
#[derive(SimpleObject)]
struct ValueColor {
    value: Option<String>,
    color: Option<String>,
}

impl ValueColor {
    fn read(value: &Value) -> Self {
        Self {
            value: text(value, "value"),
            color: text(value, "color"),
        }
    }
}

/// How toasts look.
#[derive(SimpleObject)]
struct BrandToast {
    /// After how many milliseconds one goes away.
    timer_auto_close: Option<i32>,
    border_radius: Option<String>,
}

/// How mail looks.
#[derive(SimpleObject)]
struct BrandEmail {
    header: Option<BrandEmailHeader>,
    footer: Option<BrandEmailFooter>,
}

impl BrandEmail {
    fn read(value: &Value) -> Self {
        Self {
            header: value.get("header").map(|header| BrandEmailHeader {
                bar_color: text(header, "barColor"),
                logo: header.get("logo").map(BrandLogo::read),
            }),
            footer: value.get("footer").map(|footer| BrandEmailFooter {
                markdown: text(footer, "markdown"),
                social: footer.get("social").map(BrandSocial::read),
            }),
        }
    }
}

/// The head of a mail.
#[derive(SimpleObject)]
struct BrandEmailHeader {
    bar_color: Option<String>,
    logo: Option<BrandLogo>,
}

/// The foot of a mail.
#[derive(SimpleObject)]
struct BrandEmailFooter {
    markdown: Option<String>,
    social: Option<BrandSocial>,
}

/// Where else to find the sender.
#[derive(SimpleObject)]
struct BrandSocial {
    facebook: Option<SocialUrl>,
    instagram: Option<SocialUrl>,
    linkedin: Option<SocialUrl>,
    medium: Option<SocialUrl>,
    twitter: Option<SocialUrl>,
}

impl BrandSocial {
    fn read(value: &Value) -> Self {
        let at = |name: &str| value.get(name).map(|one| SocialUrl { url: text(one, "url") });
        Self {
            facebook: at("facebook"),
            instagram: at("instagram"),
            linkedin: at("linkedin"),
            medium: at("medium"),
            twitter: at("twitter"),
        }
    }
}

/// An address.
#[derive(SimpleObject)]
struct SocialUrl {
    url: Option<String>,
}
