//! The rows of a list as a table: on a phone each becomes a card, on a desk the number stays in sight.

use maud::{Markup, html};
use serde_json::Value;

use crate::app::App;
use crate::desk::frame::task_name;
use crate::lang::Lang;
use crate::portal::fault::text;
use crate::portal::matter::grouped;
use crate::t;
use crate::ui::light::light;
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Visit, time};

/// What a list shows beside the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Item,
    Step,
    Applicant,
    Due,
    Light,
    Owner,
}

impl Column {
    pub(super) const ALL: [Self; 6] =
        [Self::Item, Self::Step, Self::Applicant, Self::Due, Self::Light, Self::Owner];

    /// Its word in an address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Step => "step",
            Self::Applicant => "applicant",
            Self::Due => "due",
            Self::Light => "light",
            Self::Owner => "owner",
        }
    }

    /// What it is called.
    pub(super) fn head(self, lang: Lang) -> String {
        t!(lang, &format!("desk-{}", self.as_str()))
    }
}

/// Field of the rows chosen for many at once.
pub(super) const PICK: &str = "pick";

/// The table; with boxes where rows can be chosen.
pub(super) fn lines(
    app: &App,
    visit: &Visit,
    caption: &str,
    rows: &[Value],
    columns: &[Column],
    pick: bool,
) -> Markup {
    let lang = visit.lang;
    let mut heads = vec![t!(lang, "desk-number")];
    heads.extend(columns.iter().map(|column| column.head(lang)));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let mut cells = vec![first(visit, row, pick)];
            cells.extend(columns.iter().map(|column| cell(app, visit, row, *column)));
            cells
        })
        .collect();
    table(caption, &heads, &rows)
}

fn first(visit: &Visit, row: &Value, pick: bool) -> Markup {
    let number = text(row, "number");
    let link =
        html! { a class="govuk-link hf-number" href={ "/desk/matters/" (number) } { (grouped(number)) } };
    if !pick {
        return link;
    }
    let id = format!("pick-{number}-{}", text(row, "task"));
    html! {
        span class="hf-pick" {
            input type="checkbox" id=(id) name=(PICK) value={ (number) "." (text(row, "task")) };
            label class="govuk-visually-hidden" for=(id) { (t!(visit.lang, "work-pick", number = grouped(number))) }
            (link)
        }
    }
}

fn cell(app: &App, visit: &Visit, row: &Value, column: Column) -> Markup {
    let lang = visit.lang;
    match column {
        Column::Item => html! { (item_name(app, lang, row)) },
        Column::Step => {
            let since = time::moment_text(lang, text(row, "since"));
            html! {
                (asked(visit, row).unwrap_or_else(|| html! { (step_name(app, lang, row)) })) br;
                span class="hf-quiet" { (t!(lang, "desk-since", at = since)) }
            }
        }
        Column::Applicant => html! { (text(row, "applicant_masked")) },
        Column::Due => html! { span class="hf-nowrap" { (time::date_text(lang, text(row, "due"))) } },
        Column::Light => light(lang, text(row, "light")),
        Column::Owner => html! { (text(&row["owner"], "name")) },
    }
}

/// What the matter is about.
pub(super) fn item_name(app: &App, lang: Lang, row: &Value) -> String {
    let id = text(row, "item");
    app.register().catalog().item(id).map_or(id, |item| item.name.get(lang)).to_owned()
}

/// Where it stands.
pub(super) fn step_name(app: &App, lang: Lang, row: &Value) -> String {
    let (item, step) = (text(row, "item"), text(row, "step"));
    let found = app.register().catalog().item(item).and_then(|item| item.step(step));
    found.map_or(step, |step| step.name.get(lang)).to_owned()
}

/// What a task beside the steps asks for; it may have begun in a step long past. What ran late stands out.
fn asked(visit: &Visit, row: &Value) -> Option<Markup> {
    let asks = row["asks"].as_str()?;
    let name = task_name(visit.lang, asks);
    Some(if asks == "attend" {
        tag(&name, Tone::Bad)
    } else {
        html! { (name) }
    })
}
