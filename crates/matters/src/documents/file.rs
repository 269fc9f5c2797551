//! The case file (卷宗): cover, contents in the order the catalogue gives, every paper, and what is missing.

use std::collections::BTreeSet;

use catalog::papers::{CaseFile, Entry};
use files::Stored;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use super::store::DocumentRow;
use super::values::{chinese_date, row};
use crate::engine::matter::Matter;
use crate::engine::state::{MaterialState, Paper};
use crate::register::{Register, fault, not_found};

/// A case file in words.
pub struct Bound {
    /// Its cover.
    pub cover: String,
    /// Contents, papers, note: `{id, text, office, code, files?}`.
    pub parts: Vec<Value>,
    /// What its order demands and it does not have.
    pub lacking: Vec<String>,
}

/// A paper on its way into the file.
struct Piece {
    id: String,
    name: String,
    no: String,
    on: String,
    text: String,
    office: String,
    code: Value,
    files: Vec<Stored>,
}

impl Register {
    /// Binds the file of a matter.
    pub(super) async fn case_file(&self, matter: &Matter) -> Result<Bound, Refusal> {
        let papers = self.catalog().papers();
        let Some(order) = papers.file(&matter.item.id) else { return Err(not_found()) };
        let rows = self.document_rows(matter.number).await?;
        let mut pieces: Vec<Piece> = Vec::new();
        let mut lacking = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        for entry in &order.entry {
            let before = pieces.len();
            for from in &entry.from {
                self.gather(matter, entry, from, &rows, &mut pieces).await?;
                let kinds = matter.state.papers.iter().map(|paper| paper.kind.as_str());
                placed.extend(kinds.filter(|kind| kind == from || from == "documents"));
            }
            if entry.required && pieces.len() == before {
                lacking.push(entry.name.clone());
            }
        }
        // What no entry names is bound at the end rather than lost.
        for paper in matter.state.papers.iter().filter(|paper| !placed.contains(paper.kind.as_str())) {
            pieces.push(self.piece(matter, paper, &rows).await?);
        }
        lacking.extend(materials_lacking(matter));
        let text =
            |text: String, id: &str| json!({ "id": id, "text": text, "office": "", "code": Value::Null });
        let contents = self.contents_text(matter, &pieces).await?;
        let note = self.note_text(matter, order, &lacking).await?;
        let cover = self.cover_text(matter, order, pieces.len()).await?;
        let mut parts = vec![text(contents, "contents")];
        parts.extend(pieces.into_iter().map(|piece| {
            let mut part =
                json!({ "id": piece.id, "text": piece.text, "office": piece.office, "code": piece.code });
            if !piece.files.is_empty() {
                part["files"] = json!(piece.files);
            }
            part
        }));
        parts.push(text(note, "lacking"));
        Ok(Bound { cover, parts, lacking })
    }

    async fn gather(
        &self,
        matter: &Matter,
        entry: &Entry,
        from: &str,
        rows: &[DocumentRow],
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let own = |id: &str, name: &str, on: String, text: String| Piece {
            id: id.to_owned(),
            name: name.to_owned(),
            no: String::new(),
            on,
            text,
            office: String::new(),
            code: Value::Null,
            files: Vec::new(),
        };
        match from {
            "application" => {
                let text = self.application_text(matter, false).await?;
                pieces.push(own("application", &entry.name, chinese_date(matter.received_on), text));
            }
            "materials" => {
                let given = self.material_rows(matter);
                let files = self.material_files(matter).await?;
                if !given.is_empty() || !files.is_empty() {
                    let text = format!("{}\n\n{given}\n\n{}", entry.name, file_rows(self, &files));
                    pieces.push(Piece { files, ..own("materials", &entry.name, String::new(), text) });
                }
            }
            "service" => {
                for paper in matter.state.papers.iter().filter(|paper| !paper.copies.is_empty()) {
                    let kept = rows.iter().find(|row| row.doc == paper.id);
                    let text = self.service_text(matter, paper, kept).await?;
                    let name = format!("{}（{}）", entry.name, self.name_of(matter, paper));
                    let id = format!("service-{}", paper.id);
                    pieces.push(own(&id, &name, chinese_date(paper.at.date()), text));
                }
            }
            _ => {}
        }
        for paper in &matter.state.papers {
            if paper.kind == from || from == "documents" {
                pieces.push(self.piece(matter, paper, rows).await?);
            }
        }
        Ok(())
    }

    async fn piece(&self, matter: &Matter, paper: &Paper, rows: &[DocumentRow]) -> Result<Piece, Refusal> {
        let row = rows.iter().find(|row| row.doc == paper.id);
        let code = match self.hash_of(matter.number, paper).await? {
            Some(hash) => json!(self.document_code(matter.number, &paper.id, &hash)?),
            None => Value::Null,
        };
        Ok(Piece {
            id: paper.id.clone(),
            name: self.name_of(matter, paper),
            no: row.and_then(DocumentRow::no).unwrap_or_default(),
            on: chinese_date(paper.at.date()),
            text: self.render(matter, paper, row).await?,
            office: self.issuer(matter, row).await?,
            code,
            files: Vec::new(),
        })
    }

    /// The files that were handed in as materials.
    async fn material_files(&self, matter: &Matter) -> Result<Vec<Stored>, Refusal> {
        let mut files = Vec::new();
        for id in matter.state.materials.iter().filter_map(|mark| mark.file.as_deref()) {
            files.extend(self.files().find(id).await.map_err(|error| fault("file", &error))?);
        }
        Ok(files)
    }

    fn name_of(&self, matter: &Matter, paper: &Paper) -> String {
        let item = self.item_at(matter, paper.seq);
        item.document(&paper.kind).map_or_else(|| paper.kind.clone(), |known| known.name.zh.clone())
    }

    async fn cover_text(&self, matter: &Matter, order: &CaseFile, pieces: usize) -> Result<String, Refusal> {
        let closed = matter.closed_at.map(|at| chinese_date(at.date()));
        let outcome = matter.current().filter(|_| matter.final_).map(|step| step.name.zh.clone());
        self.paper_text(matter, "file", |place| {
            Some(match place {
                "title" => order.name.clone(),
                "closed" => closed.clone().unwrap_or_else(|| self.zh("paper-not-closed")),
                "outcome" => outcome.clone().unwrap_or_else(|| self.zh("paper-not-closed")),
                "pieces" => pieces.to_string(),
                _ => return None,
            })
        })
        .await
    }

    async fn contents_text(&self, matter: &Matter, pieces: &[Piece]) -> Result<String, Refusal> {
        let heads =
            ["paper-place", "paper-piece", "paper-number", "paper-day", "paper-page"].map(|key| self.zh(key));
        let mut rows = vec![row(heads)];
        rows.extend((1..).zip(pieces).map(|(at, piece): (usize, &Piece)| {
            let known = row([at.to_string().as_str(), &piece.name, &piece.no, &piece.on]);
            // The page is known once it is set.
            format!("{known}@{}|", piece.id)
        }));
        self.paper_text(matter, "contents", |place| (place == "contents").then(|| rows.join("\n"))).await
    }

    async fn note_text(
        &self,
        matter: &Matter,
        order: &CaseFile,
        lacking: &[String],
    ) -> Result<String, Refusal> {
        let today = chinese_date(self.now().date());
        let source = order.basis.as_ref().map_or_else(
            || self.zh("paper-order-own"),
            |basis| {
                let key = if basis.verified { "paper-order" } else { "paper-order-unverified" };
                self.words().get(kernel::lang::Lang::Zh, key, &[("law", basis.law.as_str())])
            },
        );
        let told = if lacking.is_empty() {
            self.zh("paper-complete")
        } else {
            let mut lines = vec![self.zh("paper-lacking")];
            lines.extend((1..).zip(lacking).map(|(at, name): (usize, &String)| format!("{at}．{name}")));
            lines.join("\n")
        };
        self.paper_text(matter, "lacking", |place| {
            Some(match place {
                "order" => source.clone(),
                "lacking" => told.clone(),
                "date" => today.clone(),
                _ => return None,
            })
        })
        .await
    }
}

/// Materials that are still to come.
fn materials_lacking(matter: &Matter) -> impl Iterator<Item = String> {
    let open = [MaterialState::Deferred, MaterialState::Missing];
    let marks = matter.state.materials.iter().filter(move |mark| open.contains(&mark.state));
    marks.filter_map(|mark| Some(matter.item.material(&mark.id)?.name.zh.clone()))
}

/// What was handed in, with the beginning of its hash: a paper that cannot be bound is known by it.
fn file_rows(register: &Register, files: &[Stored]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let heads = ["paper-attached", "paper-media", "paper-hash"].map(|key| register.zh(key));
    let mut rows = vec![row(heads)];
    for file in files {
        let hash = file.sha256.get(..16).unwrap_or(&file.sha256);
        rows.push(row([file.name.as_str(), &file.media, hash]));
    }
    rows.join("\n")
}
