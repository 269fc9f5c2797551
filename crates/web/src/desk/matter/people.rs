//! The people of a matter, masked.

use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::page_of;
use crate::portal::apply::contact;
use crate::portal::fault::text;
use crate::t;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Choice, Visit};

/// What a party is called; a role no message knows shows as it was given.
pub fn party_role(visit: &Visit, role: &str) -> String {
    let key = format!("party-role-{role}");
    if crate::lang::knows(&key) { t!(visit.lang, &key) } else { role.to_owned() }
}

fn person_rows(visit: &Visit, party: &Value) -> Vec<Row> {
    let lang = visit.lang;
    let mut rows = Vec::new();
    for (key, label) in [
        ("name", "applicant-name-any"),
        ("id_no", "applicant-paper-no"),
        ("uscc", "applicant-uscc"),
        ("phone", "applicant-phone"),
    ] {
        if !text(party, key).is_empty() {
            rows.push(Row::markup(t!(lang, label), html! { span class="hf-number" { (text(party, key)) } }));
        }
    }
    for (key, label) in [("guardian", "desk-guardian"), ("helper", "desk-helper")] {
        let name = text(&party[key], "name");
        if !name.is_empty() {
            rows.push(Row::text(t!(lang, label), name));
        }
    }
    rows
}

/// The applicant and everybody else named, or that this matter is walled off. `group` counts the applicants where
/// they are so many that the matter is one of many people.
pub fn people(
    visit: &Visit,
    number: MatterNumber,
    view: &Value,
    group: Option<usize>,
    may_reveal: bool,
) -> Markup {
    let lang = visit.lang;
    let parties = view["parties"].as_array().cloned().unwrap_or_default();
    html! {
        @if view["applicant"].is_object() {
            h2 class="govuk-heading-m" { (t!(lang, "desk-people")) }
            @if let Some(count) = group { div class="govuk-inset-text" { (t!(lang, "desk-group", n = count)) } }
            h3 class="govuk-heading-s" { (t!(lang, "role-applicant")) }
            // Before any number: whoever is about to call reads it first.
            (contact::told(lang, &view["contact"]))
            (summary_list(&person_rows(visit, &view["applicant"])))
            @for party in &parties {
                h3 class="govuk-heading-s" { (party_role(visit, text(party, "role"))) }
                (summary_list(&person_rows(visit, party)))
            }
            @if may_reveal {
                p class="govuk-body" { a class="govuk-link" href={ (page_of(number)) "/reveal" } { (t!(lang, "desk-reveal")) } }
            }
        } @else if view.get("erased").is_none() {
            div class="govuk-inset-text" { (t!(lang, "desk-walled")) }
        }
    }
}

/// Values that can be seen in full, by the names the register knows them by.
pub fn revealable(visit: &Visit, view: &Value) -> Vec<Choice> {
    let lang = visit.lang;
    let mut names = Vec::new();
    let fields =
        [("name", "applicant-name-any"), ("id_no", "applicant-paper-no"), ("phone", "applicant-phone")];
    for (field, label) in fields {
        if !text(&view["applicant"], field).is_empty() {
            names.push(Choice::new(format!("applicant.{field}"), t!(lang, label)));
        }
    }
    for (field, label) in [("phone", "contact-phone"), ("note", "contact-note")] {
        if !text(&view["contact"]["rules"], field).is_empty() {
            names.push(Choice::new(format!("applicant.contact.{field}"), t!(lang, label)));
        }
    }
    for (index, party) in view["parties"].as_array().into_iter().flatten().enumerate() {
        for (field, label) in fields {
            if !text(party, field).is_empty() {
                names.push(Choice::new(
                    format!("parties.{index}.{field}"),
                    format!("{} · {}", party_role(visit, text(party, "role")), t!(lang, label)),
                ));
            }
        }
    }
    // What an open request for correction wants.
    for waiting in view["waiting_for"].as_array().into_iter().flatten() {
        let actions = waiting["actions"].as_array().map(Vec::as_slice).unwrap_or_default();
        if actions.iter().any(|action| action == "accept-correction") {
            let task = text(waiting, "task");
            names.push(Choice::new(format!("correction.{task}"), t!(lang, "correct-to-be")));
        }
    }
    names
}
