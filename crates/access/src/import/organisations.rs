//! Organisations: who serves where, and for what.

use std::collections::{BTreeSet, HashMap, HashSet};

use kernel::refusal::{FieldError, Text};
use store::Changes;

use super::fields::Fields;
use super::{Cells, Taken, store as table};
use crate::area;
use crate::error::AccessError;
use crate::office::{DUTIES, Office, store as offices};
use crate::principal::OrgId;
use crate::room::Access;

/// Kinds of organisations.
pub const KINDS: [&str; 11] = [
    "center",
    "station",
    "village-room",
    "aid-center",
    "bureau",
    "law-firm",
    "legal-service-office",
    "notary-office",
    "forensic-institute",
    "mediation-committee",
    "organ",
];

/// An organisation as a row says it is.
struct Line {
    office: Office,
    uscc: Option<String>,
}

impl Access {
    /// Takes in organisations, columns `id,name,kind,area,uscc,duties,phone,address,hours`; one answer a row, in
    /// order. `duties` are of [`DUTIES`].
    pub async fn import_organisations(
        &self,
        rows: &[Cells<'_>],
        today: jiff::civil::Date,
        trial: bool,
    ) -> Result<Vec<Taken>, AccessError> {
        let read: Vec<Result<Line, Taken>> = rows.iter().map(|cell| line(*cell)).collect();
        let mut reader = self.db.reader().await?;
        let ids: Vec<&str> = read.iter().flatten().map(|line| line.office.id.as_str()).collect();
        let there = table::organisations(&mut reader, &ids).await?;
        let places: BTreeSet<i64> = read.iter().flatten().map(|line| line.office.area.as_i64()).collect();
        let places = area::standing(&mut reader, &places, today).await?;
        drop(reader);
        let mut changes = Changes::new();
        let mut taken = Vec::with_capacity(read.len());
        let mut seen = HashSet::new();
        for line in read {
            taken.push(match line {
                Err(refused) => refused,
                Ok(line) => take(&mut changes, &line, &there, &places, &mut seen),
            });
        }
        if !changes.is_empty() && !trial {
            offices::touch(&mut changes, "organisation");
            self.db.apply("import organisations", changes).await?;
            self.offices().forget();
        }
        Ok(taken)
    }
}

fn take(
    changes: &mut Changes,
    line: &Line,
    there: &HashMap<String, (Office, Option<String>)>,
    places: &BTreeSet<i64>,
    seen: &mut HashSet<String>,
) -> Taken {
    let mut errors = Vec::new();
    if !places.contains(&line.office.area.as_i64()) {
        errors.push(FieldError::new("/area", "unknown", "error-import-area"));
    }
    if !seen.insert(line.office.id.as_str().to_owned()) {
        errors.push(FieldError::new("/id", "repeated", "error-import-repeated"));
    }
    if !errors.is_empty() {
        return Taken::Refused(errors);
    }
    let before = there.get(line.office.id.as_str());
    if before.is_some_and(|(office, uscc)| *office == line.office && *uscc == line.uscc) {
        return Taken::Known;
    }
    offices::put(changes, &line.office, line.uscc.as_deref(), "import");
    if before.is_some() { Taken::Changed } else { Taken::New }
}

fn line(cell: Cells<'_>) -> Result<Line, Taken> {
    let mut row = Fields::new(cell);
    let id = row.id("id");
    let name = row.text("name", 100);
    let kind = row.word("kind", &KINDS);
    let area = row.area("area");
    let uscc = row.uscc("uscc");
    let duties = row.words("duties");
    let foreign: Vec<&str> =
        duties.iter().map(String::as_str).filter(|duty| !DUTIES.contains(duty)).collect();
    if !foreign.is_empty() {
        let why =
            Text::new("error-import-duty").arg("found", foreign.join(", ")).arg("words", DUTIES.join(", "));
        row.fault("duties", "choice", why);
    }
    let phone = row.optional("phone", 40);
    let address = row.optional("address", 200);
    let hours = row.optional("hours", 200);
    match area.filter(|_| row.errors.is_empty()) {
        None => Err(Taken::Refused(row.errors)),
        Some(area) => Ok(Line {
            office: Office { id: OrgId(id), name, kind, area, duties, phone, address, hours },
            uscc,
        }),
    }
}
