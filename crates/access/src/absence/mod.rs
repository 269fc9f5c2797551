//! Absences (请假) and substitutes (AB 角): who is away on a day, and who stands in for them.

pub mod model;
mod rules;
mod service;
pub mod store;

pub use model::{Absence, Away, Kind, NewAbsence, Stage, Standin};
pub use rules::{answers_for, serves};
