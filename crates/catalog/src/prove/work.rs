//! Who must act: tasks, turns, four eyes, assignments.

use super::flow::from_start;
use super::{Finding, Subject};
use crate::item::{ActionDef, Join, Kind, Owner, Pool, Step, To, WaitingOn};
use kernel::actor::Role;

/// Work is somebody's: open steps have tasks, tasks have actions of their role, ends have none.
pub(super) fn tasks(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in &subject.item.steps {
        let at = format!("steps/{}", step.id);
        if !step.final_ && step.tasks.is_empty() {
            out.push(subject.finding(
                &at,
                "step-without-role",
                format!("nobody must act in step `{}`", step.id),
                "add `tasks = [{ id = …, role = …, pool = … }]`, or `final = true` when the matter ends here",
            ));
        }
        if step.final_ && !step.tasks.is_empty() {
            out.push(subject.finding(
                &format!("{at}/tasks"),
                "task-after-end",
                format!("step `{}` is final but opens work", step.id),
                "remove the tasks, or move the work into a step before the end",
            ));
        }
        for action in &step.actions {
            if let Some(task) = &action.task
                && step.task(task).is_none()
                // An open step without any task has a finding of its own.
                && (step.final_ || !step.tasks.is_empty())
            {
                out.push(subject.finding(
                    &format!("{at}/actions/{}/task", action.id),
                    "unknown-task",
                    format!(
                        "action `{}` discharges task `{task}`, which step `{}` does not have",
                        action.id, step.id
                    ),
                    "name a task of this step, or leave `task` out when the action stands beside the work",
                ));
            }
        }
        for task in step.tasks.iter().filter(|_| !step.final_) {
            let mut discharging =
                step.actions.iter().filter(|a| a.task.as_deref() == Some(&task.id)).peekable();
            if discharging.peek().is_none() {
                out.push(subject.finding(
                    &format!("{at}/tasks/{}", task.id),
                    "task-without-action",
                    format!("no action discharges task `{}` of step `{}`", task.id, step.id),
                    "give an action of this step `task = …`, or remove the task",
                ));
                continue;
            }
            let mut leads = step.join == Join::All;
            for action in discharging {
                leads |= action.to.from(&step.id) != step.id;
                if action.role != task.role {
                    out.push(subject.finding(
                        &format!("{at}/actions/{}/role", action.id),
                        "task-of-another-role",
                        format!(
                            "action `{}` is for {}, but the task `{}` it discharges is for {}",
                            action.id, action.role, task.id, task.role
                        ),
                        "use the role of the task",
                    ));
                }
            }
            if !leads {
                out.push(subject.finding(
                    &format!("{at}/tasks/{}", task.id),
                    "task-without-exit",
                    format!("all that discharges task `{}` leaves the matter in step `{}`", task.id, step.id),
                    "let one of its actions lead to another step, or write `join = \"all\"`",
                ));
            }
        }
    }
}

/// What the citizen is told about whose turn it is agrees with who must act.
pub(super) fn turns(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in subject.item.steps.iter().filter(|step| !step.final_ && !step.tasks.is_empty()) {
        let asked =
            step.tasks.iter().any(|task| task.pool == Pool::Applicant && task.role == Role::Applicant);
        if asked != (step.waiting_on == WaitingOn::You) {
            let (message, remedy) = if asked {
                ("has a task for the applicant but does not wait on them", "write `waiting_on = \"you\"`")
            } else {
                (
                    "waits on the applicant, who has no task there",
                    "give the applicant a task (pool `applicant`), or correct `waiting_on`",
                )
            };
            let message = format!("step `{}` {message}", step.id);
            out.push(subject.finding(
                &format!("steps/{}/waiting_on", step.id),
                "wrong-turn",
                message,
                remedy,
            ));
        }
        for task in &step.tasks {
            if (task.pool == Pool::Applicant) != (task.role == Role::Applicant) {
                out.push(subject.finding(
                    &format!("steps/{}/tasks/{}", step.id, task.id),
                    "wrong-pool",
                    format!("task `{}` is for role {} in another one's pool", task.id, task.role),
                    "role `applicant` and pool `applicant` belong together",
                ));
            }
        }
    }
}

/// Four eyes look at actions that are there; `open` is whoever took the matter in.
pub(super) fn four_eyes(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let known = |id: &String| id == "open" || subject.item.steps.iter().any(|step| step.action(id).is_some());
    for (step, action) in actions(subject) {
        for id in action.not_by.iter().filter(|id| !known(id)) {
            out.push(subject.finding(
                &format!("steps/{}/actions/{}/not_by", step.id, action.id),
                "unknown-not-by",
                format!("`not_by` of action `{}` names `{id}`, which no step offers", action.id),
                "name the actions that another person must have done",
            ));
        }
    }
}

/// Who is to get a task has been named by then.
pub(super) fn assignees(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (step, action) in actions(subject) {
        let at = format!("steps/{}/actions/{}", step.id, action.id);
        if let Some(name) = &action.assign
            && chosen(action).is_none()
        {
            out.push(subject.finding(
                &format!("{at}/assign"),
                "unknown-assign",
                format!(
                    "`assign` of action `{}` names `{name}`, which is no choice from the register",
                    action.id
                ),
                "name an input of this action whose fact is an organisation or an account",
            ));
        }
        if action.apart && chosen(action) != Some(Kind::Organisation) {
            out.push(subject.finding(
                &format!("{at}/apart"),
                "apart-without-firm",
                format!("action `{}` keeps firms apart and names none", action.id),
                "add `assign = …` with an organisation, or remove `apart`",
            ));
        }
        if action.owner == Owner::Assignee && action.assign.is_none() {
            out.push(subject.finding(
                &format!("{at}/owner"),
                "owner-without-assign",
                format!("action `{}` gives the matter to an assignee it does not name", action.id),
                "add `assign = …`, or choose another `owner`",
            ));
        }
        for question in &action.input {
            // A choice from the matter itself has a finding of its own.
            let register = question.register.as_ref().is_some_and(|register| register.matter.is_none());
            if matches!(question.kind, Kind::Organisation | Kind::Account) != register {
                out.push(subject.finding(
                    &format!("{at}/input/{}", question.fact),
                    "register-mismatch",
                    format!(
                        "input `{}` of action `{}`: what may be chosen is not clear",
                        question.fact, action.id
                    ),
                    "an organisation or an account needs `register = { … }`; other facts have none",
                ));
            }
        }
    }
    for step in &subject.item.steps {
        for task in &step.tasks {
            let named = match task.pool {
                Pool::Assignee => {
                    entries(subject, step).all(|action| action.assign.is_some()) && !is_first(subject, step)
                }
                // The firm stays named for the life of the matter: no way here may avoid naming one.
                Pool::Firm => !from_start(subject.item, |a| chosen(a) != Some(Kind::Organisation))
                    .contains(step.id.as_str()),
                Pool::Office | Pool::Owner | Pool::Applicant => true,
            };
            if !named {
                out.push(subject.finding(
                    &format!("steps/{}/tasks/{}", step.id, task.id),
                    "nobody-assigned",
                    format!("task `{}` of step `{}` can open without anybody having been named", task.id, step.id),
                    "let every action that leads here `assign` somebody (a firm: on every way here), or use another pool",
                ));
            }
        }
    }
}

fn is_first(subject: &Subject<'_>, step: &Step) -> bool {
    subject.item.first_step().id == step.id
}

fn entries<'a>(subject: &'a Subject<'_>, step: &'a Step) -> impl Iterator<Item = &'a ActionDef> {
    actions(subject).map(|(_, action)| action).filter(|action| action.to == To::Step(step.id.clone()))
}

/// Every action with its step.
pub(super) fn actions<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (&'a Step, &'a ActionDef)> {
    subject.item.steps.iter().flat_map(|step| step.actions.iter().map(move |action| (step, action)))
}

/// The kind of what the action assigns.
fn chosen(action: &ActionDef) -> Option<Kind> {
    let name = action.assign.as_ref()?;
    let kind = action.input.iter().find(|question| question.fact == *name)?.kind;
    matches!(kind, Kind::Organisation | Kind::Account).then_some(kind)
}
