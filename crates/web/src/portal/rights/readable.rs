//! The copy for people: plain headings and lists, in the words of the forms. One file that needs nothing else.

use catalog::item::Item;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use crate::app::App;
use crate::lang::{Lang, knows};
use crate::portal::fault::text;
use crate::portal::matter::grouped;
use crate::t;
use crate::ui::time;

/// What closes the file.
pub const TAIL: &str = "</main></body></html>\n";

/// The beginning of the file: when it was taken, and what is kept beside matters.
pub fn head(lang: Lang, taken: &str, account: &Value) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped(format!("<html lang=\"{}\">", match lang { Lang::Zh => "zh-CN", Lang::En => "en" })))
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (t!(lang, "my-data-title")) }
        }
        (PreEscaped("<body><main>"))
        h1 { (t!(lang, "my-data-title")) }
        p { (t!(lang, "copy-taken", date = time::moment_text(lang, taken))) }
        p { (t!(lang, "copy-masked")) }
        @if !account.is_null() {
            h2 { (t!(lang, "my-data-account")) }
            (tree(lang, None, account))
        }
    }
}

/// One matter.
pub fn matter(app: &App, lang: Lang, copy: &Value) -> Markup {
    let item = app.register().catalog().item(text(copy, "item")).cloned();
    html! {
        section {
            h2 { (text(copy, "item_name")) " " (grouped(text(copy, "number"))) }
            (tree(lang, item.as_deref(), copy))
        }
    }
}

/// A value with all that lies in it.
fn tree(lang: Lang, item: Option<&Item>, value: &Value) -> Markup {
    match value {
        Value::Object(fields) => html! {
            dl {
                @for (name, value) in fields.iter().filter(|(_, value)| !is_empty(value)) {
                    dt { (label(lang, item, name)) }
                    dd { (tree(lang, item, value)) }
                }
            }
        },
        Value::Array(list) => html! { ol { @for value in list { li { (tree(lang, item, value)) } } } },
        Value::String(text) => html! { @for line in text.lines() { (line) br; } },
        Value::Bool(yes) => html! { (t!(lang, if *yes { "ui-yes" } else { "ui-no" })) },
        Value::Number(number) => html! { (number.to_string()) },
        Value::Null => html! {},
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The name of a value: as the form asked for it, else as the page calls it.
fn label(lang: Lang, item: Option<&Item>, name: &str) -> String {
    if let Some(question) = item.and_then(|item| item.question(name)) {
        return question.label.get(lang).to_owned();
    }
    let key = format!("copy-{}", name.replace('_', "-"));
    if knows(&key) { t!(lang, &key) } else { name.to_owned() }
}
