//! Writing an answer from a closed matter, and writing one of one's own anew.

use answers::anonymity::Weight as Heavy;
use answers::life::{Placed, Wish, Written};
use answers::model::Version;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use maud::{Markup, html};
use serde::Deserialize;

use super::{page_of, version_of};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::{Fault, at, labelled_problems};
use crate::portal::matter::number;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::notification::{Notice, notification};
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Choice, Page, Visit, select};

/// Which matter it comes from.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Origin {
    from: String,
}

/// What the form shows.
struct Shown<'a> {
    source: MatterNumber,
    /// Where it posts to.
    action: String,
    written: Written,
    revision: i64,
    returned: Option<String>,
    problems: &'a [Problem],
}

/// `GET /desk/answers/new?from={number}`.
pub async fn new(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(from): Query<Origin>,
) -> Result<Response, Fault> {
    let source = number(&from.from)?;
    let began = app.library().begin(&visit.principal, source).await?;
    let written = Written {
        question: began.question,
        answer: began.answer,
        cites: began.articles,
        ..Written::default()
    };
    let shown =
        Shown { source, action: action_new(source), written, revision: 0, returned: None, problems: &[] };
    show(&app, &visit, &shown).await
}

fn action_new(source: MatterNumber) -> String {
    format!("{}/new?from={source}", super::PAGE)
}

fn read(typed: &Values) -> (Written, Wish) {
    let written = Written {
        kind: typed.get("kind").to_owned(),
        question: typed.get("question").to_owned(),
        answer: typed.get("answer").to_owned(),
        cites: typed.get("cites").to_owned(),
        confirmed: typed.all("confirmed"),
    };
    (written, if typed.get("wish") == "keep" { Wish::Keep } else { Wish::Propose })
}

/// `POST /desk/answers/new?from={number}`.
pub async fn new_post(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(from): Query<Origin>,
    posted: Posted,
) -> Result<Response, Fault> {
    let source = number(&from.from)?;
    let (written, wish) = read(&posted.values);
    match app.library().write(&visit.principal, source, &written, wish, visit.now).await {
        Ok(version) => Ok(Redirect::to(&page_of(&version.id, version.version)).into_response()),
        Err(refusal) => {
            let problems = problems(&app, &visit, refusal)?;
            let shown = Shown {
                source,
                action: action_new(source),
                written,
                revision: 0,
                returned: None,
                problems: &problems,
            };
            show(&app, &visit, &shown).await
        }
    }
}

fn of_version(version: &Version) -> Written {
    Written {
        kind: version.kind.clone(),
        question: version.words.question.clone(),
        answer: version.words.answer.clone(),
        cites: answers::cites::spoken(&version.cites),
        confirmed: version.words.confirmed.clone(),
    }
}

/// `GET /desk/answers/{id}/{version}/edit`.
pub async fn edit(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((id, version)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let version = version_of(&version)?;
    let found = app.library().version(&visit.principal, &id, version).await?;
    answers::rules::may(&visit.principal, &found, answers::rules::Deed::Write)?;
    let shown = Shown {
        source: found.source,
        action: format!("{}/edit", page_of(&id, version)),
        written: of_version(&found),
        revision: found.revision,
        returned: found.words.returned.clone(),
        problems: &[],
    };
    show(&app, &visit, &shown).await
}

/// `POST /desk/answers/{id}/{version}/edit`.
pub async fn edit_post(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((id, version)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let version = version_of(&version)?;
    let (written, wish) = read(&posted.values);
    let seen = posted.values.get("revision").parse().unwrap_or_default();
    let done = app.library().rewrite(&visit.principal, (&id, version), seen, &written, wish, visit.now).await;
    match done {
        Ok(_) => Ok(Redirect::to(&page_of(&id, version)).into_response()),
        Err(refusal) => {
            // Somebody else changed it meanwhile: what was typed stays in the form, over what stands now.
            let found = app.library().version(&visit.principal, &id, version).await?;
            let problems = problems(&app, &visit, refusal)?;
            let shown = Shown {
                source: found.source,
                action: format!("{}/edit", page_of(&id, version)),
                written,
                revision: found.revision,
                returned: found.words.returned.clone(),
                problems: &problems,
            };
            show(&app, &visit, &shown).await
        }
    }
}

/// What is wrong with a form, or the refusal when it is of another kind.
fn problems(app: &App, visit: &Visit, refusal: Refusal) -> Result<Vec<Problem>, Fault> {
    if !matches!(refusal.code, Code::FactsWrong | Code::StaleVersion) {
        return Err(refusal.into());
    }
    let lang = visit.lang;
    Ok(labelled_problems(app.words(), lang, &refusal, |field| match field {
        "kind" => Some(t!(lang, "answers-kind")),
        "question" => Some(t!(lang, "answers-question")),
        "answer" => Some(t!(lang, "answers-answer")),
        _ => None,
    }))
}

/// Findings in two texts, as people read them: hard ones are told, soft ones can be ticked.
pub(super) fn findings(visit: &Visit, found: &[Placed], confirmed: &[String]) -> Markup {
    let lang = visit.lang;
    let say = |one: &Placed| {
        t!(
            lang,
            "answers-finding",
            field = t!(lang, &format!("answers-{}", one.field)),
            place = (one.finding.from + 1).to_string(),
            said = one.finding.said.clone(),
            sort = t!(lang, &format!("answers-sort-{}", one.finding.sort.as_str()))
        )
    };
    let hard: Vec<&Placed> = found.iter().filter(|one| one.finding.weight == Heavy::Hard).collect();
    let mut soft: Vec<&Placed> = found.iter().filter(|one| one.finding.weight == Heavy::Soft).collect();
    soft.dedup_by_key(|one| one.finding.key());
    let choices: Vec<Choice> = soft.iter().map(|one| Choice::new(one.finding.key(), say(one))).collect();
    html! {
        @if found.is_empty() {
            p class="govuk-body hf-quiet" { (t!(lang, "answers-findings-none")) }
        }
        @if !hard.is_empty() {
            h3 class="govuk-heading-s" { (t!(lang, "answers-findings-hard")) }
            ul class="govuk-list govuk-list--bullet" { @for one in &hard { li { (say(one)) } } }
        }
        @if !soft.is_empty() {
            @let ask = Ask::new("confirmed", t!(lang, "answers-findings-soft")).hint(t!(lang, "answers-findings-soft-hint"));
            (checkboxes(lang, &ask, &choices, confirmed))
        }
    }
}

async fn show(app: &App, visit: &Visit, shown: &Shown<'_>) -> Result<Response, Fault> {
    let lang = visit.lang;
    let written = &shown.written;
    let found = app.library().findings(shown.source, &written.question, &written.answer).await?;
    let kinds: Vec<Choice> = app.library().kinds().iter().map(|kind| Choice::new(kind, kind)).collect();
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(shown.problems, name));
    let title = t!(lang, "answers-write-title");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if let Some(reason) = &shown.returned {
            (notification(lang, Notice::Important, &html! { (t!(lang, "answers-returned")) " " (reason) }))
        }
        p class="govuk-body" { (t!(lang, "answers-write-lead")) }
        div class="hf-narrow" {
            (form(visit, &shown.action, &html! {
                input type="hidden" name="revision" value=(shown.revision);
                (select::select(lang, &ask("kind", "answers-kind"), &kinds, &written.kind))
                (textarea(lang, &ask("question", "answers-question").hint(t!(lang, "answers-question-hint")), &written.question, 3))
                (textarea(lang, &ask("answer", "answers-answer").hint(t!(lang, "answers-answer-hint")), &written.answer, 12))
                (textarea(lang, &ask("cites", "answers-cites").hint(t!(lang, "answers-cites-hint")).optional(true), &written.cites, 4))
                h2 class="govuk-heading-m" { (t!(lang, "answers-findings")) }
                (findings(visit, &found, &written.confirmed))
                div class="govuk-button-group" {
                    (button::submit_as(&t!(lang, "answers-propose"), Weight::Main, "wish", "propose"))
                    (button::submit_as(&t!(lang, "answers-keep"), Weight::Second, "wish", "keep"))
                    a class="govuk-link" href=(super::PAGE) { (t!(lang, "act-cancel")) }
                }
            }))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .back(super::PAGE)
        .problems(shown.problems)
        .body(with_menu(app, visit, super::PAGE, &body))
        .into_response())
}
