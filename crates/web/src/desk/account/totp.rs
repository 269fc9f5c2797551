//! Setting up a second factor: the password once more, the QR code, a first code, and the recovery codes.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::signed;
use crate::app::App;
use crate::desk::frame::Staff;
use crate::portal::fault::{Fault, problems, refusal_of};
use crate::portal::receipt::qr;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

const HERE: &str = "/desk/account/totp";

/// `GET /desk/account/totp`.
pub async fn get(Staff(visit): Staff) -> Response {
    page(&visit, &[], &begin(&visit, &[]))
}

fn page(visit: &Visit, problems: &[Problem], body: &Markup) -> Response {
    let title = t!(visit.lang, "account-totp-title");
    let page = Page::desk(visit, title.clone()).problems(problems);
    let page = if visit.must.is_some() { page } else { page.back("/desk/account") };
    page.column(&html! {
        h1 class="govuk-heading-l" { (title) }
        (body)
    })
    .into_response()
}

fn begin(visit: &Visit, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let ask = Ask::new("password", t!(lang, "account-password-current")).error(at(problems, "password"));
    html! {
        @if visit.must.is_some() { p class="govuk-body" { (t!(lang, "account-must-totp")) } }
        p class="govuk-body" { (t!(lang, "account-totp-lead")) }
        (form(visit, HERE, &html! {
            (input(lang, &ask, "", Typed::Password))
            (button::submit(&t!(lang, "ui-continue"), Weight::Main))
        }))
    }
}

/// The secret is shown while the page of its QR code is open and nowhere else; when a first code was wrong the
/// same authenticator is tried again.
fn confirm(visit: &Visit, shown: Option<(&str, &str)>, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let ask = Ask::new("code", t!(lang, "account-totp-first")).error(at(problems, "code"));
    html! {
        @if let Some((secret, uri)) = shown {
            p class="govuk-body" { (t!(lang, "account-totp-scan")) }
            (qr(uri, &t!(lang, "account-totp-qr")))
            p class="govuk-body" { (t!(lang, "account-totp-type")) br; code class="hf-number" { (fours(secret)) } }
        } @else {
            p class="govuk-body" { (t!(lang, "account-totp-again")) " " a class="govuk-link" href=(HERE) { (t!(lang, "account-totp-restart")) } }
        }
        (form(visit, HERE, &html! {
            (input(lang, &ask, "", Typed::OneTimeCode))
            (button::submit(&t!(lang, "account-totp-confirm"), Weight::Main))
        }))
    }
}

fn fours(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `POST /desk/account/totp`: the password begins, a code confirms.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let signed = signed(&visit)?;
    let lang = visit.lang;
    if posted.values.has("code") {
        return match app.access().confirm_totp(&signed, posted.values.get("code"), visit.now).await {
            Ok(codes) => Ok(recovery(&visit, &codes)),
            Err(error) => match refusal_of(error) {
                refusal if refusal.errors.is_empty() => Err(refusal.into()),
                refusal => {
                    let found = problems(app.words(), lang, &refusal);
                    Ok(page(&visit, &found, &confirm(&visit, None, &found)))
                }
            },
        };
    }
    match app.access().begin_totp(&signed, posted.values.get("password"), visit.now).await {
        Ok(one) => Ok(page(&visit, &[], &confirm(&visit, Some((&one.secret, &one.uri)), &[]))),
        Err(error) => match refusal_of(error) {
            refusal if refusal.errors.is_empty() => Err(refusal.into()),
            refusal => {
                let found = problems(app.words(), lang, &refusal);
                Ok(page(&visit, &found, &begin(&visit, &found)))
            }
        },
    }
}

fn recovery(visit: &Visit, codes: &[String]) -> Response {
    let lang = visit.lang;
    page(
        visit,
        &[],
        &html! {
            p class="govuk-body" { (t!(lang, "account-totp-done")) }
            p class="govuk-body" { strong { (t!(lang, "account-recovery-lead")) } }
            ul class="govuk-list" { @for code in codes { li { code class="hf-number" { (code) } } } }
            div class="govuk-button-group" {
                (button::link(&t!(lang, "account-recovery-kept"), "/desk", Weight::Main))
                button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "receipt-print")) }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_in_fours() {
        assert_eq!(fours("GEZDGNBVGY3T"), "GEZD GNBV GY3T");
    }
}
