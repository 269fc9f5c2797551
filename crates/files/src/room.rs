//! Taking papers, claiming them for a matter, giving them out.

use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Text};
use kernel::time::Instant;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::seal::Keyring;
use store::{Changes, Db, StoreError};

use crate::blobs::Blobs;
use crate::kind;
use crate::store_rows::{self as table, FileRow, WAITS};

/// Limits of uploads (`[limits] upload_bytes`).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub upload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { upload_bytes: 20 * 1024 * 1024 }
    }
}

/// Why a file could not be taken or given.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The database or the seal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk failed.
    #[error("contents of files: {0}")]
    Disk(#[from] std::io::Error),
    /// The file is refused; the text says why and what to do.
    #[error("refused: {0}")]
    Refused(Box<Refusal>),
}

impl From<Refusal> for FileError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// A file as the outside sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// Its id.
    pub id: String,
    /// Its name, without any path.
    pub name: String,
    /// Media type found in the content.
    #[serde(rename = "type")]
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// The matter that took it.
    #[serde(skip)]
    pub number: Option<MatterNumber>,
    /// The account that uploaded it; none without a session.
    #[serde(skip)]
    pub owner: Option<String>,
}

/// Names of files are kept to this length.
const NAME_CHARS: usize = 120;

fn name_place(id: &str) -> String {
    format!("file.name:{id}")
}

fn content_place(id: &str) -> String {
    format!("file.content:{id}")
}

/// The name as a person gave it, without folders and control characters.
fn plain_name(name: &str, ending: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    let kept = kept.trim().trim_start_matches('.');
    if kept.is_empty() { format!("file.{ending}") } else { kept.to_owned() }
}

/// The papers of one installation.
pub struct Files {
    db: Db,
    keyring: Keyring,
    blobs: Blobs,
    limits: Limits,
}

impl Files {
    /// Papers with their contents in this folder.
    pub fn new(db: Db, keyring: Keyring, folder: impl Into<std::path::PathBuf>, limits: Limits) -> Self {
        Self { db, keyring, blobs: Blobs::new(folder), limits }
    }

    /// The limits uploads are held to.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Takes a file. `owner` is the account that uploads it, none without a session.
    pub async fn put(
        &self,
        owner: Option<&str>,
        name: &str,
        content: Vec<u8>,
        now: Instant,
    ) -> Result<Stored, FileError> {
        let size = content.len() as u64;
        if size > self.limits.upload_bytes {
            let most = self.limits.upload_bytes / 1024 / 1024;
            return Err(Refusal::new(Code::TooLarge, Text::new("files-too-large").arg("megabytes", most))
                .next(Next::say("files-next-smaller"))
                .into());
        }
        let Some(kind) = kind::of(&content) else {
            let taken: Vec<&str> = kind::TAKEN.iter().map(|kind| kind.ending).collect();
            return Err(Refusal::new(Code::UnsupportedType, Text::new("files-type-unknown"))
                .next(Next::say(Text::new("files-next-type").arg("taken", taken.join(", "))))
                .into());
        };
        let id = uuid::Uuid::now_v7().to_string();
        let (key, wrapped) = self.keyring.new_data_key()?;
        let name = plain_name(name, kind.ending);
        let place = content_place(&id);
        // Hashing and sealing megabytes takes milliseconds: not on a thread that answers others.
        let sealing = key.clone();
        let (sha256, sealed) = tokio::task::spawn_blocking(move || {
            let sha256: [u8; 32] = Sha256::digest(&content).into();
            sealing.seal(&place, &content).map(|sealed| (sha256, sealed))
        })
        .await
        .map_err(std::io::Error::other)??;
        let row = FileRow {
            name: key.seal(&name_place(&id), name.as_bytes())?,
            owner: owner.map(str::to_owned),
            number: None,
            r#type: kind.media.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            sha256,
            blob: self.blobs.put(&sealed).await?,
            data_key: Some(wrapped),
            created_at: now,
            id,
        };
        let mut changes = Changes::new();
        changes.push(table::insert(&row));
        self.db.apply("take file", changes).await?;
        Ok(self.seen(row, name))
    }

    fn seen(&self, row: FileRow, name: String) -> Stored {
        Stored {
            id: row.id,
            name,
            media: row.r#type,
            size: u64::try_from(row.size).unwrap_or(0),
            sha256: hex::encode(row.sha256),
            number: row.number,
            owner: row.owner,
        }
    }

    fn opened(&self, row: FileRow) -> Result<Option<Stored>, FileError> {
        let Some(wrapped) = &row.data_key else { return Ok(None) };
        let name = self.keyring.unwrap(wrapped)?.open(&name_place(&row.id), &row.name)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        Ok(Some(self.seen(row, name)))
    }

    /// What is known of a file, without its content; `None` when it is not there or its key is destroyed.
    /// Who may know it is for the caller to decide (`number`, else `owner`).
    pub async fn find(&self, id: &str) -> Result<Option<Stored>, FileError> {
        let row = table::find(&mut self.db.reader().await?, id).await?;
        row.map_or(Ok(None), |row| self.opened(row))
    }

    /// The content of a file.
    pub async fn content(&self, id: &str) -> Result<Option<Vec<u8>>, FileError> {
        let Some(row) = table::find(&mut self.db.reader().await?, id).await? else { return Ok(None) };
        let Some(wrapped) = &row.data_key else { return Ok(None) };
        let key = self.keyring.unwrap(wrapped)?;
        let sealed = self.blobs.get(&row.blob).await?;
        let place = content_place(&row.id);
        let content = tokio::task::spawn_blocking(move || key.open(&place, &sealed))
            .await
            .map_err(std::io::Error::other)??;
        Ok(Some(content))
    }

    /// Those of these files the caller may claim now: there, uploaded by the same account (or without a
    /// session), not taken by any matter, in time. What is missing in the answer cannot be claimed.
    pub async fn claimable(
        &self,
        ids: &[String],
        owner: Option<&str>,
        now: Instant,
    ) -> Result<Vec<Stored>, FileError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = table::find_all(&mut self.db.reader().await?, ids).await?;
        let free = |row: &FileRow| {
            row.number.is_none()
                && row.created_at > now.plus(-WAITS)
                && row.owner.as_deref().is_none_or(|own| Some(own) == owner)
        };
        rows.into_iter().filter(free).filter_map(|row| self.opened(row).transpose()).collect()
    }

    /// Statements that give these files to a matter, for the command that takes them. Each must be free
    /// still: else `StoreError::Conflict("file claim")`.
    pub fn claim(&self, number: MatterNumber, ids: &[String], owner: Option<&str>, now: Instant) -> Changes {
        let mut changes = Changes::new();
        table::claim(&mut changes, number, ids, owner, now);
        changes
    }

    /// Removes uploads that no matter took in time. For the timer; answers how many.
    pub async fn sweep(&self, now: Instant) -> Result<usize, FileError> {
        // An hour more than an upload may wait, so that a claim under way is never pulled away.
        let before = now.plus(-WAITS).plus(-SignedDuration::from_hours(1));
        let gone: Vec<(String,)> = self
            .db
            .write("forget uploads", move |tx| Box::pin(async move { table::forget(before).all(tx).await }))
            .await
            .map_err(|error: StoreError| error)?;
        for (blob,) in &gone {
            self.blobs.remove(blob).await?;
        }
        Ok(gone.len())
    }
}
