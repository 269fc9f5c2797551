//! Many people in one matter: who joins it, and what follows when they are many (practice 19).

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::Value;

use super::pass;
use crate::engine::matter::Matter;
use crate::engine::standing::{self, ATTEND};
use crate::engine::state::Person;
use crate::party::PartyFacts;
use crate::register::{Register, broken};

/// Parameter: from how many applicants on a matter is one of many people, which the head of the office must
/// look at and report.
const GROUP: &str = "office.group-size";

/// What the task of the head is about.
const ABOUT: &str = "group";

/// Counts people who join a matter; with as many applicants as make a group, the next in charge must see to it.
pub(crate) async fn join(
    register: &Register,
    matter: &mut Matter,
    parties: &[PartyFacts],
    now: Instant,
) -> Result<(), Refusal> {
    let before = matter.state.applicants;
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    matter.state.parties = matter.state.parties.saturating_add(count(parties.len()));
    let applicants = parties.iter().filter(|party| party.role == "applicant").count();
    matter.state.applicants = before.saturating_add(count(applicants));
    let Some(size) = register.group_size(matter.area, now) else { return Ok(()) };
    if before < size && size <= matter.state.applicants {
        let to = register.in_charge(matter, Above::Office).await?;
        standing::open(matter, ATTEND, to, Some(ABOUT.to_owned()), now);
    }
    Ok(())
}

/// Whom word goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// The head of the office; the bureau when nobody there holds that office.
    Office,
    /// The bureau.
    Bureau,
}

impl Register {
    fn group_size(&self, area: AreaCode, now: Instant) -> Option<u32> {
        let row = self.catalog().parameters().governing(GROUP, Some(area), now.date())?;
        row.word.as_deref()?.parse().ok()
    }

    /// How many apply in a matter as it is shown, when they are so many that it is one of many people.
    pub fn group_of(&self, view: &Value) -> Option<usize> {
        let area = view["area"].as_str()?.parse().ok()?;
        let joined = view["parties"].as_array()?.iter().filter(|party| party["role"] == "applicant");
        let count = joined.count() + 1;
        let size = self.group_size(area, self.now())?;
        (u32::try_from(count).ok()? >= size).then_some(count)
    }

    /// The next in charge of a matter.
    pub(crate) async fn in_charge(
        &self,
        matter: &Matter,
        above: Above,
    ) -> Result<(Role, Option<String>, Option<Person>), Refusal> {
        let offices = self.offices().await?;
        let own = offices.get(&matter.office);
        let head = own.map_or(Role::OfficeHead, |office| pass::head_role(&office.kind));
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        // A head who is away is as good as none: word goes on to the bureau.
        let today = self.now().date();
        let headed =
            access::absence::store::anybody(&mut reader, head, Some(&matter.office), matter.area, today)
                .await
                .map_err(|error| broken("heads", &error))?;
        drop(reader);
        let bureau = offices.route("supervision", matter.area).map(|office| office.id.as_str().to_owned());
        Ok(match bureau {
            Some(bureau) if above == Above::Bureau || !headed => (Role::Supervisor, Some(bureau), None),
            _ => (head, Some(matter.office.clone()), None),
        })
    }
}
