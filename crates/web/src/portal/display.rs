//! How pages are shown: size, contrast, language. Works without scripts, remembered in a cookie.

use axum::Form;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::door::{cookie, private, with_cookie};
use crate::lang::Lang;
use crate::t;
use crate::ui::display::{COOKIE, Contrast, Size};
use crate::ui::field::{Ask, Choice};
use crate::ui::{Page, Visit, button, radios};

/// How long a choice is remembered, in days.
const REMEMBERED: u32 = 365;

/// `GET /display`: all settings on one page.
pub async fn get(visit: Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "display-title");
    let size = match visit.display.size {
        Size::Standard => "standard",
        Size::Elder => "elder",
        Size::ElderMax => "max",
    };
    let contrast = if visit.display.contrast == Contrast::High { "high" } else { "normal" };
    let sizes = [
        Choice::new("standard", t!(lang, "display-standard")),
        Choice::new("elder", t!(lang, "display-elder")).hint(t!(lang, "display-elder-hint")),
        Choice::new("max", t!(lang, "display-max")),
    ];
    let contrasts =
        [Choice::new("normal", t!(lang, "display-normal")), Choice::new("high", t!(lang, "display-high"))];
    let langs = [Choice::new("zh-CN", "简体中文"), Choice::new("en", "English")];
    Page::new(&visit, title.clone())
        .crumb(title.clone(), "/display")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "display-lead")) }
            form method="post" action="/display" {
                input type="hidden" name="back" value="/display";
                (radios::radios(lang, &Ask::new("size", t!(lang, "display-size")), &sizes, size))
                (radios::radios(lang, &Ask::new("contrast", t!(lang, "display-contrast")), &contrasts, contrast))
                (radios::radios(lang, &Ask::new("lang", t!(lang, "display-lang")), &langs, lang.as_str()))
                (button::submit(&t!(lang, "ui-save"), button::Weight::Main))
            }
            h2 class="govuk-heading-m" { (t!(lang, "display-statement")) }
            p class="govuk-body" { (t!(lang, "display-statement-text")) }
            p class="govuk-body" { (t!(lang, "display-help", tel = visit.site.hotline)) }
        })
        .into_response()
}

/// `POST /display`: changes what is named and goes back. It changes nothing but how pages look, so it
/// needs no form token and works from any page, old ones included.
pub async fn post(visit: Visit, headers: HeaderMap, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let mut display = visit.display;
    for (name, value) in &fields {
        display.set(name, value);
    }
    // The language someone reads stays with them when they only change the size.
    display.lang = display.lang.or(Some(visit.lang)).filter(|lang| Lang::ALL.contains(lang));
    let back = fields.iter().find(|(name, _)| name == "back").map_or("/", |(_, value)| here(value));
    let response = (StatusCode::SEE_OTHER, Redirect::to(back)).into_response();
    with_cookie(response, cookie(COOKIE, &display.to_string(), REMEMBERED, private(&headers)))
}

/// An address of ours, or the home page: nobody is sent elsewhere.
pub fn here(address: &str) -> &str {
    let local = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.chars().any(char::is_control);
    if local { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(here("/items?q=工资"), "/items?q=工资");
        for bad in
            ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"]
        {
            assert_eq!(here(bad), "/", "{bad}");
        }
    }
}
