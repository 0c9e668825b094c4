//! The preference page, drawn.

use maud::{Markup, html};
use tidings_pipeline::LinkKind;
use tidings_pipeline::preferences::{SectionView, View};
use tidings_types::Timestamp;

use super::form::Form;
use super::visit::Visit;
use super::{everything, row};

/// Above the form.
pub(super) enum Notice {
    None,
    /// Saved, and to be undone by this moment; without one there was nothing to save.
    Saved(Option<Timestamp>),
    /// What was saved was taken back.
    Undone,
    /// Not saved, why, and what the person had entered.
    Problem(String, Form),
}

/// The whole page.
pub(super) fn sheet(visit: &Visit, view: &View, notice: &Notice, title: &str, now: Timestamp) -> Markup {
    let words = visit.words;
    let draft = visit.claims.kind == LinkKind::Preview;
    let lead = view.page.description.as_deref().unwrap_or(&words.lead);
    html! {
        @if draft { p.draft role="note" { (words.draft) } }
        h1 { bdi { (title) } }
        p.lead { bdi { (lead) } }
        @if let Some(tenant) = &visit.tenant_name { p.tenant { (words.fill(&words.of_tenant, "tenant", tenant)) } }
        (notice_of(visit, notice))
        (everything::paused(visit, view, now))
        @if view.sections.is_empty() {
            p.nothing { (words.nothing) }
        } @else {
            form #choices method="post" autocomplete="off" data-failed=(words.not_saved) data-saved=(words.saved)
                 data-saving=(words.saving) data-undo=(words.undo) {
                fieldset.plain disabled[draft] {
                    @for section in ordered(visit, view) { (group(visit, section, notice, now)) }
                    div.save { button.button type="submit" { (words.save) } }
                }
            }
            (everything::all(visit, view, draft, now))
        }
        div #toast.toast role="status" aria-live="polite" {}
    }
}

/// The section of the message that brought the person here comes first.
fn ordered<'v>(visit: &Visit, view: &'v View) -> Vec<&'v SectionView> {
    let here = |section: &&SectionView| {
        let mut topics = section.topics.iter();
        topics.any(|topic| Some(topic.topic.topic.id.as_str()) == visit.claims.topic_id.as_deref())
    };
    let (first, rest): (Vec<_>, Vec<_>) = view.sections.iter().partition(here);
    first.into_iter().chain(rest).collect()
}

fn notice_of(visit: &Visit, notice: &Notice) -> Markup {
    let words = visit.words;
    html! {
        @match notice {
            Notice::None => {}
            Notice::Saved(at) => {
                form.notice.good method="post" {
                    p role="status" tabindex="-1" autofocus { (words.saved) }
                    @if let Some(at) = at {
                        input type="hidden" name="action" value="undo";
                        input type="hidden" name="at" value=(at.as_millis());
                        button.button.quiet.small type="submit" { (words.undo) }
                    }
                }
            },
            Notice::Undone => div.notice.good { p role="status" tabindex="-1" autofocus { (words.undone) } },
            Notice::Problem(told, _) => div.notice.bad { p role="alert" tabindex="-1" autofocus { (told) } },
        }
    }
}

fn group(visit: &Visit, section: &SectionView, notice: &Notice, now: Timestamp) -> Markup {
    let entered = match notice {
        Notice::Problem(_, form) => Some(form),
        _ => None,
    };
    let id = format!("s-{}", section.section.id);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { bdi { (section.section.name) } }
            @if let Some(description) = &section.section.description { p.about { bdi { (description) } } }
            ul.topics { @for topic in &section.topics { (row::row(visit, topic, entered, now)) } }
        }
    }
}
