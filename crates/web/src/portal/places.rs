//! Divisions to choose from, and how they are called.

use std::sync::Arc;

use access::area::Atlas;
use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use serde::Deserialize;
use store::StoreError;

use crate::app::App;
use crate::ui::form::Values;
use crate::ui::place::{Among, Said};
use crate::ui::{Choice, Visit};

/// All divisions, as this node has them in memory.
pub async fn atlas(app: &App) -> Result<Arc<Atlas>, StoreError> {
    app.access().areas().current().await
}

/// Divisions directly below one, as choices.
pub async fn below(app: &App, parent: AreaCode, on: Date) -> Result<Vec<Choice>, StoreError> {
    let atlas = atlas(app).await?;
    let below = atlas.below(Some(parent), on);
    Ok(below.map(|place| Choice::new(place.code.to_string(), &*place.name)).collect())
}

/// Name of a division with the names above it and the zones it lies in, or its code when it is not known.
pub async fn name(app: &App, code: AreaCode, on: Date) -> Result<String, StoreError> {
    let name = atlas(app).await?.label(code, on);
    Ok(if name.is_empty() { code.to_string() } else { name })
}

/// The same for a code as it was written; what is no code is said as it stands.
pub async fn said(app: &App, code: &str, on: Date) -> Result<String, StoreError> {
    match code.parse() {
        Ok(code) => name(app, code, on).await,
        Err(_) => Ok(code.to_owned()),
    }
}

/// The place this site serves.
pub fn home(visit: &Visit) -> Option<AreaCode> {
    visit.site.area
}

/// Places within what this site serves, down to villages.
pub fn around(visit: &Visit) -> Among {
    let home = home(visit);
    Among { within: home, near: home, deepest: Level::Village, on: visit.now.date() }
}

/// A place as a list is asked for it: what was typed, what was chosen for it, and the text it was chosen for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    area: String,
    #[serde(rename = "area-code")]
    code: String,
    #[serde(rename = "area-for")]
    chosen_for: String,
}

impl Asked {
    /// The place meant, around here. A code in the address of a link is shown by its name.
    pub async fn said(&self, app: &App, visit: &Visit) -> Result<Said, StoreError> {
        let around = around(visit);
        let atlas = atlas(app).await?;
        let named = [("area", &self.area), ("area-code", &self.code), ("area-for", &self.chosen_for)];
        let values = Values(named.map(|(name, value)| (name.to_owned(), value.clone())).into());
        let said = Said::read(&atlas, &values, "area", &around);
        Ok(match said.code {
            Some(code) => Said::known(&atlas, code, around.on),
            None => said,
        })
    }
}

/// The counties of the place this site serves.
pub async fn counties(app: &App, visit: &Visit) -> Result<Vec<Choice>, StoreError> {
    match home(visit) {
        Some(area) => below(app, area, visit.now.date()).await,
        None => Ok(Vec::new()),
    }
}
