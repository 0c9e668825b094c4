//! `raw`: the author's own form of a channel's content, in place of elements.

use serde_json::Value;
use tidings_template::Template;
use tidings_types::Channel;

use crate::brand::{compile_mjml, mjml_html};
use crate::compile::Fields;
use crate::json::Json;
use crate::mail::TextStyle;
use crate::scene::Scene;
use crate::telling::{Span, Telling, Words};
use crate::{RenderError, strip};

/// The author's own subject, HTML and text. What channels that take JSON make of it is theirs.
#[derive(Debug)]
pub(crate) struct Raw {
    title: Option<Template>,
    text: Option<Template>,
    html: Option<Html>,
    /// Everything else: the author's own JSON for the provider.
    others: Vec<(String, Json)>,
}

/// The author's own HTML.
#[derive(Debug)]
enum Html {
    /// Ready to be filled in.
    Ready(Template),
    /// MJML that its values take part in, such as one with a loop: compiled for each mail.
    Mjml(Template),
}

/// What turns a source into HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transformer {
    Handlebars,
    Mjml,
}

impl Raw {
    /// Reads the `raw` object of a `channel` element.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let title = if fields.get("subject").is_some() {
            "subject"
        } else {
            "title"
        };
        Self {
            title: fields.line(title),
            text: fields.template("text"),
            html: html(fields),
            others: fields.others(&["subject", "title", "text", "html", "transformers"]),
        }
    }

    /// The mail's HTML, if it sets one.
    pub(crate) fn html(&self, scene: &mut Scene<'_>) -> Result<Option<String>, RenderError> {
        match &self.html {
            None => Ok(None),
            Some(Html::Ready(html)) => Ok(Some(scene.html(html)?)),
            Some(Html::Mjml(mjml)) => {
                let filled = scene.html(mjml)?;
                let html = mjml_html(&filled).map_err(|reason| RenderError::Raw {
                    field: "html".to_owned(),
                    reason,
                })?;
                Ok(Some(html))
            }
        }
    }

    /// Tells its title and its text; in a mail without a text, what its HTML says.
    pub(crate) fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let is_mail = scene.channel() == Channel::Email;
        if let Some(title) = &self.title {
            telling.title = Some(scene.line(title, if is_mail { "subject" } else { "title" })?);
        }
        let text = match &self.text {
            Some(text) => Some(scene.text(text)?),
            None if is_mail => self.html(scene)?.map(|html| strip::words(&html)),
            None => None,
        };
        if let Some(text) = text {
            telling.text(TextStyle::Text, Words(vec![Span::Text(text)]));
        }
        for (name, json) in &self.others {
            let value = json.fill(scene)?;
            match (name.as_str(), value) {
                // Blocks alone, or a message with some.
                ("slackBlocks", Value::Object(message)) => telling.payload.extend(message),
                ("slackBlocks", blocks) => {
                    telling.payload.insert("blocks".to_owned(), blocks);
                }
                (name, value) => {
                    telling.payload.insert(name.to_owned(), value);
                }
            }
        }
        Ok(())
    }
}

fn html(fields: &mut Fields<'_>) -> Option<Html> {
    let transformers = transformers(fields);
    if !transformers.contains(&Transformer::Mjml) {
        return fields.template("html").map(Html::Ready);
    }
    let source = fields.text("html")?;
    // Between plain variables the elements are always the same, whatever the values, and so is what they come to.
    let is_fixed = !["{{#", "{{^", "{{>", "{{{", "{{&", "{{else"]
        .iter()
        .any(|tag| source.contains(tag));
    if transformers.first() == Some(&Transformer::Mjml) || is_fixed {
        match compile_mjml(source) {
            Ok(html) => fields.parsed("html", &html).map(Html::Ready),
            Err(reason) => {
                fields.problem("html", reason);
                None
            }
        }
    } else {
        fields.template("html").map(Html::Mjml)
    }
}

fn transformers(fields: &mut Fields<'_>) -> Vec<Transformer> {
    let Some(value) = fields.get("transformers") else {
        return vec![Transformer::Handlebars];
    };
    let read = |name: &serde_json::Value| match name.as_str() {
        Some("handlebars") => Some(Transformer::Handlebars),
        Some("mjml") => Some(Transformer::Mjml),
        _ => None,
    };
    let found = value.as_array().and_then(|names| names.iter().map(read).collect());
    found.unwrap_or_else(|| {
        fields.problem("transformers", "must be an array of handlebars and mjml");
        Vec::new()
    })
}
