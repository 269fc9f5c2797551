//! 网站地图: every place of the public side on one page.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::entrance::ENTRANCES;
use crate::app::App;
use crate::t;
use crate::ui::{Page, Visit};

/// Pages beside services and entrances, with the words they are called by.
const PLACES: [(&str, &str); 17] = [
    ("/", "ui-nav-home"),
    ("/items", "ui-nav-items"),
    ("/offices", "ui-nav-offices"),
    ("/practitioners", "practitioners-title"),
    ("/calculators", "calc-title"),
    ("/drafts", "draft-title"),
    ("/answers", "answers-title"),
    ("/progress", "ui-nav-progress"),
    ("/resume", "home-resume"),
    ("/my", "ui-nav-my"),
    ("/my/messages", "sitemap-messages"),
    ("/my/data", "sitemap-data"),
    ("/helping", "sitemap-helping"),
    ("/verify", "sitemap-verify"),
    ("/verify/document", "verify-document-title"),
    ("/display", "ui-accessible"),
    ("/about", "ui-about"),
];

/// `GET /sitemap`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "sitemap-title");
    let items: Vec<(String, String)> = app
        .register()
        .catalog()
        .items()
        .map(|item| (format!("/items/{}", item.id), item.name.get(lang).to_owned()))
        .collect();
    let entrances = ENTRANCES
        .iter()
        .map(|one| (format!("/entrance/{}", one.slug), t!(lang, &format!("entrance-{}", one.slug))))
        .collect();
    let places = PLACES.map(|(href, key)| (href.to_owned(), t!(lang, key))).to_vec();
    Page::new(&visit, title.clone())
        .crumb(title.clone(), "/sitemap")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (part(&t!(lang, "home-entrances"), entrances))
            (part(&t!(lang, "items-title"), items))
            (part(&t!(lang, "sitemap-places"), places))
        })
        .into_response()
}

fn part(title: &str, links: Vec<(String, String)>) -> Markup {
    html! {
        h2 class="govuk-heading-m" { (title) }
        ul class="govuk-list hf-columns" {
            @for (href, name) in links { li { a class="govuk-link" href=(href) { (name) } } }
        }
    }
}
