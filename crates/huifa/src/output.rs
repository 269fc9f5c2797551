//! Printing that survives a closed pipe.

use std::io::{ErrorKind, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Prints a line.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    written(writeln!(out, "{text}"))
}

/// Prints a value as one line of JSON.
pub fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    line(&serde_json::to_string(value).map_err(Failure::environment)?)
}

/// A closed pipe (`huifa … | head`) is no fault.
pub fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::environment(error),
    })
}
