//! What actions ask, who may do them, whom they tell, and how parallel work comes together.

use super::work::actions;
use super::{Finding, Subject};
use crate::item::{Join, Kind, Question, Register, Step, To};
use kernel::actor::Role;
use std::collections::BTreeSet;

/// Questions of an action and of the form: paper must do, and a choice is from a list that is there.
pub(super) fn questions(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for page in &subject.item.form {
        for question in &page.questions {
            let at = format!("form/{}/questions/{}", page.id, question.fact);
            file(subject, &at, question, out);
            if question.kind == Kind::Pick {
                out.push(subject.finding(
                    &at,
                    "pick-without-register",
                    format!("question `{}` chooses from a matter that is not opened yet", question.fact),
                    "ask for it in an action",
                ));
            }
        }
    }
    for (step, action) in actions(subject) {
        for question in &action.input {
            let at = format!("steps/{}/actions/{}/input/{}", step.id, action.id, question.fact);
            file(subject, &at, question, out);
            let list = |register: &Register| register.matter.is_some();
            let from_matter = question.register.as_ref().is_some_and(list);
            if (question.kind == Kind::Pick) != from_matter {
                out.push(subject.finding(
                    &at,
                    "pick-without-register",
                    format!("input `{}` of action `{}`: from which list of the matter is not clear", question.fact, action.id),
                    "a fact of kind pick needs `register = { matter = \"unserved\" | \"unsigned\" | \"parties\" | \"awaited\" }`; others have none",
                ));
            }
        }
    }
}

/// Paper must do everywhere: no upload is ever demanded.
fn file(subject: &Subject<'_>, at: &str, question: &Question, out: &mut Vec<Finding>) {
    if question.kind == Kind::File && question.required {
        out.push(subject.finding(
            at,
            "file-required",
            format!("`{}` demands an upload; who brings paper could not go on", question.fact),
            "write `required = false`",
        ));
    }
}

/// Several roles may share an action only beside the work: a task is one role's.
pub(super) fn shared(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (step, action) in actions(subject) {
        if !action.also.is_empty() && action.task.is_some() {
            out.push(subject.finding(
                &format!("steps/{}/actions/{}/also", step.id, action.id),
                "also-with-task",
                format!(
                    "action `{}` discharges a task, which is one role's, and names other roles",
                    action.id
                ),
                "remove `also`, or leave `task` out so that the action stands beside the work",
            ));
        }
    }
}

/// Who is told hears something.
pub(super) fn told(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (step, action) in actions(subject) {
        let why = if action.notify.is_empty() {
            continue;
        } else if action.plain.is_none() {
            "there is no sentence to tell them"
        } else if action.notify.contains(&Role::System) {
            "the system hears nothing"
        } else {
            continue;
        };
        out.push(subject.finding(
            &format!("steps/{}/actions/{}/notify", step.id, action.id),
            "dead-notify",
            format!("action `{}` tells somebody, but {why}", action.id),
            "write the sentence in `plain`, or remove `notify`",
        ));
    }
}

/// Parallel work comes together: the last task leads on, and to the same step whoever is last.
pub(super) fn joins(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in subject.item.steps.iter().filter(|step| step.join == Join::All && !step.tasks.is_empty()) {
        let at = format!("steps/{}", step.id);
        let stays =
            |task: &str| discharging(step, task).any(|to| *to == To::Same || to.from(&step.id) == step.id);
        if step.tasks.iter().all(|task| stays(&task.id)) {
            out.push(subject.finding(
                &format!("{at}/join"),
                "join-deadlock",
                format!("all tasks of step `{}` can be done without anything leading on", step.id),
                "let every action of at least one task lead to the next step",
            ));
        }
        let targets: BTreeSet<&str> = step
            .tasks
            .iter()
            .flat_map(|task| discharging(step, &task.id))
            .map(|to| to.from(&step.id))
            .filter(|to| *to != step.id)
            .collect();
        if targets.len() > 1 && step.tasks.len() > 1 {
            let list: Vec<&str> = targets.into_iter().collect();
            out.push(subject.finding(
                &format!("{at}/join"),
                "join-disagrees",
                format!(
                    "the parallel tasks of step `{}` lead to {}: who is last would decide alone",
                    step.id,
                    list.join(" and ")
                ),
                "let them all lead to one step in which the outcome is decided",
            ));
        }
    }
}

fn discharging<'a>(step: &'a Step, task: &'a str) -> impl Iterator<Item = &'a To> {
    step.actions.iter().filter(move |action| action.task.as_deref() == Some(task)).map(|action| &action.to)
}
