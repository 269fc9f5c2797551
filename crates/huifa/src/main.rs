//! `huifa`: one binary for the platform, its calculators, its catalogue and its keepers.

mod cli;
mod commands;
mod context;
mod failure;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::context::Context;

fn main() -> ExitCode {
    // clap prints help with 0 and usage errors with 2 by itself.
    let cli = Cli::parse();
    let done = Context::new(cli.globals).and_then(|context| commands::run(cli.command, &context));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}
