//! Reading templates from their files, and proving that each can be meant: every place has a question and every
//! question a place, conditions and checks name what there is, and somebody gave an example.

mod file;
mod prove;

use std::collections::BTreeMap;

use catalog::load::Files;
use catalog::parameters::Parameters;

use self::file::{Shared, SharedFile, TemplateFile};
use crate::model::Template;

/// The folder within the catalogue.
pub const FOLDER: &str = "drafts/";
/// Questions, sections and parts of texts that several templates share.
const SHARED: &str = "drafts/shared.toml";
/// Where the kinds of problem stand.
const KINDS: &str = "triage/kinds.toml";

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path relative to the catalogue's folder.
    pub file: String,
    /// Byte offset, where known.
    pub offset: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

/// All templates.
#[derive(Debug, Clone, Default)]
pub struct Book {
    templates: BTreeMap<String, Template>,
}

impl Book {
    /// Reads and proves the templates of a catalogue.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn from_files(files: &Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let shared = match files.get(SHARED) {
            Some(text) => {
                parse::<SharedFile>(SHARED, text, &mut faults).map(Shared::from).unwrap_or_default()
            }
            None => Shared::default(),
        };
        let mut templates = BTreeMap::new();
        for (path, text) in files.under(FOLDER, ".toml").filter(|(path, _)| *path != SHARED) {
            let Some(read) = parse::<TemplateFile>(path, text, &mut faults) else { continue };
            match file::resolve(read, &shared) {
                Ok(template) => {
                    let kinds = files.get(KINDS).unwrap_or_default();
                    let wrong = prove::check(&template, path, kinds);
                    faults.extend(wrong.into_iter().map(|message| located(path, text, message)));
                    templates.insert(template.id.clone(), template);
                }
                Err(wrong) => faults.extend(wrong.into_iter().map(|message| located(path, text, message))),
            }
        }
        if faults.is_empty() { Ok(Self { templates }) } else { Err(faults) }
    }

    /// A template by its id.
    pub fn get(&self, id: &str) -> Option<&Template> {
        self.templates.get(id)
    }

    /// All templates, group by group, the commonest first.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        let mut all: Vec<&Template> = self.templates.values().collect();
        all.sort_by_key(|template| (template.group, template.rank));
        all.into_iter()
    }

    /// Tries every example; what does not come out as it says is a fault.
    pub fn try_examples(&self, parameters: &Parameters) -> Vec<Fault> {
        let mut faults = Vec::new();
        for template in self.templates.values() {
            for example in &template.examples {
                let wrong = prove::example(template, example, parameters);
                faults.extend(wrong.into_iter().map(|message| Fault {
                    file: format!("{FOLDER}{}.toml", template.id),
                    offset: None,
                    message: format!("example “{}”: {message}", example.name),
                }));
            }
        }
        faults
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str, faults: &mut Vec<Fault>) -> Option<T> {
    toml::from_str(text)
        .map_err(|error| {
            faults.push(Fault {
                file: path.to_owned(),
                offset: error.span().map(|span| span.start),
                message: error.message().to_owned(),
            });
        })
        .ok()
}

/// A fault with the place of the word it quotes.
fn located(path: &str, text: &str, message: String) -> Fault {
    let quoted = message.split('`').nth(1).filter(|word| !word.is_empty());
    Fault { file: path.to_owned(), offset: quoted.and_then(|word| text.find(word)), message }
}

#[cfg(test)]
mod tests;
