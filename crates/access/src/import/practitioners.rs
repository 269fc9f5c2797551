//! Practitioners: lawyers, legal workers, notaries, appraisers, mediators and advisers, as registered.

use std::collections::{HashMap, HashSet};

use kernel::refusal::FieldError;
use store::Changes;

use super::fields::Fields;
use super::{Cells, Taken, store as table};
use crate::error::AccessError;
use crate::office::store as offices;
use crate::practitioner::Practitioner;
use crate::room::Access;

/// Kinds of practitioners.
pub const KINDS: [&str; 6] = ["lawyer", "legal_worker", "notary", "appraiser", "mediator", "adviser"];

impl Access {
    /// Takes in practitioners, columns `id,name,kind,licence_no,organisation,skills,languages,phone`; one answer a
    /// row, in order.
    pub async fn import_practitioners(
        &self,
        rows: &[Cells<'_>],
        trial: bool,
    ) -> Result<Vec<Taken>, AccessError> {
        let read: Vec<Result<Practitioner, Taken>> = rows.iter().map(|cell| line(*cell)).collect();
        let ids: Vec<&str> = read.iter().flatten().map(|line| line.id.as_str()).collect();
        let mut reader = self.db.reader().await?;
        let there = table::practitioners(&mut reader, &ids).await?;
        drop(reader);
        let offices = self.offices().current().await?;
        let mut changes = Changes::new();
        let mut seen = HashSet::new();
        let mut taken = Vec::with_capacity(read.len());
        for line in read {
            taken.push(match line {
                Err(refused) => refused,
                Ok(line) if offices.get(&line.organisation).is_none() => {
                    refused("/organisation", "unknown", "access-organisation-unknown")
                }
                Ok(line) if !seen.insert(line.id.clone()) => {
                    refused("/id", "repeated", "error-import-repeated")
                }
                Ok(line) => take(&mut changes, &line, &there),
            });
        }
        if !changes.is_empty() && !trial {
            offices::touch(&mut changes, "practitioner");
            self.db.apply("import practitioners", changes).await?;
        }
        Ok(taken)
    }
}

fn refused(pointer: &'static str, code: &'static str, key: &'static str) -> Taken {
    Taken::Refused(vec![FieldError::new(pointer, code, key)])
}

fn take(changes: &mut Changes, line: &Practitioner, there: &HashMap<String, Practitioner>) -> Taken {
    let before = there.get(&line.id);
    if before == Some(line) {
        return Taken::Known;
    }
    table::put_practitioner(changes, line, "import");
    if before.is_some() { Taken::Changed } else { Taken::New }
}

fn line(cell: Cells<'_>) -> Result<Practitioner, Taken> {
    let mut row = Fields::new(cell);
    let practitioner = Practitioner {
        id: row.id("id"),
        name: row.text("name", 50),
        kind: row.word("kind", &KINDS),
        licence_no: row.optional("licence_no", 40),
        organisation: row.text("organisation", 64),
        skills: row.words("skills"),
        languages: row.words("languages"),
        phone: row.optional("phone", 40),
    };
    if row.errors.is_empty() { Ok(practitioner) } else { Err(Taken::Refused(row.errors)) }
}
