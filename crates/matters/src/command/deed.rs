//! What an action does beyond moving the matter: read from its input, checked against the matter.

use catalog::item::{ActionDef, Effect};
use jiff::civil::Date;
use kernel::actor::Role;
use kernel::period::Unit;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::act::wrong_input;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::papers::Service;
use crate::engine::state::{Signature, Task};
use crate::engine::transition::Deed;
use crate::register::Register;

/// Name of the action with which people complain, in every item.
const COMPLAIN: &str = "complain";

impl Register {
    /// Reads what the action does; refuses what cannot be.
    pub(crate) async fn deed(
        &self,
        matter: &Matter,
        action: &ActionDef,
        task: Option<&Task>,
        input: &Map<String, Value>,
        now: Instant,
    ) -> Result<Option<Deed>, Refusal> {
        let text = |name: &str| input.get(name).and_then(Value::as_str);
        let Some(effect) = action.effect else {
            return if action.id == COMPLAIN { self.complained(matter).await.map(Some) } else { Ok(None) };
        };
        Ok(match effect {
            Effect::Serve => Some(Deed::Served(service(matter, input, now)?)),
            Effect::Acknowledge => {
                let copy = text("service.document").unwrap_or_default().to_owned();
                if !copy.ends_with(&format!(":{}", action.role)) {
                    return Err(wrong("service.document", "choice", "error-not-addressed-to-you"));
                }
                let received_on = Some(now.date());
                Some(Deed::Served(Service { copy, method: "electronic".to_owned(), received_on }))
            }
            Effect::Sign => {
                let way = text("sign.way").unwrap_or("paper").to_owned();
                let file = text("sign.file").map(ToOwned::to_owned);
                if matches!(way.as_str(), "screen" | "scan") && file.is_none() {
                    return Err(wrong("sign.file", "required", "error-signature-file"));
                }
                let party = text("sign.party").and_then(|pos| pos.parse().ok()).unwrap_or_default();
                Some(Deed::Signed(Signature { party, way, file, at: now }))
            }
            Effect::HandIn => Some(Deed::HandedIn {
                material: text("hand_in.material").unwrap_or_default().to_owned(),
                file: text("hand_in.file").map(ToOwned::to_owned),
            }),
            Effect::MoveOffice => {
                let offices = self.offices().await?;
                let office = task.and_then(|task| task.office.as_deref()).and_then(|id| offices.get(id));
                office.map(|office| Deed::Moved {
                    office: office.id.as_str().to_owned(),
                    name: office.name.clone(),
                    area: if office.area.contains(matter.area) { matter.area } else { office.area },
                })
            }
            Effect::Void => None,
        })
    }

    /// The body above the office answers a complaint; where there is none, the head of the office.
    async fn complained(&self, matter: &Matter) -> Result<Deed, Refusal> {
        let offices = self.offices().await?;
        let bureau = offices.route("supervision", matter.area).map(|office| office.id.as_str().to_owned());
        Ok(match bureau {
            Some(office) => Deed::Complained { role: Role::Supervisor, office },
            None => Deed::Complained { role: Role::OfficeHead, office: matter.office.clone() },
        })
    }

    /// By how much an action extends its clock; refused when that is used up or the clock does not run.
    pub(crate) fn extension(
        &self,
        matter: &Matter,
        action: &ActionDef,
        now: Instant,
    ) -> Result<Option<(u32, Unit)>, Refusal> {
        let Some(id) = &action.extends else { return Ok(None) };
        let Some(extension) = matter.item.clock(id).and_then(|clock| clock.extension.as_ref()) else {
            return Ok(None);
        };
        let refuse = |key: &'static str| {
            let refusal = Refusal::new(Code::RuleRefused, Text::new(key).arg("times", extension.times));
            let rule = match &action.basis {
                Some(basis) => Rule::lawful("extension", &basis.law, &basis.article),
                None => Rule::house("extension"),
            };
            refusal.rule(rule).next(Next::say("next-decide-in-time"))
        };
        match clocks::extensions(matter, id) {
            None => return Err(refuse("refused-clock-not-running")),
            Some(used) if used >= extension.times => return Err(refuse("refused-extended-already")),
            Some(_) => {}
        }
        let by = self.catalog().limits(&extension.rule, matter.area, now.date());
        Ok(by.first().map(|limit| (limit.count, limit.unit)))
    }
}

fn service(matter: &Matter, input: &Map<String, Value>, now: Instant) -> Result<Service, Refusal> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let copy = text("service.document").unwrap_or_default().to_owned();
    let method = text("service.method").unwrap_or("direct").to_owned();
    let received = matches!(text("service.result"), Some("received" | "left"));
    let received_on =
        text("service.received_on").and_then(|day| day.parse::<Date>().ok()).filter(|_| received);
    let made = matter.state.papers.iter().find(|paper| copy.starts_with(&format!("{}:", paper.id)));
    if let Some(day) = received_on {
        if day > now.date() {
            return Err(wrong("service.received_on", "future", "error-received-at-future"));
        }
        if made.is_some_and(|paper| day < paper.at.date()) {
            return Err(wrong("service.received_on", "too-early", "error-served-before-made"));
        }
    }
    Ok(Service { copy, method, received_on })
}

fn wrong(fact: &str, code: &'static str, key: &'static str) -> Refusal {
    wrong_input(vec![FieldError::new(catalog::form::pointer("/input", fact), code, key)])
}
