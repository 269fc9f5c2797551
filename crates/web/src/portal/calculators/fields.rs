//! What a calculator asks for as a form, and the form as its inputs.

use calculators::{Field, Kind, Need, Spec};
use kernel::area::Level;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::lang::{Lang, knows, say};
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice, LabelSize};
use crate::ui::form::Values;
use crate::ui::input::{Typed, input};
use crate::ui::place::{Among, Said, place};
use crate::ui::{Visit, date, details, error_summary, money, radios, select, textarea};

/// Rows of a list that are offered at once, and how many more fold out.
const ROWS: usize = 3;
const MORE: usize = 7;
/// Up to this many choices stand open as radios.
const OPEN: usize = 6;

/// Any division of the country: a calculator is not bound to the place this site serves.
pub fn everywhere(visit: &Visit) -> Among {
    Among { within: None, near: visit.site.area, deepest: Level::County, on: visit.now.date() }
}

fn keyed(kind: &str, calculator: &str, field: &str) -> Option<String> {
    let dashed = |text: &str| text.replace(['.', '_'], "-");
    let own = format!("calc-{kind}-{}-{}", dashed(calculator), dashed(field));
    let common = format!("calc-{kind}-{}", dashed(field));
    [own, common].into_iter().find(|key| knows(key))
}

/// What a field asks, in words.
pub fn label(lang: Lang, calculator: &str, field: &str) -> String {
    keyed("in", calculator, field).map_or_else(|| field.to_owned(), |key| say(lang, &key, &[]))
}

fn word(lang: Lang, word: &str) -> String {
    let key = format!("calc-word-{word}");
    if word.is_ascii() && knows(&key) { say(lang, &key, &[]) } else { word.to_owned() }
}

/// Draws all fields.
pub fn draw(
    lang: Lang,
    spec: &Spec,
    values: &Values,
    problems: &[Problem],
    said: &Said,
    around: &Among,
) -> Markup {
    let drawing = Drawing { lang, spec, values, problems, said, around, size: LabelSize::Plain };
    html! { @for field in spec.fields { (drawing.field(field, field.name)) } }
}

/// What fields are drawn with.
pub struct Drawing<'a> {
    /// The language.
    pub lang: Lang,
    /// The calculator.
    pub spec: &'a Spec,
    /// What was typed.
    pub values: &'a Values,
    /// What is wrong with it.
    pub problems: &'a [Problem],
    /// The division that was named.
    pub said: &'a Said,
    /// Among which divisions.
    pub around: &'a Among,
    /// How large a field's label stands: as the page's heading where it stands alone.
    pub size: LabelSize,
}

impl Drawing<'_> {
    fn ask(&self, field: &Field, id: &str) -> Ask {
        let hint = keyed("hint", self.spec.name, field.name)
            .or_else(|| matches!(field.need, Need::Figure(_)).then(|| "calc-hint-figure".to_owned()));
        let ask = Ask::new(id, label(self.lang, self.spec.name, field.name))
            .error(error_summary::at(self.problems, id))
            .optional(field.need == Need::May)
            .size(self.size);
        match hint {
            Some(key) => ask.hint(say(self.lang, &key, &[])),
            None => ask,
        }
    }

    /// One field; `id` is its name in the form.
    pub fn field(&self, field: &Field, id: &str) -> Markup {
        let (lang, ask, typed) = (self.lang, self.ask(field, id), self.values.get(id));
        match field.kind {
            Kind::Money => money::money(lang, &ask, typed),
            Kind::Number(..) => input(lang, &ask, typed, Typed::Decimal),
            Kind::Whole(..) => input(lang, &ask, typed, Typed::Digits),
            Kind::Date => {
                let part = |part: &str| self.values.get(&format!("{id}-{part}"));
                let [year, month, day] = date::PARTS.map(part);
                date::date(lang, &ask, &date::joined(year, month, day))
            }
            Kind::Choice(words) => {
                let choices: Vec<Choice> = words
                    .iter()
                    .take_while(|one| !one.starts_with("生活"))
                    .map(|one| Choice::new(*one, word(lang, one)))
                    .collect();
                if choices.len() <= OPEN {
                    radios::radios(lang, &ask, &choices, typed)
                } else {
                    select::select(lang, &ask, &choices, typed)
                }
            }
            Kind::Flag => {
                let choices =
                    [Choice::new("true", t!(lang, "ui-yes")), Choice::new("false", t!(lang, "ui-no"))];
                radios::radios(lang, &ask, &choices, typed)
            }
            Kind::Text => input(lang, &ask, typed, Typed::Text),
            Kind::Area => place(lang, &ask, self.said, self.around),
            Kind::Moneys | Kind::Stretches | Kind::People(_) => textarea::textarea(lang, &ask, typed, 4),
            Kind::Rows(fields) => self.rows(fields, &ask, id),
            Kind::Record(fields) => self.together(
                &ask,
                id,
                &html! {
                    @for one in fields { (self.part(one, &format!("{id}-{}", one.name))) }
                },
            ),
        }
    }

    fn rows(&self, fields: &[Field], ask: &Ask, id: &str) -> Markup {
        let row = |at: usize| {
            html! {
                fieldset class="govuk-fieldset" {
                    legend class="govuk-fieldset__legend" { (t!(self.lang, "calc-row", n = at + 1)) }
                    // The first words for being alone are enough for people; the others are for programs.
                    @for one in fields.iter().filter(|one| !["lonely", "orphan_or_lonely"].contains(&one.name)) {
                        (self.part(one, &format!("{id}-{at}-{}", one.name)))
                    }
                }
            }
        };
        self.together(
            ask,
            id,
            &html! {
                @for at in 0..ROWS { (row(at)) }
                (details::details(&t!(self.lang, "calc-more-rows"), &html! {
                    @for at in ROWS..ROWS + MORE { (row(at)) }
                }))
            },
        )
    }

    /// A field within a group.
    fn part(&self, field: &Field, id: &str) -> Markup {
        Drawing { size: LabelSize::Plain, ..*self }.field(field, id)
    }

    /// Fields under one label; errors link to the whole.
    fn together(&self, ask: &Ask, id: &str, fields: &Markup) -> Markup {
        let (lang, is_page) = (self.lang, self.size == LabelSize::Page);
        let size = if is_page { "govuk-fieldset__legend--l" } else { "govuk-fieldset__legend--s" };
        html! {
            fieldset class="govuk-fieldset" id=(id) {
                legend class={ "govuk-fieldset__legend " (size) } {
                    @if is_page { h1 class="govuk-fieldset__heading" { (ask.label_text(lang)) } } @else { (ask.label) }
                }
                (ask.notes(lang))
                (fields)
            }
        }
    }
}

/// Inputs as the form would send them; what has no field of its own is left to be typed. `place` is the name of the
/// division among them.
pub fn typed(spec: &Spec, inputs: &Map<String, Value>, place: &str) -> Vec<(String, String)> {
    let mut typed = Vec::new();
    for field in spec.fields {
        let value = match inputs.get(field.name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(is)) => is.to_string(),
            _ => continue,
        };
        match field.kind {
            Kind::Date => {
                let parts = value.splitn(3, '-').map(str::to_owned);
                typed.extend(date::PARTS.iter().map(|part| format!("{}-{part}", field.name)).zip(parts));
            }
            Kind::Area => {
                typed.push((format!("{}-code", field.name), value));
                typed.push((format!("{}-for", field.name), place.to_owned()));
                typed.push((field.name.to_owned(), place.to_owned()));
            }
            _ => typed.push((field.name.to_owned(), value)),
        }
    }
    typed
}

/// Reads the form: what was left empty is left out, what cannot be put into its shape stays as typed.
pub fn read(fields: &[Field], values: &Values) -> Map<String, Value> {
    let read = |field: &Field| Some((field.name.to_owned(), one(field, field.name, values)?));
    fields.iter().filter_map(read).collect()
}

fn one(field: &Field, id: &str, values: &Values) -> Option<Value> {
    let typed = kernel::text::normalise(values.get(id));
    let typed = typed.trim();
    let given = |text: String| (!text.is_empty()).then_some(Value::String(text));
    match field.kind {
        Kind::Money | Kind::Number(..) => given(amount(typed)),
        Kind::Whole(..) => match typed.parse::<i64>() {
            Ok(number) => Some(json!(number)),
            Err(_) => given(typed.to_owned()),
        },
        Kind::Date => {
            let part = |part: &str| values.get(&format!("{id}-{part}"));
            let [year, month, day] = date::PARTS.map(part);
            given(date::joined(year, month, day))
        }
        Kind::Flag => match typed {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => given(typed.to_owned()),
        },
        Kind::Choice(_) | Kind::Text | Kind::Area => given(typed.to_owned()),
        Kind::Moneys => lines(values.get(id), |line| json!(amount(line))),
        Kind::People(_) => lines(values.get(id), |line| json!(line)),
        Kind::Stretches => {
            lines(values.get(id), |line| json!(line.split_whitespace().map(amount).collect::<Vec<_>>()))
        }
        Kind::Record(fields) => {
            let read = |field: &Field| {
                Some((field.name.to_owned(), one(field, &format!("{id}-{}", field.name), values)?))
            };
            Some(Value::Object(fields.iter().filter_map(read).collect()))
        }
        Kind::Rows(fields) => {
            let mut rows = Vec::new();
            for at in 0..ROWS + MORE {
                let read = |field: &Field| {
                    Some((field.name.to_owned(), one(field, &format!("{id}-{at}-{}", field.name), values)?))
                };
                let row: Map<String, Value> = fields.iter().filter_map(read).collect();
                if !row.is_empty() {
                    rows.push(Value::Object(row));
                }
            }
            (!rows.is_empty()).then_some(Value::Array(rows))
        }
    }
}

/// A number as people type it: without separators and units.
fn amount(typed: &str) -> String {
    kernel::text::normalise(typed)
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '元' | '¥' | '%'))
        .collect()
}

fn lines(text: &str, value: impl Fn(&str) -> Value) -> Option<Value> {
    let parts: Vec<Value> = text
        .lines()
        .flat_map(|line| line.split(['、', ';', '；']))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(value)
        .collect();
    (!parts.is_empty()).then_some(Value::Array(parts))
}
