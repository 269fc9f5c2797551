//! What stands at the foot of a page people may want to keep: print it, hear it, have it on the telephone, read it
//! larger.

use maud::{Markup, html};

use super::receipt::qr;
use crate::t;
use crate::ui::Visit;
use crate::ui::details::details;

/// The tools of this page.
pub fn tools(visit: &Visit) -> Markup {
    let lang = visit.lang;
    html! {
        aside class="hf-tools hf-no-print" aria-label=(t!(lang, "tools")) {
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "tools-print")) }
            button type="button" class="govuk-button govuk-button--secondary" aria-pressed="false" hidden
                data-speak=(t!(lang, "tools-speak")) data-stop=(t!(lang, "tools-speak-stop")) { (t!(lang, "tools-speak")) }
            a class="govuk-link" href="/display" { (t!(lang, "tools-size")) }
            @if !visit.origin.is_empty() {
                (details(&t!(lang, "tools-phone"), &html! {
                    p class="govuk-body-s" { (t!(lang, "tools-phone-text")) }
                    (qr(&format!("{}{}", visit.origin, visit.path), &t!(lang, "tools-phone")))
                }))
            }
        }
    }
}
