//! SQL of registers taken in.

use std::collections::HashMap;

use kernel::area::AreaCode;
use store::{Changes, Reads, StoreError, sql};

use crate::office::Office;
use crate::practitioner::{self, Practitioner};
use crate::principal::OrgId;

store::record! {
    struct Line {
        id: String,
        name: String,
        kind: String,
        area: i64,
        uscc: Option<String>,
        phone: Option<String>,
        address: Option<String>,
        hours: Option<String>,
    }
}

/// Organisations of these ids as they stand, with their credit codes.
pub(super) async fn organisations(
    reads: &mut impl Reads,
    ids: &[&str],
) -> Result<HashMap<String, (Office, Option<String>)>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let lines: Vec<Line> =
        sql("SELECT id, name, kind, area, uscc, phone, address, hours FROM organisation WHERE ")
            .list("id IN (", ids.iter().copied(), ")")
            .all(reads)
            .await?;
    let duties: Vec<(String, String)> = sql("SELECT organisation, duty FROM organisation_duty WHERE ")
        .list("organisation IN (", ids.iter().copied(), ") ORDER BY organisation, duty")
        .all(reads)
        .await?;
    let mut found = HashMap::with_capacity(lines.len());
    for line in lines {
        let area = AreaCode::from_i64(line.area).map_err(|fault| StoreError::column("area", fault))?;
        let office = Office {
            id: OrgId(line.id.clone()),
            name: line.name,
            kind: line.kind,
            area,
            duties: Vec::new(),
            phone: line.phone,
            address: line.address,
            hours: line.hours,
        };
        found.insert(line.id, (office, line.uscc));
    }
    for (organisation, duty) in duties {
        if let Some((office, _)) = found.get_mut(&organisation) {
            office.duties.push(duty);
        }
    }
    Ok(found)
}

/// Practitioners of these ids as they stand.
pub(super) async fn practitioners(
    reads: &mut impl Reads,
    ids: &[&str],
) -> Result<HashMap<String, Practitioner>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = practitioner::store::of_ids(reads, ids).await?;
    Ok(found.into_iter().map(|one| (one.id.clone(), one)).collect())
}

/// Statements that write a practitioner as given.
pub(crate) fn put_practitioner(changes: &mut Changes, one: &Practitioner, origin: &str) {
    changes.push(
        sql("INSERT INTO practitioner (id, name, kind, licence_no, organisation, phone, origin) VALUES ")
            .then("(?, ?, ?, ?, ?, ?, ?)")
            .bind(&one.id)
            .bind(&one.name)
            .bind(&one.kind)
            .bind(one.licence_no.as_deref())
            .bind(&one.organisation)
            .bind(one.phone.as_deref())
            .bind(origin)
            .then(" ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,")
            .then(" licence_no = excluded.licence_no, organisation = excluded.organisation,")
            .then(" phone = excluded.phone"),
    );
    changes.push(sql("DELETE FROM practitioner_word WHERE practitioner = ?").bind(&one.id));
    let words: Vec<(&str, &String)> = one
        .skills
        .iter()
        .map(|word| ("skill", word))
        .chain(one.languages.iter().map(|word| ("language", word)))
        .collect();
    if !words.is_empty() {
        changes.push(
            sql("INSERT INTO practitioner_word (practitioner, kind, word) VALUES ")
                .rows(words, |row, (kind, word)| row.bind(&one.id).bind(kind).bind(word)),
        );
    }
}
