//! What surrounds every page: skip link, top strip with its switches, name, navigation, foot.

use maud::{Markup, html};

use super::display::{Display, Size};
use super::icon::{Icon, icon};
use super::visit::Visit;
use crate::lang::Lang;
use crate::{assets, t};

/// The side of the house a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Pages for the public.
    Portal,
    /// Pages for those who serve.
    Desk,
}

impl Side {
    /// The side the address of a visit belongs to.
    pub fn of(visit: &Visit) -> Self {
        if visit.path.starts_with("/desk") { Self::Desk } else { Self::Portal }
    }
}

/// One entry of the navigation.
struct Place {
    key: &'static str,
    href: &'static str,
}

const PORTAL: &[Place] = &[
    Place { key: "ui-nav-home", href: "/" },
    Place { key: "ui-nav-items", href: "/items" },
    Place { key: "ui-nav-offices", href: "/offices" },
    Place { key: "ui-nav-progress", href: "/progress" },
    Place { key: "ui-nav-my", href: "/my" },
];

/// A form of one button that changes one setting of the display and comes back here.
fn switch(visit: &Visit, name: &str, value: &str, content: &Markup, lang: Option<Lang>) -> Markup {
    html! {
        form class="hf-inline-form" method="post" action="/display" {
            input type="hidden" name="back" value=(visit.path);
            button type="submit" name=(name) value=(value) lang=[lang.map(Lang::as_str)] { (content) }
        }
    }
}

/// The strip at the top: elder mode, barrier-free settings, language, sign-in.
pub fn strip(visit: &Visit, side: Side) -> Markup {
    let lang = visit.lang;
    let (elder_value, elder_key) =
        if visit.display.elder() { ("standard", "ui-elder-off") } else { ("elder", "ui-elder-on") };
    let other = match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    let other_name = match other {
        Lang::Zh => "中文",
        Lang::En => "English",
    };
    let sign_out = match side {
        Side::Portal => "/sign-out",
        Side::Desk => "/desk/sign-out",
    };
    html! {
        div class="hf-strip" role="region" aria-label=(t!(lang, "ui-strip")) {
            div class="govuk-width-container hf-strip__row" {
                ul class="hf-strip__list" {
                    li { (switch(visit, "size", elder_value, &html! { (icon(Icon::Elder)) (t!(lang, elder_key)) }, None)) }
                    li { a href="/display" { (icon(Icon::Accessible)) (t!(lang, "ui-accessible")) } }
                }
                ul class="hf-strip__list" {
                    li { (switch(visit, "lang", other.as_str(), &html! { (icon(Icon::Language)) (other_name) }, Some(other))) }
                    @if visit.principal.is_signed_in() {
                        @if !visit.principal.name.is_empty() {
                            li class="hf-strip__who" { (icon(Icon::Person)) (visit.principal.name) }
                        }
                        li {
                            form class="hf-inline-form" method="post" action=(sign_out) {
                                (visit.csrf_field())
                                button type="submit" { (t!(lang, "ui-sign-out")) }
                            }
                        }
                    } @else if side == Side::Portal {
                        li { a href="/sign-in" { (icon(Icon::Person)) (t!(lang, "ui-sign-in")) } }
                    }
                }
            }
        }
    }
}

/// Logo, name, and the one-tap call.
pub fn header(visit: &Visit, side: Side) -> Markup {
    let lang = visit.lang;
    let place = match lang {
        Lang::Zh => &visit.site.place_zh,
        Lang::En => &visit.site.place_en,
    };
    let (home, under) = match side {
        Side::Portal => ("/", place.clone()),
        Side::Desk => ("/desk", t!(lang, "ui-desk-name")),
    };
    html! {
        header class="hf-header" {
            div class="govuk-width-container hf-header__row" {
                a class="hf-header__home" href=(home) {
                    @if let Some(logo) = assets::url("logo.svg") {
                        img class="hf-header__logo" src=(logo) alt="" width="48" height="48";
                    }
                    span {
                        span class="hf-header__name" { (t!(lang, "ui-name")) }
                        span class="hf-header__place" { (under) }
                    }
                }
                @if side == Side::Portal {
                    a class="hf-header__call" href={ "tel:" (visit.site.hotline) } {
                        (icon(Icon::Phone))
                        span { (t!(lang, "ui-call", tel = visit.site.hotline)) " " small { (t!(lang, "ui-call-free")) } }
                    }
                }
            }
        }
    }
}

/// The navigation of the public side.
pub fn navigation(visit: &Visit, current: &str) -> Markup {
    let lang = visit.lang;
    html! {
        div class="govuk-service-navigation" data-module="govuk-service-navigation" {
            div class="govuk-width-container" {
                div class="govuk-service-navigation__container" {
                    nav aria-label=(t!(lang, "ui-nav")) class="govuk-service-navigation__wrapper" {
                        button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle"
                            aria-controls="navigation" hidden aria-hidden="true" { (t!(lang, "ui-nav-menu")) }
                        ul class="govuk-service-navigation__list" id="navigation" {
                            @for place in PORTAL {
                                @let here = current == place.href;
                                li class={ "govuk-service-navigation__item" (if here { " govuk-service-navigation__item--active" } else { "" }) } {
                                    a class="govuk-service-navigation__link" href=(place.href) aria-current=[here.then_some("true")] {
                                        @if here {
                                            strong class="govuk-service-navigation__active-fallback" { (t!(lang, place.key)) }
                                        } @else {
                                            (t!(lang, place.key))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// 当前位置: where this page stands.
pub fn breadcrumbs(lang: Lang, crumbs: &[(String, String)]) -> Markup {
    html! {
        @if !crumbs.is_empty() {
            nav class="govuk-breadcrumbs" aria-label=(t!(lang, "ui-you-are-here")) {
                ol class="govuk-breadcrumbs__list" {
                    @for (label, href) in crumbs {
                        li class="govuk-breadcrumbs__list-item" {
                            a class="govuk-breadcrumbs__link" href=(href) { (label) }
                        }
                    }
                }
            }
        }
    }
}

/// The foot. Lines about the site come from configuration; what is not configured is not shown.
pub fn footer(visit: &Visit, side: Side) -> Markup {
    let lang = visit.lang;
    html! {
        footer class="hf-footer" {
            div class="govuk-width-container" {
                ul class="hf-footer__links" {
                    @if side == Side::Portal {
                        li { a class="govuk-link" href="/display" { (t!(lang, "ui-accessible")) } }
                        li { a class="govuk-link" href="/about" { (t!(lang, "ui-about")) } }
                        li { a class="govuk-link" href="/offices" { (t!(lang, "ui-contact")) } }
                        li { a class="govuk-link" href="/sitemap" { (t!(lang, "sitemap-title")) } }
                        li { a class="govuk-link" href="/desk" { (t!(lang, "ui-for-staff")) } }
                    } @else {
                        li { a class="govuk-link" href="/" { (t!(lang, "ui-to-portal")) } }
                    }
                }
                @if visit.site.lines().next().is_some() {
                    dl class="hf-footer__lines" {
                        @for (key, value) in visit.site.lines() {
                            div { dt { (t!(lang, key)) } dd { (value) } }
                        }
                    }
                }
                @if visit.display.size == Size::Standard {
                    p class="govuk-body-s hf-quiet" { (t!(lang, "ui-licence")) }
                }
            }
        }
    }
}

/// Head and body of a document around its parts.
pub fn document(lang: Lang, display: Display, title: &str, desk: bool, body: &Markup) -> Markup {
    html! {
        (maud::DOCTYPE)
        html lang=(lang.as_str()) class=(display.classes()) {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="theme-color" content="#173b3a";
                meta name="format-detection" content="telephone=no";
                @if let Some(css) = assets::url("app.css") { link rel="stylesheet" href=(css); }
                @if let Some(logo) = assets::url("logo.svg") { link rel="icon" href=(logo) type="image/svg+xml"; }
                @if desk {
                    meta name="htmx-config" content="{\"includeIndicatorCSS\":false,\"history\":false,\"prefix\":\"data-hx-\"}";
                }
                @if let Some(js) = assets::url("app.js") { script type="module" src=(js) {} }
                @if desk {
                    @if let Some(js) = assets::url("desk.js") { script type="module" src=(js) {} }
                }
            }
            body class={ "govuk-template__body" (if desk { " hf-desk" } else { "" }) } {
                a href="#main-content" class="govuk-skip-link" data-module="govuk-skip-link" { (t!(lang, "ui-skip")) }
                (body)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::site::Site;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let mut visit = Visit::sample(Lang::Zh);
        visit.site = std::sync::Arc::new(Site { host: "某市司法局".into(), ..Site::default() });
        snapshot::check(
            "frame",
            &html! {
                (strip(&visit, Side::Portal))
                (navigation(&visit, "/progress"))
                (breadcrumbs(Lang::Zh, &[("首页".into(), "/".into())]))
                (footer(&visit, Side::Portal))
            },
        );
    }
}
