//! SQL of the atlas.

use store::{Reads, StoreError, sql};

use super::model::Atlas;
use crate::area::import::spans;
use crate::area::service_area;
use crate::area::store::links;

/// The version of the divisions.
pub(super) async fn version(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (version,): (i64,) =
        sql("SELECT version FROM reference_version WHERE family = 'area'").one(reads).await?;
    Ok(version)
}

/// Reads all divisions. Run it in one snapshot.
pub(super) async fn load(reads: &mut impl Reads) -> Result<Atlas, StoreError> {
    let version = version(reads).await?;
    let spans = spans(reads, (0, i64::MAX)).await?;
    let links = links(reads).await?;
    let services = service_area::all(reads).await?;
    Ok(Atlas::new(version, spans.into_values().flatten(), links, services))
}
