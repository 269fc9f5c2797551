//! The other people of a matter: the other side, co-applicants. A block of fields for each, of which empty ones
//! are left out; at the desk also a list pasted from a table.

use std::collections::BTreeMap;

use kernel::identity::{Id18, Phone, Uscc};
use kernel::text::{compact, normalise};
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::fault::at;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::form::Values;
use crate::ui::input::{Typed, input};
use crate::ui::{Visit, select};

/// What is said of one of them, by field: `role kind name paper phone represented_by`.
pub type Said = BTreeMap<String, String>;

/// Name and value of the button that asks for one more block.
pub const MORE: &str = "more";

/// What people besides the applicant are to a matter.
const ROLES: [&str; 4] = ["opponent", "applicant", "victim", "third"];
const KINDS: [&str; 3] = ["person", "company", "organ"];
const FIELDS: [&str; 6] = ["role", "kind", "name", "paper", "phone", "represented_by"];

/// Blocks a form shows at most; more people come as a list.
const MOST_BLOCKS: usize = 20;

fn name_of(index: usize, field: &str) -> String {
    format!("parties.{index}.{field}")
}

/// One block for each person named, at least `least`.
pub fn blocks(lang: Lang, said: &[Said], least: usize, problems: &[Problem]) -> Markup {
    let count = said.len().max(least);
    let empty = Said::new();
    html! {
        input type="hidden" name="parties.count" value=(count);
        @for index in 0..count { (block(lang, index, said.get(index).unwrap_or(&empty), problems)) }
    }
}

/// The button for one more block. It must not be the first of its form: that one answers the Enter key.
pub fn more(lang: Lang, said: &[Said]) -> Markup {
    html! { @if said.len() < MOST_BLOCKS { (button::submit_as(&t!(lang, "others-more"), Weight::Second, MORE, "1")) } }
}

fn block(lang: Lang, index: usize, said: &Said, problems: &[Problem]) -> Markup {
    let value = |field: &str| said.get(field).map_or("", String::as_str);
    let ask = |field: &str| {
        let name = name_of(index, field);
        let error = at(problems, &name);
        Ask::new(name, t!(lang, &format!("others-{}", field.replace('_', "-")))).error(error)
    };
    let roles: Vec<Choice> =
        ROLES.into_iter().map(|role| Choice::new(role, t!(lang, &format!("party-role-{role}")))).collect();
    let kinds: Vec<Choice> =
        KINDS.into_iter().map(|kind| Choice::new(kind, t!(lang, &format!("kind-{kind}")))).collect();
    let or =
        |value: &'static str, given: &str| if given.is_empty() { value.to_owned() } else { given.to_owned() };
    html! {
        fieldset class="govuk-fieldset hf-other" {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (t!(lang, "others-one", n = index + 1)) }
            div class="hf-two" {
                (select::select(lang, &ask("role"), &roles, &or("opponent", value("role"))))
                (select::select(lang, &ask("kind"), &kinds, &or("person", value("kind"))))
                (input(lang, &ask("name"), value("name"), Typed::Text))
                (input(lang, &ask("paper").optional(true), value("paper"), Typed::Code))
                (input(lang, &ask("phone").optional(true), value("phone"), Typed::Text))
                (input(lang, &ask("represented_by").optional(true), value("represented_by"), Typed::Text))
            }
        }
    }
}

/// What was typed, block by block; blocks without a name or a paper or a phone are left out.
pub fn read(values: &Values) -> Vec<Said> {
    let count = values.get("parties.count").parse::<usize>().unwrap_or(0).min(MOST_BLOCKS);
    (0..count)
        .map(|index| {
            FIELDS
                .into_iter()
                .filter_map(|field| {
                    let typed = values.get(&name_of(index, field));
                    let tidy = match field {
                        "paper" | "phone" => compact(typed).to_uppercase(),
                        _ => normalise(typed),
                    };
                    (!tidy.is_empty()).then(|| (field.to_owned(), tidy))
                })
                .collect::<Said>()
        })
        .filter(|said| said.keys().any(|field| field != "role" && field != "kind"))
        .collect()
}

/// People of a list pasted from a table, a line each: name, then identity number, phone and representative in any
/// order, between tabs, commas or blanks. Empty lines are passed over; with each its line, from one.
pub fn lines(text: &str) -> Vec<(usize, Said)> {
    text.lines().enumerate().filter_map(|(index, line)| Some((index + 1, one_line(line)?))).collect()
}

fn one_line(line: &str) -> Option<Said> {
    let line = normalise(line);
    let mut words =
        line.split([',', '，', '、', ';', '；', ' ', '\u{3000}', '\t']).filter(|word| !word.is_empty());
    let name = words.next()?;
    let mut said = Said::from([
        ("role".to_owned(), "applicant".to_owned()),
        ("kind".to_owned(), "person".to_owned()),
        ("name".to_owned(), name.to_owned()),
    ]);
    for word in words {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let field = match digits {
            0..=4 => "represented_by",
            15.. => "paper",
            _ => "phone",
        };
        said.insert(field.to_owned(), word.to_uppercase());
    }
    Some(said)
}

/// One of them as the register takes it.
pub fn body(said: &Said) -> Value {
    let text = |field: &str| said.get(field).map(|value| Value::from(value.as_str()));
    let person = said.get("kind").is_none_or(|kind| kind == "person");
    let mut body = Map::new();
    body.insert("role".to_owned(), text("role").unwrap_or_else(|| "opponent".into()));
    body.insert("kind".to_owned(), text("kind").unwrap_or_else(|| "person".into()));
    body.insert("name".to_owned(), text("name").unwrap_or_default());
    let paper = if person { "id_no" } else { "uscc" };
    for (key, field) in [(paper, "paper"), ("phone", "phone"), ("represented_by", "represented_by")] {
        if let Some(value) = text(field) {
            body.insert(key.to_owned(), value);
        }
    }
    Value::Object(body)
}

/// What is wrong with the blocks, for the page. The register checks again.
pub fn wrong(visit: &Visit, said: &[Said]) -> Vec<Problem> {
    said.iter()
        .enumerate()
        .flat_map(|(index, said)| {
            faults(visit, said).into_iter().map(move |(field, text)| Problem::at(name_of(index, field), text))
        })
        .collect()
}

/// What is wrong with a pasted list: one problem a line, at the list.
pub fn wrong_lines(visit: &Visit, list: &[(usize, Said)], field: &str) -> Vec<Problem> {
    list.iter()
        .flat_map(|(line, said)| {
            faults(visit, said).into_iter().map(move |(_, text)| {
                Problem::at(field, t!(visit.lang, "others-line", n = line, what = text))
            })
        })
        .collect()
}

fn faults(visit: &Visit, said: &Said) -> Vec<(&'static str, String)> {
    let lang = visit.lang;
    let mut faults = Vec::new();
    let person = said.get("kind").is_none_or(|kind| kind == "person");
    if !said.contains_key("name") {
        faults.push(("name", t!(lang, "others-name-missing")));
    }
    if let Some(paper) = said.get("paper") {
        if person && Id18::parse(paper, visit.now.date()).is_err() {
            faults.push(("paper", t!(lang, "applicant-id18-wrong")));
        } else if !person && Uscc::parse(paper).is_err() {
            faults.push(("paper", t!(lang, "applicant-uscc-wrong")));
        }
    }
    if said.get("phone").is_some_and(|phone| Phone::parse(phone).is_err()) {
        faults.push(("phone", t!(lang, "others-phone-wrong")));
    }
    faults
}

/// Leads what the register says of people after the blocks to the pasted list they came from.
pub fn at_list(problems: &mut [Problem], blocks: usize, field: &str) {
    for problem in problems {
        let index =
            problem.field.strip_prefix("parties.").and_then(|rest| rest.split('.').next()?.parse().ok());
        if index.is_some_and(|index: usize| index >= blocks) {
            field.clone_into(&mut problem.field);
        }
    }
}

/// Whether one more block was asked for, and nothing else.
pub fn wants_more(values: &Values) -> bool {
    !values.get(MORE).is_empty()
}

/// The blocks with one more, for showing again.
pub fn one_more(mut said: Vec<Said>) -> Vec<Said> {
    said.push(Said::new());
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_line_by_line_in_any_order_of_columns() {
        let text =
            "张三\t11010519491231002X\t13900000001\n\n李四，13900000002\n王五 张三 110105194912310038\n";
        let list = lines(text);
        assert_eq!(list.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(list[0].1["paper"], "11010519491231002X");
        assert_eq!(list[0].1["phone"], "13900000001");
        assert_eq!(list[1].1.get("paper"), None);
        assert_eq!(list[2].1["represented_by"], "张三");
        assert!(list.iter().all(|(_, said)| said["role"] == "applicant"));
    }

    #[test]
    fn empty_blocks_are_nobody_and_organisations_have_a_code() {
        let mut values = Values::default();
        values.push("parties.count", "2");
        values.push("parties.0.role", "opponent");
        values.push("parties.0.kind", "company");
        values.push("parties.0.name", " 测试建筑公司 ");
        values.push("parties.0.paper", "91350100M000100Y43");
        values.push("parties.1.role", "opponent");
        values.push("parties.1.kind", "person");
        let said = read(&values);
        assert_eq!(said.len(), 1);
        let body = body(&said[0]);
        assert_eq!(body["uscc"], "91350100M000100Y43");
        assert_eq!(body.get("id_no"), None);
        assert_eq!(body["name"], "测试建筑公司");
    }

    #[test]
    fn wrong_lines_are_told_by_their_line() {
        let visit = Visit::sample(Lang::Zh);
        let list = lines("张三 110105194912310021\n李四");
        let problems = wrong_lines(&visit, &list, "batch");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].text.contains('1'), "{}", problems[0].text);
    }
}
