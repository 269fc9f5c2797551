//! Divisions to choose from.

use access::area::{AreaQuery, search};
use jiff::civil::Date;
use kernel::area::AreaCode;
use store::{ReadTx, StoreError};

use crate::app::App;
use crate::ui::Choice;

/// Divisions directly below one, as choices.
pub async fn below(app: &App, parent: AreaCode, on: Date) -> Result<Vec<Choice>, StoreError> {
    let query = AreaQuery { parent: Some(parent), text: None, on, after: None, limit: 500 };
    let (areas, _) = search(&mut app.db().reader().await?, &query).await?;
    Ok(areas.into_iter().map(|area| Choice::new(area.code.to_string(), area.name)).collect())
}

/// Names from the province down to the division itself; nothing when none of them is known.
pub async fn full_name(reads: &mut ReadTx, code: AreaCode, on: Date) -> Result<String, StoreError> {
    let mut names = Vec::new();
    for place in code.upwards() {
        if let Some(area) = access::area::find(reads, place, on).await? {
            names.push(area.name);
        }
    }
    names.reverse();
    Ok(names.concat())
}

/// Name of a division with the names above it, or its code when it is not known.
pub async fn name(app: &App, code: AreaCode, on: Date) -> Result<String, StoreError> {
    let name = full_name(&mut app.db().reader().await?, code, on).await?;
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
