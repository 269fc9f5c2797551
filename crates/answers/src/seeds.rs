//! Answers the catalogue brings along: files of `catalog/answers/`.

use std::collections::HashSet;

use catalog::load::Files;
use jiff::civil::Date;
use laws::citation::Citation;
use serde::Deserialize;

use crate::cites;
use crate::model::{ANSWER_MAX, CITES_MAX, LEAST, Published, QUESTION_MAX};

/// The folder within the catalogue.
pub const FOLDER: &str = "answers/";
/// What ids of these answers begin with.
pub const PREFIX: &str = "catalog.";

/// What the catalogue gives.
#[derive(Debug, Clone, Default)]
pub struct Seeds {
    /// Answers, by file and place.
    pub answers: Vec<Published>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    answer: Vec<Seed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    id: String,
    kind: String,
    question: String,
    answer: String,
    cites: Vec<String>,
    reviewed_on: Date,
    due_on: Date,
}

impl Seeds {
    /// Reads the files and refuses what cannot be meant; `kinds` are the labels there are.
    pub fn read(files: &Files, kinds: &[String]) -> Result<Self, String> {
        let mut seeds = Self::default();
        let mut ids = HashSet::new();
        for (path, text) in files.under(FOLDER, ".toml") {
            let file: File = toml::from_str(text).map_err(|error| format!("{path}: {error}"))?;
            for seed in file.answer {
                let id = seed.id.clone();
                let wrong = |why: &str| format!("{path}: {id}: {why}");
                if !ids.insert(seed.id.clone()) {
                    return Err(wrong("it stands there twice"));
                }
                seeds.answers.push(seed.published(kinds).map_err(|why| wrong(&why))?);
            }
        }
        Ok(seeds)
    }
}

impl Seed {
    fn published(self, kinds: &[String]) -> Result<Published, String> {
        if !kinds.contains(&self.kind) {
            return Err(format!("`{}` is no kind of problem", self.kind));
        }
        let (question, answer) = (self.question.trim().to_owned(), self.answer.trim().to_owned());
        let fits = |text: &str, most: usize| (LEAST..=most).contains(&text.chars().count());
        if !fits(&question, QUESTION_MAX) || !fits(&answer, ANSWER_MAX) {
            return Err("question or answer is too short or too long".to_owned());
        }
        let cites: Vec<Citation> = cites::read(&self.cites.join("\n"))
            .map_err(|lines| format!("nobody can look up {}", lines.join(", ")))?;
        if cites.is_empty() || cites.len() > CITES_MAX {
            return Err("it cites no article, or too many".to_owned());
        }
        Ok(Published {
            id: format!("{PREFIX}{}", self.id),
            version: 1,
            kind: self.kind,
            question,
            answer,
            cites,
            office: None,
            reviewed_on: self.reviewed_on,
            due_on: self.due_on,
        })
    }
}
