//! What people may ask of what is kept about them, and how long it is kept (个人信息保护法 arts. 44-48).
//!
//! Erasing is a command like every other: the event `erased` says class, ground and who decided; with the same
//! write the matter's data key is destroyed. The chain holds commitments, so it verifies as before.

mod certificate;
pub(crate) mod correct;
mod deletion;
mod erase;
mod export;
mod hold;
mod model;
mod own;
mod retention;
mod rules;
mod store;

pub use deletion::{DeletionAsked, GROUNDS};
pub use model::{Basis, ClassPlan, Erasure, Kept, Plan, Ran, Wait};

pub(crate) use erase::gone;
pub(crate) use hold::{holding, may_hold, may_release, questions as hold_questions};
