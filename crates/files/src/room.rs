//! Taking papers, claiming them for a matter, giving them out.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Text};
use kernel::time::Instant;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::seal::Keyring;
use store::{Changes, Db, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::blobs::Blobs;
use crate::inspect::{self, Flag};
use crate::scan::{Scan, Scanner, Verdict};
use crate::store_rows::{self as table, FileRow, WAITS};
use crate::{kind, name, quarantine};

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
    /// How it stands with the virus scanner.
    #[serde(skip)]
    pub scan: Scan,
    /// What its reader is warned of.
    #[serde(skip)]
    pub flags: Vec<Flag>,
}

fn name_place(id: &str) -> String {
    format!("file.name:{id}")
}

fn content_place(id: &str) -> String {
    format!("file.content:{id}")
}

fn seen(row: FileRow, name: String) -> Stored {
    Stored {
        id: row.id,
        name,
        media: row.media,
        size: u64::try_from(row.size).unwrap_or(0),
        sha256: hex::encode(row.sha256),
        number: row.number,
        owner: row.owner,
        scan: Scan::read(&row.scan),
        flags: Flag::read(&row.flags),
    }
}

/// Scope of an idempotency key: the account, or for a guest the key alone.
fn replay_key(owner: Option<&str>, key: &str) -> [u8; 32] {
    Sha256::digest(format!("{}\n{key}", owner.unwrap_or_default())).into()
}

fn mismatch() -> FileError {
    Refusal::new(Code::IdempotencyMismatch, "files-key-mismatch").next(Next::say("files-next-key")).into()
}

/// Contents taken off the disk at once.
const BURN_ROUND: i64 = 100;

/// Memory all uploads under way may take together, in KiB. A content is held once as it arrives and once
/// sealed, so the node never holds more than twice this.
const BUDGET_KIB: usize = 96 * 1024;

/// A content on its way in. It takes its part of the memory set aside for uploads as it grows and gives it
/// back when it is dropped.
pub struct Upload {
    content: Vec<u8>,
    most: u64,
    budget: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    paid_kib: usize,
}

impl Upload {
    /// Adds what arrived; refuses as soon as it is too much.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), FileError> {
        let size = self.content.len() + chunk.len();
        if size as u64 > self.most {
            let megabytes = self.most / 1024 / 1024;
            return Err(Refusal::new(
                Code::TooLarge,
                Text::new("files-too-large").arg("megabytes", megabytes),
            )
            .next(Next::say("files-next-smaller"))
            .into());
        }
        let needed = size.div_ceil(1024);
        if needed > self.paid_kib {
            let more = u32::try_from(needed - self.paid_kib).unwrap_or(u32::MAX);
            let Ok(permit) = Arc::clone(&self.budget).try_acquire_many_owned(more) else {
                return Err(Refusal::new(Code::Unavailable, "files-busy")
                    .next(Next::say("files-next-again"))
                    .into());
            };
            match &mut self.held {
                Some(held) => held.merge(permit),
                None => self.held = Some(permit),
            }
            self.paid_kib = needed;
        }
        self.content.extend_from_slice(chunk);
        Ok(())
    }
}

/// The papers of one installation.
pub struct Files {
    db: Db,
    keyring: Keyring,
    blobs: Blobs,
    limits: Limits,
    budget: Arc<Semaphore>,
    scanner: Option<Scanner>,
}

impl Files {
    /// Papers with their contents in this folder.
    pub fn new(db: Db, keyring: Keyring, folder: impl Into<std::path::PathBuf>, limits: Limits) -> Self {
        let budget = Arc::new(Semaphore::new(BUDGET_KIB));
        Self { db, keyring, blobs: Blobs::new(folder), limits, budget, scanner: None }
    }

    /// The same with a virus scanner that is asked about every content.
    #[must_use]
    pub fn scanned_by(mut self, scanner: Option<Scanner>) -> Self {
        self.scanner = scanner;
        self
    }

    /// An empty content that is on its way in.
    pub fn begin(&self) -> Upload {
        Upload {
            content: Vec::new(),
            most: self.limits.upload_bytes,
            budget: Arc::clone(&self.budget),
            held: None,
            paid_kib: 0,
        }
    }

    /// The limits uploads are held to.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Takes a file. `owner` is the account that uploads it, none without a session. The same `key` with
    /// the same content answers with the file of the first time and `true`; with another content it is
    /// refused.
    pub async fn put(
        &self,
        owner: Option<&str>,
        key: Option<&str>,
        name: &str,
        upload: Upload,
        now: Instant,
    ) -> Result<(Stored, bool), FileError> {
        let Upload { content, held, .. } = upload;
        let size = content.len() as u64;
        let replay = key.map(|key| replay_key(owner, key));
        if let Some(replay) = &replay
            && let Some(first) = table::find_replay(&mut self.db.reader().await?, replay).await?
        {
            return self.replayed(first, &content);
        }
        let Some(kind) = kind::of(&content) else {
            let taken: Vec<&str> = kind::TAKEN.iter().map(|kind| kind.ending).collect();
            return Err(Refusal::new(Code::UnsupportedType, Text::new("files-type-unknown"))
                .next(Next::say(Text::new("files-next-type").arg("taken", taken.join(", "))))
                .into());
        };
        // Looking inside takes milliseconds: not on a thread that answers others.
        let looked = move || (inspect::look(kind, &content), content);
        let (flags, content) = tokio::task::spawn_blocking(looked).await.map_err(std::io::Error::other)?;
        let flags = flags.map_err(quarantine::unsound)?;
        let scan = self.ask(&content).await?;
        let id = uuid::Uuid::now_v7().to_string();
        let (key, wrapped) = self.keyring.new_data_key()?;
        let name = name::plain(name, kind);
        let place = content_place(&id);
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
            media: kind.media.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            sha256,
            blob: self.blobs.put(&sealed).await?,
            data_key: Some(wrapped),
            created_at: now,
            scan: scan.as_str().to_owned(),
            flags: Flag::write(&flags),
            id,
        };
        drop(held);
        let mut changes = Changes::new();
        changes.push(table::insert(&row, replay.as_ref()));
        match self.db.apply("take file", changes).await {
            Ok(()) => Ok((seen(row, name), false)),
            // The same key twice at once: the other one was first; ours is taken away again.
            Err(error) if error.is_duplicate_of("file") && replay.is_some() => {
                self.blobs.remove(&row.blob).await?;
                let replay = replay.unwrap_or_default();
                let first = table::find_replay(&mut self.db.reader().await?, &replay).await?;
                let first = first.ok_or(StoreError::Missing)?;
                if first.sha256 == row.sha256 { self.first(first) } else { Err(mismatch()) }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Asks the scanner; without an answer the content waits in quarantine.
    async fn ask(&self, content: &[u8]) -> Result<Scan, FileError> {
        let Some(scanner) = &self.scanner else { return Ok(Scan::Off) };
        match scanner.scan(content).await {
            Ok(Verdict::Clean) => Ok(Scan::Clean),
            Ok(Verdict::Infected(finding)) => {
                metrics::counter!("huifa_files_infected_total").increment(1);
                tracing::warn!(finding, "an infected upload was refused");
                Err(quarantine::infected(&finding).into())
            }
            Err(error) => {
                tracing::error!(%error, "the virus scanner did not answer; the upload waits in quarantine");
                Ok(Scan::Waiting)
            }
        }
    }

    fn replayed(&self, first: FileRow, content: &[u8]) -> Result<(Stored, bool), FileError> {
        let sha256: [u8; 32] = Sha256::digest(content).into();
        if first.sha256 == sha256 { self.first(first) } else { Err(mismatch()) }
    }

    fn first(&self, row: FileRow) -> Result<(Stored, bool), FileError> {
        Ok((self.opened(row)?.ok_or(StoreError::Missing)?, true))
    }

    fn opened(&self, row: FileRow) -> Result<Option<Stored>, FileError> {
        let Some(wrapped) = &row.data_key else { return Ok(None) };
        let name = self.keyring.unwrap(wrapped)?.open(&name_place(&row.id), &row.name)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        Ok(Some(seen(row, name)))
    }

    /// What is known of a file, without its content; `None` when it is not there or its key is destroyed.
    /// Who may know it is for the caller to decide (`number`, else `owner`).
    pub async fn find(&self, id: &str) -> Result<Option<Stored>, FileError> {
        let row = table::find(&mut self.db.reader().await?, id).await?;
        row.map_or(Ok(None), |row| self.opened(row))
    }

    /// The content of a file; refused while it waits for the scanner, and for good when something was found.
    pub async fn content(&self, id: &str) -> Result<Option<Vec<u8>>, FileError> {
        let Some(row) = table::find(&mut self.db.reader().await?, id).await? else { return Ok(None) };
        if row.data_key.is_none() {
            return Ok(None);
        }
        quarantine::readable(&row.scan)?;
        self.unsealed(&row).await
    }

    async fn unsealed(&self, row: &FileRow) -> Result<Option<Vec<u8>>, FileError> {
        let Some(wrapped) = &row.data_key else { return Ok(None) };
        let key = self.keyring.unwrap(wrapped)?;
        let sealed = self.blobs.get(&row.blob).await?;
        let place = content_place(&row.id);
        let content = tokio::task::spawn_blocking(move || key.open(&place, &sealed))
            .await
            .map_err(std::io::Error::other)??;
        Ok(Some(content))
    }

    /// Asks the scanner again about what waits in quarantine; answers how many left it. For the timer.
    pub async fn rescan(&self) -> Result<usize, FileError> {
        let Some(scanner) = &self.scanner else { return Ok(0) };
        let mut left = 0;
        let waiting = table::waiting(&mut self.db.reader().await?, 50).await?;
        for row in waiting {
            let content = match self.unsealed(&row).await {
                Ok(Some(content)) => content,
                Ok(None) => continue,
                // One that cannot be read does not keep the others waiting.
                Err(error) => {
                    tracing::error!(file = row.id, %error, "a file in quarantine cannot be read");
                    continue;
                }
            };
            let (scan, finding) = match scanner.scan(&content).await {
                Ok(Verdict::Clean) => (Scan::Clean, None),
                Ok(Verdict::Infected(finding)) => (Scan::Infected, Some(finding)),
                // Still no answer: the next round asks again.
                Err(error) => {
                    tracing::warn!(%error, "the virus scanner did not answer");
                    return Ok(left);
                }
            };
            let mut changes = Changes::new();
            changes.push(table::scanned(&row.id, scan.as_str(), finding.as_deref()));
            self.db.apply("scanned file", changes).await?;
            if let Some(finding) = finding {
                metrics::counter!("huifa_files_infected_total").increment(1);
                tracing::warn!(
                    file = row.id,
                    finding,
                    "an infected file was taken out of quarantine and away"
                );
                self.blobs.remove(&row.blob).await?;
            }
            left += 1;
        }
        Ok(left)
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
        table::claim(number, ids, owner, now)
    }

    /// Whether a matter has as many files as it may: the other reason why a claim fails.
    pub async fn full(&self, number: MatterNumber) -> Result<bool, FileError> {
        Ok(table::count(&mut self.db.reader().await?, number).await? >= table::MOST_OF_A_MATTER)
    }

    /// Statements that destroy the keys of a matter's files, for the command that erases the matter. What lies
    /// on the disk can be read by nobody from then on; [`Files::burn`] takes it away.
    pub fn forget(&self, number: MatterNumber) -> Changes {
        let mut changes = Changes::new();
        changes.push(table::destroy_keys(number));
        changes
    }

    /// Takes the contents without a key off the disk, then their rows; answers how many. It may stop anywhere
    /// and be called again. Also for the timer.
    pub async fn burn(&self) -> Result<usize, FileError> {
        let mut burnt = 0;
        loop {
            let gone = table::without_key(&mut self.db.reader().await?, BURN_ROUND).await?;
            if gone.is_empty() {
                return Ok(burnt);
            }
            for (_, blob) in &gone {
                self.blobs.remove(blob).await?;
            }
            let ids: Vec<String> = gone.into_iter().map(|(id, _)| id).collect();
            let mut changes = Changes::new();
            changes.push(table::remove(&ids));
            self.db.apply("burn files", changes).await?;
            burnt += ids.len();
        }
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
