//! Papers the register makes of what it holds: receipt, application, receipt of service. Their words are those of
//! `catalog/documents/papers.toml`, filled anew whenever they are read.

use access::Principal;
use access::policy::Sight;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use super::store::DocumentRow;
use super::values::{chinese_date, fill, offices_by, row, words};
use crate::command::authorise;
use crate::command::load::Seen;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::state::Paper;
use crate::register::{Register, not_found};
use crate::view::facts;
use crate::view::looks::Look;

/// Which paper, as its address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// `receipt`: what a person takes home.
    Receipt,
    /// `application`: what was applied for.
    Application,
    /// `service-d1`: who received the document `d1`.
    Service(String),
    /// `file`: the whole case file.
    File,
}

impl Wanted {
    /// Reads an address.
    pub fn read(id: &str) -> Option<Self> {
        Some(match id {
            "receipt" => Self::Receipt,
            "application" => Self::Application,
            "file" => Self::File,
            other => Self::Service(other.strip_prefix("service-")?.to_owned()),
        })
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Application => "application",
            Self::Service(_) => "service",
            Self::File => "file",
        }
    }

    /// What the applicant may have too; the others are the office's own.
    const fn for_applicants(&self) -> bool {
        matches!(self, Self::Receipt | Self::Application)
    }
}

impl Register {
    /// A paper of the register, in the shape of a document.
    pub(super) async fn register_paper(
        &self,
        who: &Principal,
        seen: &Seen,
        wanted: &Wanted,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let matter = &seen.matter;
        let applies = authorise::beside(who, matter, Role::Applicant, &seen.relations, self.now()).is_ok();
        let may = who.is_staff() || (applies && wanted.for_applicants());
        let Some(known) = self.catalog().papers().paper(wanted.kind()) else { return Err(not_found()) };
        // What was erased has no content that could be put on paper.
        if !may || seen.sight != Sight::Full || matter.state.erased.is_some() {
            return Err(not_found());
        }
        let id = match wanted {
            Wanted::Service(doc) => format!("service-{doc}"),
            other => other.kind().to_owned(),
        };
        let mut shown = json!({
            "id": id,
            "kind": known.id,
            "name": known.name.get(lang),
            "no": Value::Null,
            "made_at": matter.opened_at,
            "copies": [],
            "office": matter.office_name,
            "code": Value::Null,
        });
        match wanted {
            Wanted::Receipt => {
                let code = applies.then(|| self.query_code(matter.number, matter.issue));
                shown["text"] = json!(
                    self.receipt_text(matter, code.as_ref().map(kernel::number::QueryCode::as_str)).await?
                );
            }
            Wanted::Application => {
                shown["text"] = json!(self.application_text(matter, applies).await?);
            }
            Wanted::Service(doc) => {
                let paper = matter.state.papers.iter().find(|paper| paper.id == *doc);
                let paper = paper.filter(|paper| !paper.copies.is_empty()).ok_or_else(not_found)?;
                let rows = self.document_rows(matter.number).await?;
                let kept = rows.iter().find(|kept| kept.doc == *doc);
                shown["made_at"] = json!(paper.at);
                shown["office"] = json!(self.issuer(matter, kept).await?);
                shown["text"] = json!(self.service_text(matter, paper, kept).await?);
            }
            Wanted::File => {
                let file = self.case_file(matter).await?;
                shown["made_at"] = json!(self.now());
                shown["text"] = json!(file.cover);
                shown["parts"] = Value::Array(file.parts);
                shown["lacking"] = json!(file.lacking);
            }
        }
        self.note_look(who, seen, Look::Document, &id).await?;
        Ok(shown)
    }

    /// The words of a paper: the places every paper has, and those of its own.
    pub(super) async fn paper_text(
        &self,
        matter: &Matter,
        id: &str,
        own: impl Fn(&str) -> Option<String>,
    ) -> Result<String, Refusal> {
        let Some(paper) = self.catalog().papers().paper(id) else { return Ok(String::new()) };
        let key = self.key_of(matter)?;
        let parties = self.parties_of(matter, &key).await?;
        let names = |applying: bool| {
            let wanted = parties.iter().filter(|party| (party.role == "applicant") == applying);
            wanted.map(|party| party.name.as_str()).collect::<Vec<_>>().join("、")
        };
        Ok(fill(&paper.text, |place| {
            own(place).unwrap_or_else(|| match place {
                "matter" => matter.number.grouped(),
                "item" => matter.item.name.zh.clone(),
                "office" => matter.office_name.clone(),
                "applicant" => names(true),
                "opponents" => names(false),
                "received" => chinese_date(matter.received_on),
                "date" => chinese_date(matter.opened_at.date()),
                _ => String::new(),
            })
        }))
    }

    async fn receipt_text(&self, matter: &Matter, code: Option<&str>) -> Result<String, Refusal> {
        let due = clocks::read(self, matter, self.now()).due.map(chinese_date);
        let materials = self.material_rows(matter);
        // Who serves never sees a code: it is the applicant's key.
        let code = code.map_or_else(|| self.zh("paper-code-kept"), str::to_owned);
        self.paper_text(matter, "receipt", |place| {
            Some(match place {
                "due" => due.clone().unwrap_or_else(|| self.zh("paper-no-due")),
                "code" => code.clone(),
                "materials" => materials.clone(),
                _ => return None,
            })
        })
        .await
    }

    pub(super) async fn application_text(&self, matter: &Matter, own: bool) -> Result<String, Refusal> {
        let key = self.key_of(matter)?;
        let item = self.item_at(matter, 1);
        let sealed = self.sealed_facts(matter, &key)?;
        let parties = self.parties_of(matter, &key).await?;
        // Whoever applied reads what they wrote; on any other screen values are masked.
        let form = if own { sealed.form } else { facts::masked(&item, &sealed.form) };
        let offices = self.offices().await?;
        let office = offices_by(&offices);
        let mut answers = vec![row([self.zh("paper-asked"), self.zh("paper-answer")])];
        for question in item.form.iter().flat_map(|page| &page.questions) {
            let said = words(&item, &question.fact, &form, &office);
            if !said.is_empty() {
                answers.push(row([question.label.zh.clone(), said]));
            }
        }
        let heads = ["paper-as", "paper-name", "paper-id", "paper-phone"].map(|key| self.zh(key));
        let mut people = vec![row(heads)];
        for (at, party) in parties.iter().enumerate() {
            let shown = if own && at == 0 { json!(party) } else { party.masked() };
            let text = |key: &str| shown[key].as_str().unwrap_or_default().to_owned();
            let number = [text("id_no"), text("uscc")].into_iter().find(|one| !one.is_empty());
            let role = self.role_word(&party.role);
            people.push(row([role, party.name.clone(), number.unwrap_or_default(), text("phone")]));
        }
        let title = self.application_title(&matter.item.id);
        let materials = self.material_rows(matter);
        let door = self.zh(&format!("door-{}", matter.door.as_str()));
        self.paper_text(matter, "application", |place| {
            Some(match place {
                "title" => title.clone(),
                "people" => people.join("\n"),
                "answers" if answers.len() > 1 => answers.join("\n"),
                "answers" => String::new(),
                "materials" => materials.clone(),
                "door" => door.clone(),
                _ => return None,
            })
        })
        .await
    }

    /// What the order of the case file calls the application, else what the paper is called.
    fn application_title(&self, item: &str) -> String {
        let papers = self.catalog().papers();
        let placed = papers.file(item).into_iter().flat_map(|file| &file.entry);
        let placed = placed.into_iter().find(|entry| entry.from.iter().any(|from| from == "application"));
        let name = placed.map(|entry| entry.name.clone());
        name.or_else(|| Some(papers.paper("application")?.name.zh.clone())).unwrap_or_default()
    }

    pub(super) async fn service_text(
        &self,
        matter: &Matter,
        paper: &Paper,
        kept: Option<&DocumentRow>,
    ) -> Result<String, Refusal> {
        let item = self.item_at(matter, paper.seq);
        let name =
            item.document(&paper.kind).map_or_else(|| paper.kind.clone(), |known| known.name.zh.clone());
        let heads =
            ["paper-addressee", "paper-method", "paper-received", "paper-tries"].map(|key| self.zh(key));
        let mut copies = vec![row(heads)];
        for copy in &paper.copies {
            let method = copy.method.as_ref().map(|method| self.zh(&format!("served-{method}")));
            let day = copy.served_on.map(chinese_date);
            copies.push(row([
                self.role_word(copy.to.as_str()),
                method.unwrap_or_default(),
                day.unwrap_or_default(),
                copy.tries.to_string(),
            ]));
        }
        let office = self.issuer(matter, kept).await?;
        self.paper_text(matter, "service", |place| {
            Some(match place {
                "document" => name.clone(),
                "document_no" => kept.and_then(DocumentRow::no).unwrap_or_else(|| self.zh("paper-no-number")),
                "made" => chinese_date(paper.at.date()),
                "office" => office.clone(),
                "copies" => copies.join("\n"),
                _ => return None,
            })
        })
        .await
    }

    /// What became of each material; nothing where the item asks for none.
    pub(super) fn material_rows(&self, matter: &Matter) -> String {
        let mut rows = vec![row([self.zh("paper-material"), self.zh("paper-state")])];
        for mark in &matter.state.materials {
            let Some(known) = matter.item.material(&mark.id) else { continue };
            let state = serde_json::to_value(mark.state).ok();
            let state = state.as_ref().and_then(Value::as_str).unwrap_or_default();
            rows.push(row([known.name.zh.clone(), self.zh(&format!("state-{state}"))]));
        }
        if rows.len() > 1 { rows.join("\n") } else { String::new() }
    }

    pub(super) fn zh(&self, key: &str) -> String {
        self.words().get(Lang::Zh, key, &[])
    }

    fn role_word(&self, role: &str) -> String {
        let key = format!("party-role-{role}");
        if self.words().knows(&key) { self.zh(&key) } else { role.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_paper_or_a_document() {
        assert_eq!(Wanted::read("receipt"), Some(Wanted::Receipt));
        assert_eq!(Wanted::read("service-d2"), Some(Wanted::Service("d2".to_owned())));
        assert_eq!(Wanted::read("d2"), None);
    }
}
