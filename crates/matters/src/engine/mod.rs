//! How a matter moves: pure functions over its item and its state.

pub mod clocks;
pub mod cover;
pub mod matter;
pub mod migration;
pub mod papers;
pub mod standing;
pub mod state;
pub mod transition;
