//! What went on from somebody: shown to whoever is back, who may ask for it again.

use access::Principal;
use kernel::lang::Lang;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use crate::command::pass::may_ask_back;
use crate::register::{Register, broken};
use crate::store as table;
use crate::view::people::owner;

/// For how many days it is shown.
const SHOWN_DAYS: i64 = 60;

/// Most rows.
const MOST: i64 = 100;

impl Register {
    /// What went on from the caller in the last sixty days, the last first:
    /// `{number, item, item_name, step_name, at, why, owner, may_ask_back}`. Matters out of sight are left out.
    pub async fn handed_on(&self, who: &Principal, lang: Lang) -> Result<Vec<Value>, Refusal> {
        let Some(account) = who.account.as_ref().filter(|_| who.is_staff()) else { return Ok(Vec::new()) };
        let now = self.now();
        let since = now.plus(jiff::SignedDuration::from_hours(-24 * SHOWN_DAYS));
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = table::handed_from(&mut reader, account.as_str(), since, MOST).await;
        drop(reader);
        let rows = rows.map_err(|error| broken("handed on", &error))?;
        let mut shown = Vec::new();
        for row in rows.into_iter().filter(|row| !row.undone) {
            if shown.iter().any(|one: &Value| one["number"] == json!(row.number)) {
                continue;
            }
            let Ok(seen) = self.load(who, row.number, None, now).await else { continue };
            let matter = &seen.matter;
            shown.push(json!({
                "number": row.number,
                "item": matter.item.id,
                "item_name": matter.item.name.get(lang),
                "step_name": matter.current().map(|step| step.name.get(lang)),
                "at": row.at,
                "why": row.cause.split(':').next(),
                "owner": owner(matter),
                "may_ask_back": may_ask_back(who, matter).is_ok(),
            }));
        }
        Ok(shown)
    }
}
