//! Divisions to choose from.

use access::area::{AreaQuery, search};
use jiff::civil::Date;
use kernel::area::AreaCode;
use store::StoreError;

use crate::app::App;
use crate::ui::Choice;

/// Divisions directly below one, as choices.
pub async fn below(app: &App, parent: AreaCode, on: Date) -> Result<Vec<Choice>, StoreError> {
    let query = AreaQuery { parent: Some(parent), text: None, on, after: None, limit: 500 };
    let (areas, _) = search(&mut app.db().reader().await?, &query).await?;
    Ok(areas.into_iter().map(|area| Choice::new(area.code.to_string(), area.name)).collect())
}

/// Name of a division with the names above it up to the city, or its code when it is not known.
pub async fn name(app: &App, code: AreaCode, on: Date) -> Result<String, StoreError> {
    let mut names = Vec::new();
    let mut reader = app.db().reader().await?;
    for code in code.upwards() {
        if let Some(area) = access::area::find(&mut reader, code, on).await? {
            names.push(area.name);
        }
    }
    names.reverse();
    Ok(if names.is_empty() { code.to_string() } else { names.concat() })
}

/// The place this site serves.
pub fn home(visit: &crate::ui::Visit) -> Option<AreaCode> {
    visit.site.area.parse().ok()
}

/// The counties of the place this site serves.
pub async fn counties(app: &App, visit: &crate::ui::Visit) -> Result<Vec<Choice>, StoreError> {
    match home(visit) {
        Some(area) => below(app, area, visit.now.date()).await,
        None => Ok(Vec::new()),
    }
}
