//! What a backup asks of the papers: which contents there are, and why one is not.

use store::{Reads, StoreError, sql};

/// A content as a backup sees it.
pub type Content = (String, String);

/// Id and content name of files whose content must lie on the disk, in order of id after one of them.
pub async fn contents(reads: &mut impl Reads, after: &str, most: u32) -> Result<Vec<Content>, StoreError> {
    sql("SELECT id, blob FROM file WHERE id > ? AND data_key IS NOT NULL AND scan <> 'infected' ORDER BY id LIMIT ?")
        .bind(after)
        .bind(most)
        .all(reads)
        .await
}

/// Whether the content of a file must lie on the disk now. One that was erased, infected, or taken by no matter in
/// time is rightly gone.
pub async fn is_wanted(reads: &mut impl Reads, id: &str) -> Result<bool, StoreError> {
    let found: Option<(i64,)> =
        sql("SELECT 1 FROM file WHERE id = ? AND data_key IS NOT NULL AND scan <> 'infected'")
            .bind(id)
            .optional(reads)
            .await?;
    Ok(found.is_some())
}
