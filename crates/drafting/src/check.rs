//! What the law says to a document: whether a period has passed, what the court takes, which form it must have. The
//! calculators compute, over the dated tables; a check only asks them and puts what they found into a sentence.

use std::collections::BTreeMap;

use calculators::{Ground, Kind as Shape};
use catalog::item::Localized;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::refusal::Text;
use serde_json::{Map, Value, json};

use crate::answers::Answers;
use crate::model::{Check, Citation, Level, Rule, Template};

/// Days before the end of a period in which to hurry.
const NEAR: i64 = 60;

/// A sentence: of a template, or a message of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// In both languages.
    Both(Localized),
    /// By its key.
    Key(Text),
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it wants of the reader.
    pub level: Level,
    /// The sentence.
    pub said: Said,
    /// The articles it rests on.
    pub cites: Vec<Citation>,
    /// Whether their text was read.
    pub verified: bool,
}

/// What all checks found, warnings first.
pub(crate) fn found(template: &Template, answers: &Answers, ground: Ground<'_>) -> Vec<Finding> {
    let due = template.checks.iter().filter(|check| check.when.holds(answers));
    let mut all: Vec<Finding> = due.filter_map(|check| one(template, check, answers, ground)).collect();
    all.sort_by_key(|finding| finding.level);
    all
}

fn one(template: &Template, check: &Check, answers: &Answers, ground: Ground<'_>) -> Option<Finding> {
    match &check.rule {
        Rule::Say(said) => Some(Finding {
            level: check.level,
            said: Said::Both(said.clone()),
            cites: check.cites.clone(),
            verified: check.verified,
        }),
        Rule::Limitation { of, from, again } => {
            let again = again.as_deref().and_then(|name| answers.day(name));
            limitation(template, check, answers, ground, (of, from, again))
        }
        Rule::Fee { calculator, inputs } => {
            let inputs = given(calculator, inputs, answers)?;
            let answer = calculators::run(calculator, &inputs, ground).ok()?;
            let told = ["fee", "min_fee", "most"].iter().find_map(|name| answer.result.get(*name));
            let sum = short(told.and_then(Value::as_str)?);
            let key = if sum == "0" { "draft-check-free" } else { "draft-check-fee" };
            let said = Text::new(key).arg("fee", sum);
            Some(rested(Level::Note, Said::Key(said), &answer, &check.cites))
        }
        Rule::Calc { calculator, inputs, say, warn } => {
            let inputs = given(calculator, inputs, answers)?;
            let answer = calculators::run(calculator, &inputs, ground).ok()?;
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let results = answer.result.iter().map(|(name, value)| (name.clone(), text(value)));
            let whole = answers.with(results);
            let warns = !warn.is_empty() && warn.holds(&whole);
            let put = |words: &str| {
                answer.result.iter().fold(words.to_owned(), |words, (name, value)| {
                    words.replace(&format!("{{{name}}}"), short(&text(value)))
                })
            };
            let said = Localized { zh: put(&say.zh), en: put(&say.en) };
            let level = if warns { Level::Warn } else { check.level };
            Some(rested(level, Said::Both(said), &answer, &check.cites))
        }
    }
}

/// A finding with the rows it rests on.
fn rested(level: Level, said: Said, answer: &calculators::Answer, cites: &[Citation]) -> Finding {
    let mut all = cites.to_vec();
    for step in &answer.working.steps {
        if let (Some(law), Some(article)) = (&step.law, &step.article) {
            let one = Citation { law: law.clone(), article: article.clone() };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    let verified = answer.working.parameters.iter().all(|row| row.verified);
    Finding { level, said, cites: all, verified }
}

/// Whether a period has passed, and until when there is time.
fn limitation(
    template: &Template,
    check: &Check,
    answers: &Answers,
    ground: Ground<'_>,
    (of, from, again): (&str, &[String], Option<Date>),
) -> Option<Finding> {
    let Some(start) = from.iter().find_map(|name| answers.day(name)) else {
        let question = from.first().and_then(|name| template.question(name))?;
        let said = |lang| question.label.get(lang).to_owned();
        let [zh, en] = [kernel::lang::Lang::Zh, kernel::lang::Lang::En].map(said);
        let text = Localized {
            zh: format!("填了“{zh}”，才能算出法定期限还有没有过。"),
            en: format!("Answer “{en}” and the period of the law can be counted."),
        };
        let said = Said::Both(text);
        return Some(Finding { level: Level::Note, said, cites: check.cites.clone(), verified: true });
    };
    let mut inputs = Map::new();
    inputs.insert("kind".into(), json!(of));
    inputs.insert("start".into(), json!(start.to_string()));
    if let Some(again) = again {
        inputs.insert("interrupted".into(), json!(again.to_string()));
    }
    let answer =
        calculators::run("limitation.period", &Value::Object(inputs.clone()), ground).or_else(|_| {
            // A demand that came after the end does not begin the period anew.
            inputs.remove("interrupted");
            calculators::run("limitation.period", &Value::Object(inputs), ground)
        });
    let Ok(answer) = answer else {
        // The rows begin with the law in force; what began before it is counted by the law of its time.
        let said = Said::Key(dated("draft-check-period-earlier", start));
        return Some(Finding { level: Level::Warn, said, cites: check.cites.clone(), verified: true });
    };
    let deadline: Date = answer.result.get("deadline")?.as_str()?.parse().ok()?;
    let today = ground.today;
    let near = today.checked_add(NEAR.days()).unwrap_or(today);
    let (level, key) = match deadline {
        day if day < today => (Level::Warn, "draft-check-period-over"),
        day if day <= near => (Level::Warn, "draft-check-period-near"),
        _ => (Level::Good, "draft-check-period-open"),
    };
    let said = dated(key, deadline);
    Some(rested(level, Said::Key(said), &answer, &check.cites))
}

/// A decimal without needless zeros; anything else as it is.
fn short(text: &str) -> &str {
    let decimal = text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if decimal { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A message about a day, which each language writes its own way.
fn dated(key: &'static str, date: Date) -> Text {
    Text::new(key).arg("year", date.year()).arg("month", date.month()).arg("day", date.day())
}

/// Inputs of a calculator: constants, and answers where they were given in the right shape. Without one that is named
/// nothing is computed.
fn given(calculator: &str, inputs: &BTreeMap<String, String>, answers: &Answers) -> Option<Value> {
    let spec = calculators::find(calculator)?;
    let mut all = Map::new();
    for (name, from) in inputs {
        let field = spec.fields.iter().find(|field| field.name == name)?;
        let text = match from.strip_prefix('=') {
            Some("today") => answers.today().to_string(),
            Some(question) => Some(answers.get(question)).filter(|text| !text.is_empty())?.to_owned(),
            None => from.clone(),
        };
        let value = match field.kind {
            Shape::Whole(..) => json!(text.parse::<i64>().ok()?),
            Shape::Flag => json!(matches!(text.as_str(), "yes" | "true")),
            _ => json!(text),
        };
        all.insert(name.clone(), value);
    }
    Some(Value::Object(all))
}
