//! What hangs on a division that ended and has no known successor: bodies that sit there, roles held there. It is
//! handed over to the heads and supervisors around it, who say what took the division over.

mod model;
mod service;
mod store;

pub use model::{NewLink, Orphan, Overview};
