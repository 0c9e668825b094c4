//! A block inside a text: `**{{#if vip}}*gold*{{else}}plain{{/if}}**`.

use tidings_template::{Block, Branch};

use super::RichText;
use crate::RenderError;
use crate::scene::Scene;

/// A block whose branches are texts with emphasis and links of their own.
#[derive(Debug)]
pub(crate) struct Flow {
    block: Box<Block>,
    body: RichText,
    otherwise: RichText,
}

impl Flow {
    /// Reads both branches by `read`.
    pub(super) fn new(block: Box<Block>, read: fn(&tidings_template::Template) -> RichText) -> Self {
        Self {
            body: read(block.branch(Branch::Body)),
            otherwise: read(block.branch(Branch::Otherwise)),
            block,
        }
    }

    /// Shows the right branch, as often as needed.
    pub(super) fn run<'a>(
        &self,
        scene: &mut Scene<'a>,
        show: &mut dyn FnMut(&RichText, &mut Scene<'a>) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        self.block.run(scene, &mut |scene, branch| {
            let text = match branch {
                Branch::Body => &self.body,
                Branch::Otherwise => &self.otherwise,
            };
            scene.env().work(text.weight())?;
            show(text, scene)
        })
    }
}
