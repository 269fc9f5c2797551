//! Writing: packed, summed and written by a thread of its own, under a name of its own until it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::error::KeepingError;

/// Entries on their way to the disk: with parts of a few MiB this bounds the memory.
const WAITING: usize = 3;
/// zstd's own default: about as fast as the disk of a small server.
const LEVEL: i32 = 3;

enum Step {
    Entry(String, Vec<u8>),
    End,
}

/// A backup file in the making. Dropped before its end, it leaves nothing.
pub struct Writer {
    send: mpsc::Sender<Step>,
    thread: JoinHandle<Result<(u64, String), KeepingError>>,
}

/// `<file>.sha256`.
pub fn sum_beside(file: &Path) -> PathBuf {
    beside(file, ".sha256")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Writer {
    /// Begins a file that must not be there yet. `at` is what its entries are dated with, in seconds since 1970.
    pub fn begin(file: &Path, at: u64) -> Result<Self, KeepingError> {
        if file.exists() {
            return Err(KeepingError::Refused(format!("{} is there already", file.display())));
        }
        let half = beside(file, ".half");
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let out = options.open(&half).map_err(|error| KeepingError::disk(&half, error))?;
        let (send, steps) = mpsc::channel(WAITING);
        let file = file.to_owned();
        let thread = tokio::task::spawn_blocking(move || {
            let written = write(out, steps, at).map_err(|error| KeepingError::disk(&half, error));
            match written {
                Ok(Some(done)) => put_in_place(&half, &file, done),
                Ok(None) => {
                    let _ = fs::remove_file(&half);
                    Err(KeepingError::Refused("given up".into()))
                }
                Err(error) => {
                    let _ = fs::remove_file(&half);
                    Err(error)
                }
            }
        });
        Ok(Self { send, thread })
    }

    /// Adds an entry. That the disk has failed is told by [`Writer::end`].
    pub async fn add(&self, name: impl Into<String>, bytes: Vec<u8>) {
        let _ = self.send.send(Step::Entry(name.into(), bytes)).await;
    }

    /// Ends the file: synced, renamed, its sum beside it. Gives its bytes and its SHA-256 in hex.
    pub async fn end(self) -> Result<(u64, String), KeepingError> {
        let _ = self.send.send(Step::End).await;
        self.thread.await.map_err(|error| KeepingError::Disk(error.to_string()))?
    }
}

/// None when the sender went away before the end.
fn write(out: File, mut steps: mpsc::Receiver<Step>, at: u64) -> io::Result<Option<(u64, String)>> {
    let summing = Summing { inner: BufWriter::with_capacity(1 << 18, out), sum: Sha256::new(), bytes: 0 };
    let mut packing = zstd::Encoder::new(summing, LEVEL)?;
    packing.include_checksum(true)?;
    let mut archive = tar::Builder::new(packing);
    loop {
        match steps.blocking_recv() {
            Some(Step::Entry(name, bytes)) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o600);
                header.set_mtime(at);
                archive.append_data(&mut header, name, bytes.as_slice())?;
            }
            Some(Step::End) => break,
            None => return Ok(None),
        }
    }
    let summing = archive.into_inner()?.finish()?;
    let Summing { inner, sum, bytes } = summing;
    let file = inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(Some((bytes, hex::encode(sum.finalize()))))
}

fn put_in_place(half: &Path, file: &Path, done: (u64, String)) -> Result<(u64, String), KeepingError> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sum = sum_beside(file);
    fs::rename(half, file).map_err(|error| KeepingError::disk(file, error))?;
    let mut out = File::create(&sum).map_err(|error| KeepingError::disk(&sum, error))?;
    writeln!(out, "{}  {name}", done.1)
        .and_then(|()| out.sync_all())
        .map_err(|error| KeepingError::disk(&sum, error))?;
    sync_folder(file)?;
    Ok(done)
}

/// A new name is part of the folder, which has to reach the disk too.
pub(crate) fn sync_folder(file: &Path) -> Result<(), KeepingError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| KeepingError::disk(folder, error))
}

/// Sums what passes through.
struct Summing<W> {
    inner: W,
    sum: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(bytes)?;
        self.sum.update(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
