//! The master key: from the environment or from a file only its owner reads.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

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
        let secret = Secret::random()?;
        let text = Zeroizing::new(hex::encode(secret.bytes()) + "\n");
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        match options.open(&path) {
            Ok(mut out) => {
                out.write_all(text.as_bytes()).map_err(failed)?;
                out.sync_all().map_err(failed)?;
                fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
                tracing::warn!(
                    file = %path.display(),
                    "a master key was made; without a copy of it in a safe place no backup can be read"
                );
                Ok(Self { secret, source: path.display().to_string() })
            }
            // Two nodes starting together: the first one's key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::find(dir)?.ok_or_else(|| StoreError::Seal(format!("{} vanished", path.display())))
            }
            Err(error) => Err(failed(error)),
        }
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
