//! What was gathered, as parts of a page: the same for somebody at home and for a consultant at the desk.

use maud::{Markup, html};

use super::{Help, Sum, Way};
use crate::app::App;
use crate::lang::{Lang, say};
use crate::portal::{attach, calculators, drafts, laws, offices};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::{Visit, details};

/// Articles that stand open; the others fold out.
const OPEN: usize = 3;

/// How likely a kind must be to be called likely.
const LIKELY: f64 = 0.6;

/// What it seems to be about, and what else it may be. `again` is where another choice is posted to.
pub fn kinds(visit: &Visit, help: &Help, text: &str, again: &str) -> Markup {
    let lang = visit.lang;
    let Some(kind) = &help.kind else {
        return html! {
            section aria-labelledby="ask-kind" {
                h2 class="govuk-heading-m" id="ask-kind" { (t!(lang, "ask-unclear")) }
                p class="govuk-body" { (t!(lang, "ask-unclear-text", tel = visit.site.hotline)) }
                (others(visit, help, text, again, None))
            }
        };
    };
    let p = help.answer.labels.iter().find(|guess| guess.label == *kind).map_or(0.0, |guess| guess.p);
    let topics: Vec<&str> = help.topics.iter().map(|topic| topic.name.get(lang)).collect();
    html! {
        section aria-labelledby="ask-kind" {
            h2 class="govuk-heading-m" id="ask-kind" {
                (t!(lang, if p >= LIKELY { "ask-kind-likely" } else { "ask-kind" }, kind = kind))
            }
            @if !topics.is_empty() { p class="govuk-body" { (topics.join(&t!(lang, "ask-and"))) } }
            @if !help.kinds_learned { p class="govuk-body-s hf-quiet" { (t!(lang, "ask-by-words")) } }
            (details::details(&t!(lang, "ask-other-kind"), &others(visit, help, text, again, Some(kind))))
        }
    }
}

/// The other kinds as buttons, and a person where none fits.
fn others(visit: &Visit, help: &Help, text: &str, again: &str, but: Option<&str>) -> Markup {
    let lang = visit.lang;
    let labels = help.answer.labels.iter().map(|guess| guess.label.as_str());
    html! {
        form method="post" action=(again) class="govuk-button-group" {
            (visit.csrf_field())
            input type="hidden" name="q" value=(text);
            (of_matter(help))
            @for label in labels.filter(|label| Some(*label) != but) {
                (button::submit_as(label, Weight::Second, "kind", label))
            }
        }
        // At the desk a person looks already.
        @if let Some(way) = help.way("consultation.text").filter(|_| !visit.principal.is_staff()) {
            (carry(visit, way, &t!(lang, "ask-something-else")))
        }
    }
}

/// The figures a story holds, with the words each was read from.
pub fn said(lang: Lang, help: &Help) -> Markup {
    html! {
        @if !help.said.is_empty() {
            p class="govuk-body" {
                (t!(lang, "ask-said"))
                @for (place, said) in help.said.iter().enumerate() {
                    @if place > 0 { (t!(lang, "ask-comma")) }
                    (say(lang, &format!("ask-fact-{}", said.fact.as_str().replace('_', "-")), &[("value", said.value.clone())]))
                    span class="hf-quiet" { (t!(lang, "ask-words", words = said.words)) }
                }
            }
        }
    }
}

/// The articles, the first of them open.
pub fn articles(lang: Lang, help: &Help) -> Markup {
    let (open, folded) = help.articles.split_at(help.articles.len().min(OPEN));
    html! {
        @if !open.is_empty() {
            section aria-labelledby="ask-laws" {
                h2 class="govuk-heading-m" id="ask-laws" { (t!(lang, "ask-laws")) }
                @if !help.laws_learned { p class="govuk-body-s hf-quiet" { (t!(lang, "ask-laws-not-learned")) } }
                @for one in open { (laws::list::article(lang, one)) }
                @if !folded.is_empty() {
                    (details::details(&t!(lang, "ask-more-laws", n = folded.len()), &html! {
                        @for one in folded { (laws::list::article(lang, one)) }
                    }))
                }
            }
        }
    }
}

/// What it may be worth, and what a calculator still has to be told.
pub fn sums(visit: &Visit, help: &Help, place: &str) -> Markup {
    let lang = visit.lang;
    html! {
        @if !help.sums.is_empty() {
            section aria-labelledby="ask-sums" {
                h2 class="govuk-heading-m" id="ask-sums" { (t!(lang, "ask-sums")) }
                @for sum in &help.sums { (one_sum(visit, help, sum, place)) }
                p class="govuk-hint" { (t!(lang, "calc-reference")) }
            }
        }
    }
}

/// The matter the story is of goes along, so that what comes of it can be put there.
fn of_matter(help: &Help) -> Markup {
    html! { @if let Some(matter) = help.matter { input type="hidden" name=(attach::MATTER) value=(matter); } }
}

fn one_sum(visit: &Visit, help: &Help, sum: &Sum, place: &str) -> Markup {
    let lang = visit.lang;
    let shown = sum
        .answer
        .iter()
        .flat_map(|answer| &answer.result)
        .filter(|(_, value)| value.as_str().is_some_and(calculators::is_money));
    let labels = |fields: &[&str]| {
        let labels = fields.iter().map(|field| calculators::field_label(lang, sum.spec.name, field));
        labels.collect::<Vec<_>>().join(&t!(lang, "ask-comma"))
    };
    let is_whole = sum.answer.is_some() && sum.supposed.is_empty();
    html! {
        div class="hf-card" {
            h3 class="govuk-heading-s" { (calculators::title(lang, sum.spec)) }
            @if sum.answer.is_some() {
                ul class="govuk-list" {
                    @for (name, value) in shown {
                        li {
                            (say(lang, &::calculators::label_key(name), &[])) " "
                            strong class="hf-nowrap" { (t!(lang, "ask-yuan", sum = value.as_str().unwrap_or_default())) }
                        }
                    }
                }
                @if !sum.supposed.is_empty() { p class="govuk-body-s" { (t!(lang, "ask-supposed", fields = labels(&sum.supposed))) } }
                @if sum.assumed { p class="govuk-body-s hf-quiet" { (t!(lang, "ask-counted-back")) } }
            } @else if !sum.missing.is_empty() && sum.missing.len() <= 4 {
                p class="govuk-body-s hf-quiet" { (t!(lang, "ask-missing", fields = labels(&sum.missing))) }
            }
            form method="post" action=(calculators::address(visit, sum.spec)) {
                (visit.csrf_field())
                @if !is_whole { input type="hidden" name="first" value="1"; }
                (of_matter(help))
                @for (name, value) in calculators::typed(sum.spec, &sum.inputs, place) {
                    input type="hidden" name=(name) value=(value);
                }
                (button::submit(&t!(lang, if is_whole { "ask-see-steps" } else { "ask-compute" }), Weight::Second))
            }
        }
    }
}

/// The documents, each with a button that fills it with what was said.
pub fn drafts(app: &App, visit: &Visit, help: &Help, story: &str) -> Markup {
    let lang = visit.lang;
    let papers: Vec<_> = help.drafts().into_iter().filter_map(|id| app.drafts().get(id)).collect();
    let typed = help.typed(app, story);
    html! {
        @if !papers.is_empty() {
            section aria-labelledby="ask-drafts" {
                h2 class="govuk-heading-m" id="ask-drafts" { (t!(lang, "ask-drafts")) }
                @for paper in papers {
                    div class="hf-card hf-card--item" {
                        h3 class="govuk-heading-s" {
                            a class="govuk-link" href=(drafts::address(visit, paper)) { (paper.name.get(lang)) }
                        }
                        p class="govuk-body" { (paper.summary.get(lang)) }
                        form method="post" action=(drafts::address(visit, paper)) {
                            (visit.csrf_field())
                            input type="hidden" name="first" value="1";
                            (of_matter(help))
                            @for (question, value) in &typed { input type="hidden" name=(question) value=(value); }
                            (button::submit(&t!(lang, "ask-draft"), Weight::Second))
                        }
                    }
                }
            }
        }
    }
}

/// The services, each with a button that takes the story along.
pub fn ways(visit: &Visit, help: &Help) -> Markup {
    let lang = visit.lang;
    html! {
        @if !help.ways.is_empty() {
            section aria-labelledby="ask-ways" {
                h2 class="govuk-heading-m" id="ask-ways" { (t!(lang, "ask-ways")) }
                p class="govuk-body" { (t!(lang, "ask-ways-text")) }
                @for way in &help.ways {
                    div class="hf-card hf-card--item" {
                        h3 class="govuk-heading-s" {
                            a class="govuk-link" href={ "/items/" (way.item.id) } { (way.item.name.get(lang)) }
                        }
                        p class="govuk-body" { (way.item.summary.get(lang)) }
                        (carry(visit, way, &t!(lang, "ask-carry")))
                    }
                }
            }
        }
    }
}

/// A button that begins an application with what was written already.
fn carry(visit: &Visit, way: &Way, label: &str) -> Markup {
    html! {
        form method="post" action={ "/apply/" (way.item.id) } {
            (visit.csrf_field())
            @for (fact, value) in &way.carried {
                input type="hidden" name={ (crate::portal::apply::start::CARRY) (fact) } value=(value);
            }
            (button::submit(label, Weight::Second))
        }
    }
}

/// Where to go, and whether it is open now.
pub fn doors(lang: Lang, help: &Help) -> Markup {
    html! {
        @if !help.doors.is_empty() {
            section aria-labelledby="ask-doors" {
                h2 class="govuk-heading-m" id="ask-doors" { (t!(lang, "ask-doors")) }
                @for (office, open) in &help.doors { (offices::card(lang, office, *open)) }
                p class="govuk-body" { a class="govuk-link" href="/offices?duty=consultation" { (t!(lang, "ask-all-doors")) } }
            }
        }
    }
}
