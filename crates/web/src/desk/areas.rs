//! 区划更替: former divisions on which something hangs and of which nobody knows what took them over.

use access::area::handover::{NewLink, Orphan, Overview};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::area::AreaCode;
use kernel::refusal::Code;
use maud::{Markup, html};
use serde::Deserialize;

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, at, labelled_problems, nothing, refusal_of};
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::input::{Typed, input};
use crate::ui::place::{Among, Said, place};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Ask, Page, Visit, time};

/// Address of the page.
pub const PAGE: &str = "/desk/areas";

/// The division to be linked.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    link: String,
}

/// `GET /desk/areas`: the list; with `?link=CODE` the form for one of them.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let overview = app.access().area_overview(&visit.principal, None, visit.now).await?;
    match wanted.link.parse::<AreaCode>() {
        Ok(code) => {
            let orphan = overview.waiting.iter().find(|orphan| orphan.code == code).ok_or_else(nothing)?;
            one(&app, &visit, orphan, &Values::default(), &[]).await
        }
        Err(_) => list(&app, &visit, &overview).await,
    }
}

async fn list(app: &App, visit: &Visit, overview: &Overview) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = t!(lang, "areas-title");
    let atlas = places::atlas(app).await?;
    let on = visit.now.date();
    let counts = [
        ("areas-standing", overview.standing),
        ("areas-linked", overview.linked),
        ("areas-unknown", overview.unknown),
    ];
    let rows: Vec<Row> = counts.map(|(key, n)| Row::text(t!(lang, key), n.to_string())).into();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "areas-lead")) }
        (summary_list(&rows))
        h2 class="govuk-heading-m" { (t!(lang, "areas-waiting", n = overview.waiting.len())) }
        @if overview.waiting.is_empty() { p class="govuk-body" { (t!(lang, "areas-none")) } }
        @for orphan in &overview.waiting {
            section class="hf-card" {
                h3 class="govuk-heading-s" { (orphan.name) " " span class="hf-quiet hf-number" { (orphan.code) } }
                p class="govuk-body" { (t!(lang, "areas-told-with", date = time::date(lang, orphan.ended_on), town = atlas.full_name(orphan.town, on))) }
                (hanging(visit, orphan))
                (button::link(&t!(lang, "areas-link"), &format!("{PAGE}?link={}", orphan.code), Weight::Second))
            }
        }
    };
    Ok(Page::desk(visit, title.clone()).body(with_menu(app, visit, PAGE, &body)).into_response())
}

/// Bodies and people that hang on it.
fn hanging(visit: &Visit, orphan: &Orphan) -> Markup {
    let lang = visit.lang;
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for (_, name) in &orphan.offices { li { (t!(lang, "areas-office", name = name)) } }
            @for (login, name) in &orphan.people { li { (t!(lang, "areas-person", name = name, login = login)) } }
        }
    }
}

/// What may have taken a division over: near its town, of its level or wider.
fn among(visit: &Visit, orphan: &Orphan) -> Among {
    let within = orphan.code.upwards().find(|above| above.level() == kernel::area::Level::County);
    // A county may have got another code: then the whole city is searched.
    let stands = within.filter(|county| county.contains(orphan.town));
    let within = stands.or_else(|| places::home(visit));
    Among { within, near: Some(orphan.town), deepest: orphan.code.level(), on: visit.now.date() }
}

async fn one(
    app: &App,
    visit: &Visit,
    orphan: &Orphan,
    typed: &Values,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let atlas = places::atlas(app).await?;
    let among = among(visit, orphan);
    let said = Said::read(&atlas, typed, "to", &among);
    let title = t!(lang, "areas-link-title", name = orphan.name);
    let town = atlas.full_name(orphan.town, visit.now.date());
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "areas-told-with", date = time::date(lang, orphan.ended_on), town = town)) }
        (hanging(visit, orphan))
        div class="hf-narrow" {
            (form(visit, PAGE, &html! {
                input type="hidden" name="link" value=(orphan.code);
                (place(lang, &Ask::new("to", t!(lang, "areas-to")).error(at(problems, "to")), &said, &among))
                (input(lang, &Ask::new("reason", t!(lang, "areas-reason")).hint(t!(lang, "areas-reason-hint")).error(at(problems, "reason")), typed.get("reason"), Typed::Text))
                (button::submit(&t!(lang, "areas-link"), Weight::Main))
            }))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .back(PAGE)
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

/// `POST /desk/areas`: says what took a division over.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let lang = visit.lang;
    let typed = &posted.values;
    let from: AreaCode = typed.get("link").parse().map_err(|_| nothing())?;
    let overview = app.access().area_overview(&visit.principal, None, visit.now).await?;
    let orphan = overview.waiting.iter().find(|orphan| orphan.code == from).ok_or_else(nothing)?;
    let said = Said::read(&*places::atlas(&app).await?, typed, "to", &among(&visit, orphan));
    let Some(to) = said.code else {
        let text = said.problem(lang).unwrap_or_else(|| t!(lang, "area-link-to"));
        return one(&app, &visit, orphan, typed, &[Problem::at("to", text)]).await;
    };
    let link = NewLink { from, to, reason: typed.get("reason").to_owned() };
    match app.access().link_area(&visit.principal, &link, visit.now).await {
        Ok(()) => Ok(Redirect::to(PAGE).into_response()),
        Err(error) => {
            let refusal = refusal_of(error);
            if refusal.code != Code::FactsWrong {
                return Err(refusal.into());
            }
            let problems = labelled_problems(app.words(), lang, &refusal, |_| None);
            one(&app, &visit, orphan, typed, &problems).await
        }
    }
}
