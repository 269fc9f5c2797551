//! One file a command. To add one: a file with `Args` and `run`, a line in [`Command`], a line in [`run`].

mod account;
mod calc;
mod deadline;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;

/// What `huifa` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Accounts and roles (账号).
    Account(account::Args),
    /// Calculators: periods, identity numbers, codes (计算器).
    Calc(calc::Args),
    /// When is it due, and why (期限).
    Deadline(deadline::Args),
}

/// Runs a command.
pub fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Account(args) => account::run(&args, context),
        Command::Calc(args) => calc::run(&args, context),
        Command::Deadline(args) => deadline::run(&args, context),
    }
}
