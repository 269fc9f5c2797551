//! What people are told and asked before data of theirs is handled: drawn from the texts in force, read back as the
//! contract's `consents`.

use catalog::consents::{Asked, Text};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::fault::{at, text};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::checkboxes::checkboxes;
use crate::ui::details::details;
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::question::paragraphs;
use crate::ui::time;

/// The texts of an item that concern this person; a guardian is asked only where one speaks.
pub fn texts<'a>(app: &'a App, item: &'a str, guardian: bool) -> impl Iterator<Item = &'a Text> {
    let texts = app.register().catalog().consents().in_force(Some(item));
    texts.filter(move |text| guardian || text.ask != Asked::Guardian)
}

/// Field of a text that is agreed to or not.
pub fn field(text: &Text) -> String {
    format!("agree.{}", text.id)
}

/// Every text, each with its box where it is asked.
pub fn shown<'a>(
    lang: Lang,
    texts: impl Iterator<Item = &'a Text>,
    ticked: impl Fn(&str) -> bool,
    problems: &[Problem],
) -> Markup {
    html! {
        @for text in texts {
            (whole(lang, text))
            @if text.ask != Asked::Told {
                @let name = field(text);
                @let yes = [Choice::new("yes", t!(lang, "consent-agree"))];
                @let on: Vec<String> = ticked(&name).then(|| "yes".to_owned()).into_iter().collect();
                @let ask = Ask::new(name, text.title.get(lang)).hint(t!(lang, hint(text.ask))).error(at(problems, &field(text)));
                (checkboxes(lang, &ask, &yes, &on))
            }
        }
    }
}

const fn hint(ask: Asked) -> &'static str {
    match ask {
        Asked::Guardian => "consent-guardian-hint",
        Asked::Separate | Asked::Told => "consent-separate-hint",
    }
}

/// What was said, as `POST /matters` takes it.
pub fn said<'a>(texts: impl Iterator<Item = &'a Text>, ticked: impl Fn(&str) -> bool) -> Value {
    texts
        .map(|text| {
            let agreed = text.ask == Asked::Told || ticked(&field(text));
            json!({ "text": text.id, "version": text.version, "agreed": agreed })
        })
        .collect()
}

/// Shows a refusal about the guardian's word at the guardian's box.
pub fn at_guardian(problems: &mut [Problem]) {
    for problem in problems.iter_mut().filter(|problem| problem.field == "consents") {
        "agree.guardian".clone_into(&mut problem.field);
    }
}

/// What stands of a matter's consents, each with the text in the version it was said to; nothing where nobody was
/// asked.
pub fn standing(app: &App, lang: Lang, view: &Value) -> Markup {
    let said: Vec<&Value> = view["consents"].as_array().into_iter().flatten().collect();
    let texts = app.register().catalog().consents();
    html! {
        @for one in &said {
            @let version = one["version"].as_u64().and_then(|version| u32::try_from(version).ok()).unwrap_or_default();
            @if let Some(known) = texts.version(text(one, "text"), version) {
                @let on = time::moment_text(lang, text(one, "at"));
                @let key = match (known.ask, one["agreed"].as_bool()) {
                    (Asked::Told, _) => "consent-told",
                    (_, Some(true)) => "consent-agreed",
                    _ => "consent-not-agreed",
                };
                p class="govuk-body govuk-!-margin-bottom-1" { (t!(lang, key, on = on)) }
                (whole(lang, known))
            }
        }
    }
}

/// A text, folded.
fn whole(lang: Lang, text: &Text) -> Markup {
    details(
        &t!(lang, "consent-title", title = text.title.get(lang), version = text.version),
        &html! {
            p class="govuk-body" { (paragraphs(text.text.get(lang).trim())) }
            p class="govuk-body hf-quiet" { "《" (text.basis.law) "》" (t!(lang, "consent-article", article = text.basis.article)) }
        },
    )
}
