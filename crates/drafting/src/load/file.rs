//! Templates as their files write them, and the shared questions and texts put into their places.

use std::collections::BTreeMap;

use catalog::item::Localized;
use serde::Deserialize;

use crate::model::{
    Check, Choice, Citation, Example, Form, Group, Kind, Level, Question, Rule, Section, Template,
};
use crate::when::When;
use crate::words::Line;

/// `drafts/<id>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateFile {
    id: String,
    group: Group,
    #[serde(default = "last")]
    rank: u32,
    name: Localized,
    summary: Localized,
    kinds: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    cites: Vec<String>,
    #[serde(default)]
    after: Vec<Localized>,
    title: String,
    text: String,
    #[serde(default)]
    sign: Vec<String>,
    section: Vec<SectionFile>,
    #[serde(default)]
    check: Vec<CheckFile>,
    #[serde(default)]
    example: Vec<Example>,
}

/// `drafts/shared.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SharedFile {
    #[serde(default)]
    question: Vec<AskFile>,
    #[serde(default)]
    section: Vec<SharedSection>,
    #[serde(default)]
    part: Vec<PartFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedSection {
    id: String,
    title: Localized,
    ask: Vec<AskFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartFile {
    id: String,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    /// A shared section.
    #[serde(default, rename = "use")]
    shared: Option<String>,
    #[serde(default)]
    title: Option<Localized>,
    #[serde(default)]
    ask: Vec<AskFile>,
}

/// A question, or a shared one by its id with what is different here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskFile {
    id: String,
    #[serde(default)]
    label: Option<Localized>,
    #[serde(default)]
    help: Option<Localized>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    form: Option<Form>,
    #[serde(default)]
    required: Option<bool>,
    #[serde(default)]
    when: Option<String>,
    #[serde(default)]
    fact: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    #[serde(default)]
    say: Option<Localized>,
    #[serde(default)]
    limitation: Option<String>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    again: Option<String>,
    #[serde(default)]
    fee: Option<String>,
    #[serde(default)]
    calc: Option<String>,
    #[serde(default)]
    inputs: BTreeMap<String, String>,
    #[serde(default)]
    warn: String,
    #[serde(default)]
    when: String,
    #[serde(default = "note")]
    level: Level,
    #[serde(default)]
    cites: Vec<String>,
    #[serde(default = "yes")]
    verified: bool,
}

fn last() -> u32 {
    u32::MAX
}

fn note() -> Level {
    Level::Note
}

fn yes() -> bool {
    true
}

/// What templates share, by id.
#[derive(Debug, Default)]
pub(super) struct Shared {
    questions: BTreeMap<String, AskFile>,
    sections: BTreeMap<String, SharedSection>,
    parts: BTreeMap<String, String>,
}

impl From<SharedFile> for Shared {
    fn from(file: SharedFile) -> Self {
        Self {
            questions: file.question.into_iter().map(|one| (one.id.clone(), one)).collect(),
            sections: file.section.into_iter().map(|one| (one.id.clone(), one)).collect(),
            parts: file.part.into_iter().map(|one| (one.id, one.text)).collect(),
        }
    }
}

/// Puts a template together; what cannot be is told.
pub(super) fn resolve(file: TemplateFile, shared: &Shared) -> Result<Template, Vec<String>> {
    let mut faults = Vec::new();
    let sections = file.section.into_iter().filter_map(|one| section(one, shared, &mut faults)).collect();
    let text = lines(&file.text, shared, &mut faults);
    let sign = lines(&file.sign.join("\n"), shared, &mut faults);
    let checks = file.check.into_iter().filter_map(|one| check(one, &mut faults)).collect();
    let cites = citations(&file.cites, &mut faults);
    let template = Template {
        id: file.id,
        group: file.group,
        rank: file.rank,
        name: file.name,
        summary: file.summary,
        kinds: file.kinds,
        words: file.words,
        items: file.items,
        sensitive: file.sensitive,
        sections,
        after: file.after,
        cites,
        examples: file.example,
        title: file.title,
        text,
        sign,
        checks,
    };
    if faults.is_empty() { Ok(template) } else { Err(faults) }
}

fn section(file: SectionFile, shared: &Shared, faults: &mut Vec<String>) -> Option<Section> {
    let (title, mut asked) = match &file.shared {
        None => (None, Vec::new()),
        Some(id) => {
            let Some(section) = shared.sections.get(id) else {
                faults.push(format!("there is no shared section `{id}`"));
                return None;
            };
            (Some(section.title.clone()), section.ask.clone())
        }
    };
    // What is said here of a question of the shared section changes it there.
    for own in file.ask {
        match asked.iter_mut().find(|ask| ask.id == own.id) {
            Some(ask) => *ask = over(ask.clone(), own),
            None => asked.push(own),
        }
    }
    let Some(title) = file.title.or(title) else {
        faults.push("a section has no title".into());
        return None;
    };
    let questions = asked.into_iter().filter_map(|ask| question(ask, shared, faults)).collect();
    Some(Section { title, questions })
}

/// One description of a question over another.
fn over(under: AskFile, own: AskFile) -> AskFile {
    AskFile {
        id: own.id,
        label: own.label.or(under.label),
        help: own.help.or(under.help),
        kind: own.kind.or(under.kind),
        choices: own.choices.or(under.choices),
        form: own.form.or(under.form),
        required: own.required.or(under.required),
        when: own.when.or(under.when),
        fact: own.fact.or(under.fact),
    }
}

fn question(ask: AskFile, shared: &Shared, faults: &mut Vec<String>) -> Option<Question> {
    let whole = match shared.questions.get(&ask.id) {
        Some(under) => over(under.clone(), ask),
        None => ask,
    };
    let id = whole.id;
    let (Some(label), Some(kind)) = (whole.label, whole.kind) else {
        faults.push(format!("question `{id}` has no label or kind, and shared.toml does not know it"));
        return None;
    };
    let when = condition(&whole.when.unwrap_or_default(), faults);
    Some(Question {
        id,
        label,
        help: whole.help.unwrap_or_default(),
        kind,
        choices: whole.choices.unwrap_or_default(),
        form: whole.form,
        required: whole.required.unwrap_or(false),
        when,
        fact: whole.fact,
    })
}

fn condition(text: &str, faults: &mut Vec<String>) -> When {
    When::parse(text).unwrap_or_else(|fault| {
        faults.push(fault);
        When::default()
    })
}

/// Lines, with `@part` in place of a part of its own.
fn lines(text: &str, shared: &Shared, faults: &mut Vec<String>) -> Vec<Line> {
    let mut all = Vec::new();
    for line in text.trim_end().lines().map(str::trim) {
        if let Some(part) = line.strip_prefix('@') {
            match shared.parts.get(part) {
                Some(text) => all.extend(lines(text, &Shared::default(), faults)),
                None => faults.push(format!("there is no shared part `{part}`")),
            }
            continue;
        }
        match Line::parse(line) {
            Ok(line) => all.push(line),
            Err(fault) => faults.push(fault),
        }
    }
    all
}

fn citations(texts: &[String], faults: &mut Vec<String>) -> Vec<Citation> {
    let mut all = Vec::new();
    for text in texts {
        match Citation::parse(text) {
            Some(one) => all.push(one),
            None => faults.push(format!("`{text}` is no citation; write `law#article`")),
        }
    }
    all
}

fn check(file: CheckFile, faults: &mut Vec<String>) -> Option<Check> {
    let rule = match (file.limitation, file.fee, file.calc, file.say) {
        (Some(of), None, None, None) => Rule::Limitation { of, from: file.from, again: file.again },
        (None, Some(calculator), None, None) => Rule::Fee { calculator, inputs: file.inputs },
        (None, None, Some(calculator), Some(say)) => {
            let warn = condition(&file.warn, faults);
            Rule::Calc { calculator, inputs: file.inputs, say, warn }
        }
        (None, None, None, Some(say)) => Rule::Say(say),
        _ => {
            faults.push("a check is one of: limitation, fee, calc with say, say".into());
            return None;
        }
    };
    let when = condition(&file.when, faults);
    let cites = citations(&file.cites, faults);
    Some(Check { rule, when, level: file.level, cites, verified: file.verified })
}
