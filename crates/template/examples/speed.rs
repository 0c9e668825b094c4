//! How long templates take: `cargo run --release -p tidings-template --example speed`.
#![expect(clippy::print_stdout, reason = "it is a program that prints figures")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::json;
use tidings_template::{Condition, Context, Env, Escape, Template};

const ROUNDS: u32 = 20_000;

fn measure(name: &str, mut run: impl FnMut()) {
    for _ in 0..ROUNDS / 10 {
        run();
    }
    let started = Instant::now();
    for _ in 0..ROUNDS {
        run();
    }
    let each = started.elapsed() / ROUNDS;
    println!("{name:40} {each:?}");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let context = Context::from(json!({
        "data": {
            "name": "Ada Lovelace", "order": {"id": 1234, "total": 99.5, "currency": "EUR"}, "vip": true,
            "items": (0..10).map(|n| json!({"name": format!("Item {n}"), "price": n, "url": "https://acme.example/item"})).collect::<Vec<_>>(),
            "when": 1_700_000_000_000_i64
        },
        "profile": {"email": "ada@acme.example"}
    }));
    let paragraph =
        "Dear {{name}}, your order {{order.id}} of {{order.total}} {order.currency} was sent to {{profile.email}}.\n";
    let variables = paragraph.repeat(4);
    let page = format!(
        "{variables}{{{{#if vip}}}}<b>Thank you, {{{{name}}}}</b>{{{{else}}}}Join us{{{{/if}}}}\n<ul>\n{{{{#each items}}}}\n\
         <li><a href=\"{{{{url}}}}\">{{{{name}}}}</a>: {{{{price}}}}{{{{#unless @last}}}},{{{{/unless}}}}</li>\n{{{{/each}}}}\n</ul>"
    );
    let helpers = "{{capitalize name}} {{format \"%.2f\" order.total}} {{add 1 order.id}} {{default gone \"x\"}}";
    for (name, source) in [
        ("20 variables", variables.as_str()),
        ("page with a loop of ten", page.as_str()),
        ("4 helpers", helpers),
        ("a date", "{{datetime-format when \"%B %d, %Y\" \"Europe/Paris\"}}"),
        (
            "a plural",
            "{{intl \"{n, plural, one {# item} other {# items}}\" n=order.id}}",
        ),
    ] {
        measure(&format!("parse {name}"), || {
            let _ = black_box(Template::parse(black_box(source)));
        });
        let template = Template::parse(source)?;
        let mut out = String::new();
        template.render_in(&mut Env::new(&context), Escape::Html, &mut out)?;
        measure(&format!("render {name}, {} bytes", out.len()), || {
            out.clear();
            let _ = black_box(template.render_in(&mut Env::new(&context), Escape::Html, &mut out));
        });
    }
    let condition = Condition::parse_expression("data.order.total > 50 && (data.vip || profile.email == 'x')")?;
    let env = Env::new(&context);
    measure("evaluate a condition", || {
        let _ = black_box(condition.evaluate(&env));
    });
    Ok(())
}
