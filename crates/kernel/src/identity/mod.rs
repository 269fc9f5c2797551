//! Numbers that name people and bodies: identity number, credit code, organisation code, telephone.
//!
//! `parse` takes what a person typed (full width, blanks, lower case) and keeps the normal form;
//! the `rules` underneath are strict and are what the calculators show.

mod phone;
mod resident;
mod subject;

pub use phone::Phone;
pub(crate) use resident::inspect17;
pub use resident::{Id15, Id18, Sex, resident_check_digit};
pub use subject::{OrgCode, Uscc, org_check_digit, uscc_check_digit};

/// Why a text is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdentityFault {
    /// Wrong length or characters.
    #[error("wrong length or characters")]
    Shape,
    /// The area digits name no province.
    #[error("the area digits name no province")]
    Area,
    /// The birth date does not exist, or lies in the future.
    #[error("no such birth date, or one in the future")]
    Birth,
    /// The department or category is not in the standard's table.
    #[error("unknown registration department")]
    Department,
    /// The check digit does not fit.
    #[error("the check digit does not fit")]
    Check,
}

impl IdentityFault {
    /// Short word for machines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Area => "area",
            Self::Birth => "birth",
            Self::Department => "department",
            Self::Check => "check",
        }
    }
}

/// A word that must not be printed by accident: `Debug` hides it, `mask()` shows what screens may show.
macro_rules! sealed_word {
    ($name:ident) => {
        impl $name {
            /// The number in full. Personal: store sealed, show only with a reason.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.mask())
            }
        }
    };
}
pub(crate) use sealed_word;

/// `text` (ASCII) with everything but the first `head` and last `tail` characters starred.
fn star(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    text.chars().enumerate().map(|(i, c)| if i < head || i + tail >= length { c } else { '*' }).collect()
}
