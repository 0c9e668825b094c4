//! A first message, ready to be pasted.

use maud::{Markup, html};

/// What stands for a key that is not shown.
pub(crate) const NO_KEY: &str = "YOUR_API_KEY";

/// A call from the shell.
pub(crate) fn curl(base_url: &str, key: &str) -> String {
    format!(
        r#"curl {base_url}/send \
  -H 'Authorization: Bearer {key}' \
  -H 'Content-Type: application/json' \
  -d '{{
    "message": {{
      "to": {{ "email": "ada@example.com" }},
      "content": {{
        "title": "Hi, {{{{name}}}}!",
        "body": "Your code is **{{{{code}}}}**."
      }},
      "data": {{ "name": "Ada", "code": "123456" }}
    }}
  }}'"#
    )
}

/// The same with the published Python client.
pub(crate) fn python(base_url: &str, key: &str) -> String {
    format!(
        r#"# pip install trycourier==5.0.0
from trycourier import Courier

client = Courier(
    auth_token="{key}",
    base_url="{base_url}",
)
reply = client.send_message(
    message={{
        "to": {{"email": "ada@example.com"}},
        "content": {{
            "title": "Hi, {{{{name}}}}!",
            "body": "Your code is **{{{{code}}}}**.",
        }},
        "data": {{"name": "Ada", "code": "123456"}},
    }}
)
print(reply["requestId"])"#
    )
}

/// Both, with buttons that copy them.
pub(crate) fn both(base_url: &str, key: &str) -> Markup {
    html! {
        div.snippets {
            (one("curl", "snippet-curl", &curl(base_url, key)))
            (one("Python", "snippet-python", &python(base_url, key)))
        }
    }
}

/// A text to be copied, under its name.
pub(crate) fn one(name: &str, id: &str, text: &str) -> Markup {
    html! {
        div.snippet {
            header { span { (name) } button.button.quiet.small type="button" data-copy={ "#" (id) } { "Copy" } }
            pre tabindex="0" { code id=(id) { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_of_the_shell_call_is_json() {
        let call = curl("http://localhost:8200", "k");
        let body = call.split_once("-d '").unwrap().1.trim_end_matches('\'');
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["message"]["content"]["title"], "Hi, {{name}}!");
    }
}
