//! What is kept about a person: see it, take it along, have it deleted; and the proof that it was.

mod certificate;
pub mod copy;
mod data;
mod readable;

use maud::{Markup, html};
use serde_json::Value;

use super::fault::text;
use crate::lang::Lang;
use crate::t;
use crate::ui::notification::{Notice, notification};
use crate::ui::time;

pub use certificate::{desk, portal};
pub use data::{delete, get};

/// Whether the content of a matter was deleted.
pub fn is_erased(view: &Value) -> bool {
    view.get("erased").is_some()
}

/// What stands on the page of an erased matter: that, when and why its content is gone, and the certificate.
pub fn erased(lang: Lang, page: &str, view: &Value) -> Markup {
    let Some(erased) = view.get("erased") else { return html! {} };
    let day = time::moment_text(lang, text(erased, "at"));
    let basis = format!("rights-basis-{}", text(&erased["right"], "basis"));
    let ground = if crate::lang::knows(&basis) { t!(lang, &basis) } else { String::new() };
    notification(
        lang,
        Notice::Important,
        &html! {
            p class="govuk-body" { (t!(lang, "rights-erased-said", date = day, ground = ground)) }
            p class="govuk-body" { a class="govuk-link" href={ (page) "/deletion" } { (t!(lang, "rights-certificate-open")) } }
        },
    )
}
