//! Signing in at the desk.

use access::oidc::Side;
use access::session::{Origin, Proof};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use maud::html;

use crate::app::App;
use crate::portal::door::{DESK, agent, enter, forget, with_cookie};
use crate::portal::fault::{Fault, refusal_of};
use crate::portal::oidc;
use crate::portal::sign_in::address;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::Ask;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// `GET /desk/sign-in`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    if visit.principal.is_staff() {
        return Redirect::to("/desk").into_response();
    }
    show(&app, &visit, "", false, &[])
}

/// The form; it asks for the code of the second factor once the password was right and the account has one.
fn show(app: &App, visit: &Visit, login: &str, totp: bool, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "desk-sign-in");
    let code = Ask::new("totp", t!(lang, "account-totp-code"))
        .hint(t!(lang, "account-totp-code-hint"))
        .error(at(problems, "totp"));
    Page::desk(visit, title.clone())
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-one-half" {
                h1 class="govuk-heading-l" { (title) }
                form method="post" action="/desk/sign-in" novalidate {
                    (visit.csrf_field())
                    (input(lang, &Ask::new("login", t!(lang, "desk-login")).error(at(problems, "login")), login, Typed::Login))
                    (input(lang, &Ask::new("password", t!(lang, "desk-password")), "", Typed::Password))
                    @if totp { (input(lang, &code, "", Typed::OneTimeCode)) }
                    (button::submit(&t!(lang, "ui-sign-in"), Weight::Main))
                }
                (oidc::button(app, visit, Side::Staff))
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
    let totp = Some(posted.values.get("totp"));
    let address = address(&headers);
    let origin = Origin { address: &address, agent: agent(&headers) };
    match app.access().sign_in_with(&Proof { login, password, totp }, &origin, visit.now).await {
        Ok(opened) => Ok(enter(Redirect::to("/desk").into_response(), DESK, &opened.token, &headers)),
        Err(error) => {
            let refusal = refusal_of(error);
            let totp = refusal.code == Code::TotpRequired;
            if !totp && !matches!(refusal.code, Code::Unauthenticated | Code::TooMany) {
                return Err(refusal.into());
            }
            let field = if totp { "totp" } else { "login" };
            let problem = Problem::at(field, say(app.words(), lang, &refusal.detail));
            Ok(show(&app, &visit, login, totp, &[problem]))
        }
    }
}

/// `POST /desk/sign-out`.
pub async fn out(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    _: Posted,
) -> Result<Response, Fault> {
    let next = oidc::out(&app, &visit, &headers, Side::Staff, "/desk/sign-in").await?;
    Ok(with_cookie(next, forget(DESK)))
}
