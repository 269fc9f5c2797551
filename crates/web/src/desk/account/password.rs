//! Changing the own password.

use access::session::Must;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::signed;
use crate::app::App;
use crate::desk::frame::Staff;
use crate::portal::fault::{Fault, problems, refusal_of};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// `GET /desk/account/password`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Response {
    show(&app, &visit, &[])
}

fn show(app: &App, visit: &Visit, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "account-password-title");
    let rules = app.access().rules();
    let hint = t!(lang, "account-password-hint", least = rules.password_min, kinds = rules.password_kinds);
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    let page = Page::desk(visit, title.clone()).problems(problems);
    // While it must be changed there is nowhere to go back to.
    let forced = visit.must == Some(Must::Password);
    let page = if forced { page } else { page.back("/desk/account") };
    page.column(&html! {
        h1 class="govuk-heading-l" { (title) }
        @if forced { p class="govuk-body" { (t!(lang, "account-must-password")) } }
        (form(visit, "/desk/account/password", &html! {
            (input(lang, &ask("current", "account-password-current"), "", Typed::Password))
            (input(lang, &ask("password", "account-password-new").hint(hint), "", Typed::NewPassword))
            (input(lang, &ask("again", "account-password-repeat"), "", Typed::NewPassword))
            (button::submit(&t!(lang, "account-password-save"), Weight::Main))
        }))
        p class="govuk-body" { (t!(lang, "account-password-effect")) }
    })
    .into_response()
}

/// `POST /desk/account/password`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let [current, password, again] = ["current", "password", "again"].map(|name| posted.values.get(name));
    if password != again {
        let wrong = Problem::at("again", t!(visit.lang, "account-password-differs"));
        return Ok(show(&app, &visit, &[wrong]));
    }
    match app.access().change_password(&signed(&visit)?, current, password, visit.now).await {
        Ok(()) => Ok(Redirect::to("/desk/account").into_response()),
        Err(error) => match refusal_of(error) {
            refusal if refusal.errors.is_empty() => Err(refusal.into()),
            refusal => Ok(show(&app, &visit, &problems(app.words(), visit.lang, &refusal))),
        },
    }
}
