//! Where the person lives: by name in one go, or county first, then town where they know it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use kernel::area::{AreaCode, Level};
use maud::html;
use serde::Deserialize;

use super::{Elsewhere, Going, going};
use crate::app::App;
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::{Ask, Choice, LabelSize};
use crate::ui::form::{Posted, form};
use crate::ui::place::{Said, place};
use crate::ui::{Page, Visit, radios, select};

/// Which of the two pages.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    county: String,
}

/// `GET /apply/{item}/area`, `GET …?county=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    match wanted.county.parse::<AreaCode>().ok().filter(|county| county.level() == Level::County) {
        Some(county) => town(&app, &visit, &going, county).await,
        None => county(&app, &visit, &going, &Said::default(), &[]).await,
    }
}

async fn county(
    app: &App,
    visit: &Visit,
    going: &Going,
    said: &Said,
    problems: &[Problem],
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let counties = places::counties(app, visit).await?;
    let chosen = going.draft.answers.area.as_deref().and_then(|code| code.parse::<AreaCode>().ok());
    let value = chosen.map(|code| format!("{:06}000000", code.county6())).unwrap_or_default();
    let ask = Ask::new("county", t!(lang, "area-county"))
        .hint(t!(lang, "area-county-hint"))
        .size(LabelSize::Page)
        .error(at(problems, "county"));
    let named = Ask::new("place", t!(lang, "area-by-name")).error(at(problems, "place")).optional(true);
    Ok(Page::new(visit, t!(lang, "area-county"))
        .sensitive(going.sensitive(app))
        .back(format!("/apply/{}", going.item.id))
        .problems(problems)
        .column(&html! {
            (form(visit, &going.at("area"), &html! {
                (radios::radios(lang, &ask, &counties, &value))
                (place(lang, &named, said, &places::around(visit)))
                (button::submit(&t!(lang, "ui-continue"), Weight::Main))
        }))
                })
        .into_response())
}

async fn town(app: &App, visit: &Visit, going: &Going, county: AreaCode) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let mut towns = vec![Choice::new(county.to_string(), t!(lang, "area-town-unknown"))];
    towns.extend(places::below(app, county, visit.now.date()).await?);
    let value = going.draft.answers.area.clone().unwrap_or_else(|| county.to_string());
    let name = places::name(app, county, visit.now.date()).await?;
    let ask = Ask::new("town", t!(lang, "area-town", county = name))
        .hint(t!(lang, "area-town-hint"))
        .size(LabelSize::Page);
    Ok(Page::new(visit, t!(lang, "area-town", county = name))
        .sensitive(going.sensitive(app))
        .back(going.at("area"))
        .column(&html! {
            (form(visit, &going.at("area"), &html! {
                input type="hidden" name="of" value=(county);
                (select::select(lang, &ask, &towns, &value))
                (button::submit(&t!(lang, "ui-continue"), Weight::Main))
        }))
                })
        .into_response())
}

/// `POST /apply/{item}/area`: the county leads to its towns, the town is saved.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let mut going = going(&app, &visit, &id).await?;
    let values = &posted.values;
    if let Ok(of) = values.get("of").parse::<AreaCode>() {
        // An empty choice means "not sure": the county is enough.
        let town =
            values.get("town").parse::<AreaCode>().ok().filter(|town| of.contains(*town)).unwrap_or(of);
        going.draft.answers.area = Some(town.to_string());
        return going.save(&app, &visit).await;
    }
    let said = Said::read(&*places::atlas(&app).await?, values, "place", &places::around(&visit));
    match (said.code, said.problem(visit.lang)) {
        (Some(code), _) => {
            going.draft.answers.area = Some(code.to_string());
            return going.save(&app, &visit).await;
        }
        (None, Some(text)) => {
            return county(&app, &visit, &going, &said, &[Problem::at("place", text)]).await;
        }
        (None, None) => {}
    }
    let chosen =
        values.get("county").parse::<AreaCode>().ok().filter(|county| county.level() == Level::County);
    if let Some(county) = chosen {
        return Err(Elsewhere::To(format!("{}?county={county}", going.at("area"))));
    }
    let label = t!(visit.lang, "area-county");
    let problems = [Problem::at("county", t!(visit.lang, "ui-required-choice", label = label))];
    county(&app, &visit, &going, &said, &problems).await
}
