//! 答复库: answers that may be used again: what I wrote, what waits for me, what is published and what is due; writing
//! one from a closed matter, looking at it as somebody else, using one in an open matter.

mod beside;
mod list;
mod one;
mod using;
mod write;

pub use beside::panel;
pub use list::get as list;
pub use one::{get as one, post as decide};
pub use using::{draft, get as using};
pub use write::{edit, edit_post, new, new_post};

use answers::lists::Why;
use answers::model::State;
use maud::{Markup, html};

use crate::lang::Lang;
use crate::portal::fault::{Fault, nothing};
use crate::t;
use crate::ui::tag::{Tone, tag};

/// Address of the lists.
pub const PAGE: &str = "/desk/answers";

/// Address of a version.
fn page_of(id: &str, version: i64) -> String {
    format!("{PAGE}/{id}/{version}")
}

/// The version an address names; anything else names nothing.
fn version_of(typed: &str) -> Result<i64, Fault> {
    typed.parse().map_err(|_| nothing())
}

/// Where a version stands, as a tag.
fn state(lang: Lang, state: State) -> Markup {
    let tone = match state {
        State::Proposed => Tone::Act,
        State::Published => Tone::Good,
        State::Draft | State::Withdrawn | State::Replaced => Tone::Quiet,
    };
    tag(&t!(lang, &format!("answers-state-{state}")), tone)
}

/// Why it must be looked through, as tags.
fn why(lang: Lang, why: &[Why]) -> Markup {
    html! { @for one in why { " " (tag(&t!(lang, &format!("answers-why-{}", one.as_str())), Tone::Bad)) } }
}
