//! Translations: texts by key and language, kept as PO files and read by the helper `t`.

mod plural;
mod po;

use serde_json::{Value, json};
use tidings_template::Translations;
use tidings_types::{Error, Result};

pub use po::PoError;

/// The only domain there is.
pub const DOMAIN: &str = "default";

/// The id of the document of a language's translations.
pub fn document_id(domain: &str, locale: &str) -> String {
    format!("{domain}/{locale}")
}

/// A PO file as it is stored, byte for byte.
///
/// # Errors
/// `Invalid`, naming the line, when it is none.
pub fn checked(locale: &str, file: &str) -> Result<Value> {
    read(locale, file).map_err(|error| Error::invalid(error.to_string()))?;
    Ok(json!({ "po": file }))
}

/// The PO file of a stored body.
///
/// # Errors
/// `Internal` when there is none.
pub fn file(body: &Value) -> Result<&str> {
    let file = body.get("po").and_then(Value::as_str);
    file.ok_or_else(|| Error::internal("stored translations without a file"))
}

/// The texts of a stored body.
///
/// # Errors
/// `Internal` when it cannot be read.
pub(crate) fn stored(locale: &str, body: &Value) -> Result<Translations> {
    read(locale, file(body)?).map_err(Error::internal)
}

/// Reads a PO file. Entries that are not translated, are marked as fuzzy, or have a context are not found by `t`.
fn read(locale: &str, file: &str) -> Result<Translations, PoError> {
    let file = po::parse(file)?;
    let mut forms = None;
    let mut texts = Vec::new();
    for entry in file.entries {
        if entry.fuzzy || entry.context.is_some() {
            continue;
        }
        let text = match (&entry.plural, entry.texts.as_slice()) {
            (None, [text]) => text.clone(),
            (_, all) if all.iter().any(String::is_empty) => continue,
            (_, all) => forms
                .get_or_insert_with(|| plural::Forms::new(locale, &file.plural_rule))
                .message(all),
        };
        texts.push((entry.id, text));
    }
    Ok(texts.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLISH: &str = r##"
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

# A greeting
#: mail.hbs:3
msgid "hello"
msgstr "Cześć {name}"

msgid "file"
msgid_plural "files"
msgstr[0] "# plik"
msgstr[1] "# pliki"
msgstr[2] "# plików"

#, fuzzy
msgid "guess"
msgstr "zgadnij"

msgctxt "menu"
msgid "open"
msgstr "otwórz"

msgid "later"
msgstr ""
#~ msgid "gone"
#~ msgstr "przepadło"
"##;

    #[test]
    fn a_file_becomes_texts_by_key() {
        let texts = read("pl", POLISH).unwrap();
        assert_eq!(texts.get("hello"), Some("Cześć {name}"));
        for missing in ["guess", "open", "later", "gone", ""] {
            assert_eq!(texts.get(missing), None, "{missing}");
        }
        let file = texts.get("file").unwrap();
        assert!(
            file.starts_with("{count, plural,") && file.contains("{# plików}"),
            "{file}"
        );
    }

    #[test]
    fn what_was_stored_is_read_again_and_shown_as_it_was() {
        let body = checked("pl", POLISH).unwrap();
        assert_eq!(file(&body).unwrap(), POLISH);
        assert_eq!(stored("pl", &body).unwrap(), read("pl", POLISH).unwrap());
        assert!(
            checked("pl", "msgid \"a")
                .unwrap_err()
                .message()
                .starts_with("line 1: ")
        );
        assert!(stored("pl", &json!({})).is_err());
    }
}
