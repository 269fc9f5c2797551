//! `huifa`: one binary for the platform, its calculators, its catalogue and its keepers.

mod city;
mod cli;
mod commands;
mod context;
mod failure;
#[cfg(feature = "pdf")]
mod fonts;
mod keys;
mod logging;
mod node;
mod output;
mod outside;
mod prints;
mod recipients;
mod reviewed;
mod sealing;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::context::Context;

/// Many small values are made on one thread and dropped on another; the system's allocator pays for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap prints help with 0 and usage errors with 2 by itself.
    let cli = Cli::parse();
    logging::start();
    let done = Context::new(cli.globals).and_then(|context| commands::run(cli.command, &context));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}
