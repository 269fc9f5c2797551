//! Values in words, as they stand in documents.

use catalog::item::{Item, Kind, Question};
use kernel::lang::Lang;
use serde_json::{Map, Value};

/// Looks an organisation's name up by its id.
pub fn offices_by(offices: &access::office::Offices) -> impl Fn(&str) -> Option<String> + '_ {
    |id| offices.get(id).map(|office| office.name.clone())
}

/// `2026年11月22日`.
pub fn chinese_date(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// A value in words: the label of a choice, the name of an office, yes and no, a list with its separators.
pub fn words(
    item: &Item,
    name: &str,
    facts: &Map<String, Value>,
    office: &dyn Fn(&str) -> Option<String>,
) -> String {
    let Some(value) = facts.get(name) else { return String::new() };
    let question = item.question(name).or_else(|| {
        let inputs = item.steps.iter().flat_map(|step| &step.actions).flat_map(|action| &action.input);
        inputs.into_iter().find(|question| question.fact == name)
    });
    let one = |text: &str| {
        let label = question.and_then(|question| label(question, text));
        label.or_else(|| office(text)).unwrap_or_else(|| text.to_owned())
    };
    match (value, question.map(|question| question.kind)) {
        (Value::String(text), Some(Kind::Date)) => text.parse().map_or_else(|_| text.clone(), chinese_date),
        (Value::String(text), Some(Kind::Money)) => format!("{text}元"),
        (Value::String(text), _) => one(text),
        (Value::Bool(yes), _) => (if *yes { "是" } else { "否" }).to_owned(),
        (Value::Array(list), _) => {
            list.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join("；")
        }
        (Value::Number(number), _) => number.to_string(),
        _ => String::new(),
    }
}

fn label(question: &Question, id: &str) -> Option<String> {
    question.choices.iter().find(|choice| choice.id == id).map(|choice| choice.label.get(Lang::Zh).to_owned())
}

/// A row of a table in plain words: cells between bars, so what is in them must have none.
pub fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|one| cell(one.as_ref())).collect();
    format!("|{}|", cells.join("|"))
}

/// A value that can stand in a cell: one line, no bar, and no sign that points to a page.
pub fn cell(value: &str) -> String {
    let one: String = value
        .chars()
        .map(|c| match c {
            '|' => '｜',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let one = one.trim();
    one.strip_prefix('@').map_or_else(|| one.to_owned(), |rest| format!("＠{rest}"))
}

/// Fills the places of a text. A line of one place alone takes all lines of its value, or goes when there are none;
/// within a row a value stays in its cell; elsewhere what is not known is left to be filled in by hand.
pub fn fill(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        let alone = line.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if let Some(place) = alone.filter(|place| !place.contains(['{', '}'])) {
            let lines = value(place);
            if !lines.is_empty() {
                filled.push_str(&lines);
                filled.push('\n');
            }
            continue;
        }
        let in_row = line.trim().starts_with('|');
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((place, after)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            let words = value(place);
            match (in_row, words.is_empty()) {
                (true, _) => filled.push_str(&cell(&words)),
                (false, true) => filled.push_str("________"),
                (false, false) => filled.push_str(&words),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled.push('\n');
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_alone_takes_lines_and_a_cell_keeps_its_value() {
        let value = |place: &str| match place {
            "rows" => "|甲|乙|\n|1|2|".to_owned(),
            "name" => "陈|梅\n@d1".to_owned(),
            _ => String::new(),
        };
        assert_eq!(fill("题\n\n{rows}\n{none}\n尾", value), "题\n\n|甲|乙|\n|1|2|\n尾\n");
        assert_eq!(
            fill("|姓名|{name}|\n|空|{none}|\n填：{none}", value),
            "|姓名|陈｜梅 @d1|\n|空||\n填：________\n"
        );
        assert_eq!(row(["@d1", "b"]), "|＠d1|b|");
        assert_eq!(fill("开{着", value), "开{着\n");
    }
}
