//! Brands: what they make of a mail, and what they cost when they are wrong.

use serde_json::{Value, json};
use tidings_render::{Note, check_brand};
use tidings_types::{Brand, Channel, Rendered};

use crate::common::{Case, password_reset, values};
use crate::pretty::pretty;

fn brand(settings: &Value) -> Brand {
    serde_json::from_value(json!({"id": "acme", "name": "Acme & Co", "settings": settings})).unwrap()
}

fn mail(settings: &Value) -> (String, String, Vec<String>) {
    let mut case = Case::new(password_reset(), values());
    case.brand = Some(brand(settings));
    let output = case.render(Channel::Email).unwrap();
    let notes = output.notes.iter().map(Note::to_string).collect();
    match output.rendered {
        Rendered::Email(email) => (email.html, email.text, notes),
        other => panic!("{other:?}"),
    }
}

fn problems(settings: &Value) -> Vec<String> {
    let problems = check_brand(&brand(settings)).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_whole_of_a_brand() {
    let settings = json!({
        "colors": {"primary": "#0f766e", "secondary": "#134e4a"},
        "email": {
            "header": {"barColor": "#134e4a", "logo": {"image": "https://acme.example/{{data.product}}.png", "href": "https://acme.example"}},
            "head": {"content": "<style>.c--block-text{letter-spacing:0}</style>"},
            "footer": {"markdown": "Acme, **{{brand.name}}**\n[Preferences]({$.urls.preferences})",
                "social": {"facebook": {"url": "https://facebook.example/acme"}, "twitter": {"url": "https://x.example/acme"},
                    "linkedin": null, "medium": {"url": ""}}}
        }
    });
    assert_eq!(problems(&settings), Vec::<String>::new());
    let (html, text, _) = mail(&settings);
    insta::assert_snapshot!("brand_whole", pretty(&html));
    assert!(
        text.contains("Preferences (https://notify.acme.example/p/abc)"),
        "{text}"
    );
}

#[test]
fn a_document_of_its_own() {
    let settings = json!({"email": {"templateOverride": {
        "enabled": true, "backgroundColor": "#101820", "blocksBackgroundColor": "#f8fafc", "width": "640px",
        "head": "<style>h1{color:red}</style>", "header": "<h2>{{data.product}}</h2>", "footer": "<p>© {{brand.name}}</p>",
        "footerBackgroundColor": "#0f172a", "footerFullWidth": true
    }}});
    assert_eq!(problems(&settings), Vec::<String>::new());
    let (html, _, notes) = mail(&settings);
    assert_eq!(notes, ["the variable `brand.name` has no value"]);
    insta::assert_snapshot!("brand_override", pretty(&html));
}

#[test]
fn a_document_of_its_own_in_mjml() {
    let settings = json!({"email": {"templateOverride": {"enabled": true, "header": "not this one", "mjml": {
        "enabled": true, "backgroundColor": "#eeeeee", "blocksBackgroundColor": "#ffffff", "width": "560px",
        "head": "<mj-style>.x{color:red}</mj-style>",
        "header": "<mj-section><mj-column><mj-text>Hello {{profile.name}}</mj-text></mj-column></mj-section>",
        "footer": "<mj-section><mj-column><mj-button href=\"{{data.link}}\">Bye</mj-button></mj-column></mj-section>"
    }}}});
    assert_eq!(problems(&settings), Vec::<String>::new());
    let (html, _, _) = mail(&settings);
    for part in [
        "Hello Ada Lovelace",
        "https://acme.example/reset?t=a1b2&amp;u=7",
        "c--block-text",
        "Choose a new password",
        "background:#ffffff",
        "width:560px",
        "lang=\"en\"",
        "<title>Reset your Acme password</title>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("not this one") && !html.contains("googleapis") && !html.contains('\u{FDD2}'));
    insta::assert_snapshot!("brand_mjml", pretty(&html));
}

#[test]
fn what_is_wrong_with_a_brand_is_told_by_its_path() {
    let settings = json!({
        "colors": {"primary": "red;x", "secondary": 7},
        "email": {
            "header": {"barColor": "url(x)", "logo": {"image": "javascript:x"}},
            "footer": {"markdown": "{{a", "social": {"facebook": {"url": 5}}},
            "templateOverride": {"enabled": "yes", "width": "20px", "mjml": {"header": "<mj-nothing/>"}}
        }
    });
    insta::assert_snapshot!(problems(&settings).join("\n"));
    let (html, _, notes) = mail(&settings);
    assert!(html.contains("Choose a new password") && notes.len() >= 8, "{notes:#?}");
}

#[test]
fn a_part_that_fails_costs_itself_alone() {
    let settings = json!({"colors": {"primary": "#0f766e"}, "email": {"footer": {"markdown": "{{a"},
        "templateOverride": {"mjml": {"enabled": true, "header": "<p"}}}});
    let (html, text, notes) = mail(&settings);
    assert!(
        html.contains("#0f766e") && !html.contains("c--footer") && !text.contains("---\n{{"),
        "{html}"
    );
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("the brand's email.footer.markdown was left out")),
        "{notes:?}"
    );
}
