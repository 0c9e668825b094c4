//! An OpenAPI document as the reference needs it: groups of operations. Reads what is there and passes over the rest.

use serde_json::Value;

/// The methods an operation can have, in the order in which they are told (OpenAPI 3.1, section 4.8.9).
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// A document.
pub(super) struct Api<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) groups: Vec<Group<'a>>,
}

/// The operations of one tag.
pub(super) struct Group<'a> {
    pub(super) name: String,
    pub(super) description: &'a str,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    /// The name of its place on the page.
    pub(super) anchor: String,
    /// The first sentence of its summary, which names it.
    pub(super) title: &'a str,
    /// The rest of its summary.
    pub(super) lead: &'a str,
    pub(super) description: &'a str,
    pub(super) deprecated: bool,
    /// Whether it wants a key.
    pub(super) secured: bool,
    /// Its parameters, those of its path first.
    pub(super) parameters: Vec<&'a Value>,
    pub(super) body: Option<&'a Value>,
    /// Status and response.
    pub(super) responses: Vec<(&'a str, &'a Value)>,
}

impl<'a> Api<'a> {
    /// Reads a document. Tags come in the document's order, then as operations name them.
    pub(super) fn read(document: &'a Value) -> Self {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for tag in list(document, "tags") {
            let name = text(tag, "name").to_owned();
            groups.push(Group {
                name,
                description: text(tag, "description"),
                operations: Vec::new(),
            });
        }
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for method in METHODS {
                let Some(value) = item.get(method).filter(|value| value.is_object()) else {
                    continue;
                };
                let operation = Operation::read(document, path, item, method, value);
                let tag = list(value, "tags").next().and_then(Value::as_str).unwrap_or("other");
                match groups.iter_mut().find(|group| group.name == tag) {
                    Some(group) => group.operations.push(operation),
                    None => groups.push(Group {
                        name: tag.to_owned(),
                        description: "",
                        operations: vec![operation],
                    }),
                }
            }
        }
        groups.retain(|group| !group.operations.is_empty());
        let info = document.get("info").unwrap_or(&Value::Null);
        Self {
            title: text(info, "title"),
            description: text(info, "description"),
            groups,
        }
    }
}

impl<'a> Operation<'a> {
    fn read(document: &'a Value, path: &'a str, item: &'a Value, method: &'static str, value: &'a Value) -> Self {
        let id = text(value, "operationId");
        let (title, lead) = first_sentence(text(value, "summary"));
        let security = value.get("security").or_else(|| document.get("security"));
        let secured = security.and_then(Value::as_array).is_none_or(|all| {
            !all.is_empty()
                && !all
                    .iter()
                    .any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
        });
        let responses = value.get("responses").and_then(Value::as_object);
        Self {
            method,
            path,
            anchor: if id.is_empty() {
                slug(&format!("{method}{path}"))
            } else {
                slug(id)
            },
            title: if title.is_empty() { path } else { title },
            lead,
            description: text(value, "description"),
            deprecated: value.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
            secured,
            parameters: list(item, "parameters").chain(list(value, "parameters")).collect(),
            body: value.get("requestBody"),
            responses: responses
                .into_iter()
                .flatten()
                .map(|(status, one)| (status.as_str(), one))
                .collect(),
        }
    }

    /// What the filter looks through.
    pub(super) fn words(&self) -> String {
        format!("{} {} {}", self.method, self.path, self.title).to_lowercase()
    }
}

/// The first sentence without its full stop, and what follows it.
fn first_sentence(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(". ").unwrap_or((text, ""));
    (first.trim().trim_end_matches('.'), rest.trim())
}

/// A text of an object, empty when there is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An array of an object, empty when there is none.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A name for a place on the page.
pub(super) fn slug(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_names_an_operation() {
        assert_eq!(first_sentence("Send a message."), ("Send a message", ""));
        assert_eq!(
            first_sentence("Replace a section. Its topics stay."),
            ("Replace a section", "Its topics stay.")
        );
        assert_eq!(first_sentence(""), ("", ""));
    }
}
