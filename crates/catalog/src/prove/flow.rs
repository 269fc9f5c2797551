//! How a matter moves: targets, reachability, endings, loops.

use super::{Finding, Subject};
use crate::item::{ActionDef, Item, Step, To, WaitingOn};
use kernel::actor::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Every action leads to a step that is there.
pub(super) fn targets(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in &subject.item.steps {
        for action in &step.actions {
            if let To::Step(to) = &action.to
                && subject.item.step(to).is_none()
            {
                out.push(subject.finding(
                    &format!("steps/{}/actions/{}/to", step.id, action.id),
                    "unknown-target",
                    format!("action `{}` leads to step `{to}`, which does not exist", action.id),
                    "name a step of this item or of an included fragment, or `same`",
                ));
            }
        }
    }
}

/// Every step can be reached from the first.
pub(super) fn reachable(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let reached = from_start(subject.item, |_| true);
    for step in subject.item.steps.iter().filter(|step| !reached.contains(step.id.as_str())) {
        out.push(subject.finding(
            &format!("steps/{}", step.id),
            "unreachable-step",
            format!("no action leads to step `{}`", step.id),
            "let an action of a reachable step lead here, or remove the step",
        ));
    }
}

/// From every step that can be reached the work, or time running out, leads to an end. Giving up
/// (an applicant's action beside the work) does not count: somebody must be able to finish.
pub(super) fn endings(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    let mut ending: BTreeSet<&str> =
        item.steps.iter().filter(|step| step.final_).map(|step| step.id.as_str()).collect();
    let works = |action: &ActionDef| action.task.is_some() || action.role == Role::System;
    loop {
        let more: Vec<&str> = item
            .steps
            .iter()
            .filter(|step| !ending.contains(step.id.as_str()))
            .filter(|step| step.actions.iter().any(|a| works(a) && ending.contains(a.to.from(&step.id))))
            .map(|step| step.id.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    let reached = from_start(item, |_| true);
    for step in &item.steps {
        // A target that is not there, or work without actions, has a finding of its own.
        let told = step.actions.iter().any(|a| item.step(a.to.from(&step.id)).is_none())
            || step.tasks.is_empty()
            || step.tasks.iter().any(|task| step.actions_of(&task.id).next().is_none());
        if reached.contains(step.id.as_str()) && !ending.contains(step.id.as_str()) && !told {
            out.push(subject.finding(
                &format!("steps/{}", step.id),
                "no-ending",
                format!("from step `{}` no work leads to a final step", step.id),
                "let an action that discharges a task lead towards a step with `final = true`",
            ));
        }
    }
}

/// Where a matter can come back to the applicant again and again, the applicant can leave.
/// What is allowed only once makes no loop.
pub(super) fn loops(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    let circle = |id: &str| -> BTreeSet<&str> {
        // The steps from which `id` can be reached and which can be reached from it.
        let forth = closure(item, id, |a| !a.once);
        forth.into_iter().filter(|other| closure(item, other, |a| !a.once).contains(id)).collect()
    };
    for step in item.steps.iter().filter(|step| !step.final_ && step.waiting_on == WaitingOn::You) {
        let circle = circle(&step.id);
        if !circle.contains(step.id.as_str()) {
            continue;
        }
        let leaves = step.actions.iter().any(|action| {
            action.role == Role::Applicant
                && action.to != To::Same
                && !circle.contains(action.to.from(&step.id))
        });
        if !leaves {
            out.push(subject.finding(
                &format!("steps/{}", step.id),
                "trapped-applicant",
                format!(
                    "the matter can return to step `{}` for ever, and the applicant cannot leave",
                    step.id
                ),
                "give the applicant an action that leads out (include `withdraw` at this step), or mark what \
                 leads back with `once = true`",
            ));
        }
    }
}

/// A step that can be entered again has a way out that may be taken again.
pub(super) fn again(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    for step in item.steps.iter().filter(|step| !step.final_) {
        let mut exits = step.actions.iter().filter(|action| action.to.from(&step.id) != step.id).peekable();
        let only_once = exits.peek().is_some() && exits.all(|action| action.once);
        if only_once && closure(item, &step.id, |_| true).contains(step.id.as_str()) {
            out.push(subject.finding(
                &format!("steps/{}", step.id),
                "stuck-second-time",
                format!("every way out of step `{}` is `once`, and the matter can come back to it", step.id),
                "let one of the ways out be taken more than once",
            ));
        }
    }
}

/// The steps reached from the first over the actions that `along` allows.
pub(super) fn from_start(item: &Item, along: impl Fn(&ActionDef) -> bool) -> BTreeSet<&str> {
    let first = item.first_step().id.as_str();
    let mut reached: BTreeSet<&str> = BTreeSet::from([first]);
    let mut ahead = vec![first];
    while let Some(step) = ahead.pop().and_then(|id| item.step(id)) {
        for next in exits(item, step, &along) {
            if reached.insert(next) {
                ahead.push(next);
            }
        }
    }
    reached
}

/// The open steps that can be reached from `id` by at least one action, not going through an end.
fn closure<'a>(item: &'a Item, id: &str, along: impl Fn(&ActionDef) -> bool) -> BTreeSet<&'a str> {
    let open: BTreeMap<&str, &Step> =
        item.steps.iter().filter(|step| !step.final_).map(|step| (step.id.as_str(), step)).collect();
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<&Step> = open.get(id).copied().into_iter().collect();
    while let Some(step) = ahead.pop() {
        for next in exits(item, step, &along) {
            if let Some(next_step) = open.get(next)
                && reached.insert(next)
            {
                ahead.push(next_step);
            }
        }
    }
    reached
}

fn exits<'a>(
    item: &'a Item,
    step: &'a Step,
    along: &impl Fn(&ActionDef) -> bool,
) -> impl Iterator<Item = &'a str> {
    step.actions.iter().filter(|action| along(action)).filter_map(|action| match &action.to {
        To::Same => None,
        To::Step(to) => item.step(to).map(|step| step.id.as_str()),
    })
}
