//! Matters that belong together: what may follow from one, and those it is linked with.

use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::fault::text;
use super::matter::grouped;
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::details::details;

/// The link of a matter that is about the handling of another.
const ABOUT: &str = "about";

/// Buttons that open another service from this matter, under the page where services begin; `may` says which
/// of them this side can open.
pub fn buttons(
    lang: Lang,
    begin: &str,
    number: MatterNumber,
    offers: &[Value],
    may: impl Fn(&str) -> bool,
) -> Markup {
    let (about, onwards): (Vec<&Value>, Vec<&Value>) = offers
        .iter()
        .filter(|offer| may(text(offer, "item")))
        .partition(|offer| text(offer, "kind") == ABOUT);
    let list = |offers: &[&Value]| {
        html! {
            ul class="hf-actions" {
                @for offer in offers {
                    @let href = format!("{begin}/{}?from={number}", text(offer, "item"));
                    li { (button::link(text(offer, "name"), &href, Weight::Second)) }
                }
            }
        }
    };
    html! {
        @if !onwards.is_empty() || !about.is_empty() {
            div class="hf-card hf-no-print" {
                h2 class="govuk-heading-s" { (t!(lang, "follow-title")) }
                p class="govuk-body-s" { (t!(lang, "follow-lead")) }
                @if !onwards.is_empty() { (list(&onwards)) }
                // What is said against the handling stands a step back: it is not the way on.
                @if !about.is_empty() { (details(&t!(lang, "follow-about"), &list(&about))) }
            }
        }
    }
}

/// The matters it is linked with, under the pages of this side.
pub fn links(lang: Lang, pages: &str, view: &Value) -> Markup {
    let links = view["links"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if !links.is_empty() {
            h2 class="govuk-heading-m hf-above" { (t!(lang, "follow-links")) }
            ul class="govuk-list" {
                @for link in links {
                    @let number = text(link, "number");
                    li {
                        (kind(lang, text(link, "kind"))) (t!(lang, "ui-colon"))
                        a class="govuk-link hf-number" href={ (pages) "/" (number) } { (grouped(number)) }
                    }
                }
            }
        }
    }
}

/// What a link is called; one no message knows is just a link.
fn kind(lang: Lang, kind: &str) -> String {
    let key = format!("link-{kind}");
    if crate::lang::knows(&key) { t!(lang, &key) } else { t!(lang, "link-other") }
}

/// Whether a service can be begun on the web.
pub fn on_the_web(app: &App) -> impl Fn(&str) -> bool + '_ {
    |item| super::apply::item_of(app, item).is_ok()
}
