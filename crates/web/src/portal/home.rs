//! The home page: one search box, eight entrances, the services that are online, and the way back to a matter.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::entrance::ENTRANCES;
use super::items;
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::search_box::{self, Line};
use crate::ui::{Icon, Page, Visit, icon};

/// The search box over services and offices.
pub fn search_box(lang: Lang, q: &str) -> Markup {
    let line = Line { action: "/search", label: "search-label", example: "search-example", q };
    search_box::search_box(lang, line, &html! {})
}

/// `GET /`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let lang = visit.lang;
    let items = items::in_order(app.register().catalog());
    let tel = &visit.site.hotline;
    Page::new(&visit, t!(lang, "home-title"))
        .current("/")
        .hero(html! {
            div class="hf-hero" { div class="govuk-width-container" {
                h1 class="govuk-heading-xl" { (t!(lang, "home-heading")) }
                p class="govuk-body-l" { (t!(lang, "home-lead")) }
                (search_box(lang, ""))
            } }
        })
        .body(html! {
            h2 class="govuk-heading-m" { (t!(lang, "home-entrances")) }
            ul class="hf-entrances" {
                @for entrance in &ENTRANCES {
                    li {
                        a class="hf-entrance" data-entrance=(entrance.slug) href={ "/entrance/" (entrance.slug) } {
                            (icon(entrance.icon))
                            strong { (t!(lang, &format!("entrance-{}", entrance.slug))) }
                            span { (t!(lang, &format!("entrance-{}-short", entrance.slug))) }
                        }
                    }
                }
            }
            div class="govuk-grid-row" {
                div class="govuk-grid-column-two-thirds" {
                    h2 class="govuk-heading-m" { (t!(lang, "home-online")) }
                    @for item in &items { (items::card(lang, item)) }
                }
                div class="govuk-grid-column-one-third" {
                    div class="hf-card" {
                        h2 class="govuk-heading-m" { (t!(lang, "home-follow")) }
                        p class="govuk-body" { (t!(lang, "home-follow-text")) }
                        (button::link(&t!(lang, "progress-title"), "/progress", Weight::Second))
                        p class="govuk-body" { a class="govuk-link" href="/resume" { (t!(lang, "home-resume")) } }
                    }
                    div class="hf-card" {
                        h2 class="govuk-heading-m" { (t!(lang, "calc-title")) }
                        p class="govuk-body" { (t!(lang, "calc-home")) }
                        (button::link(&t!(lang, "calc-all"), "/calculators", Weight::Second))
                    }
                    div class="hf-card" {
                        h2 class="govuk-heading-m" { (t!(lang, "draft-title")) }
                        p class="govuk-body" { (t!(lang, "draft-home")) }
                        (button::link(&t!(lang, "draft-all"), "/drafts", Weight::Second))
                    }
                    div class="hf-card" {
                        h2 class="govuk-heading-m" { (t!(lang, "home-talk")) }
                        p class="govuk-body" {
                            a class="govuk-link hf-tel" href={ "tel:" (tel) } { (icon(Icon::Phone)) strong { (tel) } }
                            " " (t!(lang, "home-talk-text"))
                        }
                        p class="govuk-body" {
                            a class="govuk-link hf-tel" href="/offices" { (icon(Icon::Place)) (t!(lang, "ui-to-offices")) }
                        }
                    }
                }
            }
        })
        .into_response()
}
