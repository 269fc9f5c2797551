//! Every component with its states on one page: for whoever designs, translates or tests with a screen reader.
//! Nothing on it is sent anywhere.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::date::date;
use crate::ui::details::details;
use crate::ui::error_summary::{Problem, error_summary};
use crate::ui::field::LabelSize;
use crate::ui::file::{file, taken};
use crate::ui::icon::ALL;
use crate::ui::input::{Typed, input};
use crate::ui::light::light;
use crate::ui::money::money;
use crate::ui::notification::{Notice, notification};
use crate::ui::pagination::pagination;
use crate::ui::place::{Said, place};
use crate::ui::radios::radios;
use crate::ui::select::select;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::table::table;
use crate::ui::tabs::{Tab, tabs};
use crate::ui::tag::{Tone, tag};
use crate::ui::task_list::{State, Task, task_list};
use crate::ui::textarea::textarea;
use crate::ui::timeline::{Entry, timeline};
use crate::ui::{Ask, Choice, Page, Visit, icon, time};

use super::places;

/// `GET /style`.
pub async fn get(visit: Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "style-title");
    Page::new(&visit, title.clone())
        .crumb(title.clone(), "/style")
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "style-lead")) }
            (part(lang, "style-words", &words(lang)))
            (part(lang, "style-buttons", &buttons(lang)))
            (part(lang, "style-fields", &fields(&visit, false)))
            (part(lang, "style-fields-wrong", &fields(&visit, true)))
            (part(lang, "style-states", &states(lang)))
            (part(lang, "style-lists", &lists(&visit)))
            (part(lang, "style-icons", &icons()))
        })
        .into_response()
}

fn part(lang: Lang, key: &str, body: &Markup) -> Markup {
    html! { section aria-labelledby=(key) { h2 class="govuk-heading-m" id=(key) { (t!(lang, key)) } (body) } }
}

fn words(lang: Lang) -> Markup {
    let sample = t!(lang, "style-sample");
    html! {
        p class="govuk-heading-xl" { (sample) }
        p class="govuk-heading-l" { (sample) }
        p class="govuk-heading-m" { (sample) }
        p class="govuk-heading-s" { (sample) }
        p class="govuk-body-l" { (t!(lang, "style-paragraph")) }
        p class="govuk-body" { (t!(lang, "style-paragraph")) " " a class="govuk-link" href="/style" { (t!(lang, "style-link")) } }
        p class="govuk-body-s hf-quiet" { (t!(lang, "style-paragraph")) }
        div class="govuk-inset-text" { (t!(lang, "style-paragraph")) }
        p class="hf-number" { "3715 0226 0000 0427" }
    }
}

fn buttons(lang: Lang) -> Markup {
    html! {
        div class="govuk-button-group" {
            button type="button" class="govuk-button" { (t!(lang, "ui-continue")) }
            button type="button" class="govuk-button govuk-button--secondary" { (t!(lang, "ui-save")) }
            button type="button" class="govuk-button govuk-button--warning" { (t!(lang, "act-cancel")) }
            button type="button" class="govuk-button" disabled aria-disabled="true" { (t!(lang, "ui-continue")) }
            (button::link(&t!(lang, "style-link"), "/style", Weight::Second))
        }
    }
}

/// Every kind of field, as asked, or as shown again with something wrong.
fn fields(visit: &Visit, wrong: bool) -> Markup {
    let lang = visit.lang;
    let ask = |name: &str| {
        let field = if wrong { format!("{name}-wrong") } else { name.to_owned() };
        let error = wrong.then(|| t!(lang, "style-error"));
        Ask::new(field, t!(lang, &format!("style-{name}"))).hint(t!(lang, "style-hint")).error(error)
    };
    let choices = [
        Choice::new("a", t!(lang, "style-choice-a")).hint(t!(lang, "style-hint")),
        Choice::new("b", t!(lang, "style-choice-b")),
    ];
    let problems = if wrong { vec![Problem::at("text-wrong", t!(lang, "style-error"))] } else { Vec::new() };
    html! {
        (error_summary(lang, &problems))
        div class="hf-narrow" {
            (input(lang, &ask("text"), &t!(lang, "style-sample"), Typed::Text))
            (input(lang, &ask("phone").optional(true), "", Typed::Phone))
            (money(lang, &ask("money"), "1200.00"))
            (date(lang, &ask("date"), "2026-03-08"))
            (textarea(lang, &ask("textarea"), &t!(lang, "style-paragraph"), 3))
            (select(lang, &ask("select"), &choices, "b"))
            (radios(lang, &Ask { size: LabelSize::Section, ..ask("radios") }, &choices, "a"))
            (checkboxes(lang, &ask("checkboxes"), &choices, &["b".to_owned()]))
            (place(lang, &ask("place"), &Said::default(), &places::around(visit)))
            (file(lang, &ask("file"), &taken()))
        }
    }
}

fn states(lang: Lang) -> Markup {
    let body = html! { p class="govuk-notification-banner__heading" { (t!(lang, "style-paragraph")) } };
    html! {
        p class="govuk-body" {
            @for tone in [Tone::Act, Tone::Going, Tone::Good, Tone::Bad, Tone::Quiet] { (tag(&t!(lang, "style-tag"), tone)) " " }
        }
        p class="govuk-body" { @for word in ["green", "yellow", "red", "paused", "none"] { (light(lang, word)) " " } }
        (notification(lang, Notice::Important, &body))
        (notification(lang, Notice::Success, &body))
        (details(&t!(lang, "style-link"), &html! { p class="govuk-body" { (t!(lang, "style-paragraph")) } }))
    }
}

fn lists(visit: &Visit) -> Markup {
    let lang = visit.lang;
    let word = |key: &str| t!(lang, key);
    let (sample, choice) = (word("style-sample"), word("style-choice-a"));
    let here = || "/style".to_owned();
    let tab = |label: &str, count: &str, current: bool| Tab {
        label: word(label),
        href: here(),
        count: Some(count.to_owned()),
        current,
    };
    let task = |state: State, href: Option<String>| Task { name: choice.clone(), href, hint: None, state };
    html! {
        (tabs(&sample, &[tab("desk-view-todo", "3", true), tab("desk-view-done", "0", false)]))
        (table(&sample, &[word("desk-number").as_str(), word("desk-due").as_str()], &[
            vec![html! { span class="hf-number" { "3715 0226 0000 0427" } }, html! { (time::date(lang, visit.now.date())) }],
        ]))
        (pagination(lang, Some("/style"), Some("/style")))
        (summary_list(&[Row::text(&choice, &sample), Row::text(word("style-choice-b"), &sample).change("/style", word("ui-change"))]))
        (task_list(&[
            task(State::Done(word("style-task-done")), Some(here())),
            task(State::Open(word("style-task-open")), Some(here())),
            task(State::Later(word("style-task-later")), None),
        ]))
        (timeline(&[Entry {
            title: sample.clone(),
            by: Some(choice.clone()),
            at: visit.now.to_string(),
            shown: time::moment(lang, visit.now),
            more: None,
        }], 3))
    }
}

fn icons() -> Markup {
    html! { p class="hf-icons" { @for one in ALL { (icon(*one)) " " } } }
}
