//! The warning before saving: matters of the same person, or so like this one that it may be the same.

use maud::{Markup, html};
use serde_json::Value;

use crate::portal::fault::text;
use crate::portal::matter::grouped;
use crate::t;
use crate::ui::Visit;
use crate::ui::form::Values;
use crate::ui::notification::{Notice, notification};

/// The field that says that the warning was read.
const SEEN: &str = "alike";

/// Whether the clerk has seen the matters that look alike and opens a new one all the same.
pub fn seen(values: &Values) -> bool {
    !values.get(SEEN).is_empty()
}

/// The matters found, each with why and a way to open it; nothing when there are none.
pub fn shown(visit: &Visit, alike: &[Value]) -> Markup {
    let lang = visit.lang;
    if alike.is_empty() {
        return html! {};
    }
    let body = html! {
        p { (t!(lang, "alike-lead")) }
        ul class="govuk-list govuk-list--bullet govuk-body" {
            @for one in alike {
                @let number = text(one, "number");
                li {
                    a class="govuk-link hf-number" href={ "/desk/matters/" (number) } target="_blank" rel="noopener" { (grouped(number)) }
                    " " (text(one, "item_name")) "，" (text(one, "step_name"))
                    br;
                    span class="hf-quiet" { (why(visit, one)) }
                }
            }
        }
    };
    html! {
        input type="hidden" name=(SEEN) value="seen";
        (notification(lang, Notice::Important, &body))
    }
}

fn why(visit: &Visit, one: &Value) -> String {
    let reasons = one["why"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let words: Vec<String> = reasons.map(|reason| t!(visit.lang, &format!("alike-{reason}"))).collect();
    words.join(&t!(visit.lang, "alike-and"))
}
