//! `huifa catalog check`: what can be proved about items before anybody relies on them.
//!
//! Every finding names the file, the place, what is wrong and how to mend it. A rule is a function over
//! one item (or over the whole catalogue) and owns its codes; `docs/catalogue.md` lists them all. To add
//! one: a function here, a line in `RULES`, its codes in
//! [`CODES`], a planted fault in `tests/plants.rs`, a row in the docs.

mod acts;
mod bound;
mod clocks;
mod constant;
mod content;
mod flow;
mod follows;
mod locked;
mod messages;
mod papers;
mod parameters;
mod place;
mod rules;
mod starts;
mod work;

#[cfg(test)]
mod tests;

use crate::Catalog;
use crate::eligibility::FactsEnv;
use crate::form::Facts;
use crate::item::Item;
use crate::load::{self, Fault, Files, Loaded};
use jiff::civil::Date;
use place::Sources;
use serde::Serialize;

/// A fault in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Path relative to the catalogue's folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Which rule found it.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// Proves a catalogue as of a day (worked cases rest on the parameters in force). Empty: sound.
#[must_use]
pub fn check(files: &Files, today: Date) -> Vec<Finding> {
    let (loaded, faults) = load::load(files);
    // Faulty rules are told with their places below; in this catalogue they are unclear.
    let (catalog, _) = Catalog::from_loaded(loaded.clone());
    let mut findings: Vec<Finding> = faults.iter().map(|fault| from_load(files, fault)).collect();
    for (path, item) in &loaded.items {
        let sources = Sources::of_item(files, path);
        let subject = Subject { item, loaded: &loaded, catalog: &catalog, today, sources };
        for rule in RULES {
            rule(&subject, &mut findings);
        }
    }
    parameters::prove(files, &loaded, &mut findings);
    messages::prove(files, &mut findings);
    bound::prove(files, &loaded, &mut findings);
    locked::prove(files, &loaded, &mut findings);
    // A fragment's fault is found once for every item that includes it.
    findings.sort();
    findings.dedup();
    findings
}

/// Every code a finding may carry, in the order of `docs/catalogue.md`.
pub const CODES: &[&str] = &[
    "unreadable",
    "no-facts",
    "unknown-fragment",
    "unknown-step",
    "unknown-fact",
    "unknown-choice",
    "no-steps",
    "misplaced-item",
    "duplicate-item",
    "version-zero",
    "duplicate-id",
    "guide-incomplete",
    "text-missing",
    "unknown-area-fact",
    "register-in-form",
    "no-choices",
    "no-example",
    "example-refused",
    "rule-syntax",
    "rule-not-allowed",
    "rule-kinds",
    "fact-never-asked",
    "rule-constant",
    "input-example-refused",
    "guard-refuses-example",
    "eligibility-untested",
    "eligibility-example",
    "unknown-target",
    "unreachable-step",
    "no-ending",
    "trapped-applicant",
    "stuck-second-time",
    "step-without-role",
    "task-after-end",
    "unknown-task",
    "task-without-action",
    "task-of-another-role",
    "task-without-exit",
    "wrong-turn",
    "wrong-pool",
    "unknown-not-by",
    "unknown-assign",
    "apart-without-firm",
    "owner-without-assign",
    "register-mismatch",
    "nobody-assigned",
    "clock-in-unknown-step",
    "clock-runs-and-stands",
    "clock-without-owner",
    "step-without-limit",
    "unknown-parameter",
    "parameter-is-no-limit",
    "unknown-expiry",
    "expiry-repeats",
    "expiry-without-clock",
    "waiting-without-end",
    "unserved-clock",
    "clock-fact",
    "dead-key",
    "unknown-clock",
    "extension-missing",
    "extends-elsewhere",
    "unused-extension",
    "unknown-document",
    "document-never-made",
    "document-place",
    "nobody-serves",
    "unknown-paper",
    "paper-place",
    "case-file-entry",
    "effect-without-input",
    "file-required",
    "pick-without-register",
    "also-with-task",
    "dead-notify",
    "join-deadlock",
    "join-disagrees",
    "follows-nothing",
    "law-without-article",
    "promise-with-law",
    "half-a-limit",
    "ends-before-it-begins",
    "no-source",
    "message-unreadable",
    "message-one-language",
    "message-arguments-differ",
    "message-twice",
    "unknown-message",
    "changed-without-version",
    "version-goes-back",
    "not-locked",
    "lock-unreadable",
];

/// Rules over one item, each with its own codes.
const RULES: &[fn(&Subject<'_>, &mut Vec<Finding>)] = &[
    content::identity,
    content::guide,
    content::texts,
    content::form,
    content::materials,
    content::examples,
    rules::readable,
    constant::rules,
    rules::examples,
    rules::inputs,
    rules::worked_cases,
    flow::targets,
    flow::reachable,
    flow::endings,
    flow::loops,
    flow::again,
    work::tasks,
    work::turns,
    work::four_eyes,
    work::assignees,
    clocks::steps,
    clocks::rules,
    clocks::expiry,
    clocks::waiting,
    starts::facts,
    starts::moved,
    papers::made,
    papers::places,
    papers::served,
    papers::effects,
    acts::questions,
    acts::shared,
    acts::told,
    acts::joins,
    follows::origins,
];

/// One item with all that a rule may look at.
struct Subject<'a> {
    item: &'a Item,
    loaded: &'a Loaded,
    /// The same, ready to be asked.
    catalog: &'a Catalog,
    today: Date,
    sources: Sources<'a>,
}

impl Subject<'_> {
    /// A finding at a path such as `steps/received/actions/answer/to`.
    fn finding(&self, at: &str, code: &'static str, message: String, remedy: &str) -> Finding {
        let (file, line, column) = self.sources.locate(at);
        Finding { file, line, column, code, message, remedy: remedy.to_owned() }
    }

    /// A finding within a text that stands at a path.
    fn finding_in(
        &self,
        at: &str,
        text: &str,
        offset: usize,
        code: &'static str,
        message: String,
        remedy: &str,
    ) -> Finding {
        let (file, line, column) = self.sources.locate_in(at, text, offset);
        Finding { file, line, column, code, message, remedy: remedy.to_owned() }
    }

    fn holds(&self, rule: &str, facts: &Facts) -> Option<bool> {
        let env = FactsEnv { catalog: self.catalog, facts, area: None, date: self.today };
        self.catalog.rule(rule)?.holds(&env)
    }
}

fn from_load(files: &Files, fault: &Fault) -> Finding {
    let text = files.get(&fault.file).unwrap_or_default();
    let (line, column) = place::line_and_column(text, fault.offset.unwrap_or(0));
    Finding {
        file: fault.file.clone(),
        line,
        column,
        code: fault.code,
        message: fault.message.clone(),
        remedy: fault.remedy.clone(),
    }
}
