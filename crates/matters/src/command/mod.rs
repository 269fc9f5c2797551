//! The one write path: open a matter, act on it, let time act on it.

pub mod act;
mod apart;
pub(crate) mod authorise;
mod body;
pub(crate) mod commit;
pub(crate) mod contact;
pub(crate) mod cover;
mod deed;
pub mod follow;
pub(crate) mod helper;
pub mod import;
pub(crate) mod load;
mod many;
pub mod migrate;
mod moved;
mod new;
pub mod note;
pub mod open;
pub(crate) mod pass;
pub mod reassign;
mod recount;
mod reveal;
pub(crate) mod shared;
mod similar;
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

/// The acts that discharge a standing task.
pub(crate) fn shared_actions_of(task: &crate::engine::state::Task) -> Vec<&'static str> {
    use crate::engine::standing::{ANSWER, ATTEND, CO_HANDLE, CORRECT, HAND_OVER, SERVE};
    match task.name.as_str() {
        ANSWER => vec!["answer-message"],
        ATTEND => vec!["attend"],
        HAND_OVER => vec!["accept-hand-over", "refuse-hand-over"],
        CO_HANDLE => vec!["finish-co-handling"],
        CORRECT => vec!["accept-correction", "refuse-correction"],
        // The item's fragment `service` offers it.
        SERVE => vec!["serve"],
        _ => Vec::new(),
    }
}
