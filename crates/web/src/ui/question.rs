//! A question of the catalogue as a field, and its answer as a value of the contract.
//!
//! The same drawing serves forms of items (questions of the catalogue) and inputs of acts (JSON Schema
//! as the engine offers it, with the choices that stand in the register now).

use catalog::item::{Kind, Question};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::field::{Ask, Choice, LabelSize};
use super::form::Values;
use super::input::{Typed, input};
use super::{checkboxes, date, file, money, radios, select, textarea};
use crate::lang::Lang;
use crate::t;

/// Up to this many choices stand open as radios; more fold into a list.
const OPEN_CHOICES: usize = 12;

/// In what shape the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Bool,
    Int,
    /// The five levels of a rating (好差评).
    Marks,
    Money,
    Date,
    Line,
    Lines(u32),
    Choice,
    Many,
    List,
    Phone,
    Code,
    File,
}

/// A question ready to be drawn.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Name of the value; the fact's name.
    pub name: String,
    /// The question.
    pub label: String,
    /// Help.
    pub help: Option<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// Due only when one of these was chosen elsewhere in the form; empty when the condition has no such words.
    pub when: Option<Vec<String>>,
    shape: Shape,
}

impl Shown {
    /// From a question of the catalogue; `places` are the choices of an area.
    pub fn of(question: &Question, lang: Lang, places: &[Choice]) -> Self {
        let choices = match question.kind {
            Kind::Area => places.to_vec(),
            _ => question.choices.iter().map(|c| Choice::new(&c.id, c.label.get(lang))).collect(),
        };
        let shape = match question.kind {
            Kind::Bool => Shape::Bool,
            Kind::Int if question.fact.starts_with("rating.") => Shape::Marks,
            Kind::Int => Shape::Int,
            Kind::Money => Shape::Money,
            Kind::Date => Shape::Date,
            Kind::Choice | Kind::Area | Kind::Organisation | Kind::Account | Kind::Pick => Shape::Choice,
            Kind::List if choices.is_empty() => Shape::List,
            Kind::List => Shape::Many,
            Kind::CnId | Kind::Uscc => Shape::Code,
            Kind::CnPhone => Shape::Phone,
            Kind::File => Shape::File,
            Kind::Text => question.lines.filter(|lines| *lines > 1).map_or(Shape::Line, Shape::Lines),
        };
        Self {
            name: question.fact.clone(),
            label: question.label.get(lang).to_owned(),
            help: question.help.as_ref().map(|help| help.get(lang).to_owned()),
            required: question.required,
            choices,
            when: None,
            shape,
        }
    }

    /// From one property of a JSON Schema.
    pub fn from_schema(name: &str, schema: &Value, required: bool, places: &[Choice]) -> Self {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let format = text("format").unwrap_or_default();
        let listed = schema.get("items").unwrap_or(schema);
        let mut choices: Vec<Choice> = listed
            .get("oneOf")
            .and_then(Value::as_array)
            .map(|options| options.iter().filter_map(choice_of).collect())
            .or_else(|| {
                let words = listed.get("enum").and_then(Value::as_array)?;
                Some(words.iter().filter_map(Value::as_str).map(|word| Choice::new(word, word)).collect())
            })
            .unwrap_or_default();
        if format == "area12" && choices.is_empty() {
            choices = places.to_vec();
        }
        let long = schema.get("maxLength").and_then(Value::as_u64).is_some_and(|most| most > 200);
        let lines = schema.get("x-lines").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        let shape = match (text("type").unwrap_or("string"), format) {
            ("boolean", _) => Shape::Bool,
            ("integer" | "number", _) if name.starts_with("rating.") => Shape::Marks,
            ("integer" | "number", _) => Shape::Int,
            ("array", _) if choices.is_empty() => Shape::List,
            ("array", _) => Shape::Many,
            (_, "money") => Shape::Money,
            (_, "date") => Shape::Date,
            (_, "cn-phone") => Shape::Phone,
            (_, "cn-id" | "uscc") => Shape::Code,
            (_, "file") => Shape::File,
            _ if !choices.is_empty() => Shape::Choice,
            _ if lines.is_some_and(|lines| lines > 1) => Shape::Lines(lines.unwrap_or(4)),
            _ if long => Shape::Lines(5),
            _ => Shape::Line,
        };
        Self {
            name: name.to_owned(),
            label: text("title").unwrap_or(name).to_owned(),
            help: text("description").map(str::to_owned),
            required,
            choices,
            when: None,
            shape,
        }
    }

    /// Whether a file answers it.
    pub fn is_file(&self) -> bool {
        self.shape == Shape::File
    }

    /// All properties of an object's schema in the order it names (`x-order`); without one, what must be answered
    /// first, each followed by what depends on it, for objects carry no order of their own.
    pub fn all_of(schema: &Value, places: &[Choice]) -> Vec<Self> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
        let order: Vec<&str> = schema
            .get("x-order")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let in_order = |name: &str| order.iter().position(|known| *known == name);
        let place = |name: &str| in_order(name).or_else(|| required.iter().position(|known| *known == name));
        let mut shown: Vec<(usize, Self)> = properties
            .iter()
            .map(|(name, one)| {
                let mut question = Self::from_schema(name, one, required.contains(&name.as_str()), places);
                let condition = condition_of(schema, name);
                let after = condition
                    .and_then(|test| test["properties"].as_object()?.keys().find_map(|on| place(on)));
                question.when = condition.map(|test| chosen_in(properties, test));
                (place(name).or(after).unwrap_or(usize::MAX), question)
            })
            .collect();
        // A word of comment ends a form.
        shown.sort_by_key(|(place, question)| {
            (*place, !question.required, question.name.ends_with(".comment"))
        });
        shown.into_iter().map(|(_, question)| question).collect()
    }

    /// Draws the field with a value as the contract writes it, or as it was typed.
    pub fn draw(&self, lang: Lang, value: &Value, error: Option<String>, size: LabelSize) -> Markup {
        let optional = !self.required && self.when.is_none();
        let mut ask = Ask::new(&self.name, &self.label).error(error).size(size).optional(optional);
        let when = self.when.as_deref().filter(|chosen| !chosen.is_empty());
        let when = when.map(|chosen| t!(lang, "ui-when-chosen", chosen = chosen.join(&t!(lang, "ui-or"))));
        let hint: Vec<&str> = [self.help.as_deref(), when.as_deref()].into_iter().flatten().collect();
        if !hint.is_empty() {
            ask = ask.hint(hint.join(" "));
        }
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
            _ => String::new(),
        };
        match self.shape {
            Shape::Bool => {
                let yes_no =
                    [Choice::new("true", t!(lang, "ui-yes")), Choice::new("false", t!(lang, "ui-no"))];
                radios::radios(lang, &ask, &yes_no, &text)
            }
            Shape::Marks => radios::radios(lang, &ask, &marks(lang), &text),
            Shape::Int => input(lang, &ask, &text, Typed::Digits),
            Shape::Money => money::money(lang, &ask, &text),
            Shape::Date => date::date(lang, &ask, &text),
            Shape::Line => input(lang, &ask, &text, Typed::Text),
            Shape::Lines(rows) => textarea::textarea(lang, &ask, &text, rows),
            Shape::List => {
                let hint = ask.hint.take().unwrap_or_default();
                textarea::textarea(lang, &ask.hint(format!("{hint}{}", t!(lang, "ui-one-a-line"))), &text, 3)
            }
            Shape::Choice if self.choices.len() <= OPEN_CHOICES => {
                radios::radios(lang, &ask, &self.choices, &text)
            }
            Shape::Choice => select::select(lang, &ask, &self.choices, &text),
            Shape::Many => {
                let ticked: Vec<String> = text.lines().map(str::to_owned).collect();
                checkboxes::checkboxes(lang, &ask, &self.choices, &ticked)
            }
            Shape::Phone => input(lang, &ask, &text, Typed::Phone),
            Shape::Code => input(lang, &ask, &text, Typed::Code),
            Shape::File => file::kept(lang, &ask, value),
        }
    }

    /// The answer in a posted form, in the contract's kind; `None` when nothing was given. What cannot be
    /// put into its kind is handed on as typed, for the check to refuse and the page to show again.
    pub fn read(&self, values: &Values) -> Option<Value> {
        let typed = kernel::text::normalise(values.get(&self.name));
        let given = |text: String| (!text.is_empty()).then_some(Value::String(text));
        match self.shape {
            Shape::Bool => match typed.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => given(typed),
            },
            Shape::Int | Shape::Marks => match kernel::text::compact(&typed).parse::<i64>() {
                Ok(number) => Some(json!(number)),
                Err(_) => given(typed),
            },
            Shape::Money => given(money::tidy(&typed)),
            Shape::Date => {
                let part = |part: &str| values.get(&format!("{}-{part}", self.name));
                let [year, month, day] = date::PARTS.map(part);
                given(date::joined(year, month, day))
            }
            Shape::Many => {
                let ticked = values.all(&self.name);
                (!ticked.is_empty()).then(|| json!(ticked))
            }
            Shape::List => {
                let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                (!lines.is_empty()).then(|| json!(lines))
            }
            Shape::Phone | Shape::Code => given(kernel::text::compact(&typed)),
            // The id of an upload; the file itself is taken in before the form is read.
            Shape::Line | Shape::Lines(_) | Shape::Choice | Shape::File => given(typed),
        }
    }

    /// A value as people read it.
    pub fn say(&self, lang: Lang, value: &Value) -> Markup {
        let label = |word: &str| {
            self.choices.iter().find(|c| c.value == word).map_or_else(|| word.to_owned(), |c| c.label.clone())
        };
        match (self.shape, value) {
            (_, Value::Null) => html! { span class="hf-quiet" { (t!(lang, "ui-not-given")) } },
            (_, Value::Bool(yes)) => html! { (t!(lang, if *yes { "ui-yes" } else { "ui-no" })) },
            (Shape::Date, Value::String(text)) => html! { (super::time::date_text(lang, text)) },
            (Shape::Money, Value::String(text)) => html! { (text) " " (t!(lang, "ui-yuan")) },
            (_, Value::Array(list)) => html! {
                ul class="govuk-list" { @for one in list.iter().filter_map(Value::as_str) { li { (label(one)) } } }
            },
            (_, Value::String(text)) => paragraphs(&label(text)),
            (_, other) => html! { (other) },
        }
    }
}

/// The five levels in words and stars, best first.
fn marks(lang: Lang) -> Vec<Choice> {
    (1..=5_usize)
        .rev()
        .map(|mark| {
            let stars = "★".repeat(mark) + &"☆".repeat(5 - mark);
            Choice::new(mark.to_string(), format!("{stars} {}", t!(lang, &format!("mark-{mark}"))))
        })
        .collect()
}

/// Text with its line ends kept.
pub fn paragraphs(text: &str) -> Markup {
    html! { @for (index, line) in text.lines().enumerate() { @if index > 0 { br; } (line) } }
}

/// The condition under which a property must be answered.
fn condition_of<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let tests = schema.get("allOf")?.as_array()?;
    let due =
        |test: &&Value| test["then"]["required"].as_array().is_some_and(|due| due.contains(&json!(name)));
    tests.iter().find(due).map(|test| &test["if"])
}

/// The choices a condition waits for, in words; none when it is about something else.
fn chosen_in(properties: &Map<String, Value>, test: &Value) -> Vec<String> {
    let Some(about) = test["properties"].as_object() else { return Vec::new() };
    let words = about.iter().flat_map(|(fact, wanted)| {
        let one = wanted.get("const").into_iter();
        let wanted: Vec<&Value> = one.chain(wanted["enum"].as_array().into_iter().flatten()).collect();
        let options = properties.get(fact).and_then(|property| property["oneOf"].as_array());
        options
            .into_iter()
            .flatten()
            .filter(move |option| wanted.contains(&&option["const"]))
            .filter_map(choice_of)
    });
    words.map(|choice| choice.label).collect()
}

fn choice_of(option: &Value) -> Option<Choice> {
    let value = option.get("const")?.as_str()?;
    Some(Choice::new(value, option.get("title").and_then(Value::as_str).unwrap_or(value)))
}

/// What the question of a field asks, if it is one of these.
pub fn label(questions: &[Shown], field: &str) -> Option<String> {
    questions.iter().find(|question| question.name == field).map(|question| question.label.clone())
}

/// The answers to several questions of one form.
pub fn read_all(questions: &[Shown], values: &Values) -> Map<String, Value> {
    questions.iter().filter_map(|question| Some((question.name.clone(), question.read(values)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["assign.firm", "reason"],
            "properties": {
                "assign.firm": { "type": "string", "title": "承办单位", "oneOf": [
                    { "const": "firm.a", "title": "甲律师事务所" }, { "const": "firm.b", "title": "乙法律服务所" }
                ]},
                "reason": { "type": "string", "title": "理由", "maxLength": 2000 },
                "income.monthly": { "type": "string", "format": "money", "title": "月收入" },
                "on": { "type": "string", "format": "date", "title": "日期" },
                "groups": { "type": "array", "title": "人员", "items": { "type": "string", "oneOf": [
                    { "const": "elder", "title": "老年人" }
                ]}},
                "own": { "type": "boolean", "title": "已请律师" },
                "members": { "type": "integer", "title": "人口" },
                "proof": { "type": "string", "format": "file", "title": "送达回证" },
                "received_on": { "type": "string", "format": "date", "title": "收到日期" }
            },
            "allOf": [{
                "if": { "properties": { "assign.firm": { "enum": ["firm.a"] } }, "required": ["assign.firm"] },
                "then": { "required": ["received_on"] }
            }]
        })
    }

    #[test]
    fn a_schema_is_drawn_with_what_is_required_first() {
        let questions = Shown::all_of(&schema(), &[]);
        let order: Vec<&str> = questions.iter().take(3).map(|question| question.name.as_str()).collect();
        assert_eq!(order, ["assign.firm", "received_on", "reason"], "what depends on an answer follows it");
        assert_eq!(questions[1].when.as_deref(), Some(&["甲律师事务所".to_owned()][..]));
        assert!(questions[0].required && questions[2].required && !questions[3].required);
        snapshot::check(
            "question",
            &html! {
                @for question in &questions { (question.draw(Lang::Zh, &Value::Null, None, LabelSize::Plain)) }
            },
        );
    }

    #[test]
    fn answers_come_in_the_kinds_of_the_contract() {
        let questions = Shown::all_of(&schema(), &[]);
        let typed = [
            ("assign.firm", "firm.a"),
            ("reason", " 情况属实 "),
            ("income.monthly", "１,200"),
            ("on-year", "2026"),
            ("on-month", "3"),
            ("on-day", "8"),
            ("groups", "elder"),
            ("own", "false"),
            ("members", "４"),
        ];
        let values = Values(typed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        assert_eq!(
            Value::Object(read_all(&questions, &values)),
            json!({
                "assign.firm": "firm.a", "reason": "情况属实", "income.monthly": "1200.00", "on": "2026-03-08",
                "groups": ["elder"], "own": false, "members": 4
            })
        );
        assert!(read_all(&questions, &Values::default()).is_empty());
    }
}
