//! Duplicate warning before saving: the same person, a similar matter, the same other side.
//!
//! Only for staff: whoever types somebody's number at home must not learn that a matter exists. People are
//! found through keyed hashes; words are compared only in the few matters found so.

use std::collections::BTreeSet;

use access::Principal;
use access::policy::{Denied, Sight};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::text::normalise;
use serde_json::{Map, Value, json};
use store::sql;

use super::authorise::denied;
use crate::blind::common::{self, Common, Marks, Whose};
use crate::blind::{Kind, own_marks};
use crate::party::{PartyFacts, Reader};
use crate::register::{Register, broken};

/// Most matters that are looked into.
const MOST: usize = 40;

/// Most rows of the index that are read at once.
const ROWS: i64 = 400;

/// Share of common pairs of letters from which two texts count as similar, in percent.
const ALIKE: usize = 40;

/// Shortest text that is compared, in letters.
const WORTH: usize = 8;

impl Register {
    /// Matters the caller may see that look like the one about to be opened:
    /// `[{number, item, item_name, step_name, final, opened_at, why: [same-person | same-phone | same-name |
    /// same-other-side | from-other-side | same-case | same-item | similar-text]}]`, the most alike first.
    pub async fn similar(&self, who: &Principal, body: &Value, lang: Lang) -> Result<Vec<Value>, Refusal> {
        if !who.is_staff() {
            return Err(denied(if who.is_signed_in() { Denied::Role } else { Denied::SignIn }, Role::Clerk));
        }
        let now = self.now();
        let item = body.get("item").and_then(Value::as_str).unwrap_or_default();
        // What is half typed is no fault here: only what can be read is compared.
        let mut faults = Vec::new();
        let mut reader = Reader { today: now.date(), errors: &mut faults };
        let mut parties = Vec::new();
        if let Some(catalogued) = self.catalog().item(item) {
            let applicant = body.get("applicant").cloned().unwrap_or_else(|| json!({}));
            parties.push(reader.applicant(&applicant, &catalogued.applicant));
            parties.extend(reader.others(body.get("parties")));
        }
        let empty = Map::new();
        let form = body.get("form").and_then(Value::as_object).unwrap_or(&empty);
        let texts = longest_text(form);
        let mut found: Vec<(usize, Value)> = Vec::new();
        for (number, mut why) in self.alike(&parties, form).await? {
            let Ok(seen) = self.load(who, number, None, now).await else { continue };
            if seen.sight != Sight::Full {
                continue;
            }
            let matter = &seen.matter;
            // Who only stands on one side of two disputes says nothing.
            if why.is_empty() {
                continue;
            }
            if matter.item.id == item {
                why.push("same-item");
            }
            let known = self.facts_of(matter).unwrap_or_default();
            if alike(&texts, &longest_text(&known)) {
                why.push("similar-text");
            }
            // A shared name alone says nothing in a county of a million.
            if matches!(why[..], ["same-name" | "same-other-side"]) {
                continue;
            }
            found.push((
                why.len(),
                json!({
                    "number": number,
                    "item": matter.item.id,
                    "item_name": matter.item.name.get(lang),
                    "step_name": matter.current().map(|step| step.name.get(lang)),
                    "final": matter.final_,
                    "opened_at": matter.opened_at,
                    "why": why,
                }),
            ));
        }
        found.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        Ok(found.into_iter().map(|(_, shown)| shown).collect())
    }

    /// Matters that share somebody or the case with what is about to be opened, and how; the surest first.
    async fn alike(
        &self,
        parties: &[PartyFacts],
        form: &Map<String, Value>,
    ) -> Result<Vec<(MatterNumber, Vec<&'static str>)>, Refusal> {
        let (mut sure, mut names) = (Marks::new(), Marks::new());
        for (position, party) in parties.iter().enumerate() {
            let whose = if position == 0 { Whose::Own } else { Whose::Other };
            for (kind, value) in own_marks(party) {
                let marks = match kind {
                    Kind::Paper | Kind::Phone => &mut sure,
                    Kind::Name => &mut names,
                    // Parts and sounds of names are for searching only.
                    _ => continue,
                };
                for mac in self.hashes(kind, &value) {
                    marks.entry(mac.to_vec()).or_default().push((kind, whose));
                }
            }
        }
        for mac in self.case_hashes(form) {
            sure.entry(mac.to_vec()).or_default().push((Kind::Case, Whose::Matter));
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let mut found: Vec<(MatterNumber, BTreeSet<Common>)> = Vec::new();
        // A name may be that of thousands: what is surer is read first and apart.
        for marks in [sure, names] {
            let rows: Vec<(MatterNumber, String, Vec<u8>)> =
                sql("SELECT number, side, mac FROM blind WHERE side <> 'beside'")
                    .list(" AND mac IN (", marks.keys(), ")")
                    .then(" ORDER BY number DESC LIMIT ?")
                    .bind(ROWS)
                    .all(&mut reader)
                    .await
                    .map_err(|error| broken("similar", &error))?;
            for (number, side, mac) in rows {
                let why: BTreeSet<Common> = common::with(&marks, &side, &mac).collect();
                if let Some((_, reasons)) = found.iter_mut().find(|(known, _)| *known == number) {
                    reasons.extend(why);
                } else if found.len() < MOST && !why.is_empty() {
                    found.push((number, why));
                }
            }
        }
        Ok(found.into_iter().map(|(number, why)| (number, told(&why))).collect())
    }
}

/// The reasons as the contract names them; the other side counts only when both are named crosswise.
fn told(common: &BTreeSet<Common>) -> Vec<&'static str> {
    let mut told: Vec<_> = common
        .iter()
        .filter_map(|one| match one {
            Common::Paper => Some("same-person"),
            Common::Phone => Some("same-phone"),
            Common::Name => Some("same-name"),
            Common::OtherSide => Some("same-other-side"),
            Common::Case => Some("same-case"),
            Common::TheyAreOurs | Common::WeAreTheirs => None,
        })
        .collect();
    if common::crosswise(common) {
        told.push("from-other-side");
    }
    told
}

/// The longest text of a form: what the matter is about.
fn longest_text(form: &Map<String, Value>) -> String {
    let texts = form.values().filter_map(Value::as_str).map(normalise);
    texts
        .max_by_key(|text| text.chars().count())
        .filter(|text| text.chars().count() >= WORTH)
        .unwrap_or_default()
}

/// Whether two texts share enough pairs of neighbouring letters (Chinese has no blanks between words).
fn alike(left: &str, right: &str) -> bool {
    let pairs = |text: &str| {
        let letters: Vec<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<BTreeSet<_>>()
    };
    let (left, right) = (pairs(left), pairs(right));
    let smaller = left.len().min(right.len());
    smaller > 0 && left.intersection(&right).count() * 100 >= smaller * ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tellings_of_one_story_are_alike_and_two_stories_are_not() {
        let first = "我在东昌府区一处工地干了三个月，包工头一直不发工资";
        let again = "在东昌府区工地干活三个月，包工头不发工资，要了几次";
        let other = "邻居在共用的过道里堆放杂物，影响我家出入";
        assert!(alike(first, again));
        assert!(!alike(first, other));
        assert!(!alike("", first));
    }
}
