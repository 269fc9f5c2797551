//! Making a backup from one snapshot, while others write.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use files::blobs::Blobs;
use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use store::copy::{Place, Source, Table};
use store::seal::MasterKey;
use store::{Config, Kind, families, sql};

use crate::archive::{
    ABOUT, About, Contents, Counted, FILES, FORMAT, LogEnd, MANIFEST, MASTER_KEY, Manifest, README, SETTINGS,
    Writer, part_name,
};
use crate::error::KeepingError;

/// Bytes of lines that are packed together: what a backup and a restore hold in memory is a few times this.
const PART: usize = 4 << 20;
/// Contents asked for at a time.
const CONTENTS: u32 = 500;

/// What is backed up, and where to.
pub struct Backup<'a> {
    /// The database.
    pub database: &'a Config,
    /// The data folder, with papers and settings.
    pub data: &'a Path,
    /// The file to be made.
    pub file: &'a Path,
    /// Now.
    pub now: Instant,
    /// Version of the program.
    pub program: &'a str,
    /// Whether the master key goes into the file.
    pub with_keys: bool,
    /// Hears how far it has come, a line at a time.
    pub progress: &'a (dyn Fn(&str) + Send + Sync),
}

/// A backup that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The file.
    pub file: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// What it says at its beginning.
    pub about: About,
    /// What it says at its end.
    pub manifest: Manifest,
}

impl Made {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.manifest.tables.iter().map(|table| table.rows).sum()
    }
}

/// Makes a backup. Everything acknowledged before it was called is inside; what is acknowledged while it runs may be
/// inside or not, each matter whole.
pub async fn backup(ask: &Backup<'_>) -> Result<Made, KeepingError> {
    let master = MasterKey::find(ask.data)?;
    if ask.with_keys && master.is_none() {
        return Err(KeepingError::Refused("there is no master key that could be put inside".into()));
    }
    let seconds = u64::try_from(ask.now.as_micros() / 1_000_000).unwrap_or(0);
    let mut source = Source::open(ask.database).await?;
    let writer = Writer::begin(ask.file, seconds)?;
    writer.add("README.txt", README.as_bytes().to_vec()).await;

    let (kept, left_out): (Vec<Table>, Vec<Table>) = source
        .tables()
        .await?
        .into_iter()
        .partition(|table| !families::PASSING.contains(&table.name.as_str()));
    let about = About {
        format: FORMAT,
        program: ask.program.to_owned(),
        taken_at: ask.now.to_string(),
        database: match source.kind() {
            Kind::Sqlite => "sqlite".to_owned(),
            Kind::Postgres => "postgres".to_owned(),
        },
        schema: source.migrations().await?,
        tables: kept,
        left_out: left_out.into_iter().map(|table| table.name).collect(),
        with_keys: ask.with_keys,
        key_fingerprint: master.as_ref().map(MasterKey::fingerprint),
    };
    let mut others = BTreeMap::new();
    others.insert("README.txt".to_owned(), sum(README.as_bytes()));
    let told = json(&about)?;
    others.insert(ABOUT.to_owned(), sum(&told));
    writer.add(ABOUT, told).await;
    match std::fs::read(ask.data.join("huifa.toml")) {
        Ok(text) => {
            others.insert(SETTINGS.to_owned(), sum(&text));
            writer.add(SETTINGS, text).await;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(KeepingError::disk(&ask.data.join("huifa.toml"), error)),
    }
    if let Some(master) = master.filter(|_| ask.with_keys) {
        let text = master.file_text().as_bytes().to_vec();
        others.insert(MASTER_KEY.to_owned(), sum(&text));
        writer.add(MASTER_KEY, text).await;
    }

    let mut tables = Vec::with_capacity(about.tables.len());
    for table in &about.tables {
        let counted = rows(&mut source, table, &writer, ask).await?;
        if counted.rows > 0 {
            (ask.progress)(&format!("{}: {} rows", counted.name, counted.rows));
        }
        tables.push(counted);
    }
    let (feed_position, log) = ends(&mut source).await?;
    let folder = ask.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let list = wanted(&mut source, folder).await?;
    // The snapshot ends before the papers are copied, so that a large store of papers holds nothing back.
    source.close().await?;
    let files = papers(list, &writer, ask).await?;
    (ask.progress)(&format!("papers: {} contents", files.count));

    let manifest = Manifest { tables, feed_position, log, files, others };
    writer.add(MANIFEST, json(&manifest)?).await;
    let (bytes, sha256) = writer.end().await?;
    Ok(Made { file: ask.file.to_owned(), bytes, sha256, about, manifest })
}

/// Writes the rows of a table, a part at a time.
async fn rows(
    source: &mut Source,
    table: &Table,
    writer: &Writer,
    ask: &Backup<'_>,
) -> Result<Counted, KeepingError> {
    let mut place = Place::default();
    let (mut count, mut part, mut told) = (0, 0, 0);
    let mut hash = Sha256::new();
    let mut lines = Vec::with_capacity(PART + (PART >> 2));
    while !place.ended {
        count += source.page(table, &mut place, &mut lines).await?;
        if lines.len() >= PART || (place.ended && !lines.is_empty()) {
            part += 1;
            hash.update(&lines);
            let next = Vec::with_capacity(if place.ended { 0 } else { PART + (PART >> 2) });
            writer.add(part_name(&table.name, part), std::mem::replace(&mut lines, next)).await;
        }
        if count >= told + 200_000 {
            told = count;
            (ask.progress)(&format!("{}: {count} rows so far", table.name));
        }
    }
    Ok(Counted { name: table.name.clone(), rows: count, sha256: hex::encode(hash.finalize()) })
}

/// Where feed and log end in this snapshot.
async fn ends(source: &mut Source) -> Result<(i64, LogEnd), KeepingError> {
    let (feed,): (i64,) = sql("SELECT pos FROM feed_head WHERE id = 1").one(source).await?;
    let log: Option<(i64, Vec<u8>)> =
        sql("SELECT size, root FROM log_head WHERE id = 1").optional(source).await?;
    let (size, root) = log.unwrap_or_default();
    Ok((feed, LogEnd { size, root: hex::encode(root) }))
}

/// The contents this snapshot speaks of, one a line in a file without a name.
async fn wanted(source: &mut Source, folder: &Path) -> Result<File, KeepingError> {
    let fault = |error: std::io::Error| KeepingError::disk(folder, error);
    let mut list = BufWriter::new(tempfile::tempfile_in(folder).map_err(fault)?);
    let mut after = String::new();
    loop {
        let page = files::keep::contents(source, &after, CONTENTS).await?;
        let Some((newest, _)) = page.last() else { break };
        after.clone_from(newest);
        for (id, blob) in &page {
            writeln!(list, "{id} {blob}").map_err(fault)?;
        }
    }
    let mut list = list.into_inner().map_err(|error| fault(error.into_error()))?;
    list.rewind().map_err(fault)?;
    Ok(list)
}

/// Writes the contents. One that went since the snapshot was erased or swept away, and is rightly not inside.
async fn papers(list: File, writer: &Writer, ask: &Backup<'_>) -> Result<Contents, KeepingError> {
    let blobs = Blobs::new(ask.data.join("files"));
    let mut found = Contents::default();
    for line in BufReader::new(list).lines() {
        let line = line.map_err(|error| KeepingError::Disk(error.to_string()))?;
        let Some((id, blob)) = line.split_once(' ') else { continue };
        match blobs.get(blob).await {
            Ok(sealed) => {
                found.count += 1;
                found.bytes += sealed.len() as u64;
                writer.add(format!("{FILES}{blob}"), sealed).await;
            }
            Err(error) => {
                let mut now = Source::open(ask.database).await?;
                let wanted = files::keep::is_wanted(&mut now, id).await?;
                now.close().await?;
                if wanted {
                    tracing::error!(file = id, %error, "a content is not on the disk");
                    found.missing.push(id.to_owned());
                } else {
                    found.erased_meanwhile += 1;
                }
            }
        }
    }
    Ok(found)
}

pub(crate) fn sum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, KeepingError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| KeepingError::Disk(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}
