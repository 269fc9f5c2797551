//! What a template asks for as a form, and the form as answers.

use std::collections::BTreeMap;

use drafting::{Answers, Kind, Question, Template};
use maud::{Markup, html};

use crate::lang::{Lang, say};
use crate::t;
use crate::ui::error_summary::{self, Problem};
use crate::ui::field::{Ask, Choice};
use crate::ui::form::Values;
use crate::ui::input::{Typed, input};
use crate::ui::{date, money, radios, select, textarea};

/// Up to this many choices stand open as radios.
const OPEN: usize = 8;

/// Draws all sections.
pub fn draw(lang: Lang, template: &Template, values: &Values, problems: &[Problem]) -> Markup {
    html! {
        @for section in &template.sections {
            fieldset class="govuk-fieldset hf-draft__section" {
                legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { (section.title.get(lang)) }
                @for question in &section.questions { (one(lang, question, values, problems)) }
            }
        }
    }
}

fn one(lang: Lang, question: &Question, values: &Values, problems: &[Problem]) -> Markup {
    let help = question.help.get(lang);
    let label = question.label.get(lang);
    // One that is wanted only under a condition is no duty of whoever it does not concern.
    let label = if question.sometimes() { t!(lang, "draft-if-so", label = label) } else { label.to_owned() };
    let ask = Ask::new(&question.id, label)
        .error(error_summary::at(problems, &question.id))
        .optional(!question.required);
    let ask = match (help.is_empty(), from_account(question, values)) {
        (_, true) => ask.hint(t!(lang, "draft-from-account")),
        (false, _) => ask.hint(help),
        (true, _) => ask,
    };
    let typed = typed(question, values);
    match question.kind {
        Kind::Text => {
            let typed_as = match question.id.as_str() {
                "my_name" => Typed::Name,
                "my_phone" => Typed::Phone,
                _ => Typed::Text,
            };
            input(lang, &ask, &typed, typed_as)
        }
        Kind::Long => textarea::textarea(lang, &ask, &typed, 8),
        Kind::Rows => textarea::textarea(lang, &ask, &typed, 4),
        Kind::Date => date::date(lang, &ask, &typed),
        Kind::Money => money::money(lang, &ask, &typed),
        Kind::Whole => input(lang, &ask, &typed, Typed::Digits),
        Kind::Rate => input(lang, &ask, &typed, Typed::Decimal),
        Kind::Choice => {
            let label =
                |one: &drafting::Choice| if lang == Lang::Zh { one.zh.clone() } else { one.en.clone() };
            let choices: Vec<Choice> =
                question.choices.iter().map(|one| Choice::new(&one.value, label(one))).collect();
            if choices.len() <= OPEN {
                radios::radios(lang, &ask, &choices, &typed)
            } else {
                select::select(lang, &ask, &choices, &typed)
            }
        }
        Kind::Flag => {
            let choices = [Choice::new("yes", t!(lang, "ui-yes")), Choice::new("no", t!(lang, "ui-no"))];
            radios::radios(lang, &ask, &choices, &typed)
        }
    }
}

/// Whether the answer was taken from the account, and not typed.
fn from_account(question: &Question, values: &Values) -> bool {
    values.all(super::FROM_ACCOUNT).contains(&question.id)
}

/// What was typed for a question. A page that brings a day brings it whole.
fn typed(question: &Question, values: &Values) -> String {
    if question.kind == Kind::Date {
        let [year, month, day] = date::PARTS.map(|part| values.get(&format!("{}-{part}", question.id)));
        let joined = date::joined(year, month, day);
        if !joined.is_empty() {
            return joined;
        }
    }
    values.get(&question.id).to_owned()
}

/// Takes what another page brings under another name.
pub fn carry(template: &Template, values: &mut Values) {
    for question in template.questions() {
        let Some(fact) = &question.fact else { continue };
        let brought = values.get(fact).to_owned();
        if !brought.is_empty() && typed(question, values).is_empty() {
            values.0.retain(|(name, _)| *name != question.id);
            values.push(&question.id, brought);
        }
    }
}

/// The form as answers.
pub fn read(template: &Template, values: &Values) -> BTreeMap<String, String> {
    template.questions().map(|question| (question.id.clone(), typed(question, values))).collect()
}

/// What has the wrong shape, at its field.
pub fn wrong(lang: Lang, template: &Template, answers: &Answers) -> Vec<Problem> {
    let problem = |wrong: &drafting::Wrong| {
        let label = template.question(&wrong.question).map_or("", |question| question.label.get(lang));
        let text = say(lang, &format!("draft-wrong-{}", wrong.code), &[("label", label.to_owned())]);
        Problem::at(wrong.question.clone(), text)
    };
    answers.wrong().iter().map(problem).collect()
}
