//! How matters are read: the contract's shapes, masked, for those who may see them.

pub mod actions;
pub mod answered;
pub mod check;
pub mod events;
pub mod export;
pub mod facts;
pub mod handed;
pub mod looks;
pub mod matter;
pub mod mine;
pub mod people;
pub mod progress;
pub mod reach;
pub mod receipt;
pub mod told;
pub mod worklist;
