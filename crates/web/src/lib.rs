//! Pages and programming interface.

pub mod assets;
pub mod lang;
pub mod ui;
