//! A result as people read and print it: what came out, how, by which rule and figure.

use calculators::{Answer, label_key};
use catalog::parameters::Parameter;
use kernel::refusal::Text;
use maud::{Markup, html};
use serde_json::Value;

use crate::lang::{Lang, knows, say};
use crate::t;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Visit, table};

/// Outputs that are percents.
const PERCENTS: &[&str] =
    &["lpr", "fourfold", "supported_rate", "part1_rate", "part2_rate", "min_percent", "max_percent"];

/// Draws the result.
pub fn draw(lang: Lang, answer: &Answer) -> Markup {
    let rows: Vec<Row> = answer
        .result
        .iter()
        .map(|(name, value)| Row::markup(say(lang, &label_key(name), &[]), shown(lang, name, value)))
        .collect();
    let heads =
        ["what", "formula", "value", "article"].map(|end| say(lang, &format!("calc-step-{end}"), &[]));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let steps: Vec<Vec<Markup>> = answer
        .working
        .steps
        .iter()
        .map(|step| {
            vec![
                html! { (say(lang, &label_key(step.name), &[])) },
                html! { (step.formula) },
                // A sum is not broken in its middle.
                html! { @let value = word(lang, &step.value); span class=[is_short(&value).then_some("hf-nowrap")] { (value) } },
                html! { (article(lang, step.law.as_deref(), step.article.as_deref())) },
            ]
        })
        .collect();
    let rules: Vec<Vec<Markup>> = answer.working.parameters.iter().map(|row| rule(lang, row)).collect();
    let rule_heads = rule_heads(lang);
    let rule_heads: Vec<&str> = rule_heads.iter().map(String::as_str).collect();
    html! {
        section aria-labelledby="result" {
            h2 class="govuk-heading-m" id="result" { (t!(lang, "calc-result")) }
            (summary_list(&rows))
            @if !answer.working.notes.is_empty() {
                h3 class="govuk-heading-s" { (t!(lang, "calc-notes")) }
                ul class="govuk-list govuk-list--bullet" {
                    @for note in &answer.working.notes {
                        li { (said(lang, note)) }
                    }
                }
            }
            @if !steps.is_empty() {
                h3 class="govuk-heading-s" { (t!(lang, "calc-steps")) }
                (table::table(&t!(lang, "calc-steps"), &heads, &steps))
                p class="govuk-hint" { (t!(lang, "calc-rounding")) }
            }
            @if !rules.is_empty() {
                h3 class="govuk-heading-s" { (t!(lang, "calc-rules")) }
                (table::table(&t!(lang, "calc-rules"), &rule_heads, &rules))
            }
            div class="govuk-inset-text" { (t!(lang, "calc-reference")) }
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "calc-print")) }
        }
    }
}

/// The result as a sheet of plain words, for PDF and DOCX; lines between bars are tables.
pub fn sheet(lang: Lang, title: &str, answer: &Answer) -> String {
    let row = |cells: &[String]| {
        format!("|{}|", cells.iter().map(|cell| cell.replace('|', "/")).collect::<Vec<_>>().join("|"))
    };
    let heads = |keys: &[&str]| row(&keys.iter().map(|key| say(lang, key, &[])).collect::<Vec<_>>());
    let mut lines = vec![title.to_owned(), String::new()];
    lines.push(heads(&["calc-step-what", "calc-step-value"]));
    lines.extend(
        answer
            .result
            .iter()
            .map(|(name, value)| row(&[say(lang, &label_key(name), &[]), plain(lang, name, value)])),
    );
    let notes = &answer.working.notes;
    if !notes.is_empty() {
        lines.extend([String::new(), t!(lang, "calc-notes")]);
        lines.extend(notes.iter().map(|note| said(lang, note)));
    }
    if !answer.working.steps.is_empty() {
        lines.extend([String::new(), t!(lang, "calc-steps"), String::new()]);
        lines.push(heads(&["calc-step-what", "calc-step-formula", "calc-step-value", "calc-step-article"]));
        lines.extend(answer.working.steps.iter().map(|step| {
            row(&[
                say(lang, &label_key(step.name), &[]),
                step.formula.clone(),
                word(lang, &step.value),
                article(lang, step.law.as_deref(), step.article.as_deref()),
            ])
        }));
    }
    lines.extend([String::new(), t!(lang, "calc-rounding"), t!(lang, "calc-reference")]);
    lines.join("\n")
}

/// What was computed and what came out: as people tell it of themselves, as a colleague notes it.
pub fn told(visit: &Visit, title: &str, answer: &Answer) -> String {
    let key = if visit.principal.is_staff() { "calc-noted" } else { "calc-carry-story" };
    t!(visit.lang, key, title = title, sums = summary(visit.lang, answer))
}

/// The results in one line.
fn summary(lang: Lang, answer: &Answer) -> String {
    let told = answer.result.iter().filter(|(_, value)| value.is_string() || value.is_number());
    let parts = told
        .map(|(name, value)| format!("{} {}", say(lang, &label_key(name), &[]), plain(lang, name, value)));
    parts.collect::<Vec<_>>().join(&t!(lang, "ask-comma"))
}

/// A value in words.
fn plain(lang: Lang, name: &str, value: &Value) -> String {
    match value {
        Value::Null => t!(lang, "ui-not-given"),
        Value::Bool(yes) => t!(lang, if *yes { "ui-yes" } else { "ui-no" }),
        Value::String(text) if PERCENTS.contains(&name) => format!("{text}%"),
        Value::String(text) if is_money(text) => format!("{text} {}", t!(lang, "ui-yuan")),
        Value::String(text) => word(lang, text),
        Value::Array(list) => list.iter().map(|one| plain(lang, name, one)).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let told = fields.iter().map(|(who, one)| format!("{who}: {}", plain(lang, name, one)));
            told.collect::<Vec<_>>().join("; ")
        }
        Value::Number(number) => number.to_string(),
    }
}

/// Amounts are decimal strings with two places.
pub fn is_money(text: &str) -> bool {
    text.split_once('.').is_some_and(|(whole, part)| {
        part.len() == 2
            && !whole.is_empty()
            && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit())
    })
}

/// A message with its arguments.
fn said(lang: Lang, text: &Text) -> String {
    let args: Vec<(&str, String)> =
        text.args.iter().map(|(name, value)| (name.as_ref(), value.clone())).collect();
    say(lang, &text.key, &args)
}

fn word(lang: Lang, text: &str) -> String {
    let key = format!("calc-word-{text}");
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if plain && knows(&key) { say(lang, &key, &[]) } else { text.to_owned() }
}

fn shown(lang: Lang, name: &str, value: &Value) -> Markup {
    match value {
        Value::Null => html! { span class="hf-quiet" { (t!(lang, "ui-not-given")) } },
        Value::Bool(yes) => html! { (t!(lang, if *yes { "ui-yes" } else { "ui-no" })) },
        Value::String(text) if PERCENTS.contains(&name) => html! { (text) "%" },
        Value::String(text) if is_money(text) => html! { strong { (text) } " " (t!(lang, "ui-yuan")) },
        Value::String(text) => html! { (word(lang, text)) },
        Value::Array(list) => html! {
            ul class="govuk-list" { @for one in list { li { (shown(lang, name, one)) } } }
        },
        Value::Object(fields) => html! {
            ul class="govuk-list" { @for (who, one) in fields { li { (who) "：" (shown(lang, name, one)) } } }
        },
        Value::Number(number) => html! { (number) },
    }
}

fn article(lang: Lang, law: Option<&str>, article: Option<&str>) -> String {
    let article = article.map(|article| {
        if article.bytes().all(|byte| byte.is_ascii_digit()) {
            t!(lang, "calc-article", article = article)
        } else {
            article.to_owned()
        }
    });
    [law.map(|law| format!("《{law}》")), article].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Heads of the table of rules.
pub fn rule_heads(lang: Lang) -> [String; 4] {
    ["id", "value", "since", "source"].map(|end| say(lang, &format!("calc-rule-{end}"), &[]))
}

/// A number or a word; a sentence may be broken.
fn is_short(value: &str) -> bool {
    value.chars().count() <= 14
}

/// A row of the tables: the rule, its numbers, since when, from where.
pub fn rule(lang: Lang, row: &Parameter) -> Vec<Markup> {
    let mut values: Vec<String> = row.number.iter().chain(row.numbers.iter().flatten()).cloned().collect();
    for band in row.bands.iter().flatten() {
        let flat = band.flat.clone();
        let percent = band.percent.as_ref().map(|percent| format!("{percent}%"));
        let part = [flat, percent].into_iter().flatten().collect::<Vec<_>>().join(" + ");
        values.push(format!(">{} {part}", band.over));
    }
    if let (Some(count), Some(unit)) = (row.count, row.unit) {
        values.push(format!("{count} {}", word(lang, unit.as_str())));
    }
    let until = row.effective_to.map(|last| format!(" – {last}")).unwrap_or_default();
    vec![
        html! {
            (article(lang, row.law.as_deref(), row.article.as_deref()))
            @if let Some(area) = row.area { " (" (area) ")" }
            @if !row.verified { " " strong class="govuk-tag govuk-tag--yellow" { (t!(lang, "calc-unverified")) } }
        },
        html! { (values.join("  ")) @if let Some(year) = row.year { " (" (year) ")" } },
        html! { (row.effective_from) (until) },
        html! { (row.source) @if let Some(note) = &row.note { br; span class="hf-quiet" { (note) } } },
    ]
}
