//! Reading mailboxes as people write them.

use serde_json::Value;
use tidings_template::line;
use tidings_types::rendered::Mailbox;

/// Reads one mailbox: `a@b`, `Name <a@b>`, or an object with `email` and `name`.
pub(crate) fn read(value: &Value) -> Option<Mailbox> {
    let mailbox = match value {
        Value::String(text) => split(text),
        Value::Object(object) => Mailbox {
            email: object.get("email")?.as_str()?.trim().to_owned(),
            name: object
                .get("name")
                .and_then(Value::as_str)
                .map(str::to_owned)
                .filter(|name| !name.is_empty()),
        },
        _ => return None,
    };
    is_sound(&mailbox).then_some(mailbox)
}

/// Reads several: an array of mailboxes, one alone, or a text with commas between them.
pub(crate) fn read_all(value: &Value) -> Option<Vec<Mailbox>> {
    match value {
        Value::Array(items) => items.iter().map(read).collect(),
        Value::String(text) => separate(text).into_iter().map(|one| read(&Value::from(one))).collect(),
        other => Some(vec![read(other)?]),
    }
}

/// Splits at commas outside quotes; empty pieces are nothing.
fn separate(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
    .filter(|one| !one.is_empty())
    .collect()
}

fn split(text: &str) -> Mailbox {
    let text = text.trim();
    match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, email)) => {
            let name = name.trim().trim_matches('"').trim();
            Mailbox {
                email: email.trim().to_owned(),
                name: (!name.is_empty()).then(|| name.to_owned()),
            }
        }
        None => Mailbox {
            email: text.to_owned(),
            name: None,
        },
    }
}

/// Whether nothing in it could break out of a header, and the address looks like one.
fn is_sound(mailbox: &Mailbox) -> bool {
    let address = mailbox
        .email
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let plain = !mailbox
        .email
        .chars()
        .any(|c| c.is_whitespace() || line::is_break(c) || matches!(c, '<' | '>' | ','));
    address && plain && !mailbox.name.as_deref().is_some_and(line::has_break)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mailbox(email: &str, name: Option<&str>) -> Mailbox {
        Mailbox {
            email: email.to_owned(),
            name: name.map(str::to_owned),
        }
    }

    #[test]
    fn every_spelling_is_read() {
        assert_eq!(read(&json!("a@b.c")), Some(mailbox("a@b.c", None)));
        assert_eq!(read(&json!("Ada L. <a@b.c>")), Some(mailbox("a@b.c", Some("Ada L."))));
        assert_eq!(
            read(&json!("\"L, Ada\" <a@b.c>")),
            Some(mailbox("a@b.c", Some("L, Ada")))
        );
        assert_eq!(
            read(&json!({"email": "a@b.c", "name": "Ada"})),
            Some(mailbox("a@b.c", Some("Ada")))
        );
        let two = read_all(&json!("\"L, Ada\" <a@b.c>, d@e.f")).unwrap();
        assert_eq!(two, [mailbox("a@b.c", Some("L, Ada")), mailbox("d@e.f", None)]);
    }

    #[test]
    fn what_is_no_mailbox_is_none() {
        for wrong in [
            json!("a"),
            json!("a@b\nBcc: x@y"),
            json!({"email": "a@b", "name": "x\r\nBcc: y"}),
            json!(1),
        ] {
            assert_eq!(read(&wrong), None, "{wrong}");
        }
    }
}
