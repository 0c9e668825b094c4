//! Languages as older clients write them: texts of blocks, and subjects of channels. Blocks are elements, and a channel's
//! subject or title is that of its first `meta` element.

use serde_json::{Value, json};
use tidings_types::{Error, Object, Result};
use tidings_wire::notification::{BlockLocale, BlockLocales, ChannelLocale};

use super::tree;

/// Writes one language.
///
/// # Errors
/// `Invalid`, naming the block or channel.
pub(super) fn one_locale(elements: &mut [Value], template: &str, locale: &str, written: BlockLocale) -> Result<()> {
    for (index, block) in written.blocks.into_iter().enumerate() {
        let field = format!("blocks.{index}");
        block_text(elements, template, &field, &block.id, locale, &block.content)?;
    }
    for (index, channel) in written.channels.into_iter().enumerate() {
        let field = format!("channels.{index}");
        channel_text(elements, template, &field, &channel.id, locale, &channel.content)?;
    }
    Ok(())
}

/// Writes several languages.
///
/// # Errors
/// `Invalid`, naming the block or channel.
pub(super) fn all_locales(elements: &mut [Value], template: &str, written: BlockLocales) -> Result<()> {
    for (index, block) in written.blocks.into_iter().enumerate() {
        for (locale, text) in block.locales {
            let field = format!("blocks.{index}");
            block_text(elements, template, &field, &block.id, &locale, &text)?;
        }
    }
    for (index, channel) in written.channels.into_iter().enumerate() {
        for (locale, text) in channel.locales {
            let field = format!("channels.{index}");
            channel_text(elements, template, &field, &channel.id, &locale, &text)?;
        }
    }
    Ok(())
}

/// Writes the text of a block in one language.
///
/// # Errors
/// `Invalid`, naming what is wrong beneath `field`.
pub(super) fn block_text(
    elements: &mut [Value],
    template: &str,
    field: &str,
    id: &str,
    locale: &str,
    text: &str,
) -> Result<()> {
    let element = find(elements, template, field, id)?;
    write(field, element, locale, "content", text)
}

/// Writes the subject or title of a channel in one language.
///
/// # Errors
/// `Invalid`, naming what is wrong beneath `field`.
pub(super) fn channel_text(
    elements: &mut [Value],
    template: &str,
    field: &str,
    id: &str,
    locale: &str,
    text: &ChannelLocale,
) -> Result<()> {
    let text = text
        .text()
        .ok_or_else(|| Error::invalid(format!("{field}.{locale}.subject: Required")))?;
    let channel = find(elements, template, field, id)?;
    let children = channel.get_mut("elements").and_then(Value::as_array_mut);
    let mut children = children.into_iter().flatten().filter_map(Value::as_object_mut);
    let meta = children
        .find(|child| child.get("type").and_then(Value::as_str) == Some("meta"))
        .ok_or_else(|| Error::invalid(format!("{field}: Channel {id} has no subject or title")))?;
    write(field, meta, locale, "title", text)
}

fn find<'a>(elements: &'a mut [Value], template: &str, field: &str, id: &str) -> Result<&'a mut Object> {
    tree::find_mut(elements, id)
        .ok_or_else(|| Error::invalid(format!("{field}.id: Element {id} not found in template {template}")))
}

fn write(field: &str, element: &mut Object, locale: &str, name: &str, text: &str) -> Result<()> {
    tidings_types::locale::check(&format!("{field}.locales"), locale)?;
    let mut texts = Object::new();
    texts.insert(name.to_owned(), json!(text));
    tree::translate(field, element, locale, texts)
}
