//! The master key: from the environment or from a file only its owner reads.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Secret;
use crate::error::StoreError;

/// Environment variable with the master key as 64 hexadecimal digits. It goes before the file.
pub const MASTER_KEY_VARIABLE: &str = "HUIFA_MASTER_KEY";

/// The key above all keys.
#[derive(Clone)]
pub struct MasterKey {
    pub(super) secret: Secret,
    /// Where it came from, for messages.
    pub(super) source: String,
}

impl MasterKey {
    /// The key of the environment or of `dir/master.key`, or none when there is neither.
    pub fn find(dir: &Path) -> Result<Option<Self>, StoreError> {
        if let Ok(text) = std::env::var(MASTER_KEY_VARIABLE) {
            let text = Zeroizing::new(text);
            return Self::from_hex(&text, MASTER_KEY_VARIABLE).map(Some);
        }
        let path = file(dir);
        match fs::read_to_string(&path) {
            Ok(text) => {
                refuse_open_file(&path)?;
                Self::from_hex(&Zeroizing::new(text), &path.display().to_string()).map(Some)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::Seal(format!("{}: {error}", path.display()))),
        }
    }

    /// Makes a new key and writes it to `dir/master.key`, mode 0600, synced. Never overwrites one.
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        let path = file(dir);
        let failed = |error: io::Error| StoreError::Seal(format!("{}: {error}", path.display()));
        fs::create_dir_all(dir).map_err(failed)?;
        let new = Self { secret: Secret::random()?, source: path.display().to_string() };
        match new.write(&path) {
            Ok(()) => {
                tracing::warn!(
                    file = %path.display(),
                    "a master key was made; without a copy of it in a safe place no backup can be read"
                );
                Ok(new)
            }
            // Two nodes starting together: the first one's key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::find(dir)?.ok_or_else(|| StoreError::Seal(format!("{} vanished", path.display())))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// What tells this key from others without telling the key: sixteen hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"huifa master key");
        hash.update(self.secret.bytes());
        hex::encode(&hash.finalize()[..8])
    }

    /// The file as it is kept: 64 hexadecimal digits. Whoever calls this puts the key where it can be stolen.
    pub fn file_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.secret.bytes()) + "\n")
    }

    /// Lays the key into a folder that has none, mode 0600, synced.
    pub fn put_in(&self, dir: &Path) -> Result<(), StoreError> {
        let path = file(dir);
        self.write(&path).map_err(|error| StoreError::Seal(format!("{}: {error}", path.display())))
    }

    /// Writes the key to a file that must not exist yet, mode 0600, and syncs file and folder.
    fn write(&self, path: &Path) -> io::Result<()> {
        let text = self.file_text();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut out = options.open(path)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        sync_folder(path)
    }

    /// The key of a file; one is made there when the file does not exist.
    pub fn read_or_create(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::Seal(format!("{}: {error}", path.display()));
        match fs::read_to_string(path) {
            Ok(text) => {
                refuse_open_file(path)?;
                Self::from_hex(&Zeroizing::new(text), &path.display().to_string())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let new = Self { secret: Secret::random()?, source: path.display().to_string() };
                new.write(path).map_err(failed)?;
                Ok(new)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The key that a change under way is about to put in place.
    pub(super) fn find_next(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = next_file(dir);
        if path.exists() { Self::read_or_create(&path).map(Some) } else { Ok(None) }
    }

    /// Lays the key beside the present one, so that a cut leaves one of them to open the database with.
    pub(super) fn write_next(&self, dir: &Path) -> Result<(), StoreError> {
        let path = next_file(dir);
        let failed = |error: io::Error| StoreError::Seal(format!("{}: {error}", path.display()));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        self.write(&path).map_err(failed)
    }

    /// Puts the key that lies beside in place of the present one.
    pub(super) fn put_next_in_place(dir: &Path) -> Result<(), StoreError> {
        let (from, to) = (next_file(dir), file(dir));
        fs::rename(&from, &to)
            .and_then(|()| sync_folder(&to))
            .map_err(|error| StoreError::Seal(format!("{}: {error}", to.display())))
    }

    /// A key that exists only in this process, for tests and tools.
    pub fn ephemeral() -> Result<Self, StoreError> {
        Ok(Self { secret: Secret::random()?, source: "memory".into() })
    }

    /// The key in 64 hexadecimal digits; `source` says in messages where it came from.
    pub fn from_hex(text: &str, source: &str) -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut())
            .map_err(|_| StoreError::Seal(format!("{source}: a master key is 64 hexadecimal digits")))?;
        let secret = Secret(bytes);
        Ok(Self { secret, source: source.to_owned() })
    }
}

/// Where the file lies.
pub(super) fn file(dir: &Path) -> PathBuf {
    dir.join("master.key")
}

/// Where a key lies that is about to take over.
fn next_file(dir: &Path) -> PathBuf {
    dir.join("master.key.next")
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or_else(|| Path::new("."))).and_then(|folder| folder.sync_all())
}

/// A key that others on the machine can read is no key.
fn refuse_open_file(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)
            .map_err(|error| StoreError::Seal(format!("{}: {error}", path.display())))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(StoreError::Seal(format!(
                "{path} can be read by others (mode {mode:o}). Run: chmod 600 {path}",
                path = path.display(),
                mode = mode & 0o777,
            )));
        }
    }
    Ok(())
}
