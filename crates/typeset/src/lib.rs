//! The typesetter: sets a print as PDF with Typst. A room of its own behind the trait of the press, since its library is
//! by far the heaviest of the house; nothing but the binary knows it.
//!
//! Templates are text files of the catalogue, fonts are read from a folder when the first document is set. A template
//! sees the print as `/data.json`, the pictures in it, and nothing else: no file of the machine, no network, no clock.

mod fonts;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use press::{NoPdf, Print, Printer};
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use fonts::Fonts;
use world::{MAIN, Room};

/// How many documents a memoized result outlives unused: it keeps memory level.
const KEPT: usize = 8;

/// Sets documents from templates and fonts.
pub struct Typesetter {
    templates: BTreeMap<String, String>,
    folders: Vec<PathBuf>,
    fonts: Mutex<Option<Arc<Fonts>>>,
}

impl Typesetter {
    /// From templates by path within their folder (`sheet.typ` is where it begins), and the folders in which fonts may
    /// lie; the first that has any is taken. They are read when they are first needed.
    pub fn new(templates: BTreeMap<String, String>, folders: Vec<PathBuf>) -> Self {
        Self { templates, folders, fonts: Mutex::new(None) }
    }

    /// The fonts; asked again each time while there are none, so that nobody has to restart for them.
    fn fonts(&self) -> Result<Arc<Fonts>, NoPdf> {
        let mut kept = self.fonts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*kept {
            return Ok(Arc::clone(fonts));
        }
        let found = self.folders.iter().find_map(|folder| Fonts::read(folder)).map(Arc::new);
        let names = || self.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
        let fonts = found.ok_or_else(|| NoPdf::NoFonts(names().join(", ")))?;
        *kept = Some(Arc::clone(&fonts));
        Ok(fonts)
    }
}

impl Printer for Typesetter {
    fn pdf(&self, print: &Print) -> Result<Vec<u8>, NoPdf> {
        let fonts = self.fonts()?;
        let data = serde_json::to_vec(print).map_err(|error| NoPdf::Template(error.to_string()))?;
        let room = Room::new(&self.templates, fonts, data, &print.pictures)
            .ok_or_else(|| NoPdf::Template(format!("{MAIN} is missing")))?;
        let set = typst::compile::<PagedDocument>(&room);
        for warning in &set.warnings {
            tracing::warn!(message = %warning.message, "template");
        }
        let document = set.output.map_err(|errors| told(&errors))?;
        // Archives want both: a file that is complete in itself, and one that can be read aloud.
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
        let standards = standards.map_err(|error| NoPdf::Template(error.message().to_string()))?;
        let bytes = typst_pdf::pdf(&document, &PdfOptions { standards, ..PdfOptions::default() });
        comemo::evict(KEPT);
        bytes.map_err(|errors| told(&errors))
    }
}

/// What the typesetter says, in one line.
fn told(errors: &[SourceDiagnostic]) -> NoPdf {
    let lines = errors.iter().map(|error| {
        let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v));
        format!("{}{}", error.message, hints.collect::<String>())
    });
    NoPdf::Template(lines.collect::<Vec<_>>().join("; "))
}
