//! One matter at the desk: where it stands, what may be done, the people (masked), the papers, the clocks
//! with their explanation, and everything that happened.

use access::office::Offices;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use catalog::item::{Item, Kind};
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use kernel::time::Instant;
use matters::Ask as Act;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::frame::{role_key, staff, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, at, nothing, problems, text};
use crate::portal::matter::{due, number};
use crate::portal::offer::{self, Offer};
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::form::{Posted, Values};
use crate::ui::light::light;
use crate::ui::notification::{Notice, notification};
use crate::ui::question::{Shown, paragraphs, read_all};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::tag::{Tone, tag};
use crate::ui::textarea::textarea;
use crate::ui::timeline::{Entry, timeline};
use crate::ui::{Page, Visit, checkboxes, time};

/// What an address may add.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    task: Option<String>,
    done: Option<String>,
}

/// Events shown on the page; older ones stay in the interface.
const EVENTS: i64 = 100;

fn page_of(number: MatterNumber) -> String {
    format!("/desk/matters/{number}")
}

/// The item in the version the matter began with.
fn item_of(app: &App, view: &Value) -> Option<std::sync::Arc<Item>> {
    let version = view["item_version"].as_u64().and_then(|version| u32::try_from(version).ok())?;
    let catalog = app.register().catalog();
    catalog.version(text(view, "item"), version).or_else(|| catalog.item(text(view, "item"))).cloned()
}

/// `GET /desk/matters/{number}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let lang = visit.lang;
    let number = number(&typed)?;
    let who = &visit.principal;
    let view = app.register().view(who, number, lang).await?;
    let events = app.register().events(who, number, 0, EVENTS).await?;
    let offers = offer::offers(&app, who, number, lang, &[]).await?;
    let item = item_of(&app, &view);
    let book = app.access().offices().current().await?;
    let name =
        item.as_ref().map_or_else(|| text(&view, "item").to_owned(), |item| item.name.get(lang).to_owned());
    let place = match text(&view, "area").parse() {
        Ok(code) => places::name(&app, code, visit.now.date()).await?,
        Err(_) => text(&view, "area").to_owned(),
    };
    let page = page_of(number);
    let empty = Vec::new();
    let list = |key: &str| view[key].as_array().unwrap_or(&empty).clone();
    let final_ = view["final"].as_bool().unwrap_or(false);
    let due_of = list("clocks").iter().find(|clock| text(clock, "state") == "running").cloned();
    let body = html! {
        @if wanted.done.is_some() { (notification(lang, Notice::Success, &html! { (t!(lang, "act-done")) })) }
        span class="govuk-caption-l hf-number" { (number.grouped()) }
        div class="hf-panel-head" {
            h1 class="govuk-heading-l" { (name) }
            (tag(text(&view, "step_name"), if final_ { Tone::Good } else { Tone::Going }))
            (light(lang, text(&view, "light")))
        }
        div class="hf-matter" {
            div {
                (facts(&visit, &view, &place))
                (people(&visit, number, &view, offers.iter().any(|offer| offer.action == "reveal")))
                (answers(&app, &visit, item.as_deref(), &view).await?)
                (papers(&visit, number, item.as_deref(), &list("materials")))
                (clocks(&visit, &list("clocks")))
                h2 class="govuk-heading-m" { (t!(lang, "matter-timeline")) }
                (happened(&visit, &book, item.as_deref(), events["items"].as_array().unwrap_or(&empty)))
            }
            div class="hf-matter__side" {
                div class="hf-card" {
                    h2 class="govuk-heading-m" { (t!(lang, "desk-acts")) }
                    @let acts = in_order(&offers);
                    @if acts.is_empty() { p class="govuk-body" { (t!(lang, "desk-no-acts")) } }
                    ul class="hf-actions" {
                        @for (index, offer) in acts.iter().enumerate() {
                            li { (button::link(&offer.name, &offer.href(&page), if index == 0 && offer.task.is_some() { Weight::Main } else { Weight::Second })) }
                        }
                    }
                }
                @if let Some(clock) = &due_of { (due(lang, &json!({ "due": clock["due"], "due_reason": clock["reason"] }))) }
                (waiting(&visit, item.as_deref(), &view))
            }
        }
    };
    Ok(Page::desk(&visit, name.clone()).body(with_menu(&app, &visit, "", &body)).into_response())
}

/// The acts as buttons: what the task asks for first, then what stands beside it.
fn in_order(offers: &[Offer]) -> Vec<&Offer> {
    let mut acts: Vec<&Offer> = offers.iter().filter(|offer| offer.action != "reveal").collect();
    acts.sort_by_key(|offer| (offer.task.is_none(), offer.action == "take"));
    acts
}

/// What a party is called; a role no message knows shows as it was given.
fn party_role(visit: &Visit, role: &str) -> String {
    let key = format!("party-role-{role}");
    if crate::lang::knows(&key) { t!(visit.lang, &key) } else { role.to_owned() }
}

fn facts(visit: &Visit, view: &Value, place: &str) -> Markup {
    let lang = visit.lang;
    let moment =
        |key: &str| text(view, key).parse::<Instant>().map(|at| time::moment(lang, at)).unwrap_or_default();
    let mut rows = vec![
        Row::text(t!(lang, "desk-owner"), text(&view["owner"], "name")),
        Row::text(t!(lang, "area-short"), place),
        Row::text(t!(lang, "desk-door"), t!(lang, &format!("door-{}", text(view, "door")))),
        Row::text(t!(lang, "desk-opened"), moment("opened_at")),
    ];
    if !text(view, "closed_at").is_empty() {
        rows.push(Row::text(t!(lang, "desk-closed"), moment("closed_at")));
    }
    html! { (summary_list(&rows)) }
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

fn people(visit: &Visit, number: MatterNumber, view: &Value, may_reveal: bool) -> Markup {
    let lang = visit.lang;
    let parties = view["parties"].as_array().cloned().unwrap_or_default();
    html! {
        @if view["applicant"].is_object() {
            h2 class="govuk-heading-m" { (t!(lang, "desk-people")) }
            h3 class="govuk-heading-s" { (t!(lang, "role-applicant")) }
            (summary_list(&person_rows(visit, &view["applicant"])))
            @for party in &parties {
                h3 class="govuk-heading-s" { (party_role(visit, text(party, "role"))) }
                (summary_list(&person_rows(visit, party)))
            }
            @if may_reveal {
                p class="govuk-body" { a class="govuk-link" href={ (page_of(number)) "/reveal" } { (t!(lang, "desk-reveal")) } }
            }
        } @else {
            div class="govuk-inset-text" { (t!(lang, "desk-walled")) }
        }
    }
}

async fn answers(app: &App, visit: &Visit, item: Option<&Item>, view: &Value) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let Some(form) = view["form"].as_object().filter(|form| !form.is_empty()) else { return Ok(html! {}) };
    let mut rows = Vec::new();
    if let Some(item) = item {
        for question in item.questions() {
            let Some(value) = form.get(&question.fact) else { continue };
            let shown = Shown::of(question, lang, &[]);
            let said = match (crate::portal::apply::is_place(question), value.as_str().map(str::parse)) {
                (true, Some(Ok(code))) => html! { (places::name(app, code, visit.now.date()).await?) },
                _ => shown.say(lang, &outside(question.kind, value)),
            };
            rows.push(Row::markup(&shown.label, said));
        }
    }
    Ok(html! {
        h2 class="govuk-heading-m" { (t!(lang, "check-answers")) }
        (summary_list(&rows))
    })
}

/// Money is kept in fen and told in yuan.
fn outside(kind: Kind, value: &Value) -> Value {
    match (kind, value.as_i64()) {
        (Kind::Money, Some(fen)) => json!(format!("{}.{:02}", fen / 100, fen.abs() % 100)),
        _ => value.clone(),
    }
}

fn papers(visit: &Visit, number: MatterNumber, item: Option<&Item>, papers: &[Value]) -> Markup {
    let lang = visit.lang;
    let rows: Vec<Row> = papers
        .iter()
        .map(|paper| {
            let id = text(paper, "id");
            let name = item.and_then(|item| item.material(id)).map_or(id, |material| material.name.get(lang));
            let state = text(paper, "state");
            let tone = match state {
                "given" | "declared" => Tone::Good,
                "missing" => Tone::Act,
                _ => Tone::Going,
            };
            Row::markup(name, html! {
                (tag(&t!(lang, &format!("state-{state}")), tone))
                @if !text(paper, "due").is_empty() { " " (t!(lang, "desk-paper-due", date = time::date_text(lang, text(paper, "due")))) }
                @if !text(paper, "file").is_empty() {
                    " " a class="govuk-link" href={ (page_of(number)) "/files/" (text(paper, "file")) } { (t!(lang, "desk-open-file")) }
                }
            })
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "papers-title")) }
            (summary_list(&rows))
        }
    }
}

fn clocks(visit: &Visit, clocks: &[Value]) -> Markup {
    let lang = visit.lang;
    html! {
        @if !clocks.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "desk-clocks")) }
            @for clock in clocks {
                div class="hf-card" {
                    h3 class="govuk-heading-s" {
                        (text(clock, "duty")) " "
                        @let state = text(clock, "state");
                        (tag(&t!(lang, &format!("clock-{state}")), match state {
                            "running" => Tone::Going, "met" => Tone::Good, "missed" => Tone::Bad, _ => Tone::Quiet,
                        }))
                    }
                    p class="govuk-body" {
                        (t!(lang, "due-by")) " " strong { (time::date_text(lang, text(clock, "due"))) }
                        @if clock["provisional"].as_bool().unwrap_or(false) { " " (tag(&t!(lang, "desk-provisional"), Tone::Quiet)) }
                    }
                    p class="govuk-body-s hf-quiet" { (paragraphs(text(clock, "reason"))) }
                }
            }
        }
    }
}

fn waiting(visit: &Visit, item: Option<&Item>, view: &Value) -> Markup {
    let lang = visit.lang;
    let waits = view["waiting_for"].as_array().cloned().unwrap_or_default();
    html! {
        @if !waits.is_empty() {
            div class="hf-card" {
                h2 class="govuk-heading-s" { (t!(lang, "desk-waiting-for")) }
                ul class="govuk-list" {
                    @for wait in &waits {
                        li {
                            @if let Ok(role) = text(wait, "role").parse() { (t!(lang, &role_key(role))) }
                            @if !text(wait, "login").is_empty() { " " (text(wait, "login")) }
                            @let names: Vec<String> = wait["actions"].as_array().into_iter().flatten().filter_map(Value::as_str)
                                .map(|action| item.and_then(|item| item.action(text(view, "step"), action)).map_or_else(|| action.to_owned(), |a| a.name.get(lang).to_owned()))
                                .collect();
                            br;
                            span class="hf-quiet" { (names.join(" / ")) }
                        }
                    }
                }
            }
        }
    }
}

fn happened(visit: &Visit, book: &Offices, item: Option<&Item>, events: &[Value]) -> Markup {
    let lang = visit.lang;
    let entries: Vec<Entry> = events
        .iter()
        .rev()
        .map(|event| {
            let action = text(event, "action");
            let from = event["from"].as_str().unwrap_or_else(|| text(event, "to"));
            let named = item.and_then(|item| item.action(from, action)).map(|action| action.name.get(lang).to_owned());
            let shared = if action == "open" { "desk-event-open".to_owned() } else { format!("action-{action}") };
            let title = named.unwrap_or_else(|| if crate::lang::knows(&shared) { t!(lang, &shared) } else { action.to_owned() });
            let step = item.and_then(|item| item.step(text(event, "to"))).map(|step| step.name.get(lang).to_owned());
            let facts: Map<String, Value> = event["facts"].as_object().cloned().unwrap_or_default();
            Entry {
                title,
                by: text(event, "role").parse().ok().map(|role| t!(lang, &role_key(role))),
                at: text(event, "at").to_owned(),
                shown: text(event, "at").parse::<Instant>().map(|at| time::moment(lang, at)).unwrap_or_default(),
                more: Some(html! {
                    @if let Some(step) = step.filter(|_| text(event, "to") != text(event, "from")) { p class="govuk-body-s" { "→ " (step) } }
                    @for (name, value) in &facts {
                        @let question = item.and_then(|item| item.question(name).or_else(|| {
                            item.steps.iter().flat_map(|s| &s.actions).flat_map(|a| &a.input).find(|q| q.fact == *name)
                        }));
                        @if let Some(question) = question.filter(|_| action != "open") {
                            @let shown = Shown::of(question, lang, &[]);
                            @let office = value.as_str().filter(|_| question.kind == Kind::Organisation).and_then(|id| book.get(id));
                            p class="govuk-body-s" { span class="hf-quiet" { (shown.label) (t!(lang, "ui-colon")) } @if let Some(office) = office { (office.name) } @else { (shown.say(lang, value)) } }
                        }
                    }
                }),
            }
        })
        .collect();
    timeline(&entries, 3)
}

async fn find(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    action: &str,
    task: Option<&str>,
) -> Result<Option<Offer>, Fault> {
    let places = places::counties(app, visit).await?;
    let offers = offer::offers(app, &visit.principal, number, visit.lang, &places).await?;
    let mut named = offers.into_iter().filter(|offer| offer.action == action);
    Ok(match task {
        Some(task) => named.find(|offer| offer.task.as_deref() == Some(task)),
        None => named.next(),
    })
}

struct Filled<'a> {
    version: i64,
    values: &'a Map<String, Value>,
    problems: &'a [Problem],
}

fn show(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    hint: Option<&str>,
    filled: &Filled<'_>,
) -> Response {
    let page = page_of(number);
    let body = html! {
        span class="govuk-caption-l hf-number" { (number.grouped()) }
        h1 class="govuk-heading-l" { (offer.name) }
        @if let Some(hint) = hint { div class="govuk-inset-text" { (hint) } }
        div class="hf-narrow" { (offer::form(visit, offer, &page, filled.version, &offer::key(), filled.values, filled.problems)) }
    };
    Page::desk(visit, offer.name.clone())
        .back(page.clone())
        .problems(filled.problems)
        .body(with_menu(app, visit, "", &body))
        .into_response()
}

/// `GET /desk/matters/{number}/{action}`.
pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let number = number(&typed)?;
    let Some(offer) = find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        return Ok(Redirect::to(&page_of(number)).into_response());
    };
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let offer = offer.at(text(&view, "step"));
    let hint = hint(&app, &visit, &view, &action);
    let filled =
        Filled { version: view["version"].as_i64().unwrap_or_default(), values: &Map::new(), problems: &[] };
    Ok(show(&app, &visit, number, &offer, hint.as_deref(), &filled))
}

/// What the catalogue says one should know before an act.
fn hint(app: &App, visit: &Visit, view: &Value, action: &str) -> Option<String> {
    let item = item_of(app, view)?;
    let hint = item.action(text(view, "step"), action)?.hint.as_ref()?;
    Some(hint.get(visit.lang).to_owned())
}

/// `POST /desk/matters/{number}/{action}`.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    posted: Posted,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let number = number(&typed)?;
    let Some(offer) = find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        // Done meanwhile, perhaps by this very form sent twice: the matter itself says how it stands.
        return Ok(Redirect::to(&page_of(number)).into_response());
    };
    match offer::act(&app, &visit.principal, number, &offer, &posted.values, visit.lang).await {
        Ok(_) => {
            // The act may have carried it out of sight; then the list is the place to be.
            let still = app.register().view(&visit.principal, number, visit.lang).await.is_ok();
            let to = if still { format!("{}?done={action}", page_of(number)) } else { "/desk".to_owned() };
            Ok(Redirect::to(&to).into_response())
        }
        Err(refusal) if matches!(refusal.code, Code::FactsWrong | Code::RuleRefused | Code::UnknownField) => {
            let wrong = problems(app.words(), visit.lang, &refusal);
            let values = read_all(&offer.questions, &posted.values);
            let filled = Filled {
                version: posted.values.get("version").parse().unwrap_or_default(),
                values: &values,
                problems: &wrong,
            };
            Ok(show(&app, &visit, number, &offer, None, &filled))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Values that can be seen in full, by the names the register knows them by.
fn revealable(visit: &Visit, view: &Value) -> Vec<Choice> {
    let lang = visit.lang;
    let mut names = Vec::new();
    let fields =
        [("name", "applicant-name-any"), ("id_no", "applicant-paper-no"), ("phone", "applicant-phone")];
    for (field, label) in fields {
        if !text(&view["applicant"], field).is_empty() {
            names.push(Choice::new(format!("applicant.{field}"), t!(lang, label)));
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
    names
}

fn reveal_page(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    view: &Value,
    values: &Values,
    problems: &[Problem],
) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "desk-reveal");
    let page = page_of(number);
    let choices = revealable(visit, view);
    let body = html! {
        span class="govuk-caption-l hf-number" { (number.grouped()) }
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "desk-reveal-lead")) }
        form class="hf-narrow" method="post" action={ (page) "/reveal" } novalidate {
            (visit.csrf_field())
            input type="hidden" name="version" value=(view["version"]);
            input type="hidden" name="key" value=(offer::key());
            (checkboxes::checkboxes(lang, &Ask::new("facts", t!(lang, "desk-reveal-which")).error(at(problems, "facts")), &choices, &values.all("facts")))
            (textarea(lang, &Ask::new("reason", t!(lang, "desk-reveal-reason")).hint(t!(lang, "desk-reveal-logged")).error(at(problems, "reason")), values.get("reason"), 3))
            div class="govuk-button-group" {
                (button::submit(&t!(lang, "desk-reveal"), Weight::Main))
                a class="govuk-link" href=(page) { (t!(lang, "act-cancel")) }
            }
        }
    };
    Page::desk(visit, title.clone())
        .back(page.clone())
        .problems(problems)
        .body(with_menu(app, visit, "", &body))
        .into_response()
}

/// `GET /desk/matters/{number}/reveal`.
pub async fn reveal_form(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let number = number(&typed)?;
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    Ok(reveal_page(&app, &visit, number, &view, &Values::default(), &[]))
}

/// `POST /desk/matters/{number}/reveal`: shows the values once; the look is in the access log.
pub async fn reveal(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let lang = visit.lang;
    let number = number(&typed)?;
    let view = app.register().view(&visit.principal, number, lang).await?;
    let mut input = Map::new();
    let facts = posted.values.all("facts");
    if !facts.is_empty() {
        input.insert("facts".into(), json!(facts));
    }
    let reason = kernel::text::normalise(posted.values.get("reason"));
    if !reason.is_empty() {
        input.insert("reason".into(), json!(reason));
    }
    let asked = Act {
        action: "reveal",
        version: view["version"].as_i64().unwrap_or_default(),
        input,
        task: None,
        key: posted.values.get("key"),
        lang,
    };
    match app.register().act(&visit.principal, number, &asked).await {
        Ok(answer) => {
            let labels = revealable(&visit, &view);
            let rows: Vec<Row> = answer.body["values"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| {
                    let label =
                        labels.iter().find(|c| c.value == *name).map_or(name.as_str(), |c| c.label.as_str());
                    Row::markup(
                        label,
                        html! { span class="hf-number" { (value.as_str().unwrap_or_default()) } },
                    )
                })
                .collect();
            let title = t!(lang, "desk-revealed");
            let body = html! {
                span class="govuk-caption-l hf-number" { (number.grouped()) }
                h1 class="govuk-heading-l" { (title) }
                (summary_list(&rows))
                p class="govuk-body" { (t!(lang, "desk-revealed-logged")) }
            };
            Ok(Page::desk(&visit, title.clone())
                .back(page_of(number))
                .body(with_menu(&app, &visit, "", &body))
                .into_response())
        }
        Err(refusal) if refusal.code == Code::FactsWrong => {
            let wrong = problems(app.words(), lang, &refusal);
            Ok(reveal_page(&app, &visit, number, &view, &posted.values, &wrong))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `GET /desk/matters/{number}/files/{file}`: a paper of a matter this person may open in full.
pub async fn file(
    State(app): State<App>,
    visit: Visit,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(elsewhere) = staff(&visit) {
        return Ok(elsewhere.into_response());
    }
    let number = number(&typed)?;
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let mine = view["materials"].as_array().into_iter().flatten().any(|paper| text(paper, "file") == id);
    let stored = app
        .files()
        .find(&id)
        .await?
        .filter(|stored| mine && stored.number == Some(number))
        .ok_or_else(nothing)?;
    let content = app.files().content(&id).await?.ok_or_else(nothing)?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&stored.media).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}
