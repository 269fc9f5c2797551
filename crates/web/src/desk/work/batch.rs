//! Many rows at once: taken by oneself, or given by a head to one of the people. Each is the same act it would be
//! alone, with its own checks and record; what was refused says why, the others stand.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use matters::{Ask as Act, WorklistView};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::PAGE;
use super::lines::PICK;
use crate::app::App;
use crate::desk::frame::{Staff, people, with_menu};
use crate::lang::Lang;
use crate::portal::fault::{Fault, at, text};
use crate::portal::matter::{grouped, number};
use crate::portal::offer;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::select::select;
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Choice, Page, Visit};

/// Most rows done at once: a page of a list.
const MOST: usize = 100;

/// What can be done with many rows of a list.
pub(super) struct Offer {
    people: Vec<Choice>,
    /// Some row waits in a pool.
    takes: bool,
}

impl Offer {
    /// What there is to do with these rows; nothing where they are not to be acted on.
    pub(super) async fn of(
        app: &App,
        visit: &Visit,
        view: WorklistView,
        rows: &[Value],
    ) -> Result<Option<Self>, Fault> {
        let acts = matches!(view, WorklistView::Todo | WorklistView::Watch);
        if !acts || rows.is_empty() {
            return Ok(None);
        }
        let people = people(app, visit).await?;
        let takes =
            view == WorklistView::Todo && rows.iter().any(|row| text(&row["owner"], "kind") == "office");
        Ok((takes || !people.is_empty()).then_some(Self { people, takes }))
    }

    /// The table inside the form that does it.
    pub(super) fn around(&self, visit: &Visit, table: &Markup) -> Markup {
        let lang = visit.lang;
        html! {
            form method="post" action="/desk/batch" novalidate {
                (visit.csrf_field())
                input type="hidden" name="key" value=(offer::key());
                (table)
                fieldset class="govuk-fieldset hf-batch" {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (t!(lang, "work-batch")) }
                    @if self.takes {
                        (button::submit_as(&t!(lang, "work-batch-take"), Weight::Second, "what", "take"))
                    }
                    @if !self.people.is_empty() {
                        (whom(lang, &self.people, "", "", &[]))
                        (button::submit_as(&t!(lang, "work-batch-assign"), Weight::Second, "what", "assign"))
                    }
                }
            }
        }
    }
}

/// Whom to give them to, and why.
fn whom(lang: Lang, people: &[Choice], to: &str, reason: &str, problems: &[Problem]) -> Markup {
    let field = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    html! {
        div class="hf-fields" {
            (select(lang, &field("to", "work-batch-to"), people, to))
            (textarea(lang, &field("reason", "work-batch-reason"), reason, 2))
        }
    }
}

/// What became of one row.
struct Became {
    number: String,
    refused: Option<String>,
}

/// `POST /desk/batch`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let lang = visit.lang;
    let values = &posted.values;
    let picked: Vec<String> = values.all(PICK).iter().take(MOST).map(ToString::to_string).collect();
    let assign = values.get("what") == "assign";
    let mut input = Map::new();
    let mut problems = Vec::new();
    if picked.is_empty() {
        problems.push(Problem::whole(t!(lang, "work-batch-none")));
    }
    if assign {
        for (field, name, missing) in
            [("to", "pass.person", "work-batch-no-person"), ("reason", "reason", "work-batch-no-reason")]
        {
            let typed = values.get(field).trim();
            if typed.is_empty() {
                problems.push(Problem::at(field, t!(lang, missing)));
            }
            input.insert(name.to_owned(), json!(typed));
        }
    }
    if !problems.is_empty() {
        return again(&app, &visit, values, &picked, &problems).await;
    }
    let mut became = Vec::with_capacity(picked.len());
    for one in &picked {
        let (typed, task) = one.split_once('.').unwrap_or((one, ""));
        let number = number(typed)?;
        let done = act(&app, &visit, (number, task), assign, &input, values.get("key")).await;
        let refused = done.err().map(|refusal| say(app.words(), lang, &refusal.detail));
        became.push(Became { number: number.to_string(), refused });
    }
    Ok(told(&app, &visit, &became))
}

/// The same once more, with what was chosen and typed.
async fn again(
    app: &App,
    visit: &Visit,
    values: &Values,
    picked: &[String],
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = t!(lang, "work-batch-again");
    let people = people(app, visit).await?;
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if picked.is_empty() {
            (button::link(&t!(lang, "work-batch-back"), PAGE, Weight::Main))
        } @else {
            p class="govuk-body" { (t!(lang, "work-batch-picked", n = picked.len())) }
            (form(visit, "/desk/batch", &html! {
                input type="hidden" name="key" value=(values.get("key"));
                @for one in picked { input type="hidden" name=(PICK) value=(one); }
                (whom(lang, &people, values.get("to"), values.get("reason"), problems))
                (button::submit_as(&t!(lang, "work-batch-assign"), Weight::Main, "what", "assign"))
            }))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .back(PAGE)
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

async fn act(
    app: &App,
    visit: &Visit,
    (number, task): (MatterNumber, &str),
    assign: bool,
    input: &Map<String, Value>,
    key: &str,
) -> Result<(), Refusal> {
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let ask = Act {
        action: if assign { "assign" } else { "take" },
        version: view["version"].as_i64().unwrap_or_default(),
        input: input.clone(),
        task: Some(task).filter(|task| !task.is_empty()),
        key: &format!("{key}-{number}-{task}"),
        lang: visit.lang,
    };
    app.register().act(&visit.principal, number, &ask).await.map(|_| ())
}

fn told(app: &App, visit: &Visit, became: &[Became]) -> Response {
    let lang = visit.lang;
    let refused = became.iter().filter(|one| one.refused.is_some()).count();
    let title = t!(lang, "work-batch-done");
    let heads = [t!(lang, "desk-number"), t!(lang, "work-batch-result")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = became
        .iter()
        .map(|one| {
            vec![
                html! { a class="govuk-link hf-number" href={ "/desk/matters/" (one.number) } { (grouped(&one.number)) } },
                match &one.refused {
                    None => tag(&t!(lang, "work-batch-yes"), Tone::Good),
                    Some(why) => html! { (tag(&t!(lang, "work-batch-no"), Tone::Bad)) " " (why) },
                },
            ]
        })
        .collect();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "work-batch-told", n = became.len() - refused, refused = refused)) }
        (table(&title, &heads, &rows))
        (button::link(&t!(lang, "work-batch-back"), PAGE, Weight::Main))
    };
    Page::desk(visit, title.clone()).back(PAGE).body(with_menu(app, visit, PAGE, &body)).into_response()
}
