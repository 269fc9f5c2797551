//! The words of a template: lines with places to fill, lines that stand only under a condition, lines for each row.
//!
//! `{x}` is the answer to `x`, or a line to write on. `[…{x}…]` stands only when all its places are answered.
//! `{x:capital}` writes an amount in capitals, `{x*}` stands for each row, `{x*1}` and `{x*2}` for its cells;
//! `{#}` counts lines anew below a blank line or a heading (`…：`), `{##}` counts on in Chinese. `?condition: …` stands only when it holds, and `+…` goes on
//! in the paragraph before.

use crate::answers::Answers;
use crate::chinese;
use crate::model::{Kind, Template};
use crate::when::When;

/// Stands where nothing was answered.
const BLANK: &str = "________";

/// A line of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    joins: bool,
    when: When,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Place {
        name: String,
        form: Shape,
    },
    /// Stands when all its places are answered.
    Maybe(Vec<Part>),
    /// Counts lines below a heading.
    Count,
    /// Counts through the document.
    Chapter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Plain,
    Capital,
    Row,
    Cell(usize),
}

/// Where the counters of a document stand.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    line: u32,
    chapter: u32,
}

impl Line {
    /// Reads a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (joins, text) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        let (when, text) = match text.strip_prefix('?') {
            Some(rest) => {
                let (when, text) = rest
                    .split_once(':')
                    .ok_or_else(|| format!("`{text}` has no `:` behind its condition"))?;
                (When::parse(when)?, text.trim_start())
            }
            None => (When::default(), text),
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '[']) {
            if at > 0 {
                parts.push(Part::Words(rest[..at].to_owned()));
            }
            let (end, maybe) = if rest[at..].starts_with('{') { ('}', false) } else { (']', true) };
            let close = rest[at..].find(end).ok_or_else(|| format!("`{text}`: `{end}` is missing"))? + at;
            let inner = &rest[at + 1..close];
            parts.push(if maybe { Part::Maybe(Self::parse(inner)?.parts) } else { place(inner)? });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        Ok(Self { joins, when, parts })
    }

    /// Whether it goes on in the paragraph before.
    pub(crate) fn joins(&self) -> bool {
        self.joins
    }

    /// The condition it stands under.
    pub(crate) fn when(&self) -> &When {
        &self.when
    }

    /// The questions it names, and whether as an amount in capitals or as rows.
    pub(crate) fn places(&self) -> Vec<(&str, Option<Kind>)> {
        fn walk<'a>(parts: &'a [Part], found: &mut Vec<(&'a str, Option<Kind>)>) {
            for part in parts {
                match part {
                    Part::Place { name, form } => found.push((
                        name,
                        match form {
                            Shape::Plain => None,
                            Shape::Capital => Some(Kind::Money),
                            Shape::Row | Shape::Cell(_) => Some(Kind::Rows),
                        },
                    )),
                    Part::Maybe(parts) => walk(parts, found),
                    Part::Words(_) | Part::Count | Part::Chapter => {}
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.parts, &mut found);
        found
    }

    /// Writes it; a line for rows becomes several, one that does not stand none.
    pub(crate) fn write(
        &self,
        template: &Template,
        answers: &Answers,
        counters: &mut Counters,
    ) -> Vec<String> {
        if !self.when.holds(answers) {
            return Vec::new();
        }
        let counts = self.parts.contains(&Part::Count);
        let heads = matches!(self.parts.last(), Some(Part::Words(words)) if words.ends_with('：'));
        if self.parts.is_empty() || (heads && !counts) {
            counters.line = 0;
        }
        let of_rows = self.parts.iter().find_map(|part| match part {
            Part::Place { name, form: Shape::Row | Shape::Cell(_) } => Some(name),
            _ => None,
        });
        let table = matches!(self.parts.first(), Some(Part::Words(words)) if words.starts_with('|'));
        let rows = match of_rows {
            Some(name) if !answers.get(name).is_empty() => answers.rows(name),
            // Nothing to count yet, but a line to write on.
            _ => vec![""],
        };
        let mut written = Vec::new();
        for row in rows {
            if counts {
                counters.line += 1;
            }
            if self.parts.contains(&Part::Chapter) {
                counters.chapter += 1;
            }
            let writing = Writing { template, answers, counters: &*counters, row, table };
            let text: String = self.parts.iter().map(|part| writing.part(part)).collect();
            written.extend(text.lines().map(str::to_owned));
            if self.parts.is_empty() {
                written.push(String::new());
            }
        }
        written
    }
}

fn place(inner: &str) -> Result<Part, String> {
    match inner {
        "#" => return Ok(Part::Count),
        "##" => return Ok(Part::Chapter),
        _ => {}
    }
    let (name, form) = if let Some(name) = inner.strip_suffix(":capital") {
        (name, Shape::Capital)
    } else if let Some((name, cell)) = inner.split_once('*') {
        let form = match cell {
            "" => Shape::Row,
            "1" => Shape::Cell(0),
            "2" => Shape::Cell(1),
            _ => return Err(format!("`{{{inner}}}`: rows have two cells")),
        };
        (name, form)
    } else {
        (inner, Shape::Plain)
    };
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !plain {
        return Err(format!("`{{{inner}}}` is no place"));
    }
    Ok(Part::Place { name: name.to_owned(), form })
}

/// One line being written.
struct Writing<'a> {
    template: &'a Template,
    answers: &'a Answers,
    counters: &'a Counters,
    row: &'a str,
    table: bool,
}

impl Writing<'_> {
    fn part(&self, part: &Part) -> String {
        match part {
            Part::Words(words) => words.clone(),
            Part::Count => self.counters.line.to_string(),
            Part::Chapter => chinese::numeral(self.counters.chapter),
            Part::Place { name, form } => {
                let told = self.place(name, *form);
                // A cell is open as it is.
                if told.is_empty() && !self.table { BLANK.to_owned() } else { told }
            }
            Part::Maybe(parts) => {
                let open = parts.iter().any(|part| match part {
                    Part::Place { name, form } => self.place(name, *form).is_empty(),
                    _ => false,
                });
                if open { String::new() } else { parts.iter().map(|part| self.part(part)).collect() }
            }
        }
    }

    /// An answer as it is printed; empty when there is none.
    fn place(&self, name: &str, form: Shape) -> String {
        let told = match form {
            Shape::Capital => chinese::capital(self.answers.get(name)).unwrap_or_default(),
            Shape::Row => cells(self.row).0.to_owned() + &after(cells(self.row).1),
            Shape::Cell(0) => cells(self.row).0.to_owned(),
            Shape::Cell(_) => cells(self.row).1.to_owned(),
            Shape::Plain => printed(self.template, self.answers, name),
        };
        harmless(&told, self.table)
    }
}

/// A row that says more behind a bar: `借条 | 证明借款`.
fn cells(row: &str) -> (&str, &str) {
    row.split_once(['|', '｜']).map_or((row, ""), |(first, second)| (first.trim(), second.trim()))
}

fn after(second: &str) -> String {
    if second.is_empty() { String::new() } else { format!("（{second}）") }
}

/// An answer in the words of the document.
fn printed(template: &Template, answers: &Answers, name: &str) -> String {
    let value = answers.get(name);
    let Some(question) = template.question(name) else { return value.to_owned() };
    match question.kind {
        Kind::Date => answers.day(name).map_or_else(
            || value.to_owned(),
            |day| format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        ),
        Kind::Choice => question
            .choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(String::new, |choice| choice.zh.clone()),
        Kind::Flag => String::new(),
        _ => value.to_owned(),
    }
}

/// Signs that mean something to the sheet are taken for what they look like: bars make tables, `@` names a page.
fn harmless(text: &str, table: bool) -> String {
    let text = text.replace('|', "｜");
    let text = if text.starts_with('@') { text.replacen('@', "＠", 1) } else { text };
    if table { text.replace('\n', " ") } else { text }
}
