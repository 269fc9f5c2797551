//! The register of matters (统一办件库): one row for everything a person asks, whatever the door.
//!
//! Every change is a command and every command goes the same way: load ([`command`]), authorise, guard, decide
//! ([`engine`], pure), and one compare-and-set write of state and event ([`store`]). Reading is [`view`].

pub mod ask;
mod blind;
pub mod command;
pub mod consent;
pub mod documents;
pub mod draft;
pub mod engine;
pub mod event;
mod mask;
pub mod material;
pub mod party;
mod register;
pub mod rights;
pub mod store;
pub mod view;

pub use blind::{By, PersonQuery};
pub use command::Answer;
pub use command::act::Ask;
pub use command::follow::Carried;
pub use command::reassign::{Order, Target};
pub use register::{Parts, Register};
pub use view::answered::{Answered, Closing, Named};
pub use view::reach::Reach;
pub use view::told::{Applicant, Happened, Told};
pub use view::worklist::{
    Filter as WorklistFilter, Kept as KeptList, Order as WorklistOrder, Query as WorklistQuery,
    View as WorklistView,
};
