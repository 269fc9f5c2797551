//! One matter at the desk: where it stands, what may be done, the people (masked), the papers, the clocks
//! with their explanation, and everything that happened.

mod act;
mod history;
mod names;
mod page;
mod paper;
mod people;
mod reveal;
mod sections;

use kernel::number::MatterNumber;
use maud::{Markup, html};

use crate::portal::offer::item_of;

pub use act::{act, ask};
pub use page::get;
pub use paper::file;
pub use reveal::{reveal, reveal_form};

/// Address of a matter's page.
fn page_of(number: MatterNumber) -> String {
    format!("/desk/matters/{number}")
}

/// The number above a heading.
fn caption(number: MatterNumber) -> Markup {
    html! { span class="govuk-caption-l hf-number" { (number.grouped()) } }
}
