//! Who owns a matter and who must act next, in the contract's shapes.

use catalog::item::{ActionDef, Effect};
use kernel::actor::Role;
use serde_json::{Value, json};

use crate::command::shared_actions_of;
use crate::engine::matter::Matter;
use crate::engine::standing;
use crate::engine::state::{Owner, Task};

/// `owner`, null only when final.
pub fn owner(matter: &Matter) -> Value {
    matter.state.owner.as_ref().map_or(Value::Null, owner_in_words)
}

/// One owner in the contract's shape.
pub fn owner_in_words(owner: &Owner) -> Value {
    match owner {
        Owner::Account { person, organisation, .. } => {
            let mut words = json!({ "kind": "account", "login": person.login, "name": person.name });
            if let Some(organisation) = organisation {
                words["organisation"] = json!(organisation);
            }
            words
        }
        Owner::Office { organisation, name } => {
            json!({ "kind": "office", "organisation": organisation, "name": name })
        }
    }
}

/// `waiting_for`, one entry a task.
pub fn waiting_for(matter: &Matter) -> Vec<Value> {
    matter.state.tasks.iter().map(|task| entry(matter, task)).collect()
}

fn entry(matter: &Matter, task: &Task) -> Value {
    let mut entry = json!({
        "task": task.id,
        "actions": actions_of(matter, task),
        "role": task.role,
        "area": task.area.unwrap_or(matter.area),
    });
    if let Some(office) = &task.office {
        entry["organisation"] = json!(office);
    }
    if let Some(person) = task.assignee.as_ref().filter(|_| task.role != Role::Applicant) {
        entry["login"] = json!(person.login);
    }
    entry
}

/// While parties have yet to sign, recording their signatures is what the work of the step begins with.
fn signing(matter: &Matter, task: &Task) -> Option<String> {
    if matter.state.unsigned().is_empty() || standing::stands(task) {
        return None;
    }
    let step = matter.item.step(&task.step)?;
    let signs = |action: &&ActionDef| action.effect == Some(Effect::Sign) && action.role == task.role;
    step.actions.iter().find(signs).map(|action| action.id.clone())
}

/// Names of the actions that discharge a task.
pub fn actions_of(matter: &Matter, task: &Task) -> Vec<String> {
    let mut names: Vec<String> = matter
        .item
        .step(&task.step)
        .map(|step| step.actions_of(&task.name).map(ToOwned::to_owned).collect())
        .unwrap_or_default();
    names.extend(shared_actions_of(task).into_iter().map(ToOwned::to_owned));
    names.extend(signing(matter, task));
    names
}
