//! `html`: the author's own HTML, for mail alone.

use tidings_template::Template;
use tidings_types::Channel;

use super::Node;
use crate::RenderError;
use crate::compile::Fields;
use crate::mail::Mail;
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Html {
    content: Template,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    Some(Box::new(Html {
        content: fields.required("content")?,
    }))
}

impl Node for Html {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let html = scene.html(&self.content)?;
        mail.html(&html);
        Ok(())
    }

    fn tell(&self, _telling: &mut Telling, _scene: &mut Scene<'_>) -> Result<(), RenderError> {
        Ok(())
    }

    fn speaks_to(&self, channel: Channel, _provider: Option<&str>) -> bool {
        channel == Channel::Email
    }
}
