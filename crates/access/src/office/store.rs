//! SQL of organisations.

use kernel::area::AreaCode;
use store::{Changes, Reads, StoreError, sql};

use super::model::{Office, Offices};
use crate::area;
use crate::principal::OrgId;

/// The version of the organisation and area tables together.
pub async fn version(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (version,): (i64,) =
        sql("SELECT CAST(SUM(version) AS BIGINT) FROM reference_version").one(reads).await?;
    Ok(version)
}

store::record! {
    struct Line {
        id: String,
        name: String,
        kind: String,
        area: i64,
        phone: Option<String>,
        address: Option<String>,
        hours: Option<String>,
    }
}

/// Reads all organisations that are open. Run it in one snapshot.
pub async fn load(reads: &mut impl Reads) -> Result<Offices, StoreError> {
    let version = version(reads).await?;
    let lines: Vec<Line> = sql("SELECT id, name, kind, area, phone, address, hours FROM organisation")
        .then(" WHERE closed_on IS NULL ORDER BY id")
        .all(reads)
        .await?;
    let duties: Vec<(String, String)> =
        sql("SELECT organisation, duty FROM organisation_duty ORDER BY organisation, duty")
            .all(reads)
            .await?;
    let mut duties = duties.into_iter().peekable();
    let mut offices = Vec::with_capacity(lines.len());
    for line in lines {
        let area = AreaCode::from_i64(line.area).map_err(|fault| StoreError::column("area", fault))?;
        // Both lists are sorted by id; duties of a closed body are passed over.
        while duties.next_if(|(organisation, _)| *organisation < line.id).is_some() {}
        let mut own = Vec::new();
        while let Some((_, duty)) = duties.next_if(|(organisation, _)| *organisation == line.id) {
            own.push(duty);
        }
        offices.push(Office {
            id: OrgId(line.id),
            name: line.name,
            kind: line.kind,
            area,
            duties: own,
            phone: line.phone,
            address: line.address,
            hours: line.hours,
        });
    }
    let heirs = area::store::former(reads).await?;
    let services = area::service_area::all(reads).await?;
    Ok(Offices::new(version, offices, heirs, &services))
}

/// Statements that write an organisation as it is given; writing it again changes nothing.
pub fn put(changes: &mut Changes, office: &Office, uscc: Option<&str>, origin: &str) {
    changes.push(
        sql("INSERT INTO organisation (id, name, kind, area, uscc, phone, address, hours, origin) VALUES ")
            .then("(?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&office.id.0)
            .bind(&office.name)
            .bind(&office.kind)
            .bind(office.area.as_i64())
            .bind(uscc)
            .bind(office.phone.as_deref())
            .bind(office.address.as_deref())
            .bind(office.hours.as_deref())
            .bind(origin)
            .then(" ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,")
            .then(" area = excluded.area, uscc = excluded.uscc, phone = excluded.phone,")
            .then(" address = excluded.address, hours = excluded.hours"),
    );
    changes.push(sql("DELETE FROM organisation_duty WHERE organisation = ?").bind(&office.id.0).list(
        " AND duty NOT IN (",
        &office.duties,
        ")",
    ));
    if office.duties.is_empty() {
        return;
    }
    changes.push(
        sql("INSERT INTO organisation_duty (organisation, duty) VALUES ")
            .rows(&office.duties, |row, duty| row.bind(&office.id.0).bind(duty))
            .then(" ON CONFLICT (organisation, duty) DO NOTHING"),
    );
}

/// The statement that tells every node to read the organisations again.
pub fn touch(changes: &mut Changes, family: &'static str) {
    changes.push(sql("UPDATE reference_version SET version = version + 1 WHERE family = ?").bind(family));
}
