//! The command line: options every command takes, before or after its name.

use std::path::PathBuf;

use clap::{Args, Parser};
use kernel::time::Instant;

use crate::commands::Command;

/// Huifa 惠法: an open platform for public legal services.
#[derive(Debug, Parser)]
#[command(name = "huifa", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Globals {
    /// Folder with database, keys and files.
    #[arg(long, global = true, value_name = "DIR", env = "HUIFA_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// Database: a path, or postgres://… (default: DIR/huifa.db).
    #[arg(long, global = true, value_name = "URL", env = "HUIFA_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Print JSON. `calc` and `draft` take their inputs after it.
    #[arg(long, global = true, num_args = 0..=1, require_equals = true, default_missing_value = "", value_name = "INPUTS")]
    pub json: Option<String>,
    /// The clock starts at this moment and runs; only in a folder with a `test` marker.
    #[arg(long, global = true, value_name = "RFC3339")]
    pub now: Option<Instant>,
    /// Service items, parameters and messages from a folder instead of those built in.
    #[arg(long, global = true, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}
