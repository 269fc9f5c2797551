//! The words of a document: the template of the item version with its places filled.

use kernel::lang::Lang;
use kernel::refusal::Refusal;

use super::store::DocumentRow;
use super::values::{chinese_date, offices_by, words};
use crate::engine::matter::Matter;
use crate::engine::state::Paper;
use crate::event;
use crate::party::PartyFacts;
use crate::register::Register;

impl Register {
    /// Renders a document as it was made. What is known only later does not change it.
    pub(crate) async fn render(
        &self,
        matter: &Matter,
        paper: &Paper,
        row: Option<&DocumentRow>,
    ) -> Result<String, Refusal> {
        // Made under an earlier version, it keeps the words of that one.
        let item = self.item_at(matter, paper.seq);
        let Some(document) = item.document(&paper.kind) else { return Ok(String::new()) };
        if let Some(erased) = &matter.state.erased {
            let on = chinese_date(erased.at.date());
            return Ok(self.words().get(Lang::Zh, "rights-document-erased", &[("date", &on)]));
        }
        let key = self.key_of(matter)?;
        let mut sealed = self.sealed_facts(matter, &key)?;
        let mut parties = self.parties_of(matter, &key).await?;
        self.as_of(matter, paper.seq, &key, &mut sealed, &mut parties).await?;
        let mut facts = sealed.form;
        facts.extend(sealed.kept);
        // What was given with the action that made it stands before everything else.
        for event in self.event_rows(matter.number, paper.seq - 1, 1).await? {
            let own = event
                .sealed
                .as_ref()
                .and_then(|sealed| event::open(event.number, event.seq, sealed, &key).ok())
                .unwrap_or_default();
            facts.extend(own.facts);
        }
        let offices = self.offices().await?;
        let office = self.issuer(matter, row).await?;
        let names = |wanted: fn(&PartyFacts) -> bool| {
            parties
                .iter()
                .filter(|party| wanted(party))
                .map(|party| party.name.as_str())
                .collect::<Vec<_>>()
                .join("、")
        };
        let mut text = String::with_capacity(document.text.len() * 2);
        let mut rest = document.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((place, after)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            let filled = match place {
                "no" => row.and_then(DocumentRow::no).unwrap_or_default(),
                "matter" => matter.number.grouped(),
                "date" => chinese_date(paper.at.date()),
                "office" => office.clone(),
                "item" => item.name.zh.clone(),
                "applicant" => names(|party| party.role == "applicant"),
                "opponents" => names(|party| party.role != "applicant"),
                "reason" => words(&item, "reason", &facts, &offices_by(&offices)),
                other => match other.strip_prefix("fact:") {
                    Some(name) => words(&item, name, &facts, &offices_by(&offices)),
                    None => String::new(),
                },
            };
            // What was never given is left to be filled in by hand, as on the printed form.
            text.push_str(if filled.is_empty() { "________" } else { &filled });
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }

    /// The name of the office that issued a document.
    pub(super) async fn issuer(&self, matter: &Matter, row: Option<&DocumentRow>) -> Result<String, Refusal> {
        let offices = self.offices().await?;
        let known = row.and_then(|row| offices.get(&row.office));
        Ok(known.map_or_else(|| matter.office_name.clone(), |office| office.name.clone()))
    }
}
