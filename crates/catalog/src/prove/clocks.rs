//! Time: every duty has a limit or says why not, and every clock has somebody whose duty it is.

use super::{Finding, Subject};
use crate::item::{Clock, Step, WaitingOn};
use kernel::actor::Role;

/// Steps under clocks: they are there, they are open, and every open step has a limit or a reason.
pub(super) fn steps(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for clock in &subject.item.clocks {
        for (key, list) in [("runs_in", &clock.runs_in), ("paused_in", &clock.paused_in)] {
            for id in list.iter().filter(|id| subject.item.step(id).is_none()) {
                out.push(subject.finding(
                    &format!("clocks/{}/{key}/{id}", clock.id),
                    "clock-in-unknown-step",
                    format!("clock `{}`: there is no step `{id}`", clock.id),
                    "name steps of this item or of an included fragment",
                ));
            }
        }
        for id in clock.paused_in.iter().filter(|id| clock.runs_in.contains(id)) {
            out.push(subject.finding(
                &format!("clocks/{}/paused_in/{id}", clock.id),
                "clock-runs-and-stands",
                format!("clock `{}` both runs and stands still in step `{id}`", clock.id),
                "keep the step in one of the two lists",
            ));
        }
        let ended = |id: &&String| subject.item.step(id).is_some_and(|step| step.final_);
        if clock.runs_in.is_empty() {
            out.push(subject.finding(
                &format!("clocks/{}/runs_in", clock.id),
                "clock-without-owner",
                format!("clock `{}` runs in no step", clock.id),
                "name the steps in which somebody must act in time",
            ));
        }
        for id in clock.runs_in.iter().filter(ended) {
            out.push(subject.finding(
                &format!("clocks/{}/runs_in/{id}", clock.id),
                "clock-without-owner",
                format!(
                    "clock `{}` runs in step `{id}`, where the matter has ended and nobody must act",
                    clock.id
                ),
                "remove the step from `runs_in`",
            ));
        }
    }
    for step in subject.item.steps.iter().filter(|step| !step.final_) {
        if subject.item.clocks_of(&step.id).next().is_none() && step.no_limit.is_none() {
            out.push(subject.finding(
                &format!("steps/{}", step.id),
                "step-without-limit",
                format!("no clock runs in step `{}`, and no reason is given", step.id),
                "add the step to `runs_in` of a clock, or tell people why there is no limit (`no_limit = { … }`)",
            ));
        }
    }
}

/// The parameter of a clock is there and says how many of what.
pub(super) fn rules(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for clock in &subject.item.clocks {
        limit(
            subject,
            &format!("clocks/{}/rule", clock.id),
            &format!("clock `{}`", clock.id),
            &clock.rule,
            out,
        );
    }
}

/// A parameter used as a time limit.
pub(super) fn limit(subject: &Subject<'_>, at: &str, who: &str, rule: &str, out: &mut Vec<Finding>) {
    let parameters = &subject.loaded.parameters;
    if !parameters.knows(rule) {
        out.push(subject.finding(
            at,
            "unknown-parameter",
            format!("{who}: there is no parameter `{rule}`"),
            "add it to catalog/parameters/ with its source, or correct the name",
        ));
    } else if !parameters.rows().iter().any(|row| {
        // Everywhere: a limit that holds in some areas only would leave the others without one.
        row.id == rule && row.count.is_some() && row.unit.is_some() && row.area.is_none()
    }) {
        out.push(subject.finding(
            at,
            "parameter-is-no-limit",
            format!("{who}: parameter `{rule}` does not say for the whole country how many of what"),
            "give it a row without `area` that has `count` and `unit`",
        ));
    }
}

/// What happens when time runs out can happen wherever the clock runs, and `system` does it.
pub(super) fn expiry(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for clock in &subject.item.clocks {
        let Some(id) = &clock.on_expiry else { continue };
        for step in clock.runs_in.iter().filter_map(|id| subject.item.step(id)).filter(|step| !step.final_) {
            let action = step.action(id).filter(|action| action.role == Role::System);
            if action.is_some_and(|action| clock.runs_in.iter().any(|s| s == action.to.from(&step.id))) {
                out.push(subject.finding(
                    &format!("steps/{}/actions/{id}/to", step.id),
                    "expiry-repeats",
                    format!(
                        "when clock `{}` runs out, `{id}` leads where it still runs: it would act for ever",
                        clock.id
                    ),
                    "let the action lead to a step outside the clock's `runs_in`",
                ));
            }
            if action.is_none() {
                out.push(subject.finding(
                    &format!("clocks/{}/on_expiry", clock.id),
                    "unknown-expiry",
                    format!(
                        "when clock `{}` runs out, `system` does `{id}`, which step `{}` does not offer it",
                        clock.id, step.id
                    ),
                    "add the action to the step with `role = \"system\"`, or correct the name",
                ));
            }
        }
    }
    for step in &subject.item.steps {
        // Where nothing at all happens when time runs out, that is the finding.
        let actions = if silent(subject, step) { &[] } else { &step.actions[..] };
        for action in actions.iter().filter(|action| action.role == Role::System) {
            let called = |clock: &Clock| clock.on_expiry.as_ref() == Some(&action.id);
            if !subject.item.clocks_of(&step.id).any(called) {
                out.push(subject.finding(
                    &format!("steps/{}/actions/{}", step.id, action.id),
                    "expiry-without-clock",
                    format!("no clock that runs in step `{}` ends with `{}`", step.id, action.id),
                    "name the action in `on_expiry` of a clock that runs here, or give it to a person",
                ));
            }
        }
    }
}

/// Waiting for the applicant ends by itself, or says why not.
pub(super) fn waiting(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in subject.item.steps.iter().filter(|step| silent(subject, step)) {
        out.push(subject.finding(
            &format!("steps/{}", step.id),
            "waiting-without-end",
            format!("step `{}` waits for the applicant, and nothing happens when they stay silent", step.id),
            "give a clock that runs here `on_expiry`, or tell people why waiting has no end (`no_limit = { … }`)",
        ));
    }
}

/// Clocks run for the applicant, and none of them ends with anything. (Without any clock the step has
/// another finding.)
fn silent(subject: &Subject<'_>, step: &Step) -> bool {
    let mut clocks = subject.item.clocks_of(&step.id).peekable();
    !step.final_
        && step.waiting_on == WaitingOn::You
        && step.no_limit.is_none()
        && clocks.peek().is_some()
        && clocks.all(|clock| clock.on_expiry.is_none())
}
