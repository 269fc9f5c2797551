//! `huifa config`: the settings file with every setting explained, ready to be saved and edited.

use crate::failure::Failure;
use crate::{output, settings};

/// Prints it.
pub fn run() -> Result<(), Failure> {
    output::line(settings::template().trim_end())
}
