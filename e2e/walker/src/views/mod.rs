//! The shapes of the contract, to the letter: a field the contract does not name is an error, and so is one
//! it names and the server leaves out.

mod calculator;
mod deadline;
mod draft;
mod item;
mod matter;
mod people;
mod problem;
mod scalars;

pub use calculator::*;
pub use deadline::*;
pub use draft::*;
pub use item::*;
pub use matter::*;
pub use people::*;
pub use problem::*;
pub use scalars::*;
