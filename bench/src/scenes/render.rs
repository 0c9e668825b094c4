//! How long one mail takes to render: a branded template of twenty elements, compiled once, as the server keeps it.

use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};
use tidings_render::{Meta, Prepared, PreparedBrand, Request, render};
use tidings_template::Context;
use tidings_types::{Brand, Channel, Object, Rendered, TemplateContent};

use crate::process;
use crate::report::{Goal, Report};

/// How many mails are rendered to warm up, and then measured.
const WARM_UP: usize = 500;
/// How many people get a mail of their own.
const PEOPLE: usize = 10_000;

/// Renders for many people, one after the other on one core.
pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    let template: TemplateContent = serde_json::from_value(content())?;
    let prepared = Prepared::new(&template)?;
    let brand: Brand = serde_json::from_value(brand())?;
    let brand = PreparedBrand::new(&brand, None);
    let meta = Meta::default();
    let overrides = Object::new();
    let mut bytes = 0;
    let mut one = |person: usize| -> anyhow::Result<f64> {
        let context = Context::from(values(person));
        let request = Request {
            channel: Channel::Email,
            provider: Some("smtp"),
            content: &prepared,
            brand: Some(&brand),
            context: &context,
            overrides: &overrides,
            meta: &meta,
        };
        let begun = Instant::now();
        let output = render(&request)?;
        let took = begun.elapsed();
        let Rendered::Email(email) = &output.rendered else {
            anyhow::bail!("not a mail");
        };
        // Whoever is addressed, and nobody else, is in it.
        let name = format!("Person {person},");
        anyhow::ensure!(
            email.html.contains(&name) && email.text.contains(&name),
            "{name} is missing"
        );
        bytes = email.html.len();
        Ok(took.as_secs_f64() * 1_000_000.0)
    };
    for person in 0..WARM_UP {
        one(person)?;
    }
    let before = process::own_memory()?;
    let mut times = Vec::with_capacity(PEOPLE);
    for person in 0..PEOPLE {
        times.push(one(person)?);
    }
    let grown = process::own_memory()? - before;
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        times
            .get(times.len() * percent / 100)
            .copied()
            .context("nothing was measured")
    };
    report.section("Render", "a branded mail of 20 elements, in this process, on one core");
    report.goal("one mail: p50", "us", at(50)?, Goal::Under(150.0));
    report.figure("one mail: p99", "us", at(99)?);
    #[expect(clippy::cast_precision_loss, reason = "a mail has few bytes")]
    report.figure("its HTML", "bytes", bytes as f64);
    report.goal("memory grown over 10,000 people", "MB", grown, Goal::Under(2.0));
    Ok(())
}

fn brand() -> Value {
    json!({"id": "acme", "name": "Acme", "settings": {"colors": {"primary": "#0f766e"}, "email": {
        "header": {"barColor": "#0f766e", "logo": {"image": "https://acme.example/logo.png", "href": "https://acme.example"}},
        "footer": {"markdown": "Acme Ltd, 1 Main Street\n[Preferences]({$.urls.preferences})",
            "social": {"linkedin": {"url": "https://linkedin.example/acme"}}}
    }}})
}

/// Twenty elements, those inside others counted.
fn content() -> Value {
    let text = |content: &str| json!({"type": "text", "content": content});
    json!({"version": "2022-01-01", "elements": [{"type": "channel", "channel": "email", "elements": [
        {"type": "meta", "title": "Order {{order.number}} is on its way"},
        {"type": "text", "text_style": "h1", "content": "Thank you, {{profile.name}}"},
        text("Hi {{profile.name}}, your order **{{order.number}}** left us {{order.day}}. It should reach you _soon_."),
        {"type": "image", "src": "https://acme.example/{{order.number}}.png", "alt_text": "Your order", "width": "320px"},
        {"type": "action", "content": "Follow the parcel", "href": "https://acme.example/orders/{{order.number}}"},
        {"type": "divider"},
        {"type": "columns", "elements": [
            {"type": "column", "elements": [text("**Ship to**\n{{profile.name}},\n{{order.street}}\n{{order.city}}")]},
            {"type": "column", "elements": [text("**Paid with**\n{{order.card}}"), text("{{order.total}}")]}
        ]},
        {"type": "group", "background_color": "#f0fdfa", "padding": "16px", "if": "data.order.gift", "elements": [
            text("A gift for {{order.gift}}: we left the prices out.")
        ]},
        {"type": "list", "elements": [
            {"type": "list-item", "elements": [{"type": "string", "content": "Keep the box"}]},
            {"type": "list-item", "elements": [{"type": "string", "content": "Tell us how it went"}]}
        ]},
        {"type": "quote", "content": "You have 30 days to change your mind."},
        {"type": "text", "text_style": "subtext", "content": "Questions? [Write to us](https://acme.example/help?o={{order.number}})."}
    ]}]})
}

fn values(person: usize) -> Value {
    json!({
        "data": {"order": {"number": format!("A-{person}"), "day": "today", "street": format!("{person} Long Street"),
            "city": "Ghent", "card": "Visa ending in 4242", "total": "EUR 42.00", "gift": "a friend"}},
        "profile": {"name": format!("Person {person}"), "email": format!("p{person}@people.test")},
        "urls": {"preferences": format!("https://notify.acme.example/p/{person}")}
    })
}
