//! From file to item: fragments included, questions joined with the dictionary.

use super::{
    ActionFile, FactDef, FactsFile, FragmentFile, Include, IncludeWith, ItemFile, PageFile, QuestionFile,
    StepFile,
};
use crate::item::{
    ActionDef, Effect, Eligibility, Item, Material, Page, Question, Rating, Step, TaskDef, To, WaitingOn,
};
use kernel::actor::Role;
use std::collections::BTreeMap;

/// A fault found while resolving; the path of words leads to the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unresolved {
    /// Fault code of [`crate::prove`].
    pub code: &'static str,
    /// What is wrong, in English.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// The text in the file that is wrong, to find its line.
    pub word: String,
}

/// What items are resolved against.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    /// The facts dictionary.
    pub facts: &'a FactsFile,
    /// Fragments by id.
    pub fragments: &'a BTreeMap<String, FragmentFile>,
}

/// Resolves an item file. All faults are collected.
///
/// # Errors
/// Unknown fragments, facts, choices or steps named by an include.
pub fn resolve(file: &ItemFile, shared: Shared<'_>) -> Result<Item, Vec<Unresolved>> {
    let mut faults = Vec::new();
    let mut steps: Vec<StepFile> = file.steps.clone();
    let mut clocks: Vec<_> = file.clocks.clone();
    let mut documents = file.documents.clone();
    // First the steps of every fragment, then the actions: a fragment may act on another's steps.
    let included: Vec<(&FragmentFile, IncludeWith)> =
        file.include.iter().filter_map(|include| find_fragment(include, shared, &mut faults)).collect();
    for (fragment, with) in &included {
        add_steps(fragment, with, &mut steps);
        clocks.extend(fragment.clocks.iter().cloned());
        // An item may write its own version of a fragment's document.
        let own: Vec<String> = documents.iter().map(|document| document.id.clone()).collect();
        documents.extend(fragment.documents.iter().filter(|one| !own.contains(&one.id)).cloned());
    }
    for (fragment, with) in &included {
        add_actions(fragment, with, &mut steps, &mut faults);
    }
    let form = file.form.iter().map(|page| resolve_page(page, shared.facts, &mut faults)).collect();
    let steps: Vec<Step> = steps.iter().map(|step| resolve_step(step, shared.facts, &mut faults)).collect();
    let rating = file.rating.clone().map(|r| Rating { by: r.by, steps: r.steps, dimensions: r.dimensions });
    if let Some(rating) = &rating {
        for id in &rating.steps {
            if steps.iter().all(|s| s.id != *id) {
                faults.push(unknown_step(id));
            }
        }
    }
    if steps.is_empty() {
        faults.push(Unresolved {
            code: "no-steps",
            message: format!("item `{}` has no steps", file.id),
            remedy: "add at least one [[steps]] table".into(),
            word: file.id.clone(),
        });
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Item {
        id: file.id.clone(),
        version: file.version,
        series: file.id.split('.').next().unwrap_or_default().to_owned(),
        name: file.name.clone(),
        summary: file.summary.clone(),
        duty: file.duty.clone(),
        level: file.level,
        doors: file.doors.clone(),
        area_from: file.area_from.clone(),
        applicant: file.applicant.clone(),
        guide: file.guide.clone(),
        form,
        materials: file
            .materials
            .iter()
            .cloned()
            .map(|m| Material {
                id: m.id,
                name: m.name,
                issuer: m.issuer,
                note: m.note,
                required: m.required,
                when: m.when,
                may_defer: m.may_defer,
                may_declare: m.may_declare,
                basis: m.basis,
            })
            .collect(),
        eligibility: file.eligibility.clone().map(|e| Eligibility {
            decision: e.decision,
            rows: e.rows.into_iter().map(Into::into).collect(),
            next: e.next,
            examples: e.examples,
        }),
        clocks: clocks.into_iter().map(Into::into).collect(),
        documents,
        from: file.from.clone(),
        steps,
        rating,
        closing: file.closing.clone(),
        examples: file.examples.clone(),
    })
}

fn find_fragment<'a>(
    include: &Include,
    shared: Shared<'a>,
    faults: &mut Vec<Unresolved>,
) -> Option<(&'a FragmentFile, IncludeWith)> {
    let with = match include {
        Include::Name(name) => {
            IncludeWith { name: name.clone(), at: Vec::new(), back: None, restarts: Vec::new(), role: None }
        }
        Include::With(with) => with.clone(),
    };
    let Some(fragment) = shared.fragments.get(&with.name) else {
        let known = shared.fragments.keys().cloned().collect::<Vec<_>>().join(", ");
        faults.push(Unresolved {
            code: "unknown-fragment",
            message: format!("there is no fragment `{}`", with.name),
            remedy: format!("write catalog/fragments/{}.toml or use one of: {known}", with.name),
            word: with.name,
        });
        return None;
    };
    Some((fragment, with))
}

fn add_steps(fragment: &FragmentFile, with: &IncludeWith, steps: &mut Vec<StepFile>) {
    for step in &fragment.steps {
        // An item may write its own version of a fragment's step.
        if steps.iter().all(|s| s.id != step.id) {
            let mut step = step.clone();
            for task in &mut step.tasks {
                task.role = played(task.role, with);
            }
            for action in &mut step.actions {
                back(action, with);
            }
            steps.push(step);
        }
    }
}

fn add_actions(
    fragment: &FragmentFile,
    with: &IncludeWith,
    steps: &mut [StepFile],
    faults: &mut Vec<Unresolved>,
) {
    for entry in &fragment.actions {
        let wanted: Vec<String> = match entry.at.as_deref().unwrap_or("open") {
            "open" => steps.iter().filter(|s| !s.final_).map(|s| s.id.clone()).collect(),
            "any" => steps.iter().map(|s| s.id.clone()).collect(),
            "final" => steps.iter().filter(|s| s.final_).map(|s| s.id.clone()).collect(),
            "waiting-office" => steps
                .iter()
                .filter(|s| !s.final_ && s.waiting_on != WaitingOn::You)
                .map(|s| s.id.clone())
                .collect(),
            "$at" => with.at.clone(),
            id => vec![id.to_owned()],
        };
        for id in wanted {
            let Some(step) = steps.iter_mut().find(|s| s.id == id) else {
                faults.push(unknown_step(&id));
                continue;
            };
            if step.actions.iter().all(|a| a.id != entry.id) {
                let mut action = entry.clone();
                back(&mut action, with);
                // `$task`: the action discharges the step's own task, whatever it is called.
                if action.task.as_deref() == Some("$task") {
                    action.task = step.tasks.first().map(|t| t.id.clone());
                }
                step.actions.push(action);
            }
        }
    }
}

fn back(action: &mut ActionFile, with: &IncludeWith) {
    if action.to == To::Step("$back".into())
        && let Some(id) = &with.back
    {
        action.to = To::Step(id.clone());
    }
    action.role = played(action.role, with);
    if action.effect == Some(Effect::MoveOffice) {
        action.restarts.extend(with.restarts.iter().cloned());
    }
}

/// A role in a fragment, as the include casts it: people a matter is about, supervisors and the system stay.
fn played(role: Role, with: &IncludeWith) -> Role {
    let stays = [Role::Applicant, Role::Party, Role::Helper, Role::System, Role::Supervisor];
    with.role.filter(|_| !stays.contains(&role)).unwrap_or(role)
}

fn unknown_step(id: &str) -> Unresolved {
    Unresolved {
        code: "unknown-step",
        message: format!("there is no step `{id}`"),
        remedy: "name a step of this item or of an included fragment".into(),
        word: id.to_owned(),
    }
}

fn resolve_page(page: &PageFile, facts: &FactsFile, faults: &mut Vec<Unresolved>) -> Page {
    Page {
        id: page.id.clone(),
        title: page.title.clone(),
        intro: page.intro.clone(),
        questions: page.questions.iter().filter_map(|q| resolve_question(q, facts, faults)).collect(),
    }
}

fn resolve_step(step: &StepFile, facts: &FactsFile, faults: &mut Vec<Unresolved>) -> Step {
    Step {
        id: step.id.clone(),
        name: step.name.clone(),
        plain: step.plain.clone(),
        final_: step.final_,
        waiting_on: step.waiting_on,
        join: step.join,
        tasks: step.tasks.iter().map(|t| TaskDef { id: t.id.clone(), role: t.role, pool: t.pool }).collect(),
        actions: step.actions.iter().map(|a| resolve_action(a, facts, faults)).collect(),
        outcome: step.outcome.clone(),
        no_limit: step.no_limit.clone(),
    }
}

fn resolve_action(action: &ActionFile, facts: &FactsFile, faults: &mut Vec<Unresolved>) -> ActionDef {
    let mut input: Vec<Question> =
        action.input.iter().filter_map(|q| resolve_question(q, facts, faults)).collect();
    if action.requires_reason && input.iter().all(|q| q.fact != "reason") {
        let reason = QuestionFile {
            fact: "reason".into(),
            label: None,
            help: None,
            required: true,
            when: None,
            only: Vec::new(),
            register: None,
            told: false,
            keep: false,
            example: None,
        };
        input.extend(resolve_question(&reason, facts, faults));
    }
    ActionDef {
        id: action.id.clone(),
        name: action.name.clone(),
        task: action.task.clone(),
        role: action.role,
        also: action.also.clone(),
        apart: action.apart,
        to: action.to.clone(),
        input,
        guard: action.guard.clone(),
        not_by: action.not_by.clone(),
        owner: action.owner,
        assign: action.assign.clone(),
        once: action.once,
        requires_reason: action.requires_reason,
        documents: action.documents.clone(),
        notify: notify(action),
        extends: action.extends.clone(),
        restarts: action.restarts.clone(),
        effect: action.effect,
        plain: action.plain.clone(),
        hint: action.hint.clone(),
        basis: action.basis.clone(),
    }
}

/// Who is told: whom the file names, else the applicant of what others did and a sentence speaks of.
fn notify(action: &ActionFile) -> Vec<Role> {
    if action.notify.is_empty() && action.plain.is_some() && action.role != Role::Applicant {
        return vec![Role::Applicant];
    }
    action.notify.clone()
}

fn resolve_question(
    question: &QuestionFile,
    facts: &FactsFile,
    faults: &mut Vec<Unresolved>,
) -> Option<Question> {
    let Some(def) = facts.facts.get(&question.fact) else {
        faults.push(Unresolved {
            code: "unknown-fact",
            message: format!("there is no fact `{}` in facts.toml", question.fact),
            remedy: "add it to catalog/facts.toml with its kind and labels, or correct the name".into(),
            word: question.fact.clone(),
        });
        return None;
    };
    for id in &question.only {
        if def.choices.iter().all(|c| c.id != *id) {
            faults.push(Unresolved {
                code: "unknown-choice",
                message: format!("fact `{}` has no choice `{id}`", question.fact),
                remedy: "add the choice in catalog/facts.toml or correct it".into(),
                word: id.clone(),
            });
        }
    }
    Some(join(question, def))
}

fn join(question: &QuestionFile, def: &FactDef) -> Question {
    let choices = def
        .choices
        .iter()
        .filter(|c| question.only.is_empty() || question.only.contains(&c.id))
        .cloned()
        .collect();
    Question {
        fact: question.fact.clone(),
        label: question.label.clone().unwrap_or_else(|| def.label.clone()),
        help: question.help.clone().or_else(|| def.help.clone()),
        kind: def.kind,
        choices,
        required: question.required,
        when: question.when.clone(),
        min: def.min,
        max: def.max,
        max_length: def.max_length,
        lines: def.lines,
        sensitive: def.sensitive,
        register: question.register.clone(),
        told: question.told,
        keep: question.keep,
        example: question.example.clone().or_else(|| def.example.clone()),
    }
}
