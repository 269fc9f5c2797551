//! Sealed contents in a folder, each under the SHA-256 of its sealed bytes: the folder tells nothing about
//! what lies in it, and a damaged file is found without any key.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// The folder of contents.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// A folder of contents; it is made with the first one.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        // Names come from our own table; a name of another form would leave the folder.
        if name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(self.root.join(&name[..2]).join(name))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a content"))
        }
    }

    /// Keeps sealed bytes and gives their name back once they are on disk.
    pub async fn put(&self, sealed: &[u8]) -> io::Result<String> {
        let name = hex::encode(Sha256::digest(sealed));
        let path = self.path(&name)?;
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).await?;
        let half = folder.join(format!("{name}.half"));
        let mut file = fs::File::create(&half).await?;
        file.write_all(sealed).await?;
        file.sync_all().await?;
        drop(file);
        fs::rename(&half, &path).await?;
        // The new name is part of the folder, which has to reach the disk too.
        sync_folder(&folder).await?;
        sync_folder(&self.root).await?;
        Ok(name)
    }

    /// The sealed bytes of this name; refuses when they are not what was kept.
    pub async fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        let sealed = fs::read(self.path(name)?).await?;
        if hex::encode(Sha256::digest(&sealed)) == name {
            Ok(sealed)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, format!("content {name} is damaged")))
        }
    }

    /// Takes the bytes of this name away; that they are not there is no fault.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)?).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}
