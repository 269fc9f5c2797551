//! Guided drafting (写一写): documents people need, asked for question by question and written from a file.
//!
//! A template is a file of `catalog/drafts/`: what is asked, the words, what the law says to it, and examples that
//! are its tests. [`Book`] reads and proves them; [`Template::fill`] writes a document from answers. What is not
//! answered stays open as a line to write on, so that a half-filled document can be taken along and finished by hand.
//! Nothing is kept: answers come in, a document goes out.

mod answers;
mod check;
pub mod chinese;
mod fill;
mod load;
mod model;
mod when;
mod words;

pub use answers::{Answers, Wrong};
pub use check::{Finding, Said};
pub use fill::Filled;
pub use load::{Book, FOLDER, Fault};
pub use model::{Choice, Citation, Example, Group, Kind, Level, Question, Section, Template};
