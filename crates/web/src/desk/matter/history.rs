//! What happened to a matter, newest first: every act with what was given.

use catalog::item::Item;
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::names::{Names, question_of};
use super::page_of;
use crate::desk::frame::role_key;
use crate::portal::fault::text;
use crate::t;
use crate::ui::question::Shown;
use crate::ui::timeline::{Entry, timeline};
use crate::ui::{Visit, time};

/// The events as a timeline.
pub fn happened(
    visit: &Visit,
    number: MatterNumber,
    item: Option<&Item>,
    names: &Names,
    events: &[Value],
) -> Markup {
    let entry = |event| entry(visit, number, item, names, event);
    let entries: Vec<Entry> = events.iter().rev().map(entry).collect();
    timeline(&entries, 3)
}

fn entry(visit: &Visit, number: MatterNumber, item: Option<&Item>, names: &Names, event: &Value) -> Entry {
    let lang = visit.lang;
    let step = item.and_then(|item| item.step(text(event, "to"))).map(|step| step.name.get(lang));
    Entry {
        title: title(visit, item, event),
        by: text(event, "role").parse().ok().map(|role| t!(lang, &role_key(role))),
        at: text(event, "at").to_owned(),
        shown: time::moment_text(lang, text(event, "at")),
        more: Some(html! {
            @if let Some(step) = step.filter(|_| text(event, "to") != text(event, "from")) { p class="govuk-body-s" { "→ " (step) } }
            // What was answered when it was opened stands on the page itself.
            @if text(event, "action") != "open" { (given(visit, number, item, names, event)) }
        }),
    }
}

/// What the act is called: by the item, by the words shared by all items, or as the register names it.
fn title(visit: &Visit, item: Option<&Item>, event: &Value) -> String {
    let action = text(event, "action");
    let from = event["from"].as_str().unwrap_or_else(|| text(event, "to"));
    if let Some(named) = item.and_then(|item| item.action(from, action)) {
        return named.name.get(visit.lang).to_owned();
    }
    let known = [format!("action-{action}"), format!("desk-event-{action}")];
    let known = known.iter().find(|key| crate::lang::knows(key));
    known.map_or_else(|| action.to_owned(), |key| t!(visit.lang, key))
}

fn given(visit: &Visit, number: MatterNumber, item: Option<&Item>, names: &Names, event: &Value) -> Markup {
    let lang = visit.lang;
    html! {
        @for (fact, value) in event["facts"].as_object().into_iter().flatten() {
            @if let Some(question) = question_of(item, fact) {
                @let shown = Shown::of(question, lang, &[]);
                p class="govuk-body-s" {
                    span class="hf-quiet" { (shown.label) (t!(lang, "ui-colon")) }
                    @if let Some(name) = names.chosen(question, value) {
                        (name)
                    } @else if let Some(file) = value.as_str().filter(|_| shown.is_file()) {
                        a class="govuk-link" href={ (page_of(number)) "/files/" (file) } { (t!(lang, "desk-open-file")) }
                    } @else {
                        (shown.say(lang, value))
                    }
                }
            }
        }
    }
}
