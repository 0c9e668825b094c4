//! What the tests share: content, values and a short way to render.

use serde_json::{Value, json};
use tidings_render::{Meta, Output, Prepared, PreparedBrand, RenderError, Request, render};
use tidings_template::Context;
use tidings_types::{Brand, Channel, Object, Rendered, TemplateContent};

/// Content from a list of elements.
pub(crate) fn elements(elements: impl Into<Value>) -> TemplateContent {
    let elements = elements.into();
    serde_json::from_value(json!({"version": "2022-01-01", "elements": elements})).unwrap()
}

/// Content from a title and a body.
pub(crate) fn sugar(title: &str, body: &str) -> TemplateContent {
    TemplateContent {
        title: Some(title.to_owned()),
        body: Some(body.to_owned()),
        ..TemplateContent::default()
    }
}

/// A rendering with nothing but content and values.
pub(crate) struct Case {
    pub(crate) content: TemplateContent,
    pub(crate) values: Value,
    pub(crate) provider: Option<&'static str>,
    pub(crate) brand: Option<Brand>,
    pub(crate) overrides: Object,
    pub(crate) meta: Meta,
}

impl Case {
    pub(crate) fn new(content: TemplateContent, values: Value) -> Self {
        Self {
            content,
            values,
            provider: None,
            brand: None,
            overrides: Object::new(),
            meta: Meta::default(),
        }
    }

    pub(crate) fn overrides(mut self, overrides: impl Into<Value>) -> Self {
        let overrides = overrides.into();
        self.overrides = overrides.as_object().unwrap().clone();
        self
    }

    pub(crate) fn render(&self, channel: Channel) -> Result<Output, RenderError> {
        let prepared = Prepared::new(&self.content).unwrap();
        let brand = self.brand.as_ref().map(|brand| PreparedBrand::new(brand, None));
        let context = Context::from(self.values.clone());
        render(&Request {
            channel,
            provider: self.provider,
            content: &prepared,
            brand: brand.as_ref(),
            context: &context,
            overrides: &self.overrides,
            meta: &self.meta,
        })
    }

    pub(crate) fn email(&self) -> tidings_types::rendered::Email {
        match self.render(Channel::Email).unwrap().rendered {
            Rendered::Email(email) => email,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn json(&self, channel: Channel) -> Value {
        serde_json::to_value(self.render(channel).unwrap().rendered).unwrap()
    }
}

/// A password reset: the kind of message that must never fail.
pub(crate) fn password_reset() -> TemplateContent {
    elements(json!([
        {"type": "meta", "title": "Reset your {{product}} password"},
        {"type": "text", "content": "Reset your password", "text_style": "h1"},
        {"type": "text", "content": "Hi {{profile.name}},\n\nsomebody asked for a new password for **{{profile.email}}**. \
            If it was you, choose one here. The link works for {{minutes}} minutes."},
        {"type": "action", "content": "Choose a new password", "href": "{{link}}"},
        {"type": "text", "content": "Or enter this code: **{{code}}**"},
        {"type": "divider"},
        {"type": "quote", "content": "We never ask for your password by mail or phone."},
        {"type": "text", "text_style": "subtext",
            "content": "Was it not you? Then nothing has changed, and you can [tell us](https://acme.example/help)."}
    ]))
}

pub(crate) fn values() -> Value {
    json!({
        "data": {"product": "Acme", "minutes": 30, "code": "417 905", "link": "https://acme.example/reset?t=a1b2&u=7"},
        "profile": {"name": "Ada Lovelace", "email": "ada@acme.example"},
        "urls": {"preferences": "https://notify.acme.example/p/abc"}
    })
}

pub(crate) fn brand() -> Brand {
    serde_json::from_value(json!({"id": "acme", "name": "Acme", "settings": {
        "colors": {"primary": "#0f766e"},
        "email": {
            "header": {"barColor": "#0f766e", "logo": {"image": "https://acme.example/logo.png", "href": "https://acme.example"}},
            "footer": {"markdown": "Acme Ltd, 1 Main Street\n[Preferences]({$.urls.preferences})"}
        }
    }}))
    .unwrap()
}
