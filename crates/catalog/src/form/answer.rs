//! One answer: from what was typed to its normal form.

use crate::item::{Kind, Question};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::identity::{Id18, Phone, Uscc};
use kernel::money::Fen;
use kernel::refusal::Text;
use kernel::text::{compact, normalise, prose};
use serde_json::Value;

/// Longest text where the dictionary sets none, in characters.
const TEXT: u32 = 2000;
/// Longest list where the dictionary sets none.
const LIST: u32 = 50;
/// Longest entry of a list of texts, in characters.
const ENTRY: usize = 500;

/// What is wrong with an answer.
#[derive(Debug)]
pub(super) struct Wrong {
    pub code: &'static str,
    pub text: Text,
}

fn wrong(code: &'static str, key: &'static str) -> Wrong {
    Wrong { code, text: Text::new(key) }
}

/// Reads one answer.
pub(super) fn read(question: &Question, typed: &Value, today: Date) -> Result<Value, Wrong> {
    match question.kind {
        Kind::Bool => boolean(typed),
        Kind::Int => integer(question, typed),
        Kind::Money => money(question, typed),
        Kind::Date => date(typed),
        Kind::List => list(question, typed),
        Kind::Text => text(question, typed),
        Kind::Choice => one_of(question, &string(typed)?),
        // Without choices the register has been asked elsewhere; the form of the word is all we know.
        Kind::Organisation | Kind::Account | Kind::Pick => match string(typed)? {
            id if !question.choices.is_empty() => one_of(question, &id),
            id if id.chars().count() > 64 => Err(wrong("choice", "error-choice")),
            id => Ok(Value::String(id)),
        },
        Kind::File => match string(typed)? {
            id if id.chars().count() > 64 => Err(wrong("file", "error-file-gone")),
            id => Ok(Value::String(id)),
        },
        Kind::Area => {
            let code = compact(&string(typed)?);
            code.parse::<AreaCode>()
                .map(|a| Value::String(a.to_string()))
                .map_err(|_| wrong("area", "error-area"))
        }
        Kind::CnId => Id18::parse(&string(typed)?, today)
            .map(|id| Value::String(id.as_str().to_owned()))
            .map_err(|_| wrong("cn-id", "error-id-no")),
        Kind::CnPhone => Phone::parse(&string(typed)?)
            .map(|phone| Value::String(phone.as_str().to_owned()))
            .map_err(|_| wrong("cn-phone", "error-phone")),
        Kind::Uscc => Uscc::parse(&string(typed)?)
            .map(|code| Value::String(code.as_str().to_owned()))
            .map_err(|_| wrong("uscc", "error-uscc")),
    }
}

/// A word or number, in one form.
fn string(typed: &Value) -> Result<String, Wrong> {
    said(typed, normalise)
}

/// What somebody wrote, with its punctuation.
fn written(typed: &Value) -> Result<String, Wrong> {
    said(typed, prose)
}

fn said(typed: &Value, form: fn(&str) -> String) -> Result<String, Wrong> {
    let Value::String(text) = typed else { return Err(wrong("format", "error-text-expected")) };
    let text = form(text);
    if text.is_empty() { Err(wrong("required", "error-required")) } else { Ok(text) }
}

fn boolean(typed: &Value) -> Result<Value, Wrong> {
    match typed {
        Value::Bool(_) => Ok(typed.clone()),
        Value::String(word) => match word.as_str() {
            "true" | "yes" => Ok(Value::Bool(true)),
            "false" | "no" => Ok(Value::Bool(false)),
            "" => Err(wrong("required", "error-required")),
            _ => Err(wrong("format", "error-bool-expected")),
        },
        _ => Err(wrong("format", "error-bool-expected")),
    }
}

/// Digits as people type them: full width, with blanks and thousands separators.
fn digits(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect()
}

fn integer(question: &Question, typed: &Value) -> Result<Value, Wrong> {
    let number = match typed {
        Value::Number(n) => n.as_i64(),
        Value::String(_) => digits(&string(typed)?).parse().ok(),
        _ => None,
    };
    let Some(number) = number else { return Err(wrong("format", "error-int-expected")) };
    within(question, number, |n| n.to_string())?;
    Ok(Value::from(number))
}

fn money(question: &Question, typed: &Value) -> Result<Value, Wrong> {
    let Value::String(_) = typed else { return Err(wrong("format", "error-money")) };
    let text = digits(&string(typed)?);
    let text = text.trim_start_matches(['¥', '￥']).trim_end_matches('元');
    let sum: Fen = text.parse().map_err(|_| wrong("format", "error-money"))?;
    within(question, sum.0, |n| Fen(n).to_string())?;
    Ok(Value::String(sum.to_string()))
}

fn within(question: &Question, number: i64, show: impl Fn(i64) -> String) -> Result<(), Wrong> {
    if let Some(min) = question.min.filter(|min| number < *min) {
        return Err(Wrong { code: "too-small", text: Text::new("error-too-small").arg("min", show(min)) });
    }
    if let Some(max) = question.max.filter(|max| number > *max) {
        return Err(Wrong { code: "too-large", text: Text::new("error-too-large").arg("max", show(max)) });
    }
    Ok(())
}

/// `2026-8-3`, `2026/08/03` and `2026年8月3日` are all one day.
fn date(typed: &Value) -> Result<Value, Wrong> {
    let text = string(typed)?;
    let text = text.trim_end_matches('日').replace(['年', '月', '/', '.'], "-");
    let mut parts = text.split('-').map(|part| part.trim().parse::<i16>());
    let read = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) if (1800..=2200).contains(&year) => {
            i8::try_from(month).ok().zip(i8::try_from(day).ok()).and_then(|(m, d)| Date::new(year, m, d).ok())
        }
        _ => None,
    };
    read.map(|date| Value::String(date.to_string())).ok_or_else(|| wrong("format", "error-date"))
}

fn text(question: &Question, typed: &Value) -> Result<Value, Wrong> {
    let text = written(typed)?;
    let most = question.max_length.unwrap_or(TEXT);
    if text.chars().count() > most as usize {
        return Err(Wrong { code: "too-long", text: Text::new("error-too-long").arg("max", most) });
    }
    Ok(Value::String(text))
}

fn one_of(question: &Question, id: &str) -> Result<Value, Wrong> {
    if question.choices.iter().any(|c| c.id == id) {
        Ok(Value::String(id.to_owned()))
    } else {
        Err(wrong("choice", "error-choice"))
    }
}

fn list(question: &Question, typed: &Value) -> Result<Value, Wrong> {
    let Value::Array(entries) = typed else { return Err(wrong("format", "error-list-expected")) };
    let most = question.max_length.unwrap_or(LIST);
    if entries.len() > most as usize {
        return Err(Wrong { code: "too-long", text: Text::new("error-list-too-long").arg("max", most) });
    }
    let mut kept: Vec<Value> = Vec::new();
    for entry in entries {
        let entry = match written(entry) {
            Ok(entry) => entry,
            Err(empty) if empty.code == "required" => continue,
            Err(other) => return Err(other),
        };
        if entry.chars().count() > ENTRY {
            return Err(Wrong { code: "too-long", text: Text::new("error-too-long").arg("max", ENTRY) });
        }
        let entry =
            if question.choices.is_empty() { Value::String(entry) } else { one_of(question, &entry)? };
        if !kept.contains(&entry) {
            kept.push(entry);
        }
    }
    if kept.is_empty() && question.required {
        return Err(wrong("required", "error-required"));
    }
    Ok(Value::Array(kept))
}
