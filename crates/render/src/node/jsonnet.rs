//! `jsonnet`: a program that makes a chat program's own JSON. What it made is handed in: rendering runs nothing.

use tidings_types::Channel;

use super::Node;
use crate::compile::Fields;
use crate::mail::Mail;
use crate::scene::Scene;
use crate::telling::Telling;
use crate::{RenderError, jsonnet};

#[derive(Debug)]
struct Jsonnet {
    path: String,
    source: String,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    if fields.get("content").is_none() {
        fields.problem("content", "is required");
    }
    let source = fields.text("content")?.to_owned();
    if let Err(reason) = jsonnet::parse(&source) {
        fields.problem("content", reason);
        return None;
    }
    fields.program(&source);
    Some(Box::new(Jsonnet {
        path: fields.path().to_owned(),
        source,
    }))
}

impl Node for Jsonnet {
    fn draw(&self, _mail: &mut Mail, _scene: &mut Scene<'_>) -> Result<(), RenderError> {
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if scene.channel() != Channel::DirectMessage {
            return Ok(());
        }
        let failed = |reason: &str| RenderError::Program {
            element: self.path.clone(),
            reason: reason.to_owned(),
        };
        match scene.request().meta.programs.get(&self.source) {
            Some(Ok(value)) => telling.native(value.clone()),
            Some(Err(reason)) => return Err(failed(reason)),
            None => return Err(failed("it was not evaluated")),
        }
        Ok(())
    }

    fn speaks_to(&self, channel: Channel, _provider: Option<&str>) -> bool {
        channel == Channel::DirectMessage
    }
}
