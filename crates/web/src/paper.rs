//! Documents on their way to paper: one description from the register's words, for the page, the PDF and the DOCX.

use access::Principal;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use catalog::words::Words;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Text};
use kernel::time::Instant;
use press::{Block, Mark, NoPdf, Paper, Picture, Print, Printer, Sheet};
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::download::as_attachment;
use crate::portal::fault::text;

/// What may follow the address of a document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    paper: String,
}

impl Wanted {
    /// `?paper=roll` is a roll of 80 mm, anything else A4.
    pub fn paper(&self) -> Paper {
        Paper::named(&self.paper)
    }
}

/// In which form a document leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `.pdf`: as issued.
    Pdf,
    /// `.docx`: to be written on.
    Docx,
}

impl Form {
    /// Parts an address: `d1.pdf` is the document `d1` as PDF.
    pub fn split(typed: &str) -> (&str, Option<Self>) {
        match typed.rsplit_once('.') {
            Some((id, "pdf")) => (id, Some(Self::Pdf)),
            Some((id, "docx")) => (id, Some(Self::Docx)),
            _ => (typed, None),
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// Where the code of a document leads.
pub fn proof_address(origin: &str, number: MatterNumber, doc: &str, code: &str) -> String {
    format!("{origin}/verify/document?number={number}&doc={doc}&code={code}")
}

/// The description of a document: what the page, the PDF and the DOCX are made from.
pub fn print(words: &Words, document: &Value, number: MatterNumber, origin: &str, paper: Paper) -> Print {
    let office = text(document, "office");
    let mut first = Sheet::read(text(document, "text")).sealed_by(office);
    text(document, "id").clone_into(&mut first.id);
    let proof = proof(words, document, number, origin);
    first.marks.extend(proof);
    if text(document, "kind") == "receipt" && text(document, "no").is_empty() {
        let lines = vec![words.get(Lang::Zh, "paper-follow", &[]), number.grouped()];
        first.marks.push(Mark::new(format!("{origin}/progress?number={number}"), lines, false));
    }
    let mut sheets = vec![first];
    for part in document["parts"].as_array().into_iter().flatten() {
        let mut sheet = Sheet::read(text(part, "text")).sealed_by(text(part, "office"));
        text(part, "id").clone_into(&mut sheet.id);
        sheet.marks.extend(self::proof(words, part, number, origin));
        sheets.push(sheet);
    }
    let made = text(document, "made_at").parse::<Instant>();
    Print {
        paper,
        title: sheets[0].title.clone(),
        office: office.to_owned(),
        pictures: Vec::new(),
        made_on: made.map(Instant::date).unwrap_or_default(),
        foot: words.get(Lang::Zh, "paper-foot", &[("number", number.grouped().as_str())]),
        sheets,
    }
}

/// What proves a document, when it bears a code.
fn proof(words: &Words, document: &Value, number: MatterNumber, origin: &str) -> Option<Mark> {
    let code = text(document, "code");
    if code.is_empty() {
        return None;
    }
    let doc = text(document, "id");
    let lines = ["paper-proof", "paper-proof-where"]
        .map(|key| words.get(Lang::Zh, key, &[("code", code), ("doc", doc), ("address", origin)]))
        .to_vec();
    Some(Mark::new(proof_address(origin, number, doc, code), lines, true))
}

/// Bytes of pictures one file may hold.
const PICTURES: u64 = 64 << 20;

/// Binds pictures that were handed in into the PDF of a case file; each of them is a look that goes on record. What is no
/// picture, cannot be read or would make the file too large is named in its list all the same.
async fn bind_pictures(
    app: &App,
    who: &Principal,
    number: MatterNumber,
    document: &Value,
    print: &mut Print,
) -> Result<(), Refusal> {
    let mut room = PICTURES;
    for part in document["parts"].as_array().into_iter().flatten() {
        for file in part["files"].as_array().into_iter().flatten() {
            let ending = match text(file, "type") {
                "image/png" => "png",
                "image/jpeg" => "jpg",
                _ => continue,
            };
            let size = file["size"].as_u64().unwrap_or(u64::MAX);
            if size > room || !app.register().open_paper(who, number, text(file, "id")).await? {
                continue;
            }
            let Ok(Some(bytes)) = app.files().content(text(file, "id")).await else { continue };
            room -= size;
            let name = format!("picture-{}.{ending}", print.pictures.len() + 1);
            print.pictures.push(Picture { name: name.clone(), bytes });
            if let Some(sheet) = print.sheets.iter_mut().find(|sheet| sheet.id == text(part, "id")) {
                sheet.body.push(Block::Picture { name, words: text(file, "name").to_owned() });
            }
        }
    }
    Ok(())
}

/// The file of a document for whoever was shown it.
pub async fn issue(
    app: &App,
    who: &Principal,
    (number, document): (MatterNumber, &Value),
    mut print: Print,
    form: Form,
) -> Result<Response, Refusal> {
    if form == Form::Pdf {
        bind_pictures(app, who, number, document, &mut print).await?;
    }
    file(app, print, form).await
}

/// A sheet of plain words that bears no number and no proof, as a print.
pub fn plain(app: &App, text: &str) -> Print {
    let sheet = Sheet::read(text);
    Print {
        paper: Paper::A4,
        title: sheet.title.clone(),
        office: String::new(),
        pictures: Vec::new(),
        made_on: app.now().date(),
        foot: String::new(),
        sheets: vec![sheet],
    }
}

/// The file as an answer.
pub async fn file(app: &App, print: Print, form: Form) -> Result<Response, Refusal> {
    let (name, bytes) = made(app, print, form).await?;
    Ok(as_attachment(Body::from(bytes).into_response(), &name, form.media()))
}

/// Makes the file: its name and content. Setting takes a core for a while, so it happens beside the requests, a few at a
/// time.
pub async fn made(app: &App, print: Print, form: Form) -> Result<(String, Vec<u8>), Refusal> {
    let (printer, presses) = app.press();
    let turn = presses.acquire().await.map_err(|error| broken(&error))?;
    let printer = std::sync::Arc::clone(printer);
    let name = format!("{}.{}", print.title, form.ending());
    let made = tokio::task::spawn_blocking(move || match form {
        Form::Pdf => set(printer.as_ref(), print).map_err(|why| refused(&why)),
        Form::Docx => press::docx::write(&print).map_err(|error| broken(&error)),
    });
    let bytes = made.await.map_err(|error| broken(&error))??;
    drop(turn);
    Ok((name, bytes))
}

/// A picture that is broken does not keep the file from being made.
fn set(printer: &dyn Printer, print: Print) -> Result<Vec<u8>, NoPdf> {
    match printer.pdf(&print) {
        Err(NoPdf::Template(told)) if !print.pictures.is_empty() => {
            tracing::warn!(told, "a case file is set without its pictures");
            printer.pdf(&print.without_pictures())
        }
        other => other,
    }
}

/// Why there is no PDF, and that the document can be had otherwise.
fn refused(why: &NoPdf) -> Refusal {
    let detail = match why {
        NoPdf::NotBuilt => "refused-pdf-not-built",
        NoPdf::NoFonts(folders) => {
            tracing::warn!(%folders, "a PDF was asked for, but there are no fonts");
            "refused-pdf-no-fonts"
        }
        NoPdf::Template(told) => {
            tracing::error!(told, "a document could not be set");
            "refused-pdf-template"
        }
    };
    Refusal::new(Code::FormUnavailable, Text::new(detail)).next(Next::say("next-docx-or-page"))
}

fn broken(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "a document could not be made");
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_document_and_form() {
        assert_eq!(Form::split("d1"), ("d1", None));
        assert_eq!(Form::split("d1.pdf"), ("d1", Some(Form::Pdf)));
        assert_eq!(Form::split("service-d1.docx"), ("service-d1", Some(Form::Docx)));
        assert_eq!(Form::split("d1.exe"), ("d1.exe", None));
    }
}
