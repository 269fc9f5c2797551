//! One matter at the desk: where it stands, what may be done, the people (masked), the papers, the clocks
//! with their explanation, and everything that happened.

mod act;
mod drafted;
mod history;
mod names;
mod page;
mod paper;
mod people;
mod reached;
mod reveal;
mod sections;

use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use maud::{Markup, html};
use serde_json::Value;

use crate::app::App;
use crate::portal::offer::item_of;
use crate::ui::Visit;

pub use act::{act, ask, form as act_form};
pub use drafted::drafted;
pub use page::get;
pub use paper::file;
pub use people::party_role;
pub use reached::called;
pub use reveal::{reveal, reveal_form};

/// Address of a matter's page.
pub fn page_of(number: MatterNumber) -> String {
    format!("/desk/matters/{number}")
}

/// The matter with how its applicant may be reached.
async fn with_contact(app: &App, visit: &Visit, number: MatterNumber) -> Result<Value, Refusal> {
    let mut view = app.register().view(&visit.principal, number, visit.lang).await?;
    view["contact"] = app.register().contact(&visit.principal, number).await?;
    Ok(view)
}

/// The number above a heading.
fn caption(number: MatterNumber) -> Markup {
    html! { span class="govuk-caption-l hf-number" { (number.grouped()) } }
}
