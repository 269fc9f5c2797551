//! Registers that an authority keeps elsewhere, taken in as tables: organisations and practitioners.
//!
//! A row is read whole or refused with every field that is wrong; the good rows go in. A row that says what is
//! known already changes nothing.

mod fields;
mod organisations;
mod practitioners;
mod store;

use kernel::refusal::FieldError;

pub use fields::Fields;
pub use organisations::KINDS as ORGANISATION_KINDS;
pub use practitioners::KINDS as PRACTITIONER_KINDS;
pub(crate) use store::put_practitioner;

/// A row: the text under a column's name.
pub type Cells<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was not known.
    New,
    /// It was known otherwise.
    Changed,
    /// It is as it was.
    Known,
    /// It cannot be; pointers name the columns, `/area`.
    Refused(Vec<FieldError>),
}
