//! What a caller may do now, with the form each act needs and an example the server accepts.

use access::Principal;
use catalog::form;
use catalog::item::{ActionDef, Effect, Question};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Map, Value, json};

use crate::command::authorise;
use crate::command::contact;
use crate::command::load::Seen;
use crate::command::shared::{self, Shared};
use crate::command::{helper, note, pass};
use crate::consent;
use crate::engine::matter::Matter;
use crate::engine::state::Task;
use crate::engine::transition;
use crate::register::Register;
use crate::rights;

/// This act is not offered to this caller now.
struct NotOffered;

impl Register {
    /// The acts this caller may do on a matter now.
    pub async fn actions(&self, who: &Principal, number: MatterNumber, lang: Lang) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        let matter = &seen.matter;
        // Where nothing is left there is nothing to do.
        if matter.state.erased.is_some() {
            return Ok(Value::Array(Vec::new()));
        }
        let facts = self.facts_of(matter).unwrap_or_default();
        let mut offers = Vec::new();
        let definitions = matter.current().map(|step| step.actions.as_slice()).unwrap_or_default();
        for action in definitions.iter().filter(|action| action.role != Role::System) {
            let Ok((role, task)) = self.offered(who, &seen, action, &facts, now) else { continue };
            let mut questions = self.with_choices(matter, &action.input).await?.questions;
            if action.effect == Some(Effect::Acknowledge) {
                for question in questions.iter_mut().filter(|question| question.fact == "service.document") {
                    question.choices.retain(|choice| choice.id.ends_with(&format!(":{}", action.role)));
                }
            }
            offers.push(self.item_offer(matter, action, (role, task), &questions, lang, now));
        }
        for task in matter.state.tasks.iter().filter(|task| task.assignee.is_none() && task.office.is_some())
        {
            if authorise::task(who, matter, task, &seen.relations, now).is_ok() {
                offers.push(self.shared_offer(matter, Shared::Take, task.role, Some(task), lang, now).await?);
            }
        }
        for task in &matter.state.tasks {
            let acts = Shared::ALL.into_iter().filter(|act| act.discharges() == Some(task.name.as_str()));
            if acts.clone().next().is_some()
                && authorise::task(who, matter, task, &seen.relations, now).is_ok()
            {
                for act in acts {
                    offers.push(self.shared_offer(matter, act, task.role, Some(task), lang, now).await?);
                }
            }
        }
        for (act, may) in [
            (Shared::HandOver, pass::may_hand_over(who, matter)),
            (Shared::Assign, pass::may_assign(who, matter)),
            (Shared::CoHandle, pass::may_co_handle(who, matter, now)),
        ] {
            let Ok(role) = may else { continue };
            let offer = self.shared_offer(matter, act, role, None, lang, now).await?;
            // Without anybody to choose there is nothing to offer.
            if offer["example"].as_object().is_some_and(|example| example.len() == 2) {
                offers.push(offer);
            }
        }
        if let Ok(role) = pass::may_ask_back(who, matter) {
            offers.push(self.shared_offer(matter, Shared::AskBack, role, None, lang, now).await?);
        }
        if let Ok(role) = shared::may_add_party(who, &seen, now) {
            offers.push(self.shared_offer(matter, Shared::AddParty, role, None, lang, now).await?);
        }
        if let Ok(role) = note::may(who, &seen, now) {
            offers.push(self.shared_offer(matter, Shared::AddNote, role, None, lang, now).await?);
        }
        if shared::may_rate(who, &seen, now).is_ok() {
            let role = matter.item.rating.as_ref().map_or(Role::Applicant, |rating| rating.by);
            offers.push(self.shared_offer(matter, Shared::Rate, role, None, lang, now).await?);
        }
        for (act, may) in [
            (Shared::AddHelper, helper::may_name(who, &seen, now)),
            (Shared::EndHelper, helper::may_end(who, &seen, now)),
        ] {
            if let Ok(role) = may {
                offers.push(self.shared_offer(matter, act, role, None, lang, now).await?);
            }
        }
        if let Ok(role) = shared::may_reissue(who, &seen, now) {
            offers.push(self.shared_offer(matter, Shared::ReissueCode, role, None, lang, now).await?);
        }
        for (act, may) in [
            (Shared::Hold, rights::may_hold(who, &seen, now)),
            (Shared::ReleaseHold, rights::may_release(who, &seen, now)),
            (Shared::AskCorrection, rights::correct::may_ask(who, &seen, now)),
        ] {
            let Ok(role) = may else { continue };
            let offer = self.shared_offer(matter, act, role, None, lang, now).await?;
            // Where nothing is left to be corrected there is nothing to ask.
            if act != Shared::AskCorrection || offer["example"].get(rights::correct::VALUE).is_some() {
                offers.push(offer);
            }
        }
        if let Ok(role) = contact::may_change(who, &seen, now) {
            offers.push(self.shared_offer(matter, Shared::ChangeContact, role, None, lang, now).await?);
            if consent::asks(self.catalog(), matter) {
                offers.push(self.shared_offer(matter, Shared::ChangeConsent, role, None, lang, now).await?);
            }
        }
        if shared::may_reveal(who, &seen).is_ok() {
            let role = who.grants.first().map_or(Role::Clerk, |grant| grant.role);
            offers.push(self.shared_offer(matter, Shared::Reveal, role, None, lang, now).await?);
        }
        Ok(Value::Array(offers))
    }

    /// Whether an item's action is offered, and the task it discharges if it discharges one.
    fn offered<'a>(
        &self,
        who: &Principal,
        seen: &'a Seen,
        action: &ActionDef,
        facts: &Map<String, Value>,
        now: Instant,
    ) -> Result<(Role, Option<&'a Task>), NotOffered> {
        let matter = &seen.matter;
        if !transition::has_object(matter, action) {
            return Err(NotOffered);
        }
        let task = match action.task.as_deref() {
            None => {
                let role = authorise::beside_any(who, matter, action, &seen.relations, now);
                (role.map_err(|_| NotOffered)?, None)
            }
            Some(name) => {
                let mut named = matter.state.tasks.iter().filter(|task| task.name == name);
                let mine = |task: &&Task| authorise::task(who, matter, task, &seen.relations, now).is_ok();
                match named.clone().find(mine) {
                    Some(found) => (action.role, Some(found)),
                    None if authorise::helps(who, matter, action, &seen.relations, now) => {
                        (Role::Helper, Some(named.next().ok_or(NotOffered)?))
                    }
                    None => return Err(NotOffered),
                }
            }
        };
        authorise::four_eyes(who, matter, action).map_err(|_| NotOffered)?;
        if action.once && matter.state.acts.iter().any(|act| act.action == action.id) {
            return Err(NotOffered);
        }
        if self.extension(matter, action, now).is_err() {
            return Err(NotOffered);
        }
        // A guard that cannot be told before the input is given does not hide the act.
        let guarded = action.guard.as_ref().is_some_and(|guard| {
            matches!(self.catalog().holds(&guard.when, facts, matter.area, now.date()), Ok(Some(false)))
        });
        if guarded { Err(NotOffered) } else { Ok(task) }
    }

    async fn shared_offer(
        &self,
        matter: &Matter,
        act: Shared,
        role: Role,
        task: Option<&Task>,
        lang: Lang,
        now: Instant,
    ) -> Result<Value, Refusal> {
        let questions = pass::ready(self, act, matter).await?.questions;
        let mut example = form::example(self.catalog(), &questions, now.date());
        if act == Shared::Reveal {
            example.insert("facts".into(), json!(["applicant.name"]));
        }
        let mut offer = json!({
            "action": act.as_str(),
            "name": self.words().get(lang, &action_key(act, task), &[]),
            "role": role,
            "schema": form::schema(self.catalog(), &questions.iter().collect::<Vec<_>>(), lang),
            "example": example,
            "to": matter.step,
            "final": matter.final_,
        });
        if let Some(task) = task {
            offer["task"] = json!(task.id);
            if matches!(act, Shared::AcceptCorrection | Shared::RefuseCorrection) {
                // Whoever decides reads what is asked for on the form itself.
                let told = json!(self.correction_told(matter, task, lang).await?);
                let fields = offer["schema"]["properties"].as_object_mut();
                if let Some(first) = fields.and_then(|fields| fields.values_mut().next()) {
                    first["description"] = told;
                }
            }
        }
        Ok(offer)
    }

    fn item_offer(
        &self,
        matter: &Matter,
        action: &ActionDef,
        (role, task): (Role, Option<&Task>),
        questions: &[Question],
        lang: Lang,
        now: Instant,
    ) -> Value {
        let to = transition::leads(matter, action, task);
        let mut offer = json!({
            "action": action.id,
            "name": action.name.get(lang),
            "role": role,
            "schema": form::schema(self.catalog(), &questions.iter().collect::<Vec<_>>(), lang),
            "example": form::example(self.catalog(), questions, now.date()),
            "to": to,
            "final": matter.item.step(to).is_some_and(|step| step.final_),
        });
        if let Some(task) = task {
            offer["task"] = json!(task.id);
        }
        offer
    }
}

/// Message key of a shared act. Answering who asks for a matter back reads other than answering who offers one.
fn action_key(act: Shared, task: Option<&Task>) -> String {
    let back = task.is_some_and(|task| task.about.as_deref() == Some(pass::ASK_BACK));
    format!("action-{}{}", act.as_str(), if back { "-back" } else { "" })
}
