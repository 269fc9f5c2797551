//! The one write path: open a matter, act on it, let time act on it.

pub mod act;
pub(crate) mod authorise;
mod body;
mod commit;
pub(crate) mod load;
pub mod open;
pub(crate) mod shared;
pub mod tick;

pub(crate) use act::wrong_input;

use serde_json::Value;

/// The answer to a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The receipt, in the contract's shape.
    pub body: Value,
    /// True when this key was answered before and nothing was done now.
    pub replayed: bool,
}

/// Shared acts that discharge a task: an open message is answered.
pub(crate) fn shared_actions_of(task: &crate::engine::state::Task) -> Vec<&'static str> {
    if task.name == crate::engine::transition::ANSWER {
        vec![shared::Shared::Answer.as_str()]
    } else {
        Vec::new()
    }
}
