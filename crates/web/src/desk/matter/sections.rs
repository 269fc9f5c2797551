//! What stands on the page of a matter: whose it is, the answers, the papers, the clocks, who is waited for.

use catalog::item::{Item, Kind};
use kernel::number::MatterNumber;
use matters::command::note;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::names::Names;
use super::page_of;
use crate::app::App;
use crate::desk::frame::{role_key, task_name};
use crate::portal::apply::is_place;
use crate::portal::fault::{Fault, text};
use crate::portal::places;
use crate::t;
use crate::ui::question::{Shown, paragraphs};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::tag::{Tone, tag};
use crate::ui::{Visit, time};

/// Whose the matter is, where it belongs, and when it came.
pub fn facts(visit: &Visit, view: &Value, place: &str) -> Markup {
    let lang = visit.lang;
    let mut rows = vec![
        Row::text(t!(lang, "desk-owner"), text(&view["owner"], "name")),
        Row::text(t!(lang, "area-short"), place),
        Row::text(t!(lang, "desk-door"), t!(lang, &format!("door-{}", text(view, "door")))),
        Row::text(t!(lang, "desk-opened"), time::moment_text(lang, text(view, "opened_at"))),
    ];
    if !text(view, "closed_at").is_empty() {
        rows.push(Row::text(t!(lang, "desk-closed"), time::moment_text(lang, text(view, "closed_at"))));
    }
    summary_list(&rows)
}

/// What was answered in the form, in the words of its questions.
pub async fn answers(app: &App, visit: &Visit, item: Option<&Item>, view: &Value) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let Some(form) = view["form"].as_object().filter(|form| !form.is_empty()) else { return Ok(html! {}) };
    let mut rows = Vec::new();
    if let Some(item) = item {
        for question in item.questions() {
            let Some(value) = form.get(&question.fact) else { continue };
            let shown = Shown::of(question, lang, &[]);
            let said = match (is_place(question), value.as_str().map(str::parse)) {
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

/// The materials with their state.
pub fn papers(visit: &Visit, number: MatterNumber, item: Option<&Item>, papers: &[Value]) -> Markup {
    let lang = visit.lang;
    let rows: Vec<Row> = papers
        .iter()
        .map(|paper| {
            let id = text(paper, "id");
            let noted = t!(lang, "papers-noted");
            let unknown = if id == note::PAPER { noted.as_str() } else { id };
            let known = item.and_then(|item| item.material(id));
            let name = known.map_or(unknown, |material| material.name.get(lang));
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

/// The time limits, each with the reason for its day.
pub fn clocks(visit: &Visit, clocks: &[Value]) -> Markup {
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

/// Who must act next, what for, and what they may do.
pub fn waiting(visit: &Visit, item: Option<&Item>, names: &Names, view: &Value) -> Markup {
    let lang = visit.lang;
    let waits = view["waiting_for"].as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |action: &str| {
        let own = item.and_then(|item| item.action(text(view, "step"), action));
        let shared = format!("action-{action}");
        match own {
            Some(own) => own.name.get(lang).to_owned(),
            None if crate::lang::knows(&shared) => t!(lang, &shared),
            None => action.to_owned(),
        }
    };
    let acts_of = |wait: &Value| -> Vec<String> {
        wait["actions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let is_late = waits.iter().any(|wait| acts_of(wait) == ["attend"]);
    html! {
        @if !waits.is_empty() {
            div class="hf-card" {
                h2 class="govuk-heading-s" { (t!(lang, "desk-waiting-for")) }
                ul class="govuk-list govuk-list--spaced" {
                    @for wait in waits {
                        li {
                            @if let Ok(role) = text(wait, "role").parse() { (t!(lang, &role_key(role))) }
                            @if !text(wait, "login").is_empty() { " " (names.colleague(text(wait, "login"))) }
                            @let acts = acts_of(wait);
                            br;
                            @if acts == ["attend"] {
                                (tag(&task_name(lang, "attend"), Tone::Bad))
                            } @else {
                                span class="hf-quiet" { (acts.iter().map(|act| name(act)).collect::<Vec<_>>().join(" / ")) }
                            }
                        }
                    }
                }
                // Said once, however many are reminded of it.
                @if is_late {
                    ul class="govuk-list hf-quiet" { @for reason in late(visit, item, view) { li { (reason) } } }
                }
            }
        }
    }
}

/// What ran out of time: clocks that were missed, and papers that were to follow and did not.
pub fn late(visit: &Visit, item: Option<&Item>, view: &Value) -> Vec<String> {
    let lang = visit.lang;
    let rows = |key: &str| view[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let clocks = rows("clocks").iter().filter(|clock| text(clock, "state") == "missed");
    let clocks = clocks.map(|clock| t!(lang, "desk-late-clock", duty = text(clock, "duty")));
    let name = |id: &str| {
        let material = item.and_then(|item| item.material(id));
        material.map_or_else(|| id.to_owned(), |material| material.name.get(lang).to_owned())
    };
    // Only what somebody promised to bring can be late; what was never given is asked for in the notice.
    let may_follow =
        |id: &str| item.and_then(|item| item.material(id)).is_some_and(|one| one.may_defer.is_some());
    let papers = rows("materials").iter().filter(|paper| text(paper, "state") == "missing");
    let papers = papers.map(|paper| text(paper, "id")).filter(|id| may_follow(id));
    let mut told: Vec<String> = Vec::new();
    for one in clocks.chain(papers.map(|id| t!(lang, "desk-late-paper", name = name(id)))) {
        // A clock that began anew may have been missed again; it is one duty all the same.
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told
}
