//! `huifa migrate`: brings the database to this version and stops.

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Runs it.
pub fn run(context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        let db = context.database().await?;
        db.close().await;
        Ok(())
    })?;
    output::line("the database is up to date")
}
