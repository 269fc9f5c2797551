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

use std::sync::Arc;

use catalog::item::Item;
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use crate::app::App;
use crate::portal::fault::text;

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

/// The item in the version the matter began with.
fn item_of(app: &App, view: &Value) -> Option<Arc<Item>> {
    let version = view["item_version"].as_u64().and_then(|version| u32::try_from(version).ok())?;
    let catalog = app.register().catalog();
    catalog.version(text(view, "item"), version).or_else(|| catalog.item(text(view, "item"))).cloned()
}
