//! People of the demo city.

use std::collections::HashMap;

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::identity::Phone;
use kernel::time::Instant;
use serde::Deserialize;
use store::{Changes, sql};

use super::places::lines;
use super::{DemoAccount, fault};
use crate::account::model::RoleLine;
use crate::account::service::Vault;
use crate::account::store::{self as accounts, Insert};
use crate::error::AccessError;
use crate::principal::AccountId;
use crate::random;
use crate::room::Access;

const ACCOUNTS: &str = include_str!("../../data/demo/accounts.csv");

#[derive(Deserialize)]
struct Person {
    login: String,
    name: String,
    kind: String,
    organisation: Option<String>,
    /// `role@area` or `role@area/organisation`, separated by blanks.
    roles: String,
}

impl Person {
    fn roles(&self) -> Result<Vec<RoleLine>, AccessError> {
        self.roles
            .split_whitespace()
            .map(|word| {
                let (role, place) = word.split_once('@').ok_or_else(|| fault(word))?;
                let (area, organisation) = match place.split_once('/') {
                    Some((area, organisation)) => (area, Some(organisation.to_owned())),
                    None => (place, None),
                };
                let role: Role = role.parse().map_err(fault)?;
                let area: AreaCode = area.parse().map_err(fault)?;
                Ok(RoleLine { role, area, organisation })
            })
            .collect()
    }
}

/// The telephone number of the n-th invented citizen. Numbers of this block are written so that nobody
/// takes them for somebody's: the demo sends to no network.
fn phone(nth: usize) -> Result<Phone, AccessError> {
    Phone::parse(&format!("1990000{nth:04}")).map_err(fault)
}

pub(super) async fn load(
    access: &Access,
    known: &[DemoAccount],
    now: Instant,
) -> Result<Vec<DemoAccount>, AccessError> {
    let people: Vec<Person> = lines(ACCOUNTS)?;
    let there: Vec<(String, String)> = sql("SELECT login, id FROM account WHERE origin = 'demo'")
        .all(&mut access.db.reader().await?)
        .await?;
    let there: HashMap<String, String> = there.into_iter().collect();
    let known = trusted(access, known, &there).await?;
    let mut loaded = Vec::with_capacity(people.len());
    let mut work = Vec::new();
    let mut citizens = 0;
    for person in people {
        if person.kind == "citizen" {
            citizens += 1;
        }
        let kept = known.get(person.login.as_str());
        let password = match kept {
            Some(password) => (*password).to_owned(),
            None => random::password()?,
        };
        loaded.push(DemoAccount {
            login: person.login.clone(),
            password: password.clone(),
            name: person.name.clone(),
            kind: person.kind.clone(),
            roles: person.roles()?,
        });
        let id = there.get(&person.login);
        if id.is_none() || kept.is_none() {
            let hash = access.hasher.hash(password);
            work.push(async move { Ok::<_, AccessError>((person, id.cloned(), citizens, hash.await?)) });
        }
    }
    let mut changes = Changes::new();
    for (person, id, nth, hash) in join(work).await? {
        match id {
            Some(id) => {
                changes.push(accounts::set_password(&id, &hash));
            }
            None => insert(access, &mut changes, &person, nth, &hash, now)?,
        }
    }
    access.db.apply("load demo people", changes).await?;
    Ok(loaded)
}

/// Passwords of an earlier run, unless they belong to another database: one of them is tried.
async fn trusted<'a>(
    access: &Access,
    known: &'a [DemoAccount],
    there: &HashMap<String, String>,
) -> Result<HashMap<&'a str, &'a str>, AccessError> {
    let all: HashMap<&str, &str> =
        known.iter().map(|account| (account.login.as_str(), account.password.as_str())).collect();
    let Some((login, password)) = all.iter().find(|(login, _)| there.contains_key(**login)) else {
        return Ok(all);
    };
    let row = accounts::by_login(&mut access.db.reader().await?, login).await?;
    let turn = access.hasher.turn().await?;
    let hash = row.and_then(|row| row.password);
    let fits = access.hasher.verify(&turn, (*password).to_owned(), hash).await?;
    Ok(if fits { all } else { HashMap::new() })
}

/// Runs all, as many at a time as the hasher lets through, and keeps their order.
async fn join<T, F>(work: Vec<F>) -> Result<Vec<T>, AccessError>
where
    F: Future<Output = Result<T, AccessError>>,
{
    let mut done = Vec::with_capacity(work.len());
    let mut work = work.into_iter();
    while let Some(first) = work.next() {
        match work.next() {
            Some(second) => {
                let (first, second) = tokio::try_join!(first, second)?;
                done.push(first);
                done.push(second);
            }
            None => done.push(first.await?),
        }
    }
    Ok(done)
}

fn insert(
    access: &Access,
    changes: &mut Changes,
    person: &Person,
    nth: usize,
    hash: &str,
    now: Instant,
) -> Result<(), AccessError> {
    let id = AccountId(uuid::Uuid::now_v7().to_string());
    let citizen = person.kind == "citizen";
    let mut vault = None;
    let mut phone_mac = None;
    if citizen {
        let phone = phone(nth)?;
        phone_mac = Some(access.phone_index(&phone)?);
        let content =
            Vault { name: person.name.clone(), phone: phone.as_str().to_owned(), ..Vault::default() };
        vault = Some(access.seal_vault(&id, &content)?);
    }
    changes.push(accounts::insert(&Insert {
        id: &id,
        kind: if citizen { "citizen" } else { "staff" },
        login: Some(&person.login),
        name: (!citizen).then_some(person.name.as_str()),
        organisation: person.organisation.as_deref().filter(|id| !id.is_empty()),
        password: Some(hash),
        vault: vault.as_ref().map(|(key, sealed)| (key.as_slice(), sealed.as_slice())),
        phone_mac,
        origin: "demo",
        at: now,
    }));
    for role in person.roles()? {
        let organisation = role.organisation.as_deref().unwrap_or_default();
        changes.push(accounts::insert_grant(id.as_str(), role.role, role.area, organisation, now));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_administrators_are_three_people_and_nobody_else_administers() {
        let people: Vec<Person> = lines(ACCOUNTS).unwrap();
        let administrators: Vec<_> = people
            .iter()
            .filter(|person| person.roles().unwrap().iter().any(|role| role.role.administers()))
            .collect();
        assert_eq!(administrators.len(), 3);
        for person in administrators {
            assert_eq!(person.roles().unwrap().len(), 1, "{}", person.login);
        }
    }

    #[test]
    fn logins_are_unique_and_every_county_can_keep_four_eyes() {
        let people: Vec<Person> = lines(ACCOUNTS).unwrap();
        let logins: HashSet<&str> = people.iter().map(|person| person.login.as_str()).collect();
        assert_eq!(logins.len(), people.len());
        assert!(people.iter().all(|person| crate::account::model::login_fits(&person.login)));
        for county in ["371502", "371503", "371521", "371522", "371524", "371525", "371526", "371581", "3715"]
        {
            let area: AreaCode = county.parse().unwrap();
            for (role, least) in [
                (Role::Clerk, 1),
                (Role::HotlineAgent, 1),
                (Role::AidOfficer, 2),
                (Role::AidApprover, 2),
                (Role::AidHead, 1),
                (Role::OfficeHead, 1),
                (Role::Mediator, 1),
                (Role::Adviser, 1),
                (Role::Supervisor, 1),
                (Role::Lawyer, 1),
            ] {
                let holders = people
                    .iter()
                    .filter(|person| {
                        person.roles().unwrap().iter().any(|held| held.role == role && held.area == area)
                    })
                    .count();
                assert!(holders >= least, "{county} has {holders} of {role}");
            }
        }
    }
    #[test]
    fn bodies_that_decide_or_notify_have_somebody_of_their_own() {
        let people: Vec<Person> = lines(ACCOUNTS).unwrap();
        let holds = |role: Role, organisation: &str| {
            people.iter().any(|person| {
                person
                    .roles()
                    .unwrap()
                    .iter()
                    .any(|held| held.role == role && held.organisation.as_deref() == Some(organisation))
            })
        };
        for place in [
            "liaocheng",
            "dongchangfu",
            "chiping",
            "yanggu",
            "shenxian",
            "donge",
            "guanxian",
            "gaotang",
            "linqing",
        ] {
            for organ in ["court", "procuratorate", "police", "custody"] {
                assert!(holds(Role::Organ, &format!("organ.{organ}.{place}")), "{organ} of {place}");
            }
            assert!(holds(Role::Supervisor, &format!("bureau.{place}")), "bureau of {place}");
            // Duty lawyers stand on the list of the legal aid institution that sends them.
            assert!(holds(Role::Lawyer, &format!("aid.{place}")), "duty lawyer of {place}");
            assert!(holds(Role::FirmAdmin, &format!("service.{place}.1")), "legal service office of {place}");
            assert!(holds(Role::LegalWorker, &format!("service.{place}.1")), "legal worker of {place}");
        }
    }
}
