//! Signing in at the desk.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use maud::html;

use crate::app::App;
use crate::portal::door::{DESK, agent, enter, forget, with_cookie};
use crate::portal::fault::{Fault, refusal_of};
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// `GET /desk/sign-in`.
pub async fn get(visit: Visit) -> Response {
    if visit.principal.is_staff() {
        return Redirect::to("/desk").into_response();
    }
    show(&visit, "", &[])
}

fn show(visit: &Visit, login: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "desk-sign-in");
    let error = problems.first().map(|problem| problem.text.clone());
    Page::desk(visit, title.clone())
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-one-half" {
                h1 class="govuk-heading-l" { (title) }
                form method="post" action="/desk/sign-in" novalidate {
                    (visit.csrf_field())
                    (input(lang, &Ask::new("login", t!(lang, "desk-login")).error(error), login, Typed::Login))
                    (input(lang, &Ask::new("password", t!(lang, "desk-password")), "", Typed::Password))
                    (button::submit(&t!(lang, "ui-sign-in"), Weight::Main))
                }
                p class="govuk-body" { (t!(lang, "desk-forgot")) }
            } }
        })
        .into_response()
}

/// `POST /desk/sign-in`.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let (login, password) = (posted.values.get("login"), posted.values.get("password"));
    match app.access().sign_in(login, password, agent(&headers), visit.now).await {
        Ok(opened) => Ok(enter(Redirect::to("/desk").into_response(), DESK, &opened.token, &headers)),
        Err(error) => {
            let refusal = refusal_of(error);
            if !matches!(refusal.code, Code::Unauthenticated | Code::TooMany) {
                return Err(refusal.into());
            }
            Ok(show(&visit, login, &[Problem::at("login", say(app.words(), lang, &refusal.detail))]))
        }
    }
}

/// `POST /desk/sign-out`.
pub async fn out(State(app): State<App>, visit: Visit, _: Posted) -> Result<Response, Fault> {
    if let Some(token) = &visit.session {
        app.access().end_session(token).await?;
    }
    Ok(with_cookie(Redirect::to("/desk/sign-in").into_response(), forget(DESK)))
}
