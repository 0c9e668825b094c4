//! `meta`: the subject of a mail, the title of everything else that has one.

use tidings_template::Template;
use tidings_types::Channel;

use super::Node;
use crate::RenderError;
use crate::compile::Fields;
use crate::mail::Mail;
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Meta {
    title: Option<Template>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    Some(Box::new(Meta {
        title: fields.line("title"),
    }))
}

impl Node for Meta {
    fn draw(&self, _mail: &mut Mail, _scene: &mut Scene<'_>) -> Result<(), RenderError> {
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if let Some(title) = &self.title {
            let field = if scene.channel() == Channel::Email {
                "subject"
            } else {
                "title"
            };
            telling.title = Some(scene.line(title, field)?);
        }
        Ok(())
    }

    fn speaks_to(&self, channel: Channel, _provider: Option<&str>) -> bool {
        self.title.is_some() && channel != Channel::Sms
    }
}
