//! What a source says wrongly about a law's status or days, put right with a source of its own.

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Deserialize;

use crate::LawError;
use crate::model::{Draft, Status, cited};

/// The file within the catalogue.
pub const FILE: &str = "laws/status.toml";

/// Corrections, as `catalog/laws/status.toml` holds them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    #[serde(default)]
    law: Vec<Override>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    title: String,
    /// Only this version; absent: every version.
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    effective_from: Option<Date>,
    #[serde(default)]
    effective_to: Option<Date>,
    /// Where the correction comes from.
    source: String,
}

impl Overrides {
    /// Reads the file and refuses what cannot be meant.
    pub fn parse(text: &str) -> Result<Self, LawError> {
        let wrong = |why: String| LawError::Content(format!("{FILE}: {why}"));
        let read: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut seen = HashSet::new();
        for row in &read.law {
            if row.source.trim().is_empty() {
                return Err(wrong(format!("{}: a correction needs a source", row.title)));
            }
            if let Some(status) = &row.status {
                status.parse::<Status>().map_err(|why| wrong(format!("{}: {why}", row.title)))?;
            }
            if !seen.insert((cited(&row.title), row.version.clone())) {
                return Err(wrong(format!("{}: it is corrected twice", row.title)));
            }
        }
        Ok(read)
    }

    /// Puts a law right; a row for the very version counts before one for the title.
    pub fn apply(&self, law: &mut Draft) {
        let of = |row: &&Override| cited(&row.title) == law.title;
        let exact =
            self.law.iter().filter(of).find(|row| row.version.as_deref() == Some(law.version.as_str()));
        let any = || self.law.iter().filter(of).find(|row| row.version.is_none());
        let Some(row) = exact.or_else(any) else { return };
        if let Some(status) = row.status.as_deref().and_then(|word| word.parse().ok()) {
            law.status = status;
            law.status_source.clone_from(&row.source);
        }
        law.effective_from = row.effective_from.or(law.effective_from);
        law.effective_to = row.effective_to.or(law.effective_to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_says_its_source() {
        let text = "[[law]]\ntitle = \"农村土地承包法\"\nstatus = \"in-force\"\nsource = \"s\"\n";
        let overrides = Overrides::parse(text).unwrap();
        let mut law =
            Draft { title: "农村土地承包法".into(), status: Status::Repealed, ..Draft::default() };
        overrides.apply(&mut law);
        assert_eq!((law.status, law.status_source.as_str()), (Status::InForce, "s"));
        assert!(Overrides::parse("[[law]]\ntitle = \"甲法\"\nsource = \"\"\n").is_err());
        assert!(Overrides::parse(&format!("{text}{text}")).is_err());
    }
}
