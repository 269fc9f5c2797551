//! What somebody answered, tidied by the shape of each question. What has the wrong shape stays as it was typed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::identity::{Id18, Phone, Uscc};
use kernel::text::{compact, normalise, prose};

use crate::model::{Form, Kind, Question, Template};

/// Most rows of one answer.
const ROWS: usize = 60;

/// An answer in the wrong shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The question.
    pub question: String,
    /// Why: message `draft-wrong-<code>`.
    pub code: &'static str,
}

impl Wrong {
    /// Every code.
    pub const CODES: [&str; 10] =
        ["date", "money", "rate", "whole", "choice", "too-long", "too-many", "id18", "phone", "uscc"];
}

/// Answers by question. Dates are `YYYY-MM-DD`, amounts plain decimals, yes is `yes`, rows stand one a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    said: BTreeMap<String, String>,
    wrong: Vec<Wrong>,
    today: Date,
}

impl Answers {
    /// Tidies what was typed. Names nobody asked for are left out.
    pub fn read(template: &Template, typed: &BTreeMap<String, String>, today: Date) -> Self {
        let mut answers = Self { today, ..Self::default() };
        for question in template.questions() {
            let Some(text) = typed.get(&question.id).filter(|text| !text.trim().is_empty()) else { continue };
            let long = text.chars().count() > question.longest();
            let (value, wrong) =
                if long { (prose(text), Some("too-long")) } else { tidy(question, text, today) };
            if let Some(code) = wrong {
                answers.wrong.push(Wrong { question: question.id.clone(), code });
            }
            if !value.is_empty() {
                answers.said.insert(question.id.clone(), value);
            }
        }
        answers
    }

    /// Values as they are, for conditions on their own.
    #[cfg(test)]
    pub(crate) fn plain(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { said: pairs.into_iter().collect(), wrong: Vec::new(), today: jiff::civil::date(2026, 11, 23) }
    }

    /// The same with further values beside, such as what a calculator found.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all = self.clone();
        all.said.extend(more);
        all
    }

    /// An answer; empty when there is none.
    pub fn get(&self, question: &str) -> &str {
        self.said.get(question).map_or("", String::as_str)
    }

    /// Whether it was answered, and not with no.
    pub fn yes(&self, question: &str) -> bool {
        !matches!(self.get(question), "" | "no")
    }

    /// Its rows.
    pub(crate) fn rows(&self, question: &str) -> Vec<&str> {
        self.get(question).lines().collect()
    }

    /// A day, when it is one.
    pub(crate) fn day(&self, question: &str) -> Option<Date> {
        self.get(question).parse().ok()
    }

    /// Today.
    pub fn today(&self) -> Date {
        self.today
    }

    /// What has the wrong shape.
    pub fn wrong(&self) -> &[Wrong] {
        &self.wrong
    }
}

/// An answer in its shape, and what is wrong with it.
fn tidy(question: &Question, text: &str, today: Date) -> (String, Option<&'static str>) {
    match question.kind {
        Kind::Text => {
            let line = prose(text).split_whitespace().collect::<Vec<_>>().join(" ");
            checked(question.form, line, today)
        }
        Kind::Long => (lines(text).join("\n"), None),
        Kind::Rows => {
            let rows = lines(text);
            let many = (rows.len() > ROWS).then_some("too-many");
            (rows.join("\n"), many)
        }
        Kind::Date => {
            let typed = normalise(text).replace(['年', '月', '/', '.'], "-").replace('日', "");
            let parts: Vec<&str> = typed.split('-').map(str::trim).collect();
            let day = match parts[..] {
                [year, month, day] if year.len() == 4 => {
                    format!("{year}-{month:0>2}-{day:0>2}").parse::<Date>().ok()
                }
                _ => None,
            };
            day.map_or_else(|| (prose(text), Some("date")), |day| (day.to_string(), None))
        }
        Kind::Money | Kind::Rate => {
            let code = if question.kind == Kind::Money { "money" } else { "rate" };
            match decimal(text, if question.kind == Kind::Money { 2 } else { 4 }) {
                Some(number) => (number, None),
                None => (prose(text), Some(code)),
            }
        }
        Kind::Whole => match compact(text).parse::<u32>() {
            Ok(number) => (number.to_string(), None),
            Err(_) => (prose(text), Some("whole")),
        },
        Kind::Choice => {
            let typed = normalise(text);
            let named = |wanted: &str| wanted == typed;
            match question.choices.iter().find(|one| named(&one.value) || named(&one.zh) || named(&one.en)) {
                Some(choice) => (choice.value.clone(), None),
                None => (String::new(), Some("choice")),
            }
        }
        Kind::Flag => match normalise(text).as_str() {
            "yes" | "true" | "是" | "1" => ("yes".to_owned(), None),
            "no" | "false" | "否" | "0" => ("no".to_owned(), None),
            _ => (String::new(), Some("choice")),
        },
    }
}

/// A number that checks itself; what is not one stays, for somebody may only know it so.
fn checked(form: Option<Form>, line: String, today: Date) -> (String, Option<&'static str>) {
    let Some(form) = form else { return (line, None) };
    let number = compact(&line).to_uppercase();
    match form {
        Form::Id18 if Id18::parse(&number, today).is_err() => (line, Some("id18")),
        Form::Uscc if Uscc::parse(&number).is_err() => (line, Some("uscc")),
        Form::Phone if Phone::parse(&line).is_err() => (line, Some("phone")),
        Form::Phone => (line, None),
        Form::Id18 | Form::Uscc => (number, None),
    }
}

/// Its lines without blank ones.
fn lines(text: &str) -> Vec<String> {
    prose(text).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A plain decimal of what people type for one: without separators, units and needless zeros.
fn decimal(text: &str, places: usize) -> Option<String> {
    let plain: String = normalise(text)
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '元' | '¥' | '￥' | '%' | '％'))
        .collect();
    let (whole, part) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let part = part.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 13 || part.len() > places || !digits(whole) || !digits(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") })
}

/// A decimal that compares exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(i128);

impl Number {
    /// Digits with at most ten places.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 20 || part.len() > 10 || !digits(whole) || !digits(part) {
            return None;
        }
        format!("{whole}{part:0<10}").parse().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::item::Localized;

    fn question(kind: Kind, form: Option<Form>) -> Question {
        Question {
            id: "x".into(),
            label: Localized::default(),
            help: Localized::default(),
            kind,
            choices: vec![crate::Choice { value: "man".into(), zh: "男".into(), en: "Man".into() }],
            form,
            required: false,
            when: crate::when::When::default(),
            fact: None,
        }
    }

    fn told(kind: Kind, form: Option<Form>, text: &str) -> (String, Option<&'static str>) {
        tidy(&question(kind, form), text, jiff::civil::date(2026, 11, 23))
    }

    #[test]
    fn what_people_type_comes_into_shape() {
        for (kind, typed, value) in [
            (Kind::Money, "５０,000 元", "50000"),
            (Kind::Money, "300.50", "300.5"),
            (Kind::Money, "007", "7"),
            (Kind::Rate, "14.8%", "14.8"),
            (Kind::Date, "2024年3月5日", "2024-03-05"),
            (Kind::Date, "2024/3/5", "2024-03-05"),
            (Kind::Date, "２０２４-03-05", "2024-03-05"),
            (Kind::Whole, " 3 ", "3"),
            (Kind::Choice, "男", "man"),
            (Kind::Flag, "true", "yes"),
            (Kind::Flag, "否", "no"),
            (Kind::Text, "王  芳\n女士", "王 芳 女士"),
            (Kind::Rows, "借条\n\n  转账记录 \n", "借条\n转账记录"),
        ] {
            assert_eq!(told(kind, None, typed), (value.to_owned(), None), "{typed}");
        }
    }

    #[test]
    fn what_has_no_shape_stays_as_it_was_typed() {
        for (kind, typed, code) in [
            (Kind::Money, "五万多", "money"),
            (Kind::Money, "1.234", "money"),
            (Kind::Date, "去年春节", "date"),
            (Kind::Date, "2024-02-30", "date"),
            (Kind::Whole, "两个", "whole"),
            (Kind::Rate, "两分", "rate"),
        ] {
            assert_eq!(told(kind, None, typed), (typed.to_owned(), Some(code)), "{typed}");
        }
        assert_eq!(told(Kind::Choice, None, "else"), (String::new(), Some("choice")));
        let wrong = told(Kind::Text, Some(Form::Id18), "110105194912310021");
        assert_eq!(wrong, ("110105194912310021".to_owned(), Some("id18")));
        let right = told(Kind::Text, Some(Form::Id18), "11010519491231002x");
        assert_eq!(right, ("11010519491231002X".to_owned(), None));
    }

    #[test]
    fn numbers_compare_exactly() {
        let number = |text| Number::parse(text).unwrap();
        assert!(number("13.8") < number("14") && number("0.10") == number("0.1"));
        assert_eq!((Number::parse("-1"), Number::parse("x")), (None, None));
    }
}
