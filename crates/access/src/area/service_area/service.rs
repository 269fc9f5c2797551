//! Writing service areas down.

use std::collections::BTreeSet;

use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};

use super::model::NewServiceArea;
use super::store as table;
use crate::error::AccessError;
use crate::room::Access;

/// Longest id and name, in characters.
const ID_CHARS: usize = 64;
const NAME_CHARS: usize = 60;

impl Access {
    /// Writes a service area down, or anew. Its divisions and the bodies that serve it must be known.
    pub async fn put_service_area(&self, new: &NewServiceArea) -> Result<(), AccessError> {
        let atlas = self.areas().current().await?;
        let offices = self.offices().current().await?;
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, code, key: &'static str| {
            errors.push(FieldError::new(pointer, code, Text::new(key)));
        };
        let fits =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-".contains(letter);
        if new.id.is_empty() || new.id.len() > ID_CHARS || !new.id.chars().all(fits) {
            wrong("/id", "format", "service-area-id");
        }
        if new.name.trim().is_empty() || new.name.chars().count() > NAME_CHARS {
            wrong("/name", "format", "area-row-name");
        }
        let once: BTreeSet<_> = new.members.iter().collect();
        if new.members.is_empty() || once.len() != new.members.len() {
            wrong("/members", "required", "service-area-members");
        } else if new.members.iter().any(|code| atlas.rows(*code).is_empty()) {
            wrong("/members", "unknown", "access-area-unknown");
        }
        if new.offices.iter().any(|id| offices.get(id).is_none()) {
            wrong("/offices", "unknown", "service-area-office");
        }
        if !errors.is_empty() {
            return Err(Refusal::new(Code::FactsWrong, "refused-facts")
                .rule(Rule::house("service-areas"))
                .errors(errors)
                .next(Next::say("next-mend-fields"))
                .into());
        }
        self.write_areas("put service area", |changes| table::put(changes, new)).await
    }
}
