//! What every node needs while it is rendered: the values, the channel, and a place for notes.

use std::collections::BTreeSet;

use tidings_template::{Context, Env, Escape, Options, Stage, Template};
use tidings_types::{Channel, Object};

use crate::compile::Style;
use crate::note::{Note, Notes};
use crate::{RenderError, Request, link};

/// One rendering under way.
pub(crate) struct Scene<'a> {
    request: Request<'a>,
    env: Env<'a>,
    notes: Notes,
    body: Object,
    untracked: BTreeSet<String>,
    /// Links that lead elsewhere, and where they led as they were written.
    led: Vec<(String, String)>,
}

/// The longest address of a button in any chat program, in characters: Discord's.
/// <https://discord.com/developers/docs/components/reference#button>
const MAX_CHAT_LINK: usize = 512;

impl<'a> Stage<'a> for Scene<'a> {
    fn env(&mut self) -> &mut Env<'a> {
        &mut self.env
    }
}

impl<'a> Scene<'a> {
    pub(crate) fn new(request: &Request<'a>) -> Self {
        let meta = request.meta;
        let options = Options {
            locale: meta.locale.as_deref(),
            time_zone: meta.time_zone.as_deref(),
            translations: meta.translations.as_deref(),
            snippets: request.brand.map(crate::PreparedBrand::snippets),
            missing: meta.missing,
        };
        Self {
            request: *request,
            env: Env::with(request.context, options),
            notes: Notes::default(),
            body: Object::new(),
            untracked: BTreeSet::new(),
            led: Vec::new(),
        }
    }

    pub(crate) fn request(&self) -> &Request<'a> {
        &self.request
    }

    pub(crate) fn channel(&self) -> Channel {
        self.request.channel
    }

    pub(crate) fn context(&self) -> &'a Context {
        self.request.context
    }

    /// What templates and conditions are evaluated in.
    pub(crate) fn env(&mut self) -> &mut Env<'a> {
        &mut self.env
    }

    /// Sets what goes into the provider's call beside the message.
    pub(crate) fn set_body(&mut self, body: Object) {
        self.body = body;
    }

    /// What goes into the provider's call beside the message.
    pub(crate) fn take_body(&mut self) -> Object {
        std::mem::take(&mut self.body)
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.notes.add(note);
    }

    pub(crate) fn into_notes(mut self) -> Notes {
        self.notes.missing(self.env.take_missing());
        self.notes
    }

    /// Fills in a template as plain text.
    pub(crate) fn text(&mut self, template: &Template) -> Result<String, RenderError> {
        self.fill(template, Escape::None)
    }

    /// Fills in a template that is HTML.
    pub(crate) fn html(&mut self, template: &Template) -> Result<String, RenderError> {
        self.fill(template, Escape::Html)
    }

    /// Fills in a template that is text, as HTML. Line breaks inside values stay line breaks.
    pub(crate) fn text_html(&mut self, template: &Template) -> Result<String, RenderError> {
        let html = self.fill(template, Escape::HtmlText)?;
        Ok(if html.contains('\n') {
            html.replace("\r\n", "\n").replace('\n', "<br>")
        } else {
            html
        })
    }

    /// Fills in a single line, noting when line breaks were folded.
    pub(crate) fn line(&mut self, template: &Template, field: &'static str) -> Result<String, RenderError> {
        let line = template.render_line_in(&mut self.env)?;
        if line.folded {
            self.note(Note::FoldedLineBreaks { field });
        }
        Ok(line.text)
    }

    /// Fills in a link; one that is not safe to follow becomes `#`.
    pub(crate) fn link(&mut self, template: &Template, field: &'static str) -> Result<String, RenderError> {
        let text = self.text(template)?;
        Ok(link::safe(&text, self.channel()).unwrap_or_else(|| {
            self.note(Note::UnsafeLink { field });
            "#".to_owned()
        }))
    }

    /// The same for what a mail shows. Where links are tracked, it leads through there, unless its element says not to.
    pub(crate) fn shown_link(
        &mut self,
        template: &Template,
        field: &'static str,
        untracked: bool,
    ) -> Result<String, RenderError> {
        let link = self.link(template, field)?;
        let Some(rewriter) = &self.request.meta.links else {
            return Ok(link);
        };
        if untracked {
            self.untracked.insert(link.clone());
            return Ok(link);
        }
        Ok(rewriter.rewrite(&link).unwrap_or(link))
    }

    /// The same for what every other channel says. Only chat programs show a link behind other words: elsewhere people
    /// would read the address itself.
    pub(crate) fn told_link(
        &mut self,
        template: &Template,
        field: &'static str,
        untracked: bool,
    ) -> Result<String, RenderError> {
        let hides_links = self.channel() == Channel::DirectMessage && self.request.provider != Some("whatsapp");
        if !hides_links {
            return self.link(template, field);
        }
        let link = self.link(template, field)?;
        let rewriter = self.request.meta.links.as_ref().filter(|_| !untracked);
        let other = rewriter.and_then(|rewriter| rewriter.rewrite(&link));
        let Some(other) = other.filter(|other| other.len() <= MAX_CHAT_LINK) else {
            return Ok(link);
        };
        self.led.push((other.clone(), link));
        Ok(other)
    }

    /// Words in which people read the addresses: with those that were written.
    pub(crate) fn as_written(&self, text: String) -> String {
        self.led
            .iter()
            .fold(text, |text, (other, link)| text.replace(other, link))
    }

    /// The links of elements that are not to be tracked.
    pub(crate) fn take_untracked(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.untracked)
    }

    /// A style value, if there is one and it can be read.
    pub(crate) fn style(&mut self, style: Option<&Style>) -> Result<Option<String>, RenderError> {
        match style {
            None => Ok(None),
            Some(Style::Fixed(value)) => Ok(Some(value.clone())),
            Some(Style::Variable(template, kind)) => Ok(kind.read(&self.text(template)?)),
        }
    }

    fn fill(&mut self, template: &Template, escape: Escape) -> Result<String, RenderError> {
        let mut text = String::new();
        template.render_in(&mut self.env, escape, &mut text)?;
        Ok(text)
    }
}
