//! `GET /desk/answers?view=&kind=&office=&q=`: the lists, each with its number.

use answers::lists::{Line, View};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

use super::{PAGE, page_of, state, why};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::input::{Typed, input};
use crate::ui::select;
use crate::ui::table::table;
use crate::ui::tabs::{Tab, tabs};
use crate::ui::{Ask, Choice, Page, Visit, time};

/// What is asked of the lists.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    view: String,
    kind: String,
    office: String,
    q: String,
}

impl Wanted {
    fn fits(&self, line: &Line) -> bool {
        let version = &line.version;
        let has = |text: &str| text.contains(self.q.trim());
        (self.kind.is_empty() || version.kind == self.kind)
            && (self.office.is_empty() || version.office == self.office)
            && (self.q.trim().is_empty() || has(&version.words.question) || has(&version.words.answer))
    }

    fn address(&self, view: View) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("view", view.as_str());
        for (name, value) in [("kind", &self.kind), ("office", &self.office), ("q", &self.q)] {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        format!("{PAGE}?{}", query.finish())
    }
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let lists = app.library().lists(&visit.principal, visit.now).await?;
    let offices = app.register().offices().await?;
    let view = View::parse(&wanted.view).unwrap_or_else(|| {
        // Who decides sees first what waits for them.
        if lists.of(View::Review).is_empty() { View::Mine } else { View::Review }
    });
    let rows =
        |view: View| -> Vec<&Line> { lists.of(view).iter().filter(|line| wanted.fits(line)).collect() };
    let shown = rows(view);
    let name = |office: &str| offices.get(office).map_or_else(|| office.to_owned(), |one| one.name.clone());
    let mut known: Vec<&str> = lists.of(view).iter().map(|line| line.version.office.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let known: Vec<Choice> = known.into_iter().map(|office| Choice::new(office, name(office))).collect();
    let views: Vec<Tab> = View::ALL
        .into_iter()
        .map(|one| Tab {
            label: t!(lang, &format!("answers-view-{}", one.as_str())),
            href: wanted.address(one),
            count: Some(rows(one).len().to_string()),
            current: one == view,
        })
        .collect();
    let title = t!(lang, "answers-desk-title");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "answers-desk-lead")) " " a class="govuk-link" href="/answers" { (t!(lang, "answers-see-public")) } }
        (tabs(&title, &views))
        (filters(&visit, &wanted, view, app.library().kinds(), &known))
        @if shown.is_empty() {
            p class="govuk-body" { (t!(lang, &format!("answers-none-{}", view.as_str()))) }
        } @else {
            (table_of(&visit, &shown, &name))
        }
    };
    Ok(Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, PAGE, &body)).into_response())
}

fn filters(visit: &Visit, wanted: &Wanted, view: View, kinds: &[String], offices: &[Choice]) -> Markup {
    let lang = visit.lang;
    let kinds: Vec<Choice> = kinds.iter().map(|kind| Choice::new(kind, kind)).collect();
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).optional(true);
    html! {
        form method="get" action=(PAGE) class="hf-narrow" {
            input type="hidden" name="view" value=(view.as_str());
            (select::select(lang, &ask("kind", "answers-kind"), &kinds, &wanted.kind))
            @if offices.len() > 1 || !wanted.office.is_empty() {
                (select::select(lang, &ask("office", "answers-office"), offices, &wanted.office))
            }
            (input(lang, &ask("q", "answers-words"), &wanted.q, Typed::Text))
            (button::submit(&t!(lang, "answers-filter"), Weight::Second))
        }
    }
}

fn table_of(visit: &Visit, lines: &[&Line], name: &impl Fn(&str) -> String) -> Markup {
    let lang = visit.lang;
    let heads = ["answers-question", "answers-kind", "answers-owner", "answers-state", "answers-days"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|line| {
            let one = &line.version;
            let erased = t!(lang, "answers-erased");
            let words = if one.words.question.is_empty() { &erased } else { &one.words.question };
            vec![
                html! { a class="govuk-link" href=(page_of(&one.id, one.version)) { (words) } },
                html! { (one.kind) },
                html! { (one.owner_name) br; span class="hf-quiet" { (name(&one.office)) } },
                html! { (state(lang, one.state)) (why(lang, &line.why)) },
                html! {
                    span class="hf-nowrap" { (time::moment(lang, one.changed_at)) }
                    @if let Some(due) = one.due_on { br; span class="hf-quiet" { (t!(lang, "answers-due", day = time::date(lang, due))) } }
                },
            ]
        })
        .collect();
    table(&t!(lang, "answers-desk-title"), &heads, &rows)
}
