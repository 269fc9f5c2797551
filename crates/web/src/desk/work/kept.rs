//! Lists kept under a name: links above the list, and the forms that keep one and let go of it.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use matters::KeptList;
use maud::{Markup, html};

use super::PAGE;
use super::wanted::Wanted;
use crate::app::App;
use crate::desk::frame::Staff;
use crate::portal::fault::{Fault, at, told};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::{Ask, Visit};

/// Where lists are kept.
pub const KEEP: &str = "/desk/lists";
/// Where they are let go of.
pub const FORGET: &str = "/desk/lists/forget";

/// What a list is asked for, whatever its page.
fn query_of(wanted: &Wanted) -> String {
    wanted.from(None).address("", &[]).trim_start_matches('?').to_owned()
}

fn address(query: &str) -> String {
    format!("{PAGE}?{query}")
}

/// The lists that were kept, as links.
pub fn links(visit: &Visit, kept: &[KeptList], wanted: &Wanted) -> Markup {
    let lang = visit.lang;
    let now = query_of(wanted);
    html! {
        @if !kept.is_empty() {
            nav aria-label=(t!(lang, "kept-title")) {
                ul class="hf-kinds" {
                    li class="hf-quiet" { (t!(lang, "kept-title")) (t!(lang, "ui-colon")) }
                    @for one in kept {
                        @let here = one.query == now;
                        li { a class="govuk-link" href=(address(&one.query)) aria-current=[here.then_some("true")] { (one.name) } }
                    }
                }
            }
        }
    }
}

/// The form that keeps what is shown, or lets go of it where it is kept already.
pub fn keep(visit: &Visit, kept: &[KeptList], wanted: &Wanted, name: &str, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let query = query_of(wanted);
    if let Some(here) = kept.iter().find(|one| one.query == query) {
        return html! {
            form class="govuk-details__text" method="post" action=(FORGET) {
                (visit.csrf_field())
                input type="hidden" name="name" value=(here.name);
                (button::submit(&t!(lang, "kept-forget", name = here.name), Weight::Second))
            }
        };
    }
    let ask =
        Ask::new("name", t!(lang, "kept-name")).hint(t!(lang, "kept-name-hint")).error(at(problems, "name"));
    html! {
        form class="govuk-details__text" method="post" action=(KEEP) novalidate {
            (visit.csrf_field())
            input type="hidden" name="query" value=(query);
            (input(lang, &ask, name, Typed::Text))
            (button::submit(&t!(lang, "kept-keep"), Weight::Second))
        }
    }
}

/// `POST /desk/lists {name, query}`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    // Only what a list understands is kept.
    let wanted = Wanted::parse(posted.values.get("query"));
    let kept = KeptList { name: posted.values.get("name").to_owned(), query: query_of(&wanted) };
    match app.register().keep_list(&visit.principal, &kept, visit.now).await {
        Ok(()) => Ok(Redirect::to(&address(&kept.query)).into_response()),
        Err(refusal) if matches!(refusal.code, Code::FactsWrong | Code::RuleRefused) => {
            let problems = [Problem::at("name", told(&app, &visit, &refusal))];
            super::show(&app, &visit, &wanted, &kept.name, &problems).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /desk/lists/forget {name}`.
pub async fn forget(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    app.register().forget_list(&visit.principal, posted.values.get("name")).await?;
    Ok(Redirect::to(PAGE).into_response())
}
