//! Whether a template can be meant, and whether its examples come out as they say.

use std::collections::{BTreeMap, BTreeSet};

use calculators::{Ground, Kind as Shape};
use catalog::item::Localized;
use catalog::parameters::Parameters;
use catalog::words::Words;
use kernel::lang::Lang;

use crate::answers::Answers;
use crate::check::Said;
use crate::model::{Example, Kind, Rule, Template};
use crate::when::When;
use crate::words::Line;

/// What is wrong with a template; `kinds` is the file of kinds.
pub(super) fn check(template: &Template, path: &str, kinds: &str) -> Vec<String> {
    let mut proof = Proof { template, faults: Vec::new(), used: BTreeSet::new() };
    let id = &template.id;
    if path != format!("{}{id}.toml", super::FOLDER) {
        proof.fault(format!("id `{id}` is not the name of the file"));
    }
    if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        proof.fault(format!("id `{id}` is not lower case with dashes"));
    }
    for kind in &template.kinds {
        if !kinds.is_empty() && !kinds.contains(&format!("label = \"{kind}\"")) {
            proof.fault(format!("kind `{kind}` is not in triage/kinds.toml"));
        }
    }
    proof.texts();
    proof.questions();
    for line in template.text.iter().chain(&template.sign) {
        proof.line(line);
    }
    proof.checks();
    for question in template.questions() {
        if !proof.used.contains(question.id.as_str()) {
            proof.faults.push(format!("`{}` is asked for nothing", question.id));
        }
    }
    if template.examples.is_empty() {
        proof.fault("it has no example".into());
    }
    for example in &template.examples {
        for name in example.answers.keys().filter(|name| template.question(name).is_none()) {
            proof.faults.push(format!("example “{}” answers `{name}`, which nobody asks", example.name));
        }
        if example.has.is_empty() {
            proof.faults.push(format!("example “{}” says nothing the document must have", example.name));
        }
    }
    proof.faults
}

struct Proof<'a> {
    template: &'a Template,
    faults: Vec<String>,
    used: BTreeSet<&'a str>,
}

impl<'a> Proof<'a> {
    fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// Everything people read is there in both languages.
    fn texts(&mut self) {
        let template = self.template;
        let both = |text: &Localized| !text.zh.trim().is_empty() && !text.en.trim().is_empty();
        let mut named: Vec<(String, &Localized)> =
            vec![("name".into(), &template.name), ("summary".into(), &template.summary)];
        named.extend(template.after.iter().map(|text| ("after".into(), text)));
        named.extend(template.sections.iter().map(|section| ("a section".into(), &section.title)));
        for question in template.questions() {
            named.push((question.id.clone(), &question.label));
            if question.help != Localized::default() {
                named.push((question.id.clone(), &question.help));
            }
        }
        for check in &template.checks {
            if let Rule::Say(text) | Rule::Calc { say: text, .. } = &check.rule {
                named.push(("a check".into(), text));
            }
        }
        let lacking = named.into_iter().filter(|(_, text)| !both(text));
        self.faults.extend(lacking.map(|(name, _)| format!("`{name}` lacks one of its languages")));
    }

    fn questions(&mut self) {
        let template = self.template;
        let mut seen = BTreeSet::new();
        for question in template.questions() {
            if !seen.insert(&question.id) {
                self.faults.push(format!("`{}` is asked twice", question.id));
            }
            if (question.kind == Kind::Choice) == question.choices.is_empty() {
                self.faults
                    .push(format!("`{}`: choices belong to a choice, and to nothing else", question.id));
            }
            self.when(&question.when);
        }
    }

    fn when(&mut self, when: &'a When) {
        for (name, value) in when.names() {
            let Some(question) = self.template.question(name) else {
                self.faults.push(format!("a condition names `{name}`, which nobody asks"));
                continue;
            };
            self.used.insert(question.id.as_str());
            let known = |value: &str| match question.kind {
                Kind::Choice => question.choices.iter().any(|choice| choice.value == value),
                Kind::Flag => matches!(value, "yes" | "no"),
                _ => false,
            };
            if let Some(value) = value.filter(|value| !known(value)) {
                self.faults.push(format!("`{name}` is never `{value}`"));
            }
        }
    }

    fn line(&mut self, line: &'a Line) {
        self.when(line.when());
        for (name, wanted) in line.places() {
            let Some(question) = self.template.question(name) else {
                self.faults.push(format!("`{{{name}}}` stands in the text, and nobody asks for it"));
                continue;
            };
            self.used.insert(question.id.as_str());
            let fits = match wanted {
                Some(kind) => question.kind == kind,
                None => !matches!(question.kind, Kind::Rows | Kind::Flag),
            };
            if !fits {
                self.faults.push(format!("`{name}` is {}, and cannot stand so", question.kind.as_str()));
            }
        }
    }

    fn checks(&mut self) {
        let template = self.template;
        for check in &template.checks {
            self.when(&check.when);
            match &check.rule {
                Rule::Say(_) => {}
                Rule::Limitation { of, from, again } => {
                    let spec = calculators::find("limitation.period");
                    let kind = spec.and_then(|spec| spec.fields.iter().find(|field| field.name == "kind"));
                    let known = kind.is_some_and(
                        |field| matches!(field.kind, Shape::Choice(words) if words.contains(&of.as_str())),
                    );
                    if !known || from.is_empty() {
                        self.fault(format!("`{of}` is no limitation, or nothing says when it began"));
                    }
                    for name in from.iter().chain(again) {
                        self.asked(name, &[Kind::Date]);
                    }
                }
                Rule::Fee { calculator, inputs } => self.calculator(calculator, inputs),
                Rule::Calc { calculator, inputs, warn, .. } => {
                    self.calculator(calculator, inputs);
                    // Other names are results of the calculator.
                    let names = warn.names().filter_map(|(name, _)| template.question(name));
                    self.used.extend(names.map(|question| question.id.as_str()));
                }
            }
        }
    }

    fn calculator(&mut self, name: &str, inputs: &'a BTreeMap<String, String>) {
        let Some(spec) = calculators::find(name) else {
            self.fault(format!("there is no calculator `{name}`"));
            return;
        };
        for (field, from) in inputs {
            if !spec.fields.iter().any(|known| known.name == field) {
                self.fault(format!("{name} does not ask for `{field}`"));
            }
            if let Some(question) = from.strip_prefix('=').filter(|question| *question != "today") {
                self.asked(
                    question,
                    &[Kind::Date, Kind::Money, Kind::Rate, Kind::Whole, Kind::Flag, Kind::Choice],
                );
            }
        }
    }

    fn asked(&mut self, name: &str, kinds: &[Kind]) {
        match self.template.question(name) {
            Some(question) if kinds.contains(&question.kind) => drop(self.used.insert(question.id.as_str())),
            Some(question) => {
                self.fault(format!("`{name}` is {}, and cannot be counted with", question.kind.as_str()));
            }
            None => self.fault(format!("a check names `{name}`, which nobody asks")),
        }
    }
}

/// What an example does not do as it says.
pub(super) fn example(template: &Template, example: &Example, parameters: &Parameters) -> Vec<String> {
    let mut faults = Vec::new();
    let today = example.on;
    let answers = Answers::read(template, &example.answers, today);
    faults
        .extend(answers.wrong().iter().map(|wrong| format!("`{}` is wrong: {}", wrong.question, wrong.code)));
    let filled = template.fill(&answers, Ground { parameters, today });
    faults.extend(filled.missing.iter().map(|one| format!("`{}` is not answered", one.id)));
    faults.extend(
        example
            .has
            .iter()
            .filter(|words| !filled.text.contains(*words))
            .map(|words| format!("“{words}” is not in the document:\n{}", filled.text)),
    );
    faults.extend(
        example
            .lacks
            .iter()
            .filter(|words| filled.text.contains(*words))
            .map(|words| format!("“{words}” is in the document:\n{}", filled.text)),
    );
    let words = Words::embedded().ok();
    let told: Vec<String> = filled
        .findings
        .iter()
        .map(|finding| match &finding.said {
            Said::Both(text) => text.zh.clone(),
            Said::Key(text) => words.as_ref().map_or_else(String::new, |words| words.say(Lang::Zh, text)),
        })
        .collect();
    faults.extend(
        example
            .says
            .iter()
            .filter(|wanted| !told.iter().any(|said| said.contains(*wanted)))
            .map(|wanted| format!("nothing says “{wanted}”, but: {told:#?}")),
    );
    faults
}
