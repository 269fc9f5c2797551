//! A page: put together from its parts, answered with the headers every page carries.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::error_summary::{Problem, error_summary};
use super::exit;
use super::frame::{self, Side};
use super::visit::Visit;
use crate::{assets, t};

/// Nothing inline, nothing from elsewhere. `data:` pictures are the arrows inside the style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page under construction.
#[derive(Debug)]
pub struct Page<'a> {
    visit: &'a Visit,
    title: String,
    side: Side,
    current: &'a str,
    crumbs: Vec<(String, String)>,
    back: Option<String>,
    problems: &'a [Problem],
    status: StatusCode,
    hero: Option<Markup>,
    sensitive: bool,
    body: Markup,
}

impl<'a> Page<'a> {
    /// A page of the public side with a title.
    pub fn new(visit: &'a Visit, title: impl Into<String>) -> Self {
        Self {
            visit,
            title: title.into(),
            side: Side::Portal,
            current: "",
            crumbs: Vec::new(),
            back: None,
            problems: &[],
            status: StatusCode::OK,
            hero: None,
            sensitive: false,
            body: html! {},
        }
    }

    /// A page of the desk.
    pub fn desk(visit: &'a Visit, title: impl Into<String>) -> Self {
        Self { side: Side::Desk, ..Self::new(visit, title) }
    }

    /// A page of the side its address belongs to.
    pub fn here(visit: &'a Visit, title: impl Into<String>) -> Self {
        Self { side: Side::of(visit), ..Self::new(visit, title) }
    }

    /// Which entry of the navigation it belongs to, by address.
    #[must_use]
    pub fn current(mut self, href: &'a str) -> Self {
        self.current = href;
        self
    }

    /// Adds a place to 当前位置; the first is the home page.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        if self.crumbs.is_empty() {
            self.crumbs.push((t!(self.visit.lang, "ui-nav-home"), "/".into()));
        }
        self.crumbs.push((label.into(), href.into()));
        self
    }

    /// A link back to the page before, in place of 当前位置.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>) -> Self {
        self.back = Some(href.into());
        self
    }

    /// What is wrong in the form shown again: named in the title, above the heading and at the fields.
    #[must_use]
    pub fn problems(mut self, problems: &'a [Problem]) -> Self {
        if !problems.is_empty() && self.status == StatusCode::OK {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self.problems = problems;
        self
    }

    /// The status to answer with.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A page somebody may have to leave at once: it has the button for it, and a title that tells nothing to
    /// whoever reads the history.
    #[must_use]
    pub fn sensitive(mut self, sensitive: bool) -> Self {
        self.sensitive = sensitive;
        self
    }

    /// A band across the page above its body.
    #[must_use]
    pub fn hero(mut self, hero: Markup) -> Self {
        self.hero = Some(hero);
        self
    }

    /// What the page says.
    #[must_use]
    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }

    /// What the page says, in one column that is easy to read.
    #[must_use]
    pub fn column(self, body: &Markup) -> Self {
        self.body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } }
        })
    }

    /// The whole document.
    pub fn markup(self) -> Markup {
        let visit = self.visit;
        let lang = visit.lang;
        let wrong = if self.problems.is_empty() { String::new() } else { super::field::error_prefix(lang) };
        let desk = self.side == Side::Desk;
        let site = if desk { t!(lang, "ui-desk-name") } else { t!(lang, "ui-name") };
        let title = if self.sensitive {
            format!("{wrong}{}", t!(lang, "exit-title"))
        } else {
            format!("{wrong}{} - {site}", self.title)
        };
        let body = html! {
            @if self.sensitive { (exit::skip(visit)) }
            (frame::strip(visit, self.side))
            (frame::header(visit, self.side))
            @if !desk { (frame::navigation(visit, self.current)) }
            div class="hf-body" {
                @if let Some(hero) = &self.hero {
                    main id="main-content" tabindex="-1" {
                        (hero)
                        div class="govuk-width-container" { div class="govuk-main-wrapper" { (self.body) } }
                    }
                } @else {
                    div class="govuk-width-container" {
                        @if self.sensitive { (exit::button(visit)) }
                        @if let Some(back) = &self.back {
                            nav aria-label=(t!(lang, "ui-back")) { a class="govuk-back-link" href=(back) { (t!(lang, "ui-back")) } }
                        } @else if !desk {
                            // At the desk the menu says where one is.
                            (frame::breadcrumbs(lang, &self.crumbs))
                        }
                        main class="govuk-main-wrapper" id="main-content" tabindex="-1" {
                            (error_summary(lang, self.problems))
                            (self.body)
                        }
                    }
                }
            }
            (frame::footer(visit, self.side))
        };
        frame::document(lang, visit.display, &title, desk, &body)
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        if !assets::built() {
            let mut response = "assets not built: run `npm ci && npm run build` in assets/".into_response();
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return response;
        }
        let status = self.status;
        let lang = self.visit.lang;
        let mut response = (status, self.markup()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        // Pages hold what people typed: no copy on the way, none in a shared machine's cache.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.as_str()));
        response
    }
}

/// The page for a form whose token no longer fits: old, or not from a page of ours.
pub fn stale_form(visit: &Visit) -> Response {
    message(visit, StatusCode::FORBIDDEN, "ui-stale-title", "ui-stale-text")
}

/// The page for a form or file that is larger than we take, or cannot be read.
pub fn too_large(visit: &Visit, status: StatusCode) -> Response {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        message(visit, status, "ui-too-large-title", "ui-too-large-text")
    } else {
        message(visit, StatusCode::BAD_REQUEST, "ui-malformed-title", "ui-malformed-text")
    }
}

/// A page that is not there, or not for this person: the two look alike.
pub fn not_found(visit: &Visit) -> Response {
    message(visit, StatusCode::NOT_FOUND, "ui-not-found-title", "ui-not-found-text")
}

/// A plain page of one message, always with a way on.
pub fn message(visit: &Visit, status: StatusCode, title: &str, text: &str) -> Response {
    let lang = visit.lang;
    let title = t!(lang, title);
    Page::here(visit, title.clone())
        .status(status)
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, text)) }
            (ways_on(visit))
            @if status != StatusCode::NOT_FOUND { (trace_note(visit)) }
        })
        .into_response()
}

/// The number under which this request stands in the logs: what a person quotes on the phone.
pub fn trace_note(visit: &Visit) -> Markup {
    html! {
        @if !visit.trace.is_empty() {
            p class="govuk-hint" { (t!(visit.lang, "ui-trace", trace = visit.trace)) }
        }
    }
}

/// Where to go when a page cannot help: home, the offices, the hotline.
pub fn ways_on(visit: &Visit) -> Markup {
    let lang = visit.lang;
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @if Side::of(visit) == Side::Desk {
                li { a class="govuk-link" href="/desk" { (t!(lang, "ui-to-desk")) } }
            } @else {
                li { a class="govuk-link" href="/" { (t!(lang, "ui-to-home")) } }
                li { a class="govuk-link" href="/offices" { (t!(lang, "ui-to-offices")) } }
                li { a class="govuk-link" href={ "tel:" (visit.site.hotline) } { (t!(lang, "ui-call", tel = visit.site.hotline)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn problems_stand_in_title_and_summary() {
        let visit = Visit::sample(Lang::Zh);
        let problems = [Problem::at("name", "请填写姓名")];
        let html = Page::new(&visit, "您的姓名").problems(&problems).markup().0;
        assert!(html.contains("<title>错误：您的姓名 - 惠法</title>"), "{html}");
        assert!(html.contains("<a href=\"#name\">请填写姓名</a>"));
        assert!(html.contains("<html lang=\"zh-CN\" class=\"govuk-template\">"));
    }

    #[test]
    fn a_sensitive_page_can_be_left_and_its_title_tells_nothing() {
        let visit = Visit::sample(Lang::Zh);
        let html = Page::new(&visit, "家庭暴力").sensitive(true).markup().0;
        assert!(html.contains("<title>便民服务</title>"), "{html}");
        assert!(
            html.contains("govuk-exit-this-page__button") && html.contains("rel=\"nofollow noreferrer\"")
        );
        let plain = Page::new(&visit, "x").markup().0;
        assert!(!plain.contains("govuk-exit-this-page"));
    }

    #[test]
    fn nothing_is_inline() {
        for lang in Lang::ALL {
            let html = Page::new(&Visit::sample(*lang), "x").body(html! { p { "y" } }).markup().0;
            assert!(!html.contains(" style="), "inline style");
            assert!(!html.contains("<script>"), "inline script");
            assert!(!html.contains(" onclick"), "inline handler");
        }
    }

    #[test]
    fn a_page_has_one_main_and_a_skip_link() {
        let html = Page::new(&Visit::sample(Lang::En), "x").markup().0;
        assert_eq!(html.matches("<main").count(), 1);
        assert!(html.contains("href=\"#main-content\""));
    }
}
