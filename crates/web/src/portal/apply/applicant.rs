//! Who applies.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalog::item::Need;
use kernel::identity::{Id18, Phone, Uscc};
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{Elsewhere, Going, contact, going};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::at;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::form::{Posted, Values, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit, radios};

/// Papers that prove who somebody is, in the order of the contract.
pub const PAPERS: [&str; 5] = ["id18", "hk_mo_tw", "foreign_pr", "passport", "none"];
/// What is said of an applicant, as fields of the contract.
const FIELDS: [&str; 6] = ["kind", "name", "id_type", "id_no", "uscc", "phone"];

/// The fields about the applicant, as an item needs them. What is `known` already, masked, may stay empty.
pub fn fields(
    lang: Lang,
    item: &catalog::item::Item,
    said: &BTreeMap<String, String>,
    known: Option<&Map<String, Value>>,
    problems: &[Problem],
) -> Markup {
    let known = |name: &str| known.and_then(|known| known.get(name)).and_then(Value::as_str);
    let chosen = |name: &str| said.get(name).map(String::as_str).or_else(|| known(name)).unwrap_or_default();
    let value = |name: &str| said.get(name).map_or("", String::as_str);
    let ask = |name: &str, label: &str, hint: Option<&str>| {
        let field = format!("applicant.{name}");
        let error = at(problems, &field);
        let ask = Ask::new(field, t!(lang, label)).error(error);
        match (known(name), hint) {
            (Some(known), _) => ask.hint(t!(lang, "applicant-known", known = known)),
            (None, Some(hint)) => ask.hint(t!(lang, hint)),
            (None, None) => ask,
        }
    };
    let needs = &item.applicant;
    let person = needs.kinds.iter().any(|kind| kind == "person");
    let body = needs.kinds.iter().any(|kind| kind != "person");
    let kinds: Vec<Choice> =
        needs.kinds.iter().map(|kind| Choice::new(kind, t!(lang, &format!("kind-{kind}")))).collect();
    let papers: Vec<Choice> =
        PAPERS.iter().map(|kind| Choice::new(*kind, t!(lang, &format!("paper-{kind}")))).collect();
    let optional = |need: Need| need == Need::Optional;
    let kind = if chosen("kind").is_empty() {
        needs.kinds.first().map_or("person", String::as_str)
    } else {
        chosen("kind")
    };
    let paper = if chosen("id_type").is_empty() { "id18" } else { chosen("id_type") };
    html! {
        @if kinds.len() > 1 { (radios::radios(lang, &Ask::new("applicant.kind", t!(lang, "applicant-kind")).error(at(problems, "applicant.kind")), &kinds, kind)) }
        (input(lang, &ask("name", if body { "applicant-name-any" } else { "applicant-name" }, Some("applicant-name-hint")), value("name"), Typed::Name))
        @if needs.identity != Need::None && person {
            (radios::radios(lang, &Ask::new("applicant.id_type", t!(lang, "applicant-paper")).error(at(problems, "applicant.id_type")).optional(optional(needs.identity)), &papers, paper))
            (input(lang, &ask("id_no", "applicant-paper-no", Some("applicant-paper-hint")).optional(optional(needs.identity)), value("id_no"), Typed::Code))
        }
        @if needs.identity != Need::None && body {
            (input(lang, &ask("uscc", "applicant-uscc", Some("applicant-uscc-hint")).optional(true), value("uscc"), Typed::Code))
        }
        @if needs.phone != Need::None {
            (input(lang, &ask("phone", "applicant-phone", Some("applicant-phone-hint")).optional(optional(needs.phone)), value("phone"), Typed::Phone))
        }
        (contact::fields(lang, said, problems))
    }
}

/// What was typed about the applicant, tidied.
pub fn read(values: &Values, default_kind: &str) -> BTreeMap<String, String> {
    let mut said: BTreeMap<String, String> = FIELDS
        .into_iter()
        .chain(contact::FIELDS)
        .filter_map(|name| {
            let typed = values.get(&format!("applicant.{name}"));
            let tidy = match name {
                "id_no" | "uscc" | "phone" | "contact.phone" => kernel::text::compact(typed).to_uppercase(),
                _ => kernel::text::normalise(typed),
            };
            (!tidy.is_empty()).then(|| (name.to_owned(), tidy))
        })
        .collect();
    said.entry("kind".into()).or_insert_with(|| default_kind.to_owned());
    if said["kind"] == "person" {
        said.remove("uscc");
        // A paper without a number, or a number without a paper, is told by the check below.
        if said.get("id_type").is_some_and(|kind| kind == "none") {
            said.remove("id_no");
        }
    } else {
        said.remove("id_type");
        said.remove("id_no");
    }
    said
}

/// The applicant as the register takes it: a kind of paper says nothing without its number, unless it says
/// that there is no paper.
pub fn body(said: &BTreeMap<String, String>) -> Map<String, Value> {
    let bare = !said.contains_key("id_no") && said.get("id_type").is_none_or(|kind| kind != "none");
    let mut body: Map<String, Value> = said
        .iter()
        .filter(|(name, _)| !(bare && *name == "id_type" || name.starts_with("contact.")))
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    body.extend(contact::body(said).map(|rules| ("contact".to_owned(), rules)));
    body
}

/// What is said now over what is known: a number known for another kind of paper or of party is left.
pub fn over(known: &Map<String, Value>, said: Map<String, Value>) -> Map<String, Value> {
    let mut whole = known.clone();
    let other = |field: &str| said.get(field).is_some_and(|value| known.get(field) != Some(value));
    if other("kind") || other("id_type") {
        whole.retain(|field, _| !matches!(field.as_str(), "id_type" | "id_no"));
    }
    if other("kind") {
        whole.remove("uscc");
    }
    whole.extend(said);
    whole
}

/// The fields of this page in what will be sent.
pub fn texts(whole: &Map<String, Value>) -> BTreeMap<String, String> {
    let text = |field: &str| Some((field.to_owned(), whole.get(field)?.as_str()?.to_owned()));
    FIELDS.into_iter().filter_map(text).chain(contact::texts(whole.get("contact"))).collect()
}

/// What is wrong with it, for the page. The register checks again when it is sent.
pub fn wrong(
    lang: Lang,
    visit: &Visit,
    item: &catalog::item::Item,
    said: &BTreeMap<String, String>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut at =
        |field: &str, key: &str| problems.push(Problem::at(format!("applicant.{field}"), t!(lang, key)));
    let needs = &item.applicant;
    if !said.contains_key("name") {
        at("name", "applicant-name-missing");
    }
    let person = said["kind"] == "person";
    if person && needs.identity != Need::None {
        let paper = said.get("id_type").map(String::as_str);
        match (paper, said.get("id_no")) {
            (Some("id18"), Some(number)) if Id18::parse(number, visit.now.date()).is_err() => {
                at("id_no", "applicant-id18-wrong");
            }
            (None | Some("id18" | "hk_mo_tw" | "foreign_pr" | "passport"), None)
                if needs.identity == Need::Required =>
            {
                at("id_no", "applicant-paper-missing");
            }
            _ => {}
        }
    }
    if let Some(code) = said.get("uscc") {
        if Uscc::parse(code).is_err() {
            at("uscc", "applicant-uscc-wrong");
        }
    } else if !person && needs.identity == Need::Required {
        at("uscc", "applicant-uscc-missing");
    }
    match said.get("phone") {
        Some(phone) if Phone::parse(phone).is_err() => at("phone", "applicant-phone-wrong"),
        None if needs.phone == Need::Required => at("phone", "applicant-phone-missing"),
        _ => {}
    }
    problems.extend(contact::wrong(lang, said));
    problems
}

/// `GET /apply/{item}/applicant`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    let said = going.draft.answers.applicant.clone();
    Ok(show(&app, &visit, &going, &said, &[]))
}

fn show(
    app: &App,
    visit: &Visit,
    going: &Going,
    said: &BTreeMap<String, String>,
    problems: &[Problem],
) -> Response {
    let lang = visit.lang;
    let back = if going.asks_others() { going.at("others") } else { going.last_question() };
    Page::new(visit, t!(lang, "applicant-title"))
        .sensitive(going.sensitive(app))
        .back(back)
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (t!(lang, "applicant-title")) }
            p class="govuk-body" { (t!(lang, "applicant-why")) }
            (form(visit, &going.at("applicant"), &html! {
                (fields(lang, &going.item, said, going.known.as_ref().map(|known| &known.applicant_shown), problems))
                div class="govuk-button-group" {
                    (button::submit(&t!(lang, "ui-continue"), Weight::Main))
                    a class="govuk-link" href=(going.at("save")) { (t!(lang, "apply-save-later")) }
                }
            }))
        })
        .into_response()
}

/// `POST /apply/{item}/applicant`.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let mut going = going(&app, &visit, &id).await?;
    let default_kind = going.item.applicant.kinds.first().map_or("person", String::as_str);
    let said = read(&posted.values, default_kind);
    let before = std::mem::replace(&mut going.draft.answers.applicant, said.clone());
    let problems = wrong(visit.lang, &visit, &going.item, &texts(&going.applicant()));
    if !problems.is_empty() {
        going.draft.answers.applicant = before;
        return Ok(show(&app, &visit, &going, &said, &problems));
    }
    going.save(&app, &visit).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_is_said_stands_over_what_is_known() {
        let known = map(
            json!({ "kind": "person", "name": "王芳", "id_type": "id18", "id_no": "37", "phone": "138" }),
        );
        let kept = over(&known, map(json!({ "kind": "person", "phone": "139" })));
        assert_eq!(
            Value::Object(kept),
            json!({ "kind": "person", "name": "王芳", "id_type": "id18", "id_no": "37", "phone": "139" })
        );
        let paper = over(&known, map(json!({ "kind": "person", "id_type": "passport" })));
        assert_eq!(paper.get("id_no"), None, "the number belongs to another paper");
        let company = over(&known, map(json!({ "kind": "company", "name": "甲公司" })));
        assert_eq!((company.get("id_type"), company.get("id_no")), (None, None));
    }
}
