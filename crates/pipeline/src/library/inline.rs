//! The sends' own content, read once: it is checked when a send is accepted and needed again when it is carried out, and
//! an application sends the same content again and again, with other data.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tidings_render::{Prepared, Problem};
use tidings_types::{Error, Result, TemplateContent};

use super::lock;

/// Content whose JSON is longer than this, in bytes, is read anew each time: reading it is little beside sending it.
const MAX_EACH: usize = 16 * 1024;
/// How much content is kept, in bytes of its JSON. What is ready to render takes a few times as much.
const MAX_KEPT: usize = 512 * 1024;

/// Content that was read lately, by its JSON.
#[derive(Default)]
pub(crate) struct Contents(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    bytes: usize,
    contents: HashMap<String, Arc<Prepared>>,
}

impl Contents {
    /// Checks content, in all its locales.
    pub(crate) fn check(&self, content: &TemplateContent) -> Result<(), Vec<Problem>> {
        let key = key(content);
        if self.get(key.as_ref()).is_some() {
            return Ok(());
        }
        let prepared = Prepared::checked(content)?;
        self.keep(key, Arc::new(prepared));
        Ok(())
    }

    /// Content as a person reads it, ready to render.
    ///
    /// # Errors
    /// `Internal` when it cannot be read: it was checked when it was accepted.
    pub(crate) fn prepared(&self, content: &TemplateContent, locales: &[String]) -> Result<Arc<Prepared>> {
        if !locales.is_empty() && !tidings_render::locales(content).is_empty() {
            let localized = tidings_render::localize(content, locales);
            return Prepared::new(&localized).map(Arc::new).map_err(Error::internal);
        }
        let key = key(content);
        if let Some(known) = self.get(key.as_ref()) {
            return Ok(known);
        }
        let prepared = Arc::new(Prepared::new(content).map_err(Error::internal)?);
        self.keep(key, Arc::clone(&prepared));
        Ok(prepared)
    }

    fn get(&self, key: Option<&String>) -> Option<Arc<Prepared>> {
        lock(&self.0).contents.get(key?).cloned()
    }

    fn keep(&self, key: Option<String>, prepared: Arc<Prepared>) {
        let Some(key) = key else { return };
        let mut kept = lock(&self.0);
        if kept.bytes.saturating_add(key.len()) > MAX_KEPT {
            *kept = Kept::default();
        }
        let length = key.len();
        if kept.contents.insert(key, prepared).is_none() {
            kept.bytes = kept.bytes.saturating_add(length);
        }
    }
}

/// By what content is found again; none for what is not kept.
fn key(content: &TemplateContent) -> Option<String> {
    let json = serde_json::to_string(content).ok()?;
    (json.len() <= MAX_EACH).then_some(json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(body: &str) -> TemplateContent {
        serde_json::from_value(json!({ "title": "Hi", "body": body })).unwrap()
    }

    #[test]
    fn what_was_checked_is_not_read_again() {
        let contents = Contents::default();
        contents.check(&content("Hello {{name}}")).unwrap();
        let first = contents.prepared(&content("Hello {{name}}"), &[]).unwrap();
        let second = contents
            .prepared(&content("Hello {{name}}"), &["de".to_owned()])
            .unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        let other = contents.prepared(&content("Goodbye"), &[]).unwrap();
        assert!(!Arc::ptr_eq(&first, &other));
    }

    #[test]
    fn what_is_wrong_is_wrong_each_time() {
        let contents = Contents::default();
        for _ in 0..2 {
            assert!(contents.check(&content("Hello {{name")).is_err());
        }
    }

    #[test]
    fn content_in_several_languages_is_not_mixed_up() {
        let elements = json!([{ "type": "text", "content": "Hello", "locales": { "de": { "content": "Hallo" } } }]);
        let content: TemplateContent =
            serde_json::from_value(json!({ "version": "2022-01-01", "elements": elements })).unwrap();
        let contents = Contents::default();
        contents.check(&content).unwrap();
        let own = format!("{:?}", contents.prepared(&content, &[]).unwrap());
        let german = format!("{:?}", contents.prepared(&content, &["de".to_owned()]).unwrap());
        assert!(own.contains("Hello") && german.contains("Hallo"), "{own} {german}");
    }

    #[test]
    fn only_so_much_is_kept() {
        let contents = Contents::default();
        for number in 0..2_000 {
            contents
                .check(&content(&format!("{number} {}", "x".repeat(1_000))))
                .unwrap();
            let kept = lock(&contents.0);
            let held: usize = kept.contents.keys().map(String::len).sum();
            assert_eq!(held, kept.bytes);
            assert!(held <= MAX_KEPT);
        }
        let large = content(&"x".repeat(MAX_EACH));
        contents.check(&large).unwrap();
        assert!(!lock(&contents.0).contents.keys().any(|key| key.len() > MAX_EACH));
    }
}
