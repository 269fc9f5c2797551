//! Where a matter that is taken down belongs: asked by name, the caller's own place to begin with.

use kernel::area::{AreaCode, Level};
use maud::Markup;

use crate::app::App;
use crate::portal::fault::{Fault, at};
use crate::portal::places;
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::form::Values;
use crate::ui::place::{Among, Said, place};
use crate::ui::{Ask, Visit};

/// Divisions the caller works in, the widest first.
fn own(visit: &Visit) -> Option<AreaCode> {
    visit.principal.grants.iter().map(|grant| grant.area).min_by_key(|area| (area.level(), *area))
}

/// What is nearer to the caller's place is offered first; the register says what they may take down elsewhere.
fn among(visit: &Visit) -> Among {
    let within = places::home(visit);
    Among { within, near: own(visit), deepest: Level::Village, on: visit.now.date() }
}

/// What the form begins with: the place of the matter before, else the caller's own.
pub async fn begun(app: &App, visit: &Visit, before: Option<&str>) -> Result<Said, Fault> {
    let known = before.and_then(|code| code.parse().ok()).or_else(|| own(visit));
    let atlas = places::atlas(app).await?;
    Ok(known.map(|code| Said::known(&atlas, code, visit.now.date())).unwrap_or_default())
}

/// What the form sent.
pub async fn read(app: &App, visit: &Visit, values: &Values) -> Result<Said, Fault> {
    Ok(Said::read(&*places::atlas(app).await?, values, "area", &among(visit)))
}

/// The field.
pub fn field(visit: &Visit, said: &Said, problems: &[Problem]) -> Markup {
    let ask = Ask::new("area", t!(visit.lang, "area-short")).error(at(problems, "area"));
    place(visit.lang, &ask, said, &among(visit))
}
