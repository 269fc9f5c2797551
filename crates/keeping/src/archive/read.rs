//! Reading, entry by entry; what was cut off or changed ends it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::sum_beside;
use crate::error::KeepingError;

/// Bytes of one entry at most: what is larger was not written by us.
const LARGEST: u64 = 1 << 30;

/// One entry.
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Hands every entry to `each` in order, then gives the file's SHA-256 in hex.
pub fn entries(
    file: &Path,
    mut each: impl FnMut(Entry) -> Result<(), KeepingError>,
) -> Result<String, KeepingError> {
    let damaged = |error: std::io::Error| KeepingError::Damaged(error.to_string());
    let opened = File::open(file).map_err(|error| KeepingError::disk(file, error))?;
    let summing = Summing { inner: BufReader::with_capacity(1 << 18, opened), sum: Sha256::new() };
    let unpacking = zstd::Decoder::new(summing).map_err(|error| KeepingError::disk(file, error))?;
    let mut archive = tar::Archive::new(unpacking);
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path().map_err(damaged)?.to_string_lossy().into_owned();
        if entry.size() > LARGEST {
            return Err(KeepingError::Damaged(format!("{name} is {} bytes", entry.size())));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0));
        entry.read_to_end(&mut bytes).map_err(damaged)?;
        each(Entry { name, bytes })?;
    }
    // To the very end, so that zstd compares its own sum and ours covers everything.
    let mut rest = archive.into_inner();
    std::io::copy(&mut rest, &mut std::io::sink()).map_err(damaged)?;
    let mut buffered = rest.finish();
    let tail = std::io::copy(&mut buffered, &mut std::io::sink()).map_err(damaged)?;
    if tail > 0 {
        return Err(KeepingError::Damaged(format!("{tail} bytes follow its end")));
    }
    Ok(hex::encode(buffered.into_inner().sum.finalize()))
}

/// The sum noted beside the file, when there is one.
pub fn noted_sum(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(sum_beside(file)).ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

struct Summing<R> {
    inner: R,
    sum: Sha256,
}

impl<R: Read> Read for Summing<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(bytes)?;
        self.sum.update(&bytes[..got]);
        Ok(got)
    }
}
