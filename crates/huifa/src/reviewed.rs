//! Published answers as what to learn from: each question stands in general words, without personal data, and a second
//! person confirmed its kind and its articles.

use answers::model::Published;

use crate::context::Context;
use crate::failure::Failure;

/// The answers of the catalogue, and those that offices have published.
pub fn answers(context: &Context) -> Result<Vec<Published>, Failure> {
    let kinds = context.triage()?.kinds().labels();
    let seeds = answers::seeds::Seeds::read(&context.sources()?, &kinds).map_err(Failure::Environment)?;
    let published = context.block_on(async {
        let db = context.existing_database().await?;
        let mut reads = db.reader().await.map_err(Failure::environment)?;
        let published = answers::published(&mut reads).await.map_err(Failure::environment)?;
        drop(reads);
        db.close().await;
        Ok::<_, Failure>(published)
    })?;
    Ok(seeds.answers.into_iter().chain(published).collect())
}
