//! One version of an answer at the desk: its texts, what it rests on, what was found in it, what may be done.

use answers::life::Verdict;
use answers::model::{State as Stands, Version};
use answers::rules::{self, Deed};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use maud::{Markup, html};

use super::write::findings;
use super::{PAGE, page_of, state, version_of};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::answers::cited;
use crate::portal::fault::{Fault, at, labelled_problems};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::notification::{Notice, notification};
use crate::ui::question::paragraphs;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Page, Visit, time};

/// `GET /desk/answers/{id}/{version}`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((id, version)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let version = version_of(&version)?;
    show(&app, &visit, (&id, version), &Values::default(), &[]).await
}

/// `POST /desk/answers/{id}/{version}`.
pub async fn post(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((id, version)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let version = version_of(&version)?;
    let typed = &posted.values;
    let seen = typed.get("revision").parse().unwrap_or_default();
    let (library, who, now) = (app.library(), &visit.principal, visit.now);
    let of = (id.as_str(), version);
    let done = match typed.get("what") {
        "publish" => {
            library.decide(who, of, seen, Verdict::Publish(typed.all("confirmed")), now).await.map(Some)
        }
        "return" => {
            let verdict = Verdict::Return(typed.get("reason").to_owned());
            library.decide(who, of, seen, verdict, now).await.map(Some)
        }
        "renew" => library.renew(who, of, seen, now).await.map(Some),
        "revise" => library.revise(who, of, now).await.map(Some),
        "withdraw" => library.withdraw(who, of, seen, typed.get("reason"), now).await.map(|()| None),
        // A button nobody has: the page itself says what may be done.
        _ => Ok(None),
    };
    match done {
        Ok(Some(next)) if next.version != version => {
            Ok(Redirect::to(&format!("{}/edit", page_of(&next.id, next.version))).into_response())
        }
        Ok(_) => Ok(Redirect::to(&page_of(&id, version)).into_response()),
        Err(refusal) if matches!(refusal.code, Code::FactsWrong | Code::StaleVersion) => {
            let lang = visit.lang;
            let label = |field: &str| (field == "reason").then(|| t!(lang, "answers-reason"));
            let problems = labelled_problems(app.words(), lang, &refusal, label);
            show(&app, &visit, of, typed, &problems).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    (id, version): (&str, i64),
    typed: &Values,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let who = &visit.principal;
    let found = app.library().version(who, id, version).await?;
    let rests = app.library().cited(&found.cites, visit.now.date()).await?;
    let acts = app.library().acts(who, id, version).await?;
    let offices = app.register().offices().await?;
    let office = offices.get(&found.office).map_or_else(|| found.office.clone(), |one| one.name.clone());
    // The matter itself is only for those who see it.
    let sees = app.register().sight(who, found.source).await.is_ok();
    let mut facts = vec![
        Row::text(t!(lang, "answers-kind"), &found.kind),
        Row::text(t!(lang, "answers-owner"), format!("{} · {office}", found.owner_name)),
        Row::text(t!(lang, "answers-version"), found.version.to_string()),
    ];
    if sees {
        let number = found.source;
        facts.push(Row::markup(
            t!(lang, "answers-source"),
            html! { a class="govuk-link hf-number" href={ "/desk/matters/" (number) } { (number.grouped()) } },
        ));
    }
    if let Some((on, due)) = found.reviewed_on.zip(found.due_on) {
        facts.push(Row::text(t!(lang, "answers-reviewed-on"), time::date(lang, on)));
        facts.push(Row::text(t!(lang, "answers-due-on"), time::date(lang, due)));
    }
    let erased = found.words.question.is_empty();
    let title = if erased { t!(lang, "answers-erased") } else { found.words.question.clone() };
    let body = html! {
        span class="govuk-caption-l" { (t!(lang, "answers-desk-title")) }
        div class="hf-panel-head" { h1 class="govuk-heading-l" { (title) } (state(lang, found.state)) }
        @if let Some(reason) = found.words.returned.as_ref().filter(|_| found.state == Stands::Draft) {
            (notification(lang, Notice::Important, &html! { (t!(lang, "answers-returned")) " " (reason) }))
        }
        (summary_list(&facts))
        h2 class="govuk-heading-m" { (t!(lang, "answers-answer")) }
        p class="govuk-body" { (paragraphs(&found.words.answer)) }
        h2 class="govuk-heading-m" { (t!(lang, "answers-cites")) }
        @if rests.is_empty() { p class="govuk-body" { (t!(lang, "answers-cites-none")) } } @else { (cited(lang, &rests)) }
        @if found.state == Stands::Published {
            p class="govuk-body" { a class="govuk-link" href={ "/answers/" (found.id) } { (t!(lang, "answers-see-public")) } }
        }
        (deeds(app, visit, &found, typed, problems).await?)
        h2 class="govuk-heading-m" { (t!(lang, "answers-acts")) }
        ul class="govuk-list" {
            @for one in &acts {
                li {
                    (time::moment(lang, one.at)) " · " (one.name) " · " (t!(lang, &format!("answers-act-{}", one.act)))
                    @if one.version != found.version { " (" (t!(lang, "answers-version")) " " (one.version) ")" }
                    @if let Some(reason) = &one.reason { " — " (reason) }
                }
            }
        }
    };
    Ok(Page::desk(visit, title.clone())
        .back(PAGE)
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

/// What the caller may do with it, as forms.
async fn deeds(
    app: &App,
    visit: &Visit,
    found: &Version,
    typed: &Values,
    problems: &[Problem],
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let may = |deed: Deed| rules::may(&visit.principal, found, deed).is_ok();
    let here = page_of(&found.id, found.version);
    let revision = html! { input type="hidden" name="revision" value=(found.revision); };
    let plain = |what: &str, key: &str, weight: Weight| {
        form(visit, &here, &html! { (revision) (button::submit_as(&t!(lang, key), weight, "what", what)) })
    };
    let with_reason = |what: &str, key: &str, hint: &str| {
        let name = "reason";
        let ask = Ask::new(name, t!(lang, "answers-reason")).hint(t!(lang, hint)).error(at(problems, name));
        form(
            visit,
            &here,
            &html! {
                (revision)
                (textarea(lang, &ask, typed.get(name), 3))
                (button::submit_as(&t!(lang, key), Weight::Second, "what", what))
            },
        )
    };
    let looked = if may(Deed::Decide) {
        let placed = app.library().findings(found.source, &found.words.question, &found.words.answer).await?;
        findings(visit, &placed, &typed.all("confirmed"))
    } else {
        html! {}
    };
    let published = found.state == Stands::Published;
    Ok(html! {
        div class="hf-narrow" {
            @if may(Deed::Write) {
                div class="govuk-button-group" {
                    (button::link(&t!(lang, "answers-edit"), &format!("{here}/edit"), Weight::Main))
                }
                (plain("withdraw", "answers-give-up", Weight::Second))
            }
            @if may(Deed::Decide) {
                h2 class="govuk-heading-m" { (t!(lang, "answers-decide")) }
                p class="govuk-body" { (t!(lang, "answers-decide-lead")) }
                (form(visit, &here, &html! {
                    (revision)
                    (looked)
                    (button::submit_as(&t!(lang, "answers-publish"), Weight::Main, "what", "publish"))
                }))
                (with_reason("return", "answers-return", "answers-return-hint"))
            }
            @if may(Deed::Renew) { (plain("renew", "answers-renew", Weight::Main)) }
            @if may(Deed::Revise) { (plain("revise", "answers-revise", Weight::Second)) }
            @if published && may(Deed::Withdraw) { (with_reason("withdraw", "answers-withdraw", "answers-withdraw-hint")) }
        }
    })
}
