//! Who may see what, judged from the contract alone: roles and areas of the accounts, and what an all-seeing
//! supervisor reads of each matter.

use crate::views::{Area, DemoAccount, Matter, Number};
use std::collections::BTreeSet;

/// Roles that see every matter of their area (contract 2: one window, supervision).
const BY_AREA: [&str; 3] = ["clerk", "hotline_agent", "supervisor"];
/// Roles that see what concerns them and no more, whatever house they belong to.
const BY_NAME: [&str; 2] = ["lawyer", "legal_worker"];
/// The three administrators, who see no matters.
const ADMINISTRATORS: [&str; 3] = ["system_admin", "security_admin", "audit_admin"];

/// Who calls.
#[derive(Debug, Clone)]
pub enum Who {
    /// Somebody who serves, with what the account is granted.
    Staff(DemoAccount),
    /// A citizen, by login.
    Citizen(String),
    /// The applicant of one matter.
    Guest(Number),
    /// Nobody signed in.
    Nobody,
}

/// A matter whose whole story this program knows, because it opened it and nobody else moves it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its number.
    pub number: Number,
    /// Its query code.
    pub code: String,
    /// What it was opened with.
    pub body: serde_json::Value,
    /// Where it belongs.
    pub area: Area,
    /// The office that answers for it.
    pub office: Option<String>,
    /// Every organisation that ever had to do with it.
    pub organisations: BTreeSet<String>,
    /// Everybody who ever had it, by login.
    pub people: BTreeSet<String>,
    /// The citizen who applied, where one was signed in.
    pub citizen: Option<String>,
    /// Version at the last look.
    pub version: i64,
    /// Papers in it.
    pub files: Vec<String>,
}

impl Known {
    /// Notes who has to do with the matter as it stands.
    pub fn note(&mut self, seen: &Matter) {
        self.area = seen.area.clone();
        self.version = seen.version;
        self.files = seen.materials.iter().filter_map(|material| material.file.clone()).collect();
        let owner = seen.owner.iter();
        self.people.extend(owner.clone().filter_map(|owner| owner.login.clone()));
        self.organisations.extend(owner.filter_map(|owner| owner.organisation.clone()));
        self.people.extend(seen.waiting_for.iter().filter_map(|waiting| waiting.login.clone()));
        self.organisations.extend(seen.waiting_for.iter().filter_map(|waiting| waiting.organisation.clone()));
    }
}

/// What a caller must, may or must not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// A missing row would be a fault.
    Must,
    /// Somehow concerned: the contract leaves it open how long.
    May,
    /// A row would be a foreign one.
    Never,
}

/// Whether a caller sees a matter.
pub fn sees(who: &Who, matter: &Known) -> Sees {
    match who {
        Who::Nobody => Sees::Never,
        Who::Guest(number) => must(*number == matter.number),
        Who::Citizen(login) => must(matter.citizen.as_ref() == Some(login)),
        Who::Staff(account) => staff(account, matter),
    }
}

fn must(holds: bool) -> Sees {
    if holds { Sees::Must } else { Sees::Never }
}

fn staff(account: &DemoAccount, matter: &Known) -> Sees {
    if account.roles.iter().any(|grant| ADMINISTRATORS.contains(&grant.role.as_str())) {
        return Sees::Never;
    }
    if by_area(account, &matter.area) {
        return Sees::Must;
    }
    let bound = |grant: &&crate::views::Grant| !BY_NAME.contains(&grant.role.as_str());
    if account
        .roles
        .iter()
        .filter(bound)
        .any(|grant| grant.organisation.is_some() && grant.organisation == matter.office)
    {
        return Sees::Must;
    }
    let of_its_house = account
        .roles
        .iter()
        .filter_map(|grant| grant.organisation.as_ref())
        .any(|organisation| matter.organisations.contains(organisation));
    if of_its_house || matter.people.contains(&account.login) { Sees::May } else { Sees::Never }
}

/// Whether a role of the account sees everything of a division.
pub fn by_area(account: &DemoAccount, area: &Area) -> bool {
    account.roles.iter().any(|grant| BY_AREA.contains(&grant.role.as_str()) && grant.area.holds(area))
}

/// Roles that answer for the work of a body.
const HEADS: [&str; 3] = ["aid_head", "office_head", "committee_head"];

/// Whether somebody is the head of a body.
pub fn leads(account: &DemoAccount) -> bool {
    account.roles.iter().any(|grant| HEADS.contains(&grant.role.as_str()) && grant.organisation.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(role: &str, area: &str, organisation: Option<&str>) -> DemoAccount {
        let mut grant = json!({"role": role, "area": area});
        if let Some(organisation) = organisation {
            grant["organisation"] = json!(organisation);
        }
        let account = json!({"login": "l", "password": "p", "name": "n", "kind": "staff", "roles": [grant]});
        serde_json::from_value(account).expect("the shape of the contract")
    }

    #[test]
    fn what_the_contract_says_of_each_role() {
        let matter = Known {
            number: Number("3715022600000427".into()),
            code: String::new(),
            body: json!({}),
            area: Area("371502001000".into()),
            office: Some("aid.east".into()),
            organisations: ["aid.east".into(), "firm.one".into()].into(),
            people: BTreeSet::new(),
            citizen: Some("citizen.1".into()),
            version: 1,
            files: Vec::new(),
        };
        let of = |role, area, organisation| sees(&Who::Staff(account(role, area, organisation)), &matter);
        assert_eq!(of("clerk", "371502000000", None), Sees::Must);
        assert_eq!(of("clerk", "371503000000", None), Sees::Never);
        assert_eq!(of("clerk", "371502002000", Some("station")), Sees::Never);
        assert_eq!(of("aid_officer", "371502000000", Some("aid.east")), Sees::Must);
        assert_eq!(of("aid_officer", "371502000000", Some("aid.west")), Sees::Never);
        assert_eq!(of("firm_admin", "371502000000", Some("firm.one")), Sees::May);
        assert_eq!(of("lawyer", "371502000000", Some("aid.east")), Sees::May);
        assert_eq!(of("system_admin", "370000000000", None), Sees::Never);
        assert_eq!(sees(&Who::Citizen("citizen.1".into()), &matter), Sees::Must);
        assert_eq!(sees(&Who::Citizen("citizen.2".into()), &matter), Sees::Never);
        assert_eq!(sees(&Who::Guest(matter.number.clone()), &matter), Sees::Must);
        assert_eq!(sees(&Who::Nobody, &matter), Sees::Never);
    }
}
