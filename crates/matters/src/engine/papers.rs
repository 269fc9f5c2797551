//! Documents a matter makes and their service (送达): periods run from receipt, so without recorded service
//! no clock that waits for it begins.

use catalog::item::{ActionDef, ClockStart, Item};
use jiff::civil::Date;
use kernel::actor::Role;
use kernel::time::Instant;

use super::clocks;
use super::matter::Matter;
use super::standing::{self, SERVE};
use super::state::{Delivery, Paper};
use super::transition::{By, reception};

/// Makes the documents of an action; what must be received opens the task to serve it.
pub fn make(matter: &mut Matter, action: &ActionDef, by: By<'_>, now: Instant) {
    let item = matter.item.clone();
    for document in action.documents.iter().filter_map(|id| item.document(id)) {
        let copies: Vec<Delivery> = document
            .served_on
            .iter()
            .map(|to| Delivery { to: *to, served_on: None, method: None, tries: 0 })
            .collect();
        let served = !copies.is_empty();
        matter.state.papers.push(Paper {
            id: format!("d{}", matter.state.papers.len() + 1),
            kind: document.id.clone(),
            seq: matter.version + 1,
            at: now,
            copies,
        });
        if served && !matter.state.tasks.iter().any(|task| task.name == SERVE) {
            let (office, role) = match (by.role.filter(|role| serves(&item, *role)), by.organisation) {
                (Some(role), Some(organisation)) => (organisation.to_owned(), role),
                _ => server(matter),
            };
            standing::open(matter, SERVE, (role, Some(office), None), None, now);
        }
    }
}

/// Whether the item lets a role record service.
fn serves(item: &Item, role: Role) -> bool {
    let recording = |action: &ActionDef| action.effect == Some(catalog::item::Effect::Serve);
    item.steps
        .iter()
        .flat_map(|step| &step.actions)
        .filter(|action| recording(action))
        .any(|action| action.role == role || action.also.contains(&role))
}

/// Who serves what nobody of the office made: the role the item gives, in the office of the matter.
fn server(matter: &Matter) -> (String, Role) {
    let (office, fallback) = reception(matter);
    let role = matter
        .item
        .steps
        .iter()
        .flat_map(|step| &step.actions)
        .find(|action| action.effect == Some(catalog::item::Effect::Serve))
        .map_or(fallback, |action| action.role);
    (office, role)
}

/// How a copy was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The copy: `d1:applicant`.
    pub copy: String,
    /// `direct`, `post`, …
    pub method: String,
    /// The day of receipt; none when it was refused or not delivered.
    pub received_on: Option<Date>,
}

/// Records a service. The clocks that wait for it begin when it was received.
pub fn serve(matter: &mut Matter, service: &Service, now: Instant) {
    let mut received = None;
    for paper in &mut matter.state.papers {
        for (position, copy) in paper.copies.iter_mut().enumerate() {
            if format!("{}:{}", paper.id, copy.to) != service.copy || copy.served_on.is_some() {
                continue;
            }
            match service.received_on {
                Some(day) => {
                    copy.served_on = Some(day);
                    copy.method = Some(service.method.clone());
                    if position == 0 {
                        received = Some((paper.kind.clone(), day));
                    }
                }
                None => copy.tries += 1,
            }
        }
    }
    standing::settle_service(matter);
    let Some((kind, day)) = received else { return };
    let item = matter.item.clone();
    let step = matter.step.clone();
    for definition in item.clocks_of(&step) {
        if definition.starts == ClockStart::Served && definition.document.as_deref() == Some(&kind) {
            clocks::start(matter, definition, clocks::on(day, now));
        }
    }
}
