//! All organisations in memory, and routing over them. Pure.

use std::collections::HashMap;

use kernel::area::{AreaCode, Level};
use serde::Serialize;

use crate::area::heirs::Heirs;
use crate::area::service_area::ServiceArea;
use crate::principal::OrgId;

/// What bodies are there for. An item names one of them; the others say who is met where.
pub const DUTIES: [&str; 24] = [
    "appraisal",
    "arbitration",
    "association",
    "complaint",
    "consultation",
    "court",
    "custody",
    "hotline",
    "intake",
    "legal-aid",
    "legal-aid-case",
    "legal-aid-provider",
    "legal-service",
    "mediation",
    "notarization",
    "partner",
    "police",
    "procuratorate",
    "publicity",
    "qualification",
    "reconsideration",
    "rehabilitation",
    "supervision",
    "village-adviser",
];

/// A body that serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Office {
    /// Readable id, e.g. `aid.dongchangfu`.
    pub id: OrgId,
    /// Name on the door.
    pub name: String,
    /// `center aid-center bureau station law-firm legal-service-office mediation-committee organ …`
    pub kind: String,
    /// Where it sits; it serves this division and everything below.
    pub area: AreaCode,
    /// What it is there for, sorted.
    pub duties: Vec<String>,
    /// Telephone for the public.
    pub phone: Option<String>,
    /// Address in words.
    pub address: Option<String>,
    /// Opening hours in words.
    pub hours: Option<String>,
}

/// All organisations that are open, as one version of the tables.
#[derive(Debug, Clone, Default)]
pub struct Offices {
    version: i64,
    list: Vec<Office>,
    by_id: HashMap<String, usize>,
    by_duty: HashMap<String, HashMap<AreaCode, Vec<usize>>>,
    heirs: Heirs,
}

impl Offices {
    /// Indexes the organisations. One that sits at a former code serves what took it over; one that serves an area
    /// that is no division serves each of its members, after the bodies that sit there.
    pub fn new(version: i64, mut list: Vec<Office>, heirs: Heirs, services: &[ServiceArea]) -> Self {
        list.sort_by(|a, b| (a.area, &a.id).cmp(&(b.area, &b.id)));
        let mut offices = Self { version, ..Self::default() };
        for (index, office) in list.iter().enumerate() {
            offices.by_id.insert(office.id.0.clone(), index);
            offices.seat(office, heirs.last(office.area), index);
        }
        for service in services {
            for id in &service.offices {
                let Some(index) = offices.by_id.get(id.as_str()).copied() else { continue };
                for member in &service.members {
                    offices.seat(&list[index], heirs.last(*member), index);
                }
            }
        }
        offices.list = list;
        offices.heirs = heirs;
        offices
    }

    fn seat(&mut self, office: &Office, area: AreaCode, index: usize) {
        for duty in &office.duties {
            self.by_duty.entry(duty.clone()).or_default().entry(area).or_default().push(index);
        }
    }

    /// Version of the tables this was read from.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The organisation of this id.
    pub fn get(&self, id: &str) -> Option<&Office> {
        self.by_id.get(id).map(|index| &self.list[*index])
    }

    /// All organisations, by area and id.
    pub fn all(&self) -> &[Office] {
        &self.list
    }

    /// The nearest office with this duty: climbs the area tree from the place itself.
    pub fn route(&self, duty: &str, area: AreaCode) -> Option<&Office> {
        self.route_from(duty, area, Level::Village)
    }

    /// The same, but no office below `level` (an item handled at county level never lands at a town).
    pub fn route_from(&self, duty: &str, area: AreaCode, level: Level) -> Option<&Office> {
        let places = self.by_duty.get(duty)?;
        let mut here = Some(self.heirs.last(area));
        while let Some(place) = here {
            let found = places.get(&place).filter(|_| place.level() <= level).and_then(|all| all.first());
            if let Some(index) = found {
                return Some(&self.list[*index]);
            }
            // A village nobody knows an heir of climbs to its town, which may have one.
            here = place.parent().map(|above| self.heirs.last(above));
        }
        None
    }

    /// Offices with this duty (all when none is given) within a division (everywhere when none is given),
    /// by area and id.
    pub fn within<'a>(
        &'a self,
        duty: Option<&'a str>,
        area: Option<AreaCode>,
    ) -> impl Iterator<Item = &'a Office> {
        self.list.iter().filter(move |office| {
            duty.is_none_or(|duty| office.duties.iter().any(|own| own == duty))
                && area.is_none_or(|area| area.contains(office.area))
        })
    }

    /// Offices that serve a place: those above it, nearest first, then those within it.
    pub fn serving(&self, duty: Option<&str>, area: AreaCode) -> Vec<&Office> {
        let area = self.heirs.last(area);
        let fits = |office: &&Office| duty.is_none_or(|duty| office.duties.iter().any(|own| own == duty));
        let mut above: Vec<&Office> =
            self.list.iter().filter(fits).filter(|office| office.area.contains(area)).collect();
        above.sort_by(|a, b| (b.area.level(), &a.id).cmp(&(a.area.level(), &b.id)));
        let below =
            self.list.iter().filter(fits).filter(|office| area != office.area && area.contains(office.area));
        above.into_iter().chain(below).collect()
    }
}

/// The nearest office with this duty; see [`Offices::route`].
pub fn route<'a>(offices: &'a Offices, duty: &str, area: AreaCode) -> Option<&'a Office> {
    offices.route(duty, area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::succession::{Link, Source};

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    fn office(id: &str, place: &str, duties: &[&str]) -> Office {
        Office {
            id: OrgId(id.into()),
            name: id.into(),
            kind: "center".into(),
            area: area(place),
            duties: duties.iter().map(ToString::to_string).collect(),
            phone: None,
            address: None,
            hours: None,
        }
    }

    fn moved(from: &str, to: &str, year: i16) -> Link {
        let changed_on = jiff::civil::date(year, 10, 31);
        Link { from: area(from), to: area(to), changed_on, source: Source::Recode }
    }

    fn city() -> Offices {
        Offices::new(
            1,
            vec![
                office("city", "3715", &["legal-aid", "hotline"]),
                office("county", "371502", &["legal-aid"]),
                office("town", "371502001", &["legal-aid", "mediation"]),
                office("chiping", "371503", &["legal-aid"]),
            ],
            Heirs::new([
                moved("371523", "371503", 2019),
                moved("371502007", "371502011", 2018),
                moved("371502011", "371502001", 2021),
                moved("371502007201", "371502001201", 2021),
            ]),
            &[],
        )
    }

    fn routed(duty: &str, place: &str) -> Option<String> {
        city().route(duty, area(place)).map(|office| office.id.0.clone())
    }

    #[test]
    fn routing_climbs_to_the_nearest_office_with_the_duty() {
        assert_eq!(routed("legal-aid", "371502001001").as_deref(), Some("town"));
        assert_eq!(routed("legal-aid", "371502002").as_deref(), Some("county"));
        assert_eq!(routed("hotline", "371502001").as_deref(), Some("city"));
        assert_eq!(routed("legal-aid", "371521").as_deref(), Some("city"));
        assert_eq!(routed("mediation", "371502"), None);
        assert_eq!(routed("legal-aid", "3716"), None);
    }

    #[test]
    fn a_former_division_is_served_by_its_successor() {
        assert_eq!(routed("legal-aid", "371523").as_deref(), Some("chiping"));
        assert_eq!(routed("legal-aid", "371523100").as_deref(), Some("chiping"));
        assert_eq!(routed("legal-aid", "371523100201").as_deref(), Some("chiping"));
    }

    #[test]
    fn a_former_town_or_village_is_served_by_the_last_of_its_successors() {
        assert_eq!(routed("mediation", "371502007").as_deref(), Some("town"));
        assert_eq!(routed("mediation", "371502007201").as_deref(), Some("town"), "the village went with it");
        assert_eq!(
            routed("mediation", "371502007202").as_deref(),
            Some("town"),
            "nobody knows; its town does"
        );
    }

    #[test]
    fn a_body_at_a_former_code_serves_what_took_it_over() {
        let old = office("old", "371502007", &["mediation"]);
        let heirs = Heirs::new([moved("371502007", "371502011", 2018)]);
        let offices = Offices::new(1, vec![old], heirs, &[]);
        let found = |place| offices.route("mediation", area(place)).map(|office| office.id.as_str());
        assert_eq!(found("371502011201"), Some("old"));
        assert_eq!(found("371502007"), Some("old"));
    }

    #[test]
    fn a_zone_that_is_no_division_is_served_in_each_of_its_towns_after_who_sits_there() {
        let zone = ServiceArea {
            id: "zone".into(),
            name: "开发区".into(),
            members: vec![area("371502001"), area("371502002")],
            offices: vec![OrgId("zone".into())],
        };
        let list = vec![
            office("county", "371502", &["mediation", "legal-aid"]),
            office("town", "371502001", &["mediation"]),
            office("zone", "3715", &["mediation", "legal-aid"]),
        ];
        let offices = Offices::new(1, list, Heirs::default(), &[zone]);
        let found = |duty, place| offices.route(duty, area(place)).map(|office| office.id.as_str());
        assert_eq!(found("legal-aid", "371502001001"), Some("zone"));
        assert_eq!(found("mediation", "371502001001"), Some("town"));
        assert_eq!(found("mediation", "371502002"), Some("zone"));
        assert_eq!(found("mediation", "371502003"), Some("county"));
    }

    #[test]
    fn an_item_of_county_level_never_lands_at_a_town() {
        let city = city();
        let found = city.route_from("legal-aid", area("371502001001"), Level::County);
        assert_eq!(found.map(|office| office.id.as_str()), Some("county"));
    }

    #[test]
    fn the_offices_serving_a_place_are_the_nearest_first() {
        let city = city();
        let ids = |duty, place| {
            city.serving(duty, area(place)).into_iter().map(|office| office.id.0.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(Some("legal-aid"), "371502"), ["county", "city", "town"]);
        assert_eq!(ids(Some("hotline"), "371502001"), ["city"]);
        assert_eq!(ids(None, "371503"), ["chiping", "city"]);
    }
}
