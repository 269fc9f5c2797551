//! Check answers, then send: the one act that cannot be taken back by a button of the browser.

use access::{Kind, Principal};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use catalog::consents::Text;
use kernel::number::MatterNumber;
use matters::consent::guarded;
use matters::draft::Paper;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::{Elsewhere, Going, drafts, going, papers, question};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::door::{CITIZEN, agent, enter};
use crate::portal::fault::{at, problems, text};
use crate::portal::{consents, others, places};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::form::{Posted, Values, form};
use crate::ui::notification::{Notice, notification};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::time;
use crate::ui::{Page, Visit};

/// `GET /apply/{item}/check`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    ready(&app, &visit, &going)?;
    show(&app, &visit, &going, &Values::default(), &[]).await
}

/// Leads to what is still open.
fn ready(app: &App, visit: &Visit, going: &Going) -> Result<(), Elsewhere> {
    let next = going.next(app.register().catalog(), visit.now.date());
    if next == going.at("check") { Ok(()) } else { Err(Elsewhere::To(next)) }
}

async fn show(
    app: &App,
    visit: &Visit,
    going: &Going,
    typed: &Values,
    problems: &[Problem],
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let item = &going.item;
    let change = t!(lang, "ui-change");
    let mut answers = Vec::new();
    if going.asks_area() {
        let area = going.area().unwrap_or_default();
        let name = places::said(app, &area, visit.now.date()).await?;
        answers.push(Row::text(t!(lang, "area-short"), name).change(going.at("area"), &change));
    }
    for asked in &going.asked {
        let shown = question::shown(app, visit, asked).await?;
        let given = going.draft.answers.form.get(&asked.fact);
        // What another matter handed on is shown masked, as it is there.
        let handed_on = || going.known.as_ref().and_then(|known| known.form_shown.get(&asked.fact));
        let value = given.or_else(handed_on).unwrap_or(&Value::Null);
        let marked = html! { span id=(asked.fact) { (shown.say(lang, value)) } };
        answers
            .push(Row::markup(&shown.label, marked).change(going.at(&format!("q/{}", asked.fact)), &change));
    }
    let said = &going.draft.answers.applicant;
    let applicant: Vec<Row> = [
        ("name", "applicant-name"),
        ("id_no", "applicant-paper-no"),
        ("uscc", "applicant-uscc"),
        ("phone", "applicant-phone"),
    ]
    .into_iter()
    .filter_map(|(field, label)| {
        let handed_on = || going.known.as_ref().and_then(|known| known.applicant_shown.get(field)?.as_str());
        let value = said.get(field).map(String::as_str).or_else(handed_on)?;
        let marked = html! { span id={ "applicant." (field) } { (value) } };
        Some(Row::markup(t!(lang, label), marked).change(going.at("applicant"), &change))
    })
    .chain(contact_row(lang, going))
    .collect();
    let others: Vec<Row> = if going.asks_others() { others_rows(visit, going) } else { Vec::new() };
    let papers: Vec<Row> = going
        .papers(app.register().catalog(), visit.now.date())
        .map(|material| {
            let word = papers::word(lang, going.draft.answers.papers.get(&material.id));
            Row::text(material.name.get(lang), word)
                .change(going.at(&format!("papers/{}", material.id)), &change)
        })
        .collect();
    let advice = advice(app, going, lang);
    let title = t!(lang, "check-title");
    let consent = [Choice::new("yes", t!(lang, "check-consent"))];
    Ok(Page::new(visit, title.clone())
        .sensitive(going.sensitive(app))
        .back(going.at("papers"))
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            @if let Some(from) = going.draft.answers.from {
                p class="govuk-body" { (t!(lang, "follow-carried", number = from.grouped())) }
            }
            @if let Some(from) = going.draft.answers.renewed_from {
                (notification(lang, Notice::Important, &html! { (t!(lang, "check-renewed", from = from, to = item.version)) }))
            }
            h2 class="govuk-heading-m" { (t!(lang, "check-answers")) }
            (summary_list(&answers))
            h2 class="govuk-heading-m" { (t!(lang, "applicant-title")) }
            (summary_list(&applicant))
            @if !others.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "others-title")) }
                (summary_list(&others))
            }
            @if !papers.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "papers-title")) }
                (summary_list(&papers))
            }
            (advice)
            h2 class="govuk-heading-m" { (t!(lang, "check-send-title")) }
            p class="govuk-body" { (t!(lang, "check-consent-lead")) }
            ul class="govuk-list govuk-list--bullet" {
                li { (t!(lang, "check-consent-true")) }
                li { (t!(lang, "check-consent-use")) }
                li { (t!(lang, "check-consent-keep")) }
            }
            (form(visit, &going.at("check"), &html! {
                (consents::shown(lang, texts(app, visit, going), |field| typed.get(field) == "yes", problems))
                (checkboxes(lang, &Ask::new("consent", t!(lang, "check-consent-legend")).error(at(problems, "consent")), &consent, &typed.all("consent")))
                (button::submit(&t!(lang, "check-send", name = item.name.get(lang)), Weight::Main))
            }))
            p class="govuk-body" { a class="govuk-link" href=(going.at("save")) { (t!(lang, "apply-save-later")) }
                " " span class="hf-quiet" { (t!(lang, "apply-kept-until", date = time::date(lang, going.draft.expires_on))) } }
        })
        .into_response())
}

/// That something was said of how to be reached; the words themselves are for nobody who looks on.
fn contact_row(lang: Lang, going: &Going) -> Option<Row> {
    let rules = going.applicant().get("contact")?.clone();
    let message = rules["message"].as_str().unwrap_or("normal");
    let word = t!(lang, &super::contact::message_key(message));
    Some(Row::text(t!(lang, "contact-title"), word).change(going.at("applicant"), t!(lang, "ui-change")))
}

/// The other people named, a row each, or that nobody was.
fn others_rows(visit: &Visit, going: &Going) -> Vec<Row> {
    let lang = visit.lang;
    let change = t!(lang, "ui-change");
    let named = &going.draft.answers.others;
    if named.is_empty() {
        let none = Row::text(t!(lang, "party-role-opponent"), t!(lang, "ui-not-given"));
        return vec![none.change(going.at("others"), &change)];
    }
    let row = |(index, said): (usize, &others::Said)| {
        let text = |field: &str| said.get(field).map_or("", String::as_str);
        let role = if text("role").is_empty() { "opponent" } else { text("role") };
        let words: Vec<&str> =
            ["name", "paper", "phone"].into_iter().map(text).filter(|word| !word.is_empty()).collect();
        let marked = html! { span id={ "parties." (index) ".name" } { (words.join("，")) } };
        Row::markup(t!(lang, &format!("party-role-{role}")), marked).change(going.at("others"), &change)
    };
    named.iter().enumerate().map(row).collect()
}

/// What the conditions say of these answers. Advice: it never keeps anybody from applying.
fn advice(app: &App, going: &Going, lang: Lang) -> Markup {
    if going.item.eligibility.is_none() {
        return html! {};
    }
    let body = json!({ "form": answered(going), "area": going.area() });
    let Ok(check) = app.register().check(&going.item.id, &body, None, lang) else { return html! {} };
    let empty = Vec::new();
    let next = check["next"].as_array().unwrap_or(&empty);
    let reasons = check["reasons"].as_array().unwrap_or(&empty);
    html! {
        div class="hf-due" {
            h2 class="govuk-heading-s" { (t!(lang, &format!("advice-{}", text(&check, "eligible")))) }
            @for one in next { p class="govuk-body" { (text(one, "text")) } }
            details class="govuk-details" {
                summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (t!(lang, "advice-why")) } }
                ul class="govuk-list govuk-list--bullet" {
                    @for reason in reasons {
                        li {
                            (text(reason, "text")) (t!(lang, "ui-colon"))
                            strong { (t!(lang, match &reason["met"] {
                                Value::Bool(true) => "advice-met",
                                Value::Bool(false) => "advice-not-met",
                                other if other == "yes" || other == "true" => "advice-met",
                                other if other == "no" || other == "false" => "advice-not-met",
                                _ => "advice-open",
                            })) }
                        }
                    }
                }
            }
            p class="govuk-body-s" { (t!(lang, "advice-only")) }
        }
    }
}

/// The answers that are sent: those asked of this person now.
fn answered(going: &Going) -> Map<String, Value> {
    going.asked.iter().filter_map(|q| Some((q.fact.clone(), going.answer(&q.fact)?.clone()))).collect()
}

/// What this applicant is told and asked; a guardian speaks for a child.
fn texts<'a>(app: &'a App, visit: &Visit, going: &'a Going) -> impl Iterator<Item = &'a Text> {
    let applicant = going.applicant();
    let guarded = guarded(applicant.get("id_no").and_then(Value::as_str), visit.now.date());
    consents::texts(app, &going.item.id, guarded)
}

/// The body of `POST /matters` for a draft.
fn body(app: &App, visit: &Visit, going: &Going) -> Value {
    let materials: Vec<Value> = going
        .papers(app.register().catalog(), visit.now.date())
        .filter_map(|material| {
            let id = &material.id;
            match going.draft.answers.papers.get(id)? {
                Paper::File { file, .. } => Some(json!({ "id": id, "file": file })),
                Paper::Declared => Some(json!({ "id": id, "declare": true })),
                Paper::Deferred => Some(json!({ "id": id, "defer": true })),
                Paper::Left => None,
            }
        })
        .collect();
    let mut body = json!({
        "item": going.item.id,
        "area": going.area().or_else(|| visit.site.area.map(|area| area.to_string())),
        "door": "web",
        "applicant": going.applicant(),
        "form": answered(going),
        "materials": materials,
    });
    if let Some(from) = going.draft.answers.from {
        body["from"] = json!(from);
    }
    if going.asks_others() && !going.draft.answers.others.is_empty() {
        body["parties"] = going.draft.answers.others.iter().map(others::body).collect();
    }
    body
}

/// `POST /apply/{item}/check`: sends. The draft's key makes a second click the same matter.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let going = going(&app, &visit, &id).await?;
    ready(&app, &visit, &going)?;
    if posted.values.get("consent") != "yes" {
        let wrong = [Problem::at("consent", t!(lang, "check-consent-missing"))];
        return show(&app, &visit, &going, &posted.values, &wrong).await;
    }
    // A guest of one matter is nobody elsewhere, unless this follows from that matter.
    let follows = going.draft.answers.from.is_some();
    let known = visit.principal.kind == Kind::Citizen || follows;
    let who = if known { visit.principal.clone() } else { Principal::anonymous() };
    let mut body = body(&app, &visit, &going);
    body["consents"] = consents::said(texts(&app, &visit, &going), |field| posted.values.get(field) == "yes");
    let opened = app.register().open(&who, &body, &going.draft.key, lang).await;
    let answer = match opened {
        Ok(answer) => answer,
        Err(refusal) if refusal.code.status() == 422 => {
            let mut wrong = problems(app.words(), lang, &refusal);
            consents::at_guardian(&mut wrong);
            return show(&app, &visit, &going, &posted.values, &wrong).await;
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let Ok(number) = text(&answer.body, "number").parse::<MatterNumber>() else {
        return Err(super::nothing().into());
    };
    drafts(&app).sent(&going.token, number).await?;
    let to = Redirect::to(&format!("/receipt/{number}")).into_response();
    if who.kind == Kind::Citizen {
        return Ok(to);
    }
    let session = app.access().open_guest(number, agent(&headers), visit.now).await?;
    Ok(enter(to, CITIZEN, &session.token, &headers))
}
