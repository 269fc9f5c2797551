//! Who may see and do what where, decided once: [`table`] is the data, [`rules`] the answer in Rust,
//! [`sql`] the same answer as the WHERE of every list.

pub mod rules;
pub mod sql;
pub mod table;

pub use rules::{
    Denied, MatterPlace, Relation, Scope, Sight, TaskPlace, may_act, may_act_as_party, may_do, may_see,
    scopes,
};
pub use table::{Class, Reach, WALLED_DUTIES, Work};

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
