//! About the site, and what it does with what people tell it.

use axum::response::{IntoResponse, Response};
use maud::html;

use crate::t;
use crate::ui::{Page, Visit};

/// `GET /about`.
pub async fn get(visit: Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "ui-about");
    Page::new(&visit, title.clone())
        .crumb(title.clone(), "/about")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body-l" { (t!(lang, "about-lead")) }
            h2 class="govuk-heading-m" { (t!(lang, "about-privacy")) }
            ul class="govuk-list govuk-list--bullet" {
                @for key in ["about-privacy-1", "about-privacy-2", "about-privacy-3", "about-privacy-4"] {
                    li { (t!(lang, key)) }
                }
            }
            h2 class="govuk-heading-m" { (t!(lang, "about-cookies")) }
            p class="govuk-body" { (t!(lang, "about-cookies-text")) }
        })
        .into_response()
}
