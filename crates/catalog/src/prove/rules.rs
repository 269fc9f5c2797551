//! Rules and worked cases: they can be read, speak of what is asked, and come out as the item says.

use super::papers::kept;
use super::work::actions;
use super::{Finding, Subject};
use crate::eligibility::RowNames;
use crate::form;
use crate::item::{EligibilityExample, Kind, Question};
use crate::rules::{Names, Rule, compile};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What the register counts itself in a matter; nobody asks for it.
pub(super) const NOW: [&str; 4] = ["now.unserved", "now.unsigned", "now.awaited", "now.parties"];

/// Every rule can be read and typed, and speaks of facts that are known by then.
pub(super) fn readable(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    let asked: BTreeSet<&str> = item.questions().map(|q| q.fact.as_str()).collect();
    let mut before = BTreeSet::new();
    for page in &item.form {
        for question in &page.questions {
            let at = format!("form/{}/questions/{}/when", page.id, question.fact);
            one(subject, &at, question.when.as_deref(), &before, "an earlier question of the form", out);
            before.insert(question.fact.as_str());
        }
    }
    for material in &item.materials {
        let at = format!("materials/{}/when", material.id);
        one(subject, &at, material.when.as_deref(), &asked, "the form", out);
    }
    for (step, action) in actions(subject) {
        // Besides the form: what was kept, what is given now, and what the register counts itself.
        let mut known = asked.clone();
        known.extend(kept(subject));
        known.extend(action.input.iter().map(|q| q.fact.as_str()));
        known.extend(NOW);
        let at = format!("steps/{}/actions/{}", step.id, action.id);
        let guard = action.guard.as_ref().map(|guard| guard.when.as_str());
        one(
            subject,
            &format!("{at}/guard/when"),
            guard,
            &known,
            "the form, this action or one that keeps its answer",
            out,
        );
        for question in &action.input {
            let at = format!("{at}/input/{}/when", question.fact);
            one(
                subject,
                &at,
                question.when.as_deref(),
                &known,
                "the form, this action or one that keeps its answer",
                out,
            );
        }
    }
    if let Some(table) = &item.eligibility {
        for row in &table.rows {
            let at = format!("eligibility/rows/{}/when", row.id);
            one(subject, &at, Some(&row.when), &asked, "the form", out);
        }
        read(subject, "eligibility/decision", &table.decision, &RowNames(&table.rows), out);
    }
}

fn one(
    subject: &Subject<'_>,
    at: &str,
    rule: Option<&str>,
    known: &BTreeSet<&str>,
    asker: &str,
    out: &mut Vec<Finding>,
) {
    let Some(source) = rule else { return };
    let Some(rule) = read(subject, at, source, subject.catalog, out) else { return };
    for fact in rule.facts().iter().filter(|fact| !known.contains(fact.as_str())) {
        out.push(subject.finding_in(
            at,
            source,
            source.find(fact.as_str()).unwrap_or(0),
            "fact-never-asked",
            format!("the rule speaks of `{fact}`, which {asker} does not ask: it would be unclear for ever"),
            "ask for the fact, or correct its name",
        ));
    }
}

fn read(
    subject: &Subject<'_>,
    at: &str,
    source: &str,
    names: &dyn Names,
    out: &mut Vec<Finding>,
) -> Option<Rule> {
    compile(source, names)
        .map_err(|faults| {
            for fault in faults {
                out.push(subject.finding_in(
                    at,
                    source,
                    fault.offset,
                    fault.code,
                    fault.message,
                    &fault.remedy,
                ));
            }
        })
        .ok()
}

/// What stands in the form of an example is accepted.
pub(super) fn examples(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (at, example) in subject.item.examples.iter().enumerate() {
        let empty = Map::new();
        let typed = example.body["form"].as_object().unwrap_or(&empty);
        let Err(errors) = form::form(subject.catalog, subject.item, typed, subject.today) else { continue };
        for error in errors {
            let fact = error.pointer.trim_start_matches("/form/").replace("~1", "/").replace("~0", "~");
            out.push(subject.finding(
                &format!("examples/{at}/body/form/{fact}"),
                "example-refused",
                format!("example `{}`: `{fact}` is refused ({})", example.name.zh, error.code),
                "correct the example, or the item if the example is right",
            ));
        }
    }
}

/// The example of every action is accepted: people and programs start from it.
pub(super) fn inputs(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for step in &subject.item.steps {
        for action in &step.actions {
            let at = format!("steps/{}/actions/{}", step.id, action.id);
            // What is chosen from the register is not known here, and nothing is uploaded for an example.
            let elsewhere = [Kind::Organisation, Kind::Account, Kind::Pick, Kind::File];
            let here = |q: &&Question| !elsewhere.contains(&q.kind);
            let own: Vec<Question> = action.input.iter().filter(here).cloned().collect();
            let input = form::example(subject.catalog, &own, subject.today);
            match form::validate(subject.catalog, &own, &input, &Map::new(), subject.today) {
                Err(errors) => {
                    for error in errors {
                        let fact = error.pointer.trim_start_matches("/input/");
                        out.push(subject.finding(
                            &format!("{at}/input/{fact}"),
                            "input-example-refused",
                            format!(
                                "action `{}`: its own example of `{fact}` is refused ({})",
                                action.id, error.code
                            ),
                            "correct `example` at the question or of the fact in catalog/facts.toml",
                        ));
                    }
                }
                Ok(facts) => {
                    let Some(guard) = &action.guard else { continue };
                    // Whether an earlier action has left an answer cannot be seen from here.
                    let earlier = subject.catalog.rule(&guard.when).is_some_and(|rule| {
                        rule.facts().iter().any(|fact| {
                            !own.iter().any(|q| q.fact == *fact)
                                && guard.when.contains(&format!("has({fact})"))
                        })
                    });
                    if !earlier && subject.holds(&guard.when, &facts) == Some(false) {
                        out.push(subject.finding(
                            &format!("{at}/guard"),
                            "guard-refuses-example",
                            format!("action `{}`: its guard refuses its own example", action.id),
                            "give the inputs an `example` with which the guard holds",
                        ));
                    }
                }
            }
        }
    }
}

/// The worked cases of the decision table come out as they say.
pub(super) fn worked_cases(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let Some(table) = &subject.item.eligibility else { return };
    if table.examples.is_empty() {
        out.push(subject.finding(
            "eligibility",
            "eligibility-untested",
            "the decision table has no worked case".to_owned(),
            "add [[eligibility.examples]], at least one for each outcome that can be",
        ));
    }
    // A rule that cannot be read is told already, and makes every case unclear.
    let readable = table.rows.iter().all(|row| subject.catalog.rule(&row.when).is_some())
        && subject.catalog.decision(subject.item).is_some();
    for (at, case) in table.examples.iter().enumerate().filter(|_| readable) {
        if let Some(why) = difference(subject, case) {
            out.push(subject.finding(
                &format!("eligibility/examples/{at}/eligible"),
                "eligibility-example",
                format!("case `{}`: {why}", case.name),
                "correct the case, or the rows if the case is right",
            ));
        }
    }
}

fn difference(subject: &Subject<'_>, case: &EligibilityExample) -> Option<String> {
    let area = match case.area.as_deref().map(str::parse) {
        Some(Err(_)) => return Some("its area is no area code".to_owned()),
        Some(Ok(area)) => Some(area),
        None => None,
    };
    let facts = match form::partial(subject.catalog, subject.item, &case.facts, subject.today) {
        Ok(facts) => facts,
        Err(errors) => {
            let fields: Vec<_> = errors.iter().map(|e| format!("{} ({})", e.pointer, e.code)).collect();
            return Some(format!("its facts are refused: {}", fields.join(", ")));
        }
    };
    let check = subject.catalog.check(subject.item, &facts, area, subject.today)?;
    if check.eligible() != case.eligible {
        return Some(format!("it comes out as `{}`, not `{}`", check.eligible(), case.eligible));
    }
    for (row, wanted) in &case.rows {
        let Some(reason) = check.reasons.iter().find(|reason| reason.rule == *row) else {
            return Some(format!("there is no row `{row}`"));
        };
        // Written true, false or "unclear".
        let said = reason.met.map_or_else(|| Value::from("unclear"), Value::from);
        if said != *wanted {
            return Some(format!("row `{row}` comes out as {said}, not {wanted}"));
        }
    }
    None
}
