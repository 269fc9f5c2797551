//! Where the links in messages lead. Opening the page does nothing and asks the database nothing, so scanners and
//! previews use nothing up and learn nothing: every token looks alike. The button does what the link is for, and
//! a matter still asks for its query code.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use notices::link::Aim;

use super::{fault::Fault, progress};
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::form::{Posted, form};
use crate::ui::{Page, Visit};

/// Longest token looked at.
const LONGEST: usize = 64;

/// `GET /n/{token}`: a page with one button.
pub async fn get(visit: Visit, Path(token): Path<String>) -> Response {
    let lang = visit.lang;
    let plain =
        token.len() <= LONGEST && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !plain {
        return gone(&visit);
    }
    let title = t!(lang, "link-title");
    Page::new(&visit, title.clone())
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "link-tap-lead")) }
            (form(&visit, &format!("/n/{token}"), &button::submit(&t!(lang, "link-go"), Weight::Main)))
        })
        .into_response()
}

/// `POST /n/{token}`: somebody tapped.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    _: Posted,
) -> Result<Response, Fault> {
    if token.len() > LONGEST {
        return Ok(gone(&visit));
    }
    Ok(match app.notices().follow_link(&token).await? {
        Some(Aim::Matter(number)) => progress::show(&visit, &number.grouped(), &[]),
        Some(Aim::Proof(_)) => {
            let title = t!(visit.lang, "link-proved");
            Page::new(&visit, title.clone())
                .column(&html! {
                    h1 class="govuk-heading-l" { (title) }
                    p class="govuk-body" { (t!(visit.lang, "link-proved-text")) }
                })
                .into_response()
        }
        None => gone(&visit),
    })
}

fn gone(visit: &Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "link-gone");
    Page::new(visit, title.clone())
        .status(StatusCode::GONE)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "link-gone-text", tel = visit.site.hotline)) }
            p class="govuk-body" { a class="govuk-link" href="/progress" { (t!(lang, "progress-title")) } }
        })
        .into_response()
}
