//! SQL of files.

use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Changes, Reads, Sql, StoreError, sql};

/// How long an upload waits for the matter it was made for.
pub(crate) const WAITS: SignedDuration = SignedDuration::from_hours(24);

store::record! {
    /// One row of `file`.
    #[derive(Debug, Clone)]
    pub(crate) struct FileRow {
        pub(crate) id: String,
        pub(crate) owner: Option<String>,
        pub(crate) number: Option<MatterNumber>,
        pub(crate) name: Vec<u8>,
        pub(crate) media: String,
        pub(crate) size: i64,
        pub(crate) sha256: [u8; 32],
        pub(crate) blob: String,
        pub(crate) data_key: Option<Vec<u8>>,
        pub(crate) created_at: Instant,
        pub(crate) scan: String,
        pub(crate) flags: String,
    }
}

const COLUMNS: &str = "SELECT id, owner, number, name, media, size, sha256, blob, data_key, created_at, scan, flags FROM file WHERE ";

pub(crate) fn insert(row: &FileRow, replay: Option<&[u8; 32]>) -> Sql {
    sql("INSERT INTO file (id, owner, name, media, size, sha256, blob, data_key, created_at, scan, flags, replay)")
        .then(" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&row.id)
        .bind(row.owner.as_deref())
        .bind(&row.name)
        .bind(&row.media)
        .bind(row.size)
        .bind(row.sha256)
        .bind(&row.blob)
        .bind(row.data_key.as_ref())
        .bind(row.created_at)
        .bind(&row.scan)
        .bind(&row.flags)
        .bind(replay)
}

pub(crate) async fn find_replay(
    reads: &mut impl Reads,
    replay: &[u8; 32],
) -> Result<Option<FileRow>, StoreError> {
    sql(COLUMNS).then("replay = ?").bind(replay).optional(reads).await
}

pub(crate) async fn find(reads: &mut impl Reads, id: &str) -> Result<Option<FileRow>, StoreError> {
    sql(COLUMNS).then("id = ?").bind(id).optional(reads).await
}

pub(crate) async fn find_all(reads: &mut impl Reads, ids: &[String]) -> Result<Vec<FileRow>, StoreError> {
    sql(COLUMNS).list("id IN (", ids, ")").all(reads).await
}

/// Files one matter may have.
pub(crate) const MOST_OF_A_MATTER: i64 = 300;

/// How many files a matter has.
pub(crate) async fn count(reads: &mut impl Reads, number: MatterNumber) -> Result<i64, StoreError> {
    let (n,): (i64,) = sql("SELECT COUNT(*) AS n FROM file WHERE number = ?").bind(number).one(reads).await?;
    Ok(n)
}

/// Takes each file for a matter: once, by whoever uploaded it, in time, while there is room.
pub(crate) fn claim(number: MatterNumber, ids: &[String], owner: Option<&str>, now: Instant) -> Changes {
    let mut changes = Changes::new();
    for id in ids {
        changes.expect_one(
            sql("UPDATE file SET number = ?, claimed_at = ? WHERE id = ? AND number IS NULL AND created_at > ?")
                .bind(number)
                .bind(now)
                .bind(id)
                .bind(now.plus(-WAITS))
                .then(" AND (owner IS NULL OR owner = ?)")
                .bind(owner)
                .then(" AND (SELECT COUNT(*) FROM file other WHERE other.number = ?) < ?")
                .bind(number)
                .bind(MOST_OF_A_MATTER),
            "file claim",
        );
    }
    changes
}

/// Removes uploads nobody claimed and gives the names of their contents.
pub(crate) fn forget(before: Instant) -> Sql {
    sql("DELETE FROM file WHERE number IS NULL AND created_at <= ? RETURNING blob").bind(before)
}

/// Destroys the keys of a matter's files, and what else of them tells something: name and fingerprint.
pub(crate) fn destroy_keys(number: MatterNumber) -> Sql {
    sql("UPDATE file SET data_key = NULL, name = ?, sha256 = ?, replay = NULL WHERE number = ?")
        .bind(Vec::<u8>::new())
        .bind([0_u8; 32])
        .bind(number)
}

/// Files whose key is gone: id and name of the content that still lies on the disk.
pub(crate) async fn without_key(
    reads: &mut impl Reads,
    limit: i64,
) -> Result<Vec<(String, String)>, StoreError> {
    sql("SELECT id, blob FROM file WHERE data_key IS NULL ORDER BY id LIMIT ?").bind(limit).all(reads).await
}

/// Removes rows of files whose content is gone from the disk.
pub(crate) fn remove(ids: &[String]) -> Sql {
    sql("DELETE FROM file WHERE data_key IS NULL").list(" AND id IN (", ids, ")")
}

/// Files that wait for the scanner, the oldest first.
pub(crate) async fn waiting(reads: &mut impl Reads, most: i64) -> Result<Vec<FileRow>, StoreError> {
    sql(COLUMNS).then("scan = 'waiting' ORDER BY created_at, id LIMIT ?").bind(most).all(reads).await
}

/// What the scanner said of a file that waited.
pub(crate) fn scanned(id: &str, scan: &str, finding: Option<&str>) -> Sql {
    sql("UPDATE file SET scan = ?, finding = ? WHERE id = ? AND scan = 'waiting'")
        .bind(scan)
        .bind(finding)
        .bind(id)
}
