//! The last touches to a text message: letters that fit its alphabet, and the line by which phones fill in a code.

use serde_json::Value;
use tidings_types::Object;

use super::{BASIC, EXTENSION};
use crate::RenderError;

/// The longest code that phones are told, in characters.
const MAX_CODE: usize = 32;

/// Applies what the channel's override asks for: `smart_encoding` and `autofill`.
///
/// `autofill` is `{"domain": "example.com", "code": "code"}`: the site, and the name of the code in the data. The text
/// then ends with `@example.com #123456`, which iOS, Android and Chrome read:
/// <https://wicg.github.io/sms-one-time-codes/>.
///
/// # Errors
/// When a setting has the wrong form, or the data have no such code.
pub(crate) fn finish(body: &mut String, overrides: &Object, data: Option<&Value>) -> Result<(), RenderError> {
    let wrong = |field: &str, reason: &str| RenderError::Override {
        field: field.to_owned(),
        reason: reason.to_owned(),
    };
    match overrides.get("smart_encoding") {
        None | Some(Value::Null | Value::Bool(false)) => {}
        Some(Value::Bool(true)) => *body = fitting(body),
        Some(_) => return Err(wrong("smart_encoding", "must be true or false")),
    }
    let Some(autofill) = overrides.get("autofill").filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let text = |name: &str| autofill.get(name).and_then(Value::as_str).map(str::trim);
    let domain = text("domain").filter(|domain| is_host(domain));
    let domain = domain.ok_or_else(|| wrong("autofill.domain", "must be a host name"))?;
    let name = text("code").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| wrong("autofill.code", "must name a value of the data"))?;
    let mut found = data;
    for step in name.split('.') {
        found = found.and_then(|value| value.get(step));
    }
    let code: String = match found {
        Some(Value::String(text)) => text.chars().filter(|letter| !letter.is_whitespace()).collect(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(wrong("autofill.code", "names nothing that is a text or a number")),
    };
    let is_code = (1..=MAX_CODE).contains(&code.chars().count()) && code.chars().all(|c| c.is_ascii_graphic());
    if !is_code {
        return Err(wrong("autofill.code", "names a value that cannot be a code"));
    }
    let text = body.trim_end();
    *body = format!("{text}\n\n@{domain} #{code}");
    Ok(())
}

fn is_host(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 253 && domain.contains('.') && domain.split('.').all(is_label)
}

/// The text with typographers' letters that cost it its short alphabet written as anybody types them. A text that has
/// other letters outside of that alphabet is left as it is: nothing would be won.
fn fitting(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if BASIC.contains(letter) || EXTENSION.contains(letter) {
            out.push(letter);
            continue;
        }
        match letter {
            '‘' | '’' | '‚' | '‛' | '′' | '´' | '`' => out.push('\''),
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => out.push('"'),
            '‹' => out.push('<'),
            '›' => out.push('>'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '•' | '·' => out.push('-'),
            '…' => out.push_str("..."),
            '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' '),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            _ => return text.to_owned(),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sms::{SmsEncoding, segments};

    fn finished(body: &str, overrides: Value) -> Result<String, RenderError> {
        let mut body = body.to_owned();
        let data = json!({"code": "417 905", "pin": 42, "login": {"code": "a-1"}, "no": ["x"]});
        let Value::Object(overrides) = overrides else {
            panic!("{overrides} is no object");
        };
        finish(&mut body, &overrides, Some(&data)).map(|()| body)
    }

    #[test]
    fn stray_letters_are_replaced_where_it_helps() {
        let smart = json!({"smart_encoding": true});
        let text = "“It’s” – wait…\u{a0}ok\u{200b}!";
        let found = finished(text, smart.clone()).unwrap();
        assert_eq!(found, "\"It's\" - wait... ok!");
        assert_eq!(segments(&found).encoding, SmsEncoding::Gsm7);
        assert_eq!(finished(text, json!({})).unwrap(), text);
        // Nothing is won in a text that needs the long alphabet anyway.
        assert_eq!(finished("“Привет”", smart).unwrap(), "“Привет”");
    }

    #[test]
    fn the_last_line_tells_phones_the_code() {
        let of = |code: &str| json!({"autofill": {"domain": "example.com", "code": code}});
        assert_eq!(
            finished("Your code: 417 905 ", of("code")).unwrap(),
            "Your code: 417 905\n\n@example.com #417905"
        );
        assert!(finished("x", of("pin")).unwrap().ends_with("\n@example.com #42"));
        assert!(finished("x", of("login.code")).unwrap().ends_with("#a-1"));
        for wrong in [
            of("nope"),
            of("no"),
            of(""),
            json!({"autofill": {"domain": "https://example.com", "code": "code"}}),
            json!({"autofill": {"domain": "localhost", "code": "code"}}),
            json!({"autofill": "example.com"}),
            json!({"smart_encoding": "yes"}),
        ] {
            let error = finished("x", wrong.clone()).unwrap_err();
            assert!(matches!(error, RenderError::Override { .. }), "{wrong}");
            assert!(!error.to_string().contains("417"), "{error}");
        }
    }
}
