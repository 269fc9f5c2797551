//! Conditions that decide nothing: whatever people answer, they hold, or they never do.

use super::{Finding, Subject};
use crate::eligibility::RowNames;
use crate::item::{Kind, Question};
use crate::parameters::Parameters;
use crate::rules::bounds::{Bounds, Reach, Shape};
use crate::rules::{Rule, compile};
use std::collections::BTreeSet;

/// How many combinations of boundary values are tried for one rule.
const CASES: u64 = 20_000;

/// Every condition can hold and can fail for answers that the forms accept. What says `unclear()` must only
/// come out in two ways. Figures that nobody has verified or found yet are taken as if they stood.
pub(super) fn rules(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    for page in &item.form {
        for question in &page.questions {
            let at = format!("form/{}/questions/{}/when", page.id, question.fact);
            one(subject, &at, question.when.as_deref(), out);
        }
    }
    for material in &item.materials {
        one(subject, &format!("materials/{}/when", material.id), material.when.as_deref(), out);
    }
    for (step, action) in super::work::actions(subject) {
        let at = format!("steps/{}/actions/{}", step.id, action.id);
        one(
            subject,
            &format!("{at}/guard/when"),
            action.guard.as_ref().map(|guard| guard.when.as_str()),
            out,
        );
        for question in &action.input {
            let at = format!("{at}/input/{}/when", question.fact);
            one(subject, &at, question.when.as_deref(), out);
        }
    }
    if let Some(table) = &item.eligibility {
        for row in &table.rows {
            one(subject, &format!("eligibility/rows/{}/when", row.id), Some(&row.when), out);
        }
        if let Ok(rule) = compile(&table.decision, &RowNames(&table.rows)) {
            let yes_no = Shape { kind: Kind::Bool, choices: Vec::new(), min: None, max: None };
            let bounds = Bounds::of(
                &rule,
                |_| Some(yes_no.clone()),
                &Parameters::default(),
                subject.today,
                Reach::Accepted,
            );
            tell(subject, "eligibility/decision", &rule, &bounds, out);
        }
    }
}

fn one(subject: &Subject<'_>, at: &str, source: Option<&str>, out: &mut Vec<Finding>) {
    // What cannot be read is told elsewhere.
    let Some(rule) = source.and_then(|source| compile(source, subject.catalog).ok()) else { return };
    let parameters = &subject.loaded.parameters;
    let bounds = Bounds::of(&rule, |fact| shape(subject, fact), parameters, subject.today, Reach::Accepted);
    tell(subject, at, &rule, &bounds, out);
}

fn tell(subject: &Subject<'_>, at: &str, rule: &Rule, bounds: &Bounds, out: &mut Vec<Finding>) {
    let open = rule.source().contains("unclear()");
    let mut answers = BTreeSet::new();
    for case in bounds.cases(CASES) {
        answers.insert(rule.holds(&case));
        let decided = answers.contains(&Some(true)) && answers.contains(&Some(false));
        if decided || (open && answers.len() > 1) {
            return;
        }
    }
    let what = match (answers.contains(&Some(true)), answers.contains(&Some(false))) {
        (true, false) => "holds whatever people answer",
        (false, true) => "never holds, whatever people answer",
        _ => "is unclear, whatever people answer",
    };
    out.push(subject.finding(
        at,
        "rule-constant",
        format!("the rule `{}` {what}", rule.source().split_whitespace().collect::<Vec<_>>().join(" ")),
        "compare with the choices and limits of its facts; remove a condition that decides nothing",
    ));
}

/// What a fact can be in this item: as narrowed where it is asked, else as the dictionary has it.
fn shape(subject: &Subject<'_>, fact: &str) -> Option<Shape> {
    let item = subject.item;
    let inputs = item.steps.iter().flat_map(|step| &step.actions).flat_map(|action| &action.input);
    let asked: Vec<&Question> = item.questions().chain(inputs).filter(|q| q.fact == fact).collect();
    let def = subject.loaded.facts.get(fact)?;
    let choices: BTreeSet<String> = if asked.is_empty() {
        def.choices.iter().map(|choice| choice.id.clone()).collect()
    } else {
        asked.iter().flat_map(|question| &question.choices).map(|choice| choice.id.clone()).collect()
    };
    // The register counts nothing below nought.
    let min = def.min.or(fact.starts_with("now.").then_some(0));
    Some(Shape { kind: def.kind, choices: choices.into_iter().collect(), min, max: def.max })
}
