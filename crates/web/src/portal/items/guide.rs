//! The guide to one service: who, what to bring, how it goes, how long, what it costs, on what law, where.

use access::office::Offices;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalog::item::{Item, Material, WaitingOn};
use kernel::actor::Door;
use maud::{Markup, html};

use super::{basis, limit, limits, period};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::{Fault, nothing};
use crate::portal::{offices, places, tools};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::details::details;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::tag::{Tone, tag};
use crate::ui::{Icon, Page, Visit, icon};

/// The four ways to act, in the same order everywhere: online, appointment, nearest office, hotline.
pub fn ways(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    html! {
        ul class="hf-ways" {
            li {
                @if item.doors.contains(&Door::Web) {
                    (button::link(&t!(lang, "way-online"), &format!("/apply/{}", item.id), Weight::Main))
                } @else {
                    (button::link(&t!(lang, "way-online-not"), "#where", Weight::Second))
                }
            }
            li { (button::link(&t!(lang, "way-book"), "#book", Weight::Second)) }
            li { (button::link(&t!(lang, "way-near"), &format!("/offices?duty={}", item.duty), Weight::Second)) }
            li { (button::link(&t!(lang, "ui-call", tel = visit.site.hotline), &format!("tel:{}", visit.site.hotline), Weight::Second)) }
        }
    }
}

/// `GET /items/{item}`.
pub async fn guide(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Fault> {
    let lang = visit.lang;
    let item = app.register().catalog().item(&id).cloned().ok_or_else(nothing)?;
    let book = app.access().offices().current().await?;
    let title = item.name.get(lang).to_owned();
    Ok(Page::new(&visit, title.clone())
        .sensitive(app.register().catalog().quick_exit().marks(&id))
        .current("/items")
        .crumb(t!(lang, "items-title"), "/items")
        .crumb(title.clone(), format!("/items/{id}"))
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body-l" { (item.summary.get(lang)) }
            } }
            (ways(&visit, &item))
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (facts(&app, &visit, &item))
                (who(&visit, &item))
                (materials(&app, &visit, &item))
                (flow(&visit, &item))
                (time(&app, &visit, &item))
                (result(&visit, &item))
                (place(&app, &visit, &item, &book))
                (law(&visit, &item))
                (faq(&visit, &item))
                (tools::tools(&visit))
            } }
        })
        .into_response())
}

/// What most people look for first: how long, what it costs, what comes out.
fn facts(app: &App, visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let first = item.clocks.first().and_then(|clock| {
        let found = limits(catalog, &clock.rule, places::home(visit), visit.now.date());
        found.into_iter().next().map(|limit| (clock.duty.get(lang).to_owned(), limit))
    });
    html! {
        dl class="hf-facts" {
            div {
                dt { (t!(lang, "guide-how-long")) }
                dd {
                    @if let Some((duty, limit)) = &first {
                        (period(lang, limit)) " " span class="hf-quiet hf-normal" { (duty) }
                    } @else { (t!(lang, "guide-no-limit")) }
                }
            }
            div { dt { (t!(lang, "guide-fee")) } dd { (item.guide.fee.get(lang)) } }
            div {
                dt { (t!(lang, "guide-materials")) }
                dd { (t!(lang, "guide-materials-count", n = item.materials.iter().filter(|m| m.required).count())) }
            }
        }
    }
}

fn who(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    let names: Vec<String> =
        item.applicant.kinds.iter().map(|kind| t!(lang, &format!("kind-{kind}"))).collect();
    html! {
        h2 class="govuk-heading-m" id="who" { (t!(lang, "guide-who")) }
        ul class="govuk-list govuk-list--bullet" {
            @for one in &item.guide.who { li { (one.get(lang)) } }
        }
        p class="govuk-body" { (t!(lang, "guide-kinds", kinds = names.join(if lang == Lang::Zh { "、" } else { ", " }))) }
        @if let Some(eligibility) = &item.eligibility {
            (details(&t!(lang, "guide-conditions"), &html! {
                p class="govuk-body" { (t!(lang, "guide-conditions-lead")) }
                ul class="govuk-list govuk-list--bullet" {
                    @for row in &eligibility.rows {
                        li { (row.text.get(lang)) @if let Some(law) = &row.basis { " " span class="hf-quiet" { (basis(lang, law)) } } }
                    }
                }
            }))
        }
        @if item.series == "legal-aid" || item.eligibility.is_some() {
            p class="govuk-body" { (t!(lang, "guide-everybody")) }
        }
    }
}

fn materials(app: &App, visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    html! {
        h2 class="govuk-heading-m" id="materials" { (t!(lang, "guide-materials")) }
        p class="govuk-body" { (t!(lang, "guide-materials-lead")) }
        @for one in &item.materials { (material(app, visit, one)) }
    }
}

fn material(app: &App, visit: &Visit, one: &Material) -> Markup {
    let lang = visit.lang;
    let mut rows = vec![Row::text(t!(lang, "guide-issuer"), one.issuer.get(lang))];
    if let Some(note) = &one.note {
        rows.push(Row::text(t!(lang, "guide-form"), note.get(lang)));
    }
    if let Some(defer) = &one.may_defer {
        let days = limits(app.register().catalog(), &defer.rule, places::home(visit), visit.now.date());
        let days = days.first().map(|limit| period(lang, limit)).unwrap_or_default();
        rows.push(Row::text(
            t!(lang, "guide-defer"),
            t!(lang, "guide-defer-text", days = days, then = defer.then.get(lang)),
        ));
    }
    if let Some(declare) = &one.may_declare {
        rows.push(Row::markup(
            t!(lang, "guide-declare"),
            html! {
                p class="govuk-body" { "“" (declare.text.get(lang)) "”" }
                p class="govuk-body-s hf-quiet" { (declare.consequence.get(lang)) }
            },
        ));
    }
    if let Some(law) = &one.basis {
        rows.push(Row::markup(t!(lang, "guide-basis"), basis(lang, law)));
    }
    html! {
        details class="govuk-details hf-paper" {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (one.name.get(lang)) }
                @if !one.required {
                    " " (tag(&t!(lang, "guide-if-you-have"), Tone::Quiet))
                } @else if one.when.is_some() {
                    " " (tag(&t!(lang, "guide-sometimes"), Tone::Quiet))
                }
                @if one.may_defer.is_some() { " " (tag(&t!(lang, "guide-tag-defer"), Tone::Going)) }
                @if one.may_declare.is_some() { " " (tag(&t!(lang, "guide-tag-declare"), Tone::Good)) }
            }
            div class="govuk-details__text" { (summary_list(&rows)) }
        }
    }
}

/// The main road: the steps a citizen sees, in plain words, and the ways it can end.
fn flow(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    let (ends, steps): (Vec<_>, Vec<_>) = item.steps.iter().partition(|step| step.final_);
    html! {
        h2 class="govuk-heading-m" id="flow" { (t!(lang, "guide-flow")) }
        (details(&t!(lang, "guide-flow-steps", n = steps.len() + 1), &html! {
            ol class="hf-flow" {
                @for step in &steps {
                    li {
                        p class="govuk-body" {
                            strong { (step.name.get(lang)) }
                            @if step.waiting_on == WaitingOn::You { " " (tag(&t!(lang, "guide-your-turn"), Tone::Act)) }
                            br;
                            (step.plain.get(lang))
                        }
                    }
                }
                li {
                    p class="govuk-body" { strong { (t!(lang, "guide-ends")) } }
                    ul class="govuk-list govuk-list--bullet" { @for step in &ends { li { (step.name.get(lang)) } } }
                }
            }
        }))
    }
}

fn time(app: &App, visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    html! {
        h2 class="govuk-heading-m" id="time" { (t!(lang, "guide-time")) }
        dl class="govuk-summary-list" {
            @for clock in &item.clocks {
                div class="govuk-summary-list__row" {
                    dt class="govuk-summary-list__key" { (clock.duty.get(lang)) }
                    dd class="govuk-summary-list__value" {
                        @for one in limits(catalog, &clock.rule, places::home(visit), visit.now.date()) {
                            p class="govuk-body" { (limit(lang, &one)) }
                        }
                    }
                }
            }
        }
        p class="govuk-body" { (t!(lang, "guide-time-earliest")) }
        h3 class="govuk-heading-s" { (t!(lang, "guide-promises")) }
        ul class="govuk-list govuk-list--bullet" {
            li { (t!(lang, "promise-first")) }
            li { (t!(lang, "promise-once")) }
            li { (t!(lang, "promise-defer", n = item.materials.iter().filter(|m| m.may_defer.is_some()).count())) }
            li { (t!(lang, "promise-declare", n = item.materials.iter().filter(|m| m.may_declare.is_some()).count())) }
        }
        @if let Some(rating) = &item.rating {
            p class="govuk-body" { (t!(lang, "guide-rating", n = rating.dimensions.len() + 1)) }
        }
    }
}

fn result(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    html! {
        h2 class="govuk-heading-m" id="result" { (t!(lang, "guide-result")) }
        ul class="govuk-list govuk-list--bullet" { @for one in &item.guide.result { li { (one.get(lang)) } } }
        h2 class="govuk-heading-m" id="fee" { (t!(lang, "guide-fee")) }
        p class="govuk-body" { (item.guide.fee.get(lang)) }
        @for law in &item.guide.fee_basis { p class="govuk-body hf-quiet" { (basis(lang, law)) } }
    }
}

fn place(app: &App, visit: &Visit, item: &Item, book: &Offices) -> Markup {
    let lang = visit.lang;
    let found: Vec<_> = book.within(Some(&item.duty), places::home(visit)).collect();
    html! {
        h2 class="govuk-heading-m" id="where" { (t!(lang, "guide-where")) }
        p class="govuk-body" { (item.guide.place.get(lang)) }
        @for office in found.iter().take(3) { (offices::card(lang, office, offices::is_open(app, office))) }
        p class="govuk-body hf-above" {
            a class="govuk-link" href={ "/offices?duty=" (item.duty) } { (t!(lang, "guide-all-offices", n = found.len())) }
        }
        h3 class="govuk-heading-s" id="book" { (t!(lang, "way-book")) }
        p class="govuk-body" { (t!(lang, "guide-book", tel = visit.site.hotline)) }
        h3 class="govuk-heading-s" { (t!(lang, "guide-phones")) }
        ul class="govuk-list" {
            @for phone in &item.guide.phones {
                li { a class="govuk-link hf-tel" href={ "tel:" (phone.tel) } { (icon(Icon::Phone)) (phone.name.get(lang)) " " (phone.tel) } }
            }
        }
    }
}

fn law(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    html! {
        h2 class="govuk-heading-m" id="law" { (t!(lang, "guide-law")) }
        (details(&t!(lang, "guide-law-list", n = item.guide.basis.len()), &html! {
            ul class="govuk-list govuk-list--bullet" { @for one in &item.guide.basis { li { (basis(lang, one)) } } }
        }))
    }
}

fn faq(visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    html! {
        @if !item.guide.faq.is_empty() {
            h2 class="govuk-heading-m" id="faq" { (t!(lang, "guide-faq")) }
            @for one in &item.guide.faq {
                (details(one.q.get(lang), &html! { p class="govuk-body" { (one.a.get(lang)) } }))
            }
        }
    }
}
