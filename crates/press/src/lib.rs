//! The press: one description of an official document (文书), from which the page, the PDF and the DOCX are made.
//!
//! Words come from whoever issued the document, as plain text; [`Sheet::read`] finds title, number, paragraphs,
//! tables and the foot in them. [`docx`] writes a [`Print`] for further editing. The PDF is set by whoever implements
//! [`Printer`]: a room of its own, because it is by far the heaviest of the house.

pub mod docx;
pub mod mark;
pub mod sheet;

use jiff::civil::Date;
use serde::Serialize;

pub use mark::Mark;
pub use sheet::{Block, Cell, Sheet};

/// On which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    /// A4, with the margins of official documents.
    #[default]
    A4,
    /// A roll of 80 mm, as counters print receipts on.
    Roll,
}

impl Paper {
    /// By its name, `roll` or `a4`; what is not known is A4.
    pub fn named(name: &str) -> Self {
        if name == "roll" { Self::Roll } else { Self::A4 }
    }
}

/// All that goes to paper at once: one document, or the sheets of a case file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Print {
    /// On which paper.
    pub paper: Paper,
    /// What it is called, for readers of the file.
    pub title: String,
    /// Who issued it.
    pub office: String,
    /// The day it was made.
    #[serde(serialize_with = "day")]
    pub made_on: Date,
    /// Small print on every page, such as the number of the matter.
    pub foot: String,
    /// The sheets; each begins on a new page.
    pub sheets: Vec<Sheet>,
    /// The pictures they show, by name.
    #[serde(skip)]
    pub pictures: Vec<Picture>,
}

/// A picture that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `picture-1.png`: the ending says what it is.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Print {
    /// The same with words in place of pictures: for when one of them cannot be set.
    #[must_use]
    pub fn without_pictures(mut self) -> Self {
        self.pictures.clear();
        for block in self.sheets.iter_mut().flat_map(|sheet| &mut sheet.body) {
            if let Block::Picture { words, .. } = block {
                *block = Block::Lines(vec![std::mem::take(words)]);
            }
        }
        self
    }
}

/// A day as `[year, month, day]`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn day<S: serde::Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    (date.year(), date.month(), date.day()).serialize(to)
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPdf {
    /// The program was built without the typesetter.
    #[error("this program was built without the typesetter")]
    NotBuilt,
    /// There is no font to set it with.
    #[error("no fonts in {0}")]
    NoFonts(String),
    /// A template does not compile, or cannot be met.
    #[error("{0}")]
    Template(String),
}

/// Sets a print as PDF.
pub trait Printer: Send + Sync {
    /// The bytes of the PDF. Takes its time: never call it where others wait for the thread.
    fn pdf(&self, print: &Print) -> Result<Vec<u8>, NoPdf>;
}

/// Stands where no typesetter was built in.
#[derive(Debug, Clone, Copy, Default)]
pub struct WithoutPdf;

impl Printer for WithoutPdf {
    fn pdf(&self, _: &Print) -> Result<Vec<u8>, NoPdf> {
        Err(NoPdf::NotBuilt)
    }
}
