//! The form of an answer that does not begin empty: with an answer given before, or with a draft.

use answers::cites;
use answers::drafting::{Basis, Draft, ReadIt};
use answers::model::Published;
use axum::response::Response;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use laws::citation::Citation;
use maud::Markup;
use serde_json::Value;

use super::act;
use crate::app::App;
use crate::portal::fault::{Fault, at, labelled_problems, text};
use crate::portal::offer::{Filled, Offer};
use crate::t;
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::form::Values;
use crate::ui::{Ask, Choice, Visit};

/// Name of the box by which somebody says that they read a model's draft.
const READ: &str = "draft.read";

fn filled(offer: &Offer, filled: Filled, text: &str, rests: &[Citation]) -> Filled {
    let filled = filled.with(offer, "answer.text", text);
    if rests.is_empty() {
        return filled.with(offer, "answer.cites", "cites-none");
    }
    filled.with(offer, "answer.cites", "cites").with(offer, "answer.articles", &cites::spoken(rests))
}

/// The form with an answer given before, and what is said of it above; it is sent by whoever presses the button.
pub fn reused(visit: &Visit, offer: &Offer, fresh: Filled, one: &Published) -> (Filled, String) {
    let form = filled(offer, fresh, &one.answer, &one.cites);
    (form, t!(visit.lang, "answers-reused", question = one.question))
}

/// The form with a draft, and above it where the draft comes from.
pub fn drafted(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: Offer,
    view: &Value,
    draft: &Draft,
) -> Response {
    let lang = visit.lang;
    let offer = offer.at(text(view, "step"));
    let mut form = filled(&offer, Filled::fresh(view, &offer, None), &draft.text, &draft.cites);
    let told = match (draft.basis, &draft.trouble) {
        (Basis::Model, _) => {
            form.besides = read_box(visit, &[]);
            t!(lang, "drafting-by-model", model = draft.model.clone().unwrap_or_default())
        }
        (Basis::Extract, Some(trouble)) => {
            let key = format!("drafting-trouble-{}", trouble.as_str());
            t!(lang, "drafting-refused", why = t!(lang, &key, about = trouble.about()))
        }
        (Basis::Extract, None) => t!(lang, "drafting-extract"),
    };
    act::show(app, visit, number, &offer, &[told], &form)
}

/// The box by which somebody says that they read a draft.
fn read_box(visit: &Visit, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let ask = Ask::new(READ, t!(lang, "drafting-read"))
        .hint(t!(lang, "drafting-read-hint"))
        .error(at(problems, READ));
    checkboxes(lang, &ask, &[Choice::new("yes", t!(lang, "drafting-read-yes"))], &[])
}

/// The form again, when a model's draft comes back as it was and nobody says they read it.
pub async fn unread(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    values: &Values,
) -> Result<Option<Filled>, Fault> {
    if offer.action != "answer" {
        return Ok(None);
    }
    let read = if values.get(READ) == "yes" { ReadIt::Said } else { ReadIt::Open };
    match app.library().hold(number, values.get("answer.text"), read).await {
        Ok(()) => Ok(None),
        Err(refusal) if refusal.code == Code::RuleRefused => {
            let mut problems = labelled_problems(app.words(), visit.lang, &refusal, |_| None);
            for problem in &mut problems {
                READ.clone_into(&mut problem.field);
            }
            let mut form = Filled::typed(offer, values, problems);
            form.besides = read_box(visit, &form.problems);
            Ok(Some(form))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
