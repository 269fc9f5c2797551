//! How a command ends: the exit codes of the contract.

use std::fmt;
use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// 1: faults or refused rows, already listed on standard output.
    Faults,
    /// 1: one fault, told here.
    Fault(String),
    /// 2: the command line does not make sense.
    Usage(String),
    /// 3: database, port, disk.
    Environment(String),
    /// 4: integrity is broken; the faults are already listed.
    Integrity,
    /// The reader of our output has gone; there is nothing left to say.
    OutputClosed,
}

impl Failure {
    /// An environment failure from any error.
    pub fn environment(error: impl fmt::Display) -> Self {
        Self::Environment(error.to_string())
    }

    /// What there is to say, if it was not said already.
    pub fn text(&self) -> &str {
        match self {
            Self::Fault(text) | Self::Usage(text) | Self::Environment(text) => text,
            Self::Faults | Self::Integrity | Self::OutputClosed => "",
        }
    }

    /// Says it on standard error, unless it was said already.
    pub fn report(&self) {
        if !self.text().is_empty() {
            eprintln!("huifa: {}", self.text());
        }
    }

    /// The code the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::OutputClosed => 0,
            Self::Faults | Self::Fault(_) => 1,
            Self::Usage(_) => 2,
            Self::Environment(_) => 3,
            Self::Integrity => 4,
        })
    }
}
