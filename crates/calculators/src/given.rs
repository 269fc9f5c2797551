//! Reading what was given: every field is known, present and of its shape, or the refusal names it.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::calc::CalcRefusal;
use serde_json::{Map, Value};

use crate::exact::Num;
use crate::spec::{Field, Kind, Spec};

/// Most digits before the point of an amount.
const DIGITS: usize = 13;
/// Most digits behind it.
const PLACES: u32 = 10;
/// Most rows of a list.
const ROWS: usize = 200;

/// What one calculator was given, or one row of a list in it.
#[derive(Debug)]
pub struct Given<'a> {
    name: &'static str,
    fields: &'static [Field],
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Given<'a> {
    /// Refuses what is no object, and fields that nobody asked for.
    pub(crate) fn of(spec: &Spec, inputs: &'a Value) -> Result<Self, CalcRefusal> {
        Self::at(spec.name, spec.fields, inputs, String::new())
    }

    fn at(
        name: &'static str,
        fields: &'static [Field],
        inputs: &'a Value,
        path: String,
    ) -> Result<Self, CalcRefusal> {
        let map = inputs.as_object().ok_or_else(|| {
            let field = if path.is_empty() { "inputs" } else { path.as_str() };
            CalcRefusal::new("wrong-type", field, "must be an object")
        })?;
        let given = Self { name, fields, map, path };
        match map.keys().find(|name| !fields.iter().any(|field| field.name == name.as_str())) {
            None => Ok(given),
            Some(name) => {
                let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
                let reason = format!("unknown field; known are {}", known.join(", "));
                Err(CalcRefusal::new("unknown-field", given.named(name), reason))
            }
        }
    }

    /// The field's name as a refusal says it: `dependants[1].age`.
    pub(crate) fn named(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The calculator's name.
    pub(crate) fn calculator(&self) -> &'static str {
        self.name
    }

    /// Everything, as it came.
    pub(crate) fn raw(&self) -> Value {
        Value::Object(self.map.clone())
    }

    /// A refusal about a field.
    pub(crate) fn refuse(&self, code: &'static str, name: &str, reason: impl Into<String>) -> CalcRefusal {
        CalcRefusal::new(code, self.named(name), reason)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether the field was given at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn required<T>(&self, name: &str, value: Option<T>) -> Result<T, CalcRefusal> {
        value.ok_or_else(|| self.refuse("missing-field", name, "required"))
    }

    /// A decimal within the bounds of its field.
    pub(crate) fn maybe(&self, name: &str) -> Result<Option<Num>, CalcRefusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = decimal(value).map_err(|(code, reason)| self.refuse(code, name, reason))?;
        let (least, most) = match self.field(name).map(|field| field.kind) {
            Some(Kind::Number(least, most)) => (Some(least), Some(most)),
            _ => (None, None),
        };
        if number.is_negative() && least.is_none_or(|least| least >= 0) {
            return Err(self.refuse("out-of-range", name, "must not be below 0"));
        }
        let (least, most) = (least.map(Num::whole), most.map(Num::whole));
        if least.as_ref().is_some_and(|least| number < *least)
            || most.as_ref().is_some_and(|most| number > *most)
        {
            let bound = |bound: Option<Num>| bound.map(|bound| bound.short()).unwrap_or_default();
            let reason = format!("must be {} to {}", bound(least), bound(most));
            return Err(self.refuse("out-of-range", name, reason));
        }
        Ok(Some(number))
    }

    /// A decimal that must be there.
    pub(crate) fn number(&self, name: &str) -> Result<Num, CalcRefusal> {
        let number = self.maybe(name)?;
        self.required(name, number)
    }

    /// A whole number within the bounds of its field.
    pub(crate) fn maybe_whole(&self, name: &str) -> Result<Option<i64>, CalcRefusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = decimal(value).map_err(|(code, reason)| self.refuse(code, name, reason))?;
        let whole = number.is_whole().then(|| number.floor()).flatten();
        let whole = whole.ok_or_else(|| self.refuse("wrong-type", name, "must be a whole number"))?;
        let (least, most) = match self.field(name).map(|field| field.kind) {
            Some(Kind::Whole(least, most)) => (least, most),
            _ => (0, i64::MAX),
        };
        if whole < least || whole > most {
            return Err(self.refuse("out-of-range", name, format!("must be {least} to {most}")));
        }
        Ok(Some(whole))
    }

    /// A whole number that must be there.
    pub(crate) fn whole(&self, name: &str) -> Result<i64, CalcRefusal> {
        let number = self.maybe_whole(name)?;
        self.required(name, number)
    }

    /// A text.
    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<&'a str>, CalcRefusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.refuse("wrong-type", name, "must be a string"))?;
        if text.chars().count() > 200 {
            return Err(self.refuse("out-of-range", name, "too long"));
        }
        Ok(Some(text))
    }

    /// One of the words of its field.
    pub(crate) fn maybe_choice(&self, name: &str) -> Result<Option<&'static str>, CalcRefusal> {
        let Some(text) = self.maybe_text(name)? else { return Ok(None) };
        let words = match self.field(name).map(|field| field.kind) {
            Some(Kind::Choice(words)) => words,
            _ => &[],
        };
        let found = words.iter().copied().find(|word| *word == text);
        found
            .map(Some)
            .ok_or_else(|| self.refuse("out-of-range", name, format!("must be {}", words.join(" or "))))
    }

    /// One of the words of its field, which must be there.
    pub(crate) fn choice(&self, name: &str) -> Result<&'static str, CalcRefusal> {
        let choice = self.maybe_choice(name)?;
        self.required(name, choice)
    }

    /// Yes or no; left out is no.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, CalcRefusal> {
        Ok(self.maybe_flag(name)?.unwrap_or(false))
    }

    /// Yes, no, or nothing said.
    pub(crate) fn maybe_flag(&self, name: &str) -> Result<Option<bool>, CalcRefusal> {
        let wrong = || self.refuse("wrong-type", name, "must be true or false");
        self.value(name).map(|value| value.as_bool().ok_or_else(wrong)).transpose()
    }

    /// A date, exactly `YYYY-MM-DD`.
    pub(crate) fn maybe_date(&self, name: &str) -> Result<Option<Date>, CalcRefusal> {
        let Some(text) = self.maybe_text(name)? else { return Ok(None) };
        let shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if !shaped {
            return Err(self.refuse("malformed", name, "must be a date YYYY-MM-DD"));
        }
        let date: Date = text.parse().map_err(|_| self.refuse("no-such-date", name, "no such date"))?;
        if !(1900..=2200).contains(&date.year()) {
            return Err(self.refuse("out-of-range", name, "must be a date of the years 1900 to 2200"));
        }
        Ok(Some(date))
    }

    /// A date that must be there.
    pub(crate) fn date(&self, name: &str) -> Result<Date, CalcRefusal> {
        let date = self.maybe_date(name)?;
        self.required(name, date)
    }

    /// Two dates, the second not before the first.
    pub(crate) fn span(&self, from: &str, to: &str) -> Result<(Date, Date), CalcRefusal> {
        let (first, last) = (self.date(from)?, self.date(to)?);
        if last < first {
            return Err(self.refuse("out-of-range", to, format!("must not lie before {from}")));
        }
        Ok((first, last))
    }

    /// A division, by 2 to 12 digits of its code.
    pub(crate) fn maybe_area(&self, name: &str) -> Result<Option<AreaCode>, CalcRefusal> {
        let Some(text) = self.maybe_text(name)? else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| self.refuse("no-such-area", name, "must be the code of a division, 2 to 12 digits"))
    }

    fn array(&self, name: &str) -> Result<Option<&'a Vec<Value>>, CalcRefusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let list = value.as_array().ok_or_else(|| self.refuse("wrong-type", name, "must be a list"))?;
        if list.len() > ROWS {
            return Err(self.refuse("out-of-range", name, format!("at most {ROWS} rows")));
        }
        Ok(Some(list))
    }

    /// The rows of a list, each with the fields its kind says.
    pub(crate) fn rows(&self, name: &str) -> Result<Option<Vec<Given<'a>>>, CalcRefusal> {
        let Some(list) = self.array(name)? else { return Ok(None) };
        let fields = match self.field(name).map(|field| field.kind) {
            Some(Kind::Rows(fields) | Kind::People(fields)) => fields,
            _ => &[],
        };
        let row = |(at, value)| Given::at(self.name, fields, value, self.named(&format!("{name}[{at}]")));
        list.iter().enumerate().map(row).collect::<Result<_, _>>().map(Some)
    }

    /// People: each a word, or a row of fields.
    pub(crate) fn people(&self, name: &str) -> Result<Option<Vec<Person<'a>>>, CalcRefusal> {
        let Some(list) = self.array(name)? else { return Ok(None) };
        let fields = match self.field(name).map(|field| field.kind) {
            Some(Kind::People(fields)) => fields,
            _ => &[],
        };
        let person = |(at, value): (usize, &'a Value)| {
            let path = self.named(&format!("{name}[{at}]"));
            match value.as_str() {
                Some(word) if word.trim().is_empty() || word.chars().count() > 200 => {
                    Err(CalcRefusal::new("malformed", path, "must name somebody"))
                }
                Some(word) => Ok(Person::Word(word)),
                None => Given::at(self.name, fields, value, path).map(Person::Row),
            }
        };
        list.iter().enumerate().map(person).collect::<Result<_, _>>().map(Some)
    }

    /// A list of amounts.
    pub(crate) fn numbers(&self, name: &str) -> Result<Option<Vec<Num>>, CalcRefusal> {
        let Some(list) = self.array(name)? else { return Ok(None) };
        list.iter()
            .enumerate()
            .map(|(at, value)| self.one(name, at, value))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A list of pairs of amounts.
    pub(crate) fn pairs(&self, name: &str) -> Result<Option<Vec<(Num, Num)>>, CalcRefusal> {
        let Some(list) = self.array(name)? else { return Ok(None) };
        let pair = |(at, value): (usize, &Value)| match value.as_array().map(Vec::as_slice) {
            Some([first, second]) => Ok((self.one(name, at, first)?, self.one(name, at, second)?)),
            _ => Err(CalcRefusal::new(
                "wrong-type",
                self.named(&format!("{name}[{at}]")),
                "must be a pair [amount, days]",
            )),
        };
        list.iter().enumerate().map(pair).collect::<Result<_, _>>().map(Some)
    }

    fn one(&self, name: &str, at: usize, value: &Value) -> Result<Num, CalcRefusal> {
        let refuse = |code, reason| CalcRefusal::new(code, self.named(&format!("{name}[{at}]")), reason);
        let number = decimal(value).map_err(|(code, reason)| refuse(code, reason))?;
        if number.is_negative() {
            return Err(refuse("out-of-range", "must not be below 0"));
        }
        Ok(number)
    }

    /// Fields that belong together.
    pub(crate) fn record(&self, name: &str) -> Result<Given<'a>, CalcRefusal> {
        let value = self.required(name, self.value(name))?;
        let fields = match self.field(name).map(|field| field.kind) {
            Some(Kind::Record(fields)) => fields,
            _ => &[],
        };
        Given::at(self.name, fields, value, self.named(name))
    }
}

/// Somebody in a list of people.
#[derive(Debug)]
pub(crate) enum Person<'a> {
    /// A word says who.
    Word(&'a str),
    /// Fields say who.
    Row(Given<'a>),
}

/// A number or a decimal text, exactly; a JSON number stands for the shortest decimal that reads as it.
fn decimal(value: &Value) -> Result<Num, (&'static str, &'static str)> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(("wrong-type", "must be a number, or a decimal text")),
    };
    if value.is_number() && text.contains(['e', 'E']) {
        return Err(("out-of-range", "too large or too small"));
    }
    let whole = text.trim_start_matches('-').split('.').next().unwrap_or_default().len();
    let number = Num::parse(&text).ok_or(if whole > DIGITS {
        ("out-of-range", "too large")
    } else {
        ("malformed", "must be a decimal such as 12 or 12.50")
    })?;
    if whole > DIGITS {
        return Err(("out-of-range", "too large"));
    }
    if number.places().is_some_and(|places| places > PLACES) && !value.is_number() {
        return Err(("out-of-range", "too many places"));
    }
    Ok(number)
}
