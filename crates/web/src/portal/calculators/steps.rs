//! A calculator one question a page: what was answered goes along unseen, and nothing is kept.

use axum::response::{IntoResponse, Response};
use calculators::Spec;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Computed, FIRST, HOME, address, again, fields, title};
use crate::app::App;
use crate::desk::frame::tool;
use crate::portal::fault::Fault;
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::LabelSize;
use crate::ui::form::{Values, form};
use crate::ui::place::Said;
use crate::ui::{Page, Visit};

/// The question that was asked.
pub const AT: &str = "at";

/// Where to go from it.
pub const GO: &str = "go";
const START: &str = "start";
const NEXT: &str = "next";
const BACK: &str = "back";

/// How the address of a calculator asks for its first question alone: `?go=start`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    go: String,
}

impl Wanted {
    /// What was typed when nothing was: where to go alone.
    pub fn values(self) -> Values {
        let mut values = Values::default();
        if self.go == START {
            values.push(GO, self.go);
        }
        values
    }
}

/// The way in before anything was typed, for whoever likes one question at a time better than a form.
pub fn begin(visit: &Visit, address: &str) -> Markup {
    html! {
        p class="govuk-body" {
            a class="govuk-link" href={ (address) "?" (GO) "=" (START) } { (t!(visit.lang, "steps-begin")) }
        }
    }
}

/// The same from within the form: what stands in it goes along.
pub fn button(visit: &Visit) -> Markup {
    button::submit_as(&t!(visit.lang, "steps-begin"), Weight::Second, GO, START)
}

/// The page that follows a question; none where the result does, or nobody goes from question to question.
pub async fn go(
    app: &App,
    visit: &Visit,
    spec: &'static Spec,
    values: &Values,
    computed: &Computed,
) -> Result<Option<Response>, Fault> {
    let problems = computed.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    let at = spec.fields.iter().position(|field| field.name == values.get(AT));
    let (step, problems) = match (values.get(GO), at) {
        (START, _) => (0, &[][..]),
        (BACK, Some(at)) => (at.saturating_sub(1), &[][..]),
        (NEXT, Some(at)) => {
            let is_last = at + 1 == spec.fields.len();
            match problems.first().and_then(|problem| step_of(spec, problem)) {
                // What is still to be asked is not missing yet.
                Some(wrong) if wrong <= at || is_last => (wrong, problems),
                _ if is_last => return Ok(None),
                _ => (at + 1, &[][..]),
            }
        }
        _ => return Ok(None),
    };
    show(app, visit, spec, values, step, problems).await.map(Some)
}

/// The question a problem belongs to.
fn step_of(spec: &Spec, problem: &Problem) -> Option<usize> {
    spec.fields.iter().position(|field| belongs(&problem.field, field.name))
}

/// Whether a name of the form is a field's own, or that of a part of it.
pub fn belongs(name: &str, field: &str) -> bool {
    name.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

async fn show(
    app: &App,
    visit: &Visit,
    spec: &'static Spec,
    values: &Values,
    step: usize,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let field = &spec.fields[step];
    let address = address(visit, spec);
    let around = fields::everywhere(visit);
    let said = Said::read(&*places::atlas(app).await?, values, "area", &around);
    let drawing =
        fields::Drawing { lang, spec, values, problems, said: &said, around: &around, size: LabelSize::Page };
    let place = t!(lang, "steps-place", at = step + 1, of = spec.fields.len());
    Ok(Page::here(visit, format!("{} ({place})", title(lang, spec)))
        .current(HOME)
        .crumb(t!(lang, "calc-title"), visit.here(HOME))
        .crumb(title(lang, spec), address.clone())
        .problems(problems)
        .body(tool(app, visit, &html! {
            span class="govuk-caption-l" { (title(lang, spec)) " " span class="hf-nowrap" { (place) } }
            (form(visit, &address, &html! {
                input type="hidden" name=(AT) value=(field.name);
                (again(values, Some(field.name)))
                (drawing.field(field, field.name))
                div class="govuk-button-group" {
                    (button::submit_as(&t!(lang, "ui-continue"), Weight::Main, GO, NEXT))
                    @if step > 0 { (button::submit_as(&t!(lang, "steps-back"), Weight::Second, GO, BACK)) }
                    (button::submit_as(&t!(lang, "steps-all"), Weight::Second, FIRST, "1"))
                }
            }))
        }))
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_field_are_its_own_and_no_others() {
        assert!(belongs("start", "start") && belongs("start-year", "start"));
        assert!(!belongs("started", "start") && !belongs("", "start"));
    }
}
