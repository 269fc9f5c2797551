//! What somebody computed or wrote here, put with a matter of theirs: the form of a note comes filled in with it, and
//! is sent by the person.

use access::Kind;
use axum::response::Response;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use matters::command::note;
use maud::{Markup, html};
use press::Print;

use super::fault::{Fault, at, told};
use super::offer::{self, Filled};
use super::{matter, upload};
use crate::app::App;
use crate::desk::matter as desk;
use crate::paper::{self, Form};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::form::{Upload, Values};
use crate::ui::input::{Typed, input};
use crate::ui::{Visit, select};

/// The field that names the matter; no calculator and no document has one called so.
pub const MATTER: &str = "with_matter";

/// What the button says.
pub const BUTTON: &str = "attach";

/// The question which matter, and the button `name`; nothing for whoever has none.
pub async fn choice(
    app: &App,
    visit: &Visit,
    name: &str,
    values: &Values,
    problems: &[Problem],
) -> Result<Option<Markup>, Fault> {
    let lang = visit.lang;
    let ask = Ask::new(MATTER, t!(lang, "attach-matter")).error(at(problems, MATTER));
    let which = match visit.principal.kind {
        Kind::Staff => input(lang, &ask, values.get(MATTER), Typed::Digits),
        Kind::Guest(number) => html! { input type="hidden" name=(MATTER) value=(number); },
        Kind::Citizen => {
            let running = app.register().running(&visit.principal).await?;
            if running.is_empty() {
                return Ok(None);
            }
            let name = |item: &str| {
                app.register()
                    .catalog()
                    .item(item)
                    .map_or_else(|| item.to_owned(), |one| one.name.get(lang).to_owned())
            };
            let choices: Vec<Choice> = running
                .iter()
                .map(|(number, item)| {
                    Choice::new(number.to_string(), format!("{} {}", name(item), number.grouped()))
                })
                .collect();
            // One matter leaves no choice.
            let only = choices.first().filter(|_| choices.len() == 1).map(|choice| choice.value.clone());
            select::select(lang, &ask, &choices, only.as_deref().unwrap_or(values.get(MATTER)))
        }
        _ => return Ok(None),
    };
    Ok(Some(html! {
        (which)
        (button::submit_as(&t!(lang, "attach-button"), Weight::Second, name, BUTTON))
    }))
}

/// What became of it.
pub enum Attached {
    /// The form of the note, or the matter where no note is taken.
    Page(Response),
    /// The page it came from, with what is wrong.
    Again(Problem),
}

/// Leads to the note of a matter, with the words and the paper in it.
pub async fn carry(
    app: &App,
    visit: &Visit,
    values: &Values,
    text: &str,
    print: Print,
) -> Result<Attached, Fault> {
    let lang = visit.lang;
    let Ok(number) = values.get(MATTER).parse::<MatterNumber>() else {
        return Ok(Attached::Again(Problem::at(MATTER, t!(lang, "attach-which"))));
    };
    // Whoever may not see the matter learns no more of it here than elsewhere.
    let view = match app.register().view(&visit.principal, number, lang).await {
        Ok(view) => view,
        Err(refusal) => return Ok(Attached::Again(Problem::at(MATTER, told(app, visit, &refusal)))),
    };
    let Some(offer) = offer::find(app, visit, number, note::ADD, None).await? else {
        return Ok(Attached::Again(Problem::at(MATTER, t!(lang, "attach-over"))));
    };
    let mut made = paper::made(app, print.clone(), Form::Pdf).await;
    if made.as_ref().is_err_and(|refusal| refusal.code == Code::FormUnavailable) {
        // A node without fonts makes no PDF; the paper goes along all the same.
        made = paper::made(app, print, Form::Docx).await;
    }
    let (name, bytes) = match made {
        Ok(made) => made,
        Err(refusal) => return Ok(Attached::Again(Problem::whole(told(app, visit, &refusal)))),
    };
    let handed = Upload { field: note::FILE.to_owned(), name, kind: None, bytes };
    let owner = visit.principal.account.as_ref().map(access::AccountId::as_str);
    let stored = upload::take(app, visit, owner, &handed).await?;
    let filled = Filled::fresh(&view, &offer, None).with(&offer, note::TEXT, text).with_file(
        &offer,
        note::FILE,
        &stored,
    );
    Ok(Attached::Page(if visit.principal.is_staff() {
        desk::act_form(app, visit, number, &offer, &view, &filled)
    } else {
        matter::show(app, visit, number, &offer, &view, &filled)
    }))
}
