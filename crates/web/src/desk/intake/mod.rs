//! One-window intake: choose a service, one compact page with everything, the same command as online.
//!
//! A clerk with a person at the counter asks in any order and types fast, so the questions stand together
//! here. Questions whose condition does not hold are left empty; the register says when one is missing.

mod alike;
mod area;
pub mod who;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use catalog::item::{Item, Material};
use kernel::actor::{Door, Role};
use kernel::number::MatterNumber;
use matters::Carried;
use matters::consent::guarded;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::frame::{Staff, takes_in, with_menu};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::apply::applicant;
use crate::portal::fault::{Fault, at, labelled_problems, nothing, text};
use crate::portal::matter::{due, grouped, number};
use crate::portal::others::{self, Said};
use crate::portal::receipt::origin;
use crate::portal::{consents, offer, places, proof};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice, LabelSize};
use crate::ui::form::{Posted, Values};
use crate::ui::panel::panel;
use crate::ui::place::Said as Place;
use crate::ui::question::{Shown, label, read_all};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Page, Visit, radios, textarea};

/// The doors staff may open, each with the role that opens it.
fn doors(visit: &Visit, item: &Item) -> Vec<Door> {
    let may = |door: &Door| match door {
        Door::Hotline => visit.principal.has(Role::HotlineAgent),
        Door::Village => visit.principal.has(Role::Adviser),
        Door::Partner => visit.principal.has(Role::Organ),
        Door::Window => !visit.principal.has(Role::Organ),
        Door::Web | Door::Kiosk => false,
    };
    item.doors.iter().copied().filter(may).collect()
}

/// The door somebody sits at: whoever answers the telephone begins with it.
fn usual_door<'a>(visit: &Visit, doors: &'a [Choice]) -> &'a str {
    let own = [(Role::HotlineAgent, Door::Hotline), (Role::Adviser, Door::Village)]
        .into_iter()
        .filter(|(role, _)| visit.principal.has(*role))
        .find_map(|(_, door)| doors.iter().find(|choice| choice.value == door.as_str()));
    own.or(doors.first()).map_or("", |door| door.value.as_str())
}

/// The matter an intake is to follow from.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    from: String,
}

/// What stands in the form.
#[derive(Default)]
struct Typed {
    area: Place,
    door: String,
    applicant: BTreeMap<String, String>,
    form: Map<String, Value>,
    papers: BTreeMap<String, String>,
    /// The other people, block by block.
    others: Vec<Said>,
    /// More applicants, as pasted from a table.
    batch: String,
    /// Boxes ticked about consent, and that the person was told.
    agreed: Vec<String>,
    /// Matters that look alike; whoever has seen them opens a new one all the same.
    alike: Vec<Value>,
    key: String,
}

async fn questions(app: &App, visit: &Visit, item: &Item) -> Result<Vec<Shown>, Fault> {
    let counties = places::counties(app, visit).await?;
    Ok(item
        .questions()
        .map(|question| {
            let mut shown = Shown::of(question, visit.lang, &counties);
            // Whether a conditional question is due is decided by the answers; the register checks.
            shown.required = question.required && question.when.is_none();
            shown
        })
        .collect())
}

/// Which services this person may take in.
pub fn may_open<'a>(app: &'a App, visit: &'a Visit) -> impl Fn(&str) -> bool + 'a {
    move |item| item_of(app, visit, item).is_ok()
}

/// The matter an intake follows from, and what it hands on.
struct Before {
    number: MatterNumber,
    known: Carried,
}

async fn before(app: &App, visit: &Visit, item: &Item, from: &str) -> Result<Option<Before>, Fault> {
    if from.is_empty() {
        return Ok(None);
    }
    let number = number(from)?;
    let known = app.register().carried_to(&visit.principal, number, &item.id).await?;
    Ok(Some(Before { number, known }))
}

/// What is taken over, masked: nobody types it again.
fn carried(visit: &Visit, questions: &[Shown], before: &Before) -> Markup {
    let lang = visit.lang;
    let rows: Vec<Row> = questions
        .iter()
        .filter_map(|question| {
            let value = before.known.form_shown.get(&question.name)?;
            Some(Row::markup(&question.label, question.say(lang, value)))
        })
        .collect();
    html! {
        div class="govuk-inset-text" { (t!(lang, "desk-carried", number = before.number.grouped())) }
        (summary_list(&rows))
    }
}

fn item_of(app: &App, visit: &Visit, id: &str) -> Result<std::sync::Arc<Item>, Fault> {
    let item = app.register().catalog().item(id).cloned().ok_or_else(nothing)?;
    if doors(visit, &item).is_empty() || !takes_in(visit) { Err(nothing()) } else { Ok(item) }
}

/// `GET /desk/intake/{item}`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let item = item_of(&app, &visit, &id)?;
    let before = before(&app, &visit, &item, &wanted.from).await?;
    let area = area::begun(&app, &visit, before.as_ref().map(|before| before.known.area.as_str())).await?;
    let typed = Typed { key: offer::key(), area, ..Typed::default() };
    show(&app, &visit, &item, &typed, before.as_ref(), &[]).await
}

async fn show(
    app: &App,
    visit: &Visit,
    item: &Item,
    typed: &Typed,
    before: Option<&Before>,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = item.name.get(lang);
    let questions = questions(app, visit, item).await?;
    let doors: Vec<Choice> = doors(visit, item)
        .iter()
        .map(|door| Choice::new(door.as_str(), t!(lang, &format!("door-{door}"))))
        .collect();
    let door = if typed.door.is_empty() { usual_door(visit, &doors) } else { typed.door.as_str() };
    let body = html! {
        span class="govuk-caption-l" { (t!(lang, "desk-intake")) }
        h1 class="govuk-heading-l" { (title) }
        form class="hf-compact" method="post" action={ "/desk/intake/" (item.id) } novalidate {
            (visit.csrf_field())
            // What the Enter key presses: registering, not the button for one more person.
            button type="submit" class="govuk-visually-hidden" tabindex="-1" aria-hidden="true" { (t!(lang, "desk-intake-send")) }
            input type="hidden" name="key" value=(typed.key);
            // First of all, where a page that comes back begins.
            (alike::shown(visit, &typed.alike))
            @if let Some(before) = before {
                input type="hidden" name="from" value=(before.number);
                (carried(visit, &questions, before))
            }
            div class="hf-two" {
                div { (area::field(visit, &typed.area, problems)) }
                (radios::radios(lang, &Ask::new("door", t!(lang, "desk-door")).error(at(problems, "door")), &doors, door))
            }
            h2 class="govuk-heading-m" { (t!(lang, "role-applicant")) }
            div class="hf-two" { (applicant::fields(lang, item, &typed.applicant, before.map(|before| &before.known.applicant_shown), problems)) }
            @for page in item.form.iter().filter(|page| page.questions.iter().any(|asked| open(before, &asked.fact))) {
                h2 class="govuk-heading-m" { (page.title.get(lang)) }
                @if let Some(intro) = &page.intro { p class="govuk-body" { (intro.get(lang)) } }
                @for question in page.questions.iter().filter(|asked| open(before, &asked.fact)).filter_map(|asked| questions.iter().find(|q| q.name == asked.fact)) {
                    (question.draw(lang, typed.form.get(&question.name).unwrap_or(&Value::Null), at(problems, &question.name), LabelSize::Plain))
                }
            }
            (papers(visit, item, typed))
            @if before.is_none() { (people(lang, item, typed, problems)) }
            (consent(app, lang, item, typed, problems))
            @let send = if typed.alike.is_empty() { "desk-intake-send" } else { "desk-intake-all-the-same" };
            (button::submit(&t!(lang, send), Weight::Main))
        }
    };
    Ok(Page::desk(visit, title)
        .back("/desk/intake")
        .problems(problems)
        .body(with_menu(app, visit, "/desk/intake", &body))
        .into_response())
}

/// Ticked when the person at the counter was told.
const TOLD: &str = "agree.told";

/// What the person at the counter is told and asked; what nobody told them is not recorded as told.
fn consent(app: &App, lang: Lang, item: &Item, typed: &Typed, problems: &[Problem]) -> Markup {
    let told = [Choice::new("yes", t!(lang, "consent-desk-told"))];
    let ticked = |field: &str| typed.agreed.iter().any(|one| one == field);
    let on: Vec<String> = ticked(TOLD).then(|| "yes".to_owned()).into_iter().collect();
    html! {
        h2 class="govuk-heading-m" { (t!(lang, "consent-heading")) }
        p class="govuk-body" { (t!(lang, "consent-desk-lead")) }
        (checkboxes(lang, &Ask::new(TOLD, t!(lang, "consent-desk-ask")), &told, &on))
        (consents::shown(lang, consents::texts(app, &item.id, true), ticked, problems))
    }
}

/// Field of the pasted list.
const BATCH: &str = "batch";

/// The other side and the co-applicants, folded unless the item is about several sides or somebody was named.
fn people(lang: Lang, item: &Item, typed: &Typed, problems: &[Problem]) -> Markup {
    let open = item.names_others() || !typed.others.is_empty() || !typed.batch.is_empty();
    let least = usize::from(item.names_others());
    html! {
        details class="govuk-details" open[open] {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (t!(lang, "others-desk-title")) }
            }
            div class="govuk-details__text" {
                (others::blocks(lang, &typed.others, least, problems))
                (others::more(lang, &typed.others))
                (textarea::textarea(lang, &Ask::new(BATCH, t!(lang, "others-batch")).hint(t!(lang, "others-batch-hint")).error(at(problems, BATCH)).optional(true), &typed.batch, 4))
            }
        }
    }
}

/// Whether a question is still to be asked.
fn open(before: Option<&Before>, fact: &str) -> bool {
    before.is_none_or(|before| !before.known.form.contains_key(fact))
}

fn papers(visit: &Visit, item: &Item, typed: &Typed) -> Markup {
    let lang = visit.lang;
    html! {
        @if !item.materials.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "papers-title")) }
            p class="govuk-body" { (t!(lang, "desk-papers-lead")) }
            @for material in &item.materials {
                @let name = format!("paper.{}", material.id);
                @let ways = ways(visit, material);
                @let chosen = typed.papers.get(&material.id).map_or("", String::as_str);
                @if ways.len() > 1 {
                    (radios::radios(lang, &Ask::new(name, material.name.get(lang)), &ways, chosen))
                } @else {
                    p class="govuk-body" { (material.name.get(lang)) (t!(lang, "ui-colon")) span class="hf-quiet" { (t!(lang, "desk-paper-at-office")) } }
                }
            }
        }
    }
}

/// The ways a material may come, as its item allows.
fn ways(visit: &Visit, material: &Material) -> Vec<Choice> {
    let lang = visit.lang;
    let mut ways = vec![Choice::new("", t!(lang, "paper-way-leave"))];
    if material.may_defer.is_some() {
        ways.push(Choice::new("defer", t!(lang, "paper-deferred")));
    }
    if material.may_declare.is_some() {
        ways.push(Choice::new("declare", t!(lang, "paper-declared")));
    }
    ways
}

fn read(item: &Item, questions: &[Shown], values: &Values, area: Place) -> Typed {
    let default_kind = item.applicant.kinds.first().map_or("person", String::as_str);
    Typed {
        area,
        door: values.get("door").to_owned(),
        applicant: applicant::read(values, default_kind),
        form: read_all(questions, values),
        papers: item
            .materials
            .iter()
            .map(|material| (material.id.clone(), values.get(&format!("paper.{}", material.id)).to_owned()))
            .filter(|(_, how)| !how.is_empty())
            .collect(),
        others: others::read(values),
        batch: values.get(BATCH).to_owned(),
        agreed: values.ticked("agree."),
        alike: Vec::new(),
        key: values.get("key").to_owned(),
    }
}

fn body(item: &Item, typed: &Typed, before: Option<&Before>) -> Value {
    let materials: Vec<Value> = typed
        .papers
        .iter()
        .filter_map(|(id, how)| match how.as_str() {
            "defer" => Some(json!({ "id": id, "defer": true })),
            "declare" => Some(json!({ "id": id, "declare": true })),
            _ => None,
        })
        .collect();
    let said = applicant::body(&typed.applicant);
    let mut body = json!({
        "item": item.id,
        "area": typed.area.code.map_or_else(|| typed.area.text.clone(), |code| code.to_string()),
        "door": typed.door,
        "applicant": said,
        "form": typed.form,
        "materials": materials,
    });
    let listed = others::lines(&typed.batch);
    let named = typed.others.iter().chain(listed.iter().map(|(_, said)| said));
    let parties: Vec<Value> = named.map(others::body).collect();
    if !parties.is_empty() {
        body["parties"] = json!(parties);
    }
    if let Some(before) = before {
        body["from"] = json!(before.number);
        body["applicant"] = Value::Object(applicant::over(&before.known.applicant, said));
    }
    body
}

/// `POST /desk/intake/{item}`.
pub async fn post(
    State(app): State<App>,
    Staff(visit): Staff,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let item = item_of(&app, &visit, &id)?;
    let questions = questions(&app, &visit, &item).await?;
    if posted.values.has(who::BEGIN) {
        let kind = item.applicant.kinds.first().map_or("person", String::as_str);
        let applicant = applicant::read(&posted.values, kind);
        let typed = Typed {
            key: offer::key(),
            area: area::begun(&app, &visit, None).await?,
            applicant,
            ..Typed::default()
        };
        return show(&app, &visit, &item, &typed, None, &[]).await;
    }
    let before = before(&app, &visit, &item, posted.values.get("from")).await?;
    let place = area::read(&app, &visit, &posted.values).await?;
    let mut typed = read(&item, &questions, &posted.values, place);
    if others::wants_more(&posted.values) {
        typed.others = others::one_more(typed.others);
        return show(&app, &visit, &item, &typed, before.as_ref(), &[]).await;
    }
    let mut body = body(&item, &typed, before.as_ref());
    let ticked = |field: &str| typed.agreed.iter().any(|one| one == field);
    if ticked(TOLD) {
        let child = guarded(body["applicant"]["id_no"].as_str(), visit.now.date());
        body["consents"] = consents::said(consents::texts(&app, &item.id, child), ticked);
    }
    let whole = body["applicant"].as_object().map(applicant::texts).unwrap_or_default();
    let mut wrong = applicant::wrong(lang, &visit, &item, &whole);
    wrong.extend(typed.area.problem(lang).map(|text| Problem::at("area", text)));
    wrong.extend(others::wrong(&visit, &typed.others));
    wrong.extend(others::wrong_lines(&visit, &others::lines(&typed.batch), BATCH));
    if !wrong.is_empty() {
        return show(&app, &visit, &item, &typed, before.as_ref(), &wrong).await;
    }
    if before.is_none() && !alike::seen(&posted.values) {
        typed.alike = app.register().similar(&visit.principal, &body, lang).await?;
        if !typed.alike.is_empty() {
            return show(&app, &visit, &item, &typed, None, &[]).await;
        }
    }
    match app.register().open(&visit.principal, &body, &typed.key, lang).await {
        Ok(answer) => receipt(&app, &visit, &answer.body, &origin(&headers)).await,
        Err(refusal) if matches!(refusal.code.status(), 403 | 422) => {
            let mut wrong = labelled_problems(app.words(), lang, &refusal, |field| label(&questions, field));
            others::at_list(&mut wrong, typed.others.len(), BATCH);
            consents::at_guardian(&mut wrong);
            show(&app, &visit, &item, &typed, before.as_ref(), &wrong).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The receipt to hand over: number and query code, printed here.
async fn receipt(app: &App, visit: &Visit, answer: &Value, origin: &str) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = t!(lang, "desk-intake-done");
    let number = text(answer, "number");
    let onwards = who::onwards(app, visit, answer).await?;
    let body = html! {
        (panel(&title, &html! { (t!(lang, "matter-number")) br; strong class="hf-number" { (grouped(number)) } }))
        p class="govuk-body" { (t!(lang, "receipt-code")) }
        p { span class="hf-receipt__code hf-number" { (text(answer, "query_code")) } }
        p class="govuk-body" { (t!(lang, "desk-intake-hand-over")) }
        (due(lang, answer))
        @if let Ok(number) = number.parse() { (proof::part(lang, origin, number, 1, text(&answer["receipt"], "hash"), None)) }
        (onwards)
        div class="govuk-button-group" {
            (button::link(&t!(lang, "desk-open-matter"), &format!("/desk/matters/{number}"), Weight::Main))
            (button::link(&t!(lang, "desk-intake-next"), "/desk/intake", Weight::Second))
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "receipt-print")) }
        }
    };
    Ok(Page::desk(visit, title.clone()).body(with_menu(app, visit, who::PAGE, &body)).into_response())
}
