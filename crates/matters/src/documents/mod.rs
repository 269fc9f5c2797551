//! Documents (文书) of a matter: their numbers without gaps, their words, who received them.
//!
//! A document is made by an action and never changes: its words are rendered from the template of the item
//! version and the event that made it, its number is drawn in the same transaction. Beside them the register makes
//! papers of what it holds for every matter: the receipt, the application, receipts of service, the case file.

mod file;
mod kept;
mod proof;
mod render;
mod store;
mod values;

pub(crate) use store::draw;

use access::Principal;
use access::policy::Sight;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Value, json};

use crate::command::authorise;
use crate::command::load::Seen;
use crate::engine::matter::Matter;
use crate::engine::state::Paper;
use crate::register::{Register, broken, not_found};
use crate::view::looks::Look;

impl Register {
    /// The documents of a matter: `[{id, kind, name, no, made_at, copies:[{to, served_on, method, tries}]}]`.
    /// Whoever serves sees all of them, everybody else those addressed to them.
    pub async fn documents(
        &self,
        who: &Principal,
        number: MatterNumber,
        lang: Lang,
    ) -> Result<Vec<Value>, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        if seen.sight != Sight::Full || seen.matter.state.papers.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.document_rows(number).await?;
        Ok(seen
            .matter
            .state
            .papers
            .iter()
            .filter(|paper| may_read(who, &seen, paper, now))
            .map(|paper| {
                let row = rows.iter().find(|row| row.doc == paper.id);
                summary(&seen.matter, paper, row, lang)
            })
            .collect())
    }

    /// One document with its words: the summary's fields, `office` that issued it, `text`, and `code` that proves it. A
    /// case file has its sheets in `parts`.
    pub async fn document(
        &self,
        who: &Principal,
        number: MatterNumber,
        doc: &str,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        if let Some(wanted) = kept::Wanted::read(doc) {
            return self.register_paper(who, &seen, &wanted, lang).await;
        }
        let matter = &seen.matter;
        let mine = |paper: &&Paper| paper.id == doc && may_read(who, &seen, paper, now);
        let paper = matter.state.papers.iter().find(mine).filter(|_| seen.sight == Sight::Full);
        let Some(paper) = paper else { return Err(not_found()) };
        self.note_look(who, &seen, Look::Document, doc).await?;
        let rows = self.document_rows(number).await?;
        let row = rows.iter().find(|row| row.doc == doc);
        let mut shown = summary(matter, paper, row, lang);
        shown["office"] = json!(self.issuer(matter, row).await?);
        shown["text"] = json!(self.render(matter, paper, row).await?);
        shown["code"] = match self.hash_of(number, paper).await? {
            Some(hash) => json!(self.document_code(number, doc, &hash)?),
            None => Value::Null,
        };
        Ok(shown)
    }

    async fn document_rows(&self, number: MatterNumber) -> Result<Vec<store::DocumentRow>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        store::of_matter(&mut reader, number).await.map_err(|error| broken("documents", &error))
    }
}

/// A document that was not sent to the parties is the office's own: a report of danger, a record in the file.
fn may_read(who: &Principal, seen: &Seen, paper: &Paper, now: Instant) -> bool {
    let addressed = |to: Role| {
        authorise::is_party(to) && authorise::beside(who, &seen.matter, to, &seen.relations, now).is_ok()
    };
    who.is_staff() || paper.copies.iter().any(|copy| addressed(copy.to))
}

fn summary(matter: &Matter, paper: &Paper, row: Option<&store::DocumentRow>, lang: Lang) -> Value {
    let name = matter.item.document(&paper.kind).map(|document| document.name.get(lang).to_owned());
    json!({
        "id": paper.id,
        "kind": paper.kind,
        "name": name,
        "no": row.and_then(store::DocumentRow::no),
        "made_at": paper.at,
        "copies": paper.copies,
    })
}
