//! Bringing a backup back into an empty database: all or nothing, and proved before anybody may start on it.

use std::fs;
use std::path::{Path, PathBuf};

use evidence::Report;
use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use store::copy::{Place, Target, release, unknown_schema};
use store::seal::{Keyring, MasterKey};
use store::{Config, Db, Migrations, Reads, StoreError, sql};
use tokio::sync::mpsc;

use crate::archive::{Entry, FILES, MASTER_KEY, Manifest, SETTINGS, entries, table_of};
use crate::check::{Whole, check};
use crate::error::KeepingError;
use crate::record;

/// Numbers of matters that are left out after a restore. Those given since the backup were told to people together
/// with their query codes: given again, they would open somebody else's matter.
pub const GAP: i64 = 100_000;

/// What is brought back, and where to.
pub struct Restore<'a> {
    /// The backup.
    pub file: &'a Path,
    /// The database: a path where no file is, or an empty PostgreSQL database.
    pub database: &'a Config,
    /// The data folder, for papers, settings and the key.
    pub data: &'a Path,
    /// Now.
    pub now: Instant,
    /// Hears how far it has come, a line at a time.
    pub progress: &'a (dyn Fn(&str) + Send + Sync),
}

/// A backup that was brought back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What the file said.
    pub whole: Whole,
    /// What the evidence says of the result.
    pub evidence: Report,
    /// How it stands with the master key.
    pub key: Key,
    /// Whether the settings of the backup lie beside those that were there already.
    pub settings_beside: bool,
}

/// How it stands with the master key after a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// It was in the backup and lies in the data folder now.
    Inside,
    /// It was there already, and opens what was restored.
    There,
    /// It must be put back before the service starts.
    Missing,
}

/// Brings a backup back. When it fails, nothing of it stays.
pub async fn restore(ask: &Restore<'_>) -> Result<Restored, KeepingError> {
    let places = Places::of(ask)?;
    if let Some(why) = Target::occupied(ask.database).await? {
        return Err(KeepingError::Refused(format!(
            "{why}; a backup is restored into an empty database only, so that nothing is overwritten"
        )));
    }
    if has_entries(&places.papers) {
        return Err(KeepingError::Refused(format!(
            "{} holds papers already; name an empty data folder",
            places.papers.display()
        )));
    }
    let whole = check(ask.file).await?;
    if let Some(why) = unknown_schema(&whole.about.schema) {
        return Err(KeepingError::Refused(format!(
            "the schema of the backup does not fit this program: {why}"
        )));
    }
    key_fits(ask.data, &whole)?;
    (ask.progress)(&format!("the file is whole: taken {} by {}", whole.about.taken_at, whole.about.program));
    places.clear()?;
    match bring_back(ask, &places, whole).await {
        Ok(restored) => Ok(restored),
        Err(error) => {
            if let Err(rest) = places.clear() {
                tracing::error!(%rest, "what was restored half lies there still");
            }
            Err(error)
        }
    }
}

/// Where the parts go: under other names until they are proved.
struct Places {
    /// The database in the making.
    database: Config,
    /// SQLite: the file in the making, and its name at the end.
    file: Option<(PathBuf, PathBuf)>,
    papers: PathBuf,
    papers_half: PathBuf,
}

impl Places {
    fn of(ask: &Restore<'_>) -> Result<Self, KeepingError> {
        fs::create_dir_all(ask.data).map_err(|error| KeepingError::disk(ask.data, error))?;
        let mut database = ask.database.clone();
        database.migrations = Migrations::Restoring;
        let file = (!database.is_postgres()).then(|| {
            let at_end = PathBuf::from(&database.url);
            let half = PathBuf::from(format!("{}.restoring", database.url));
            (half, at_end)
        });
        if let Some((half, at_end)) = &file {
            if let Some(folder) = at_end.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                fs::create_dir_all(folder).map_err(|error| KeepingError::disk(folder, error))?;
            }
            database.url = half.display().to_string();
        }
        Ok(Self {
            database,
            file,
            papers: ask.data.join("files"),
            papers_half: ask.data.join("files.restoring"),
        })
    }

    /// Takes away what lies there half done.
    fn clear(&self) -> Result<(), KeepingError> {
        if let Some((half, _)) = &self.file {
            for ending in ["", "-wal", "-shm", "-journal"] {
                let path = PathBuf::from(format!("{}{ending}", half.display()));
                absent(&path, fs::remove_file(&path))?;
            }
        }
        absent(&self.papers_half, fs::remove_dir_all(&self.papers_half))
    }

    /// Gives the papers their name.
    fn name_papers(&self) -> Result<(), KeepingError> {
        if self.papers_half.is_dir() {
            absent(&self.papers, fs::remove_dir(&self.papers))?;
            fs::rename(&self.papers_half, &self.papers)
                .map_err(|error| KeepingError::disk(&self.papers, error))?;
        }
        Ok(())
    }

    /// Gives a SQLite file its name, at the very end: before it nothing starts.
    fn name_database(&self) -> Result<(), KeepingError> {
        let Some((half, at_end)) = &self.file else { return Ok(()) };
        sync(half)?;
        fs::rename(half, at_end).map_err(|error| KeepingError::disk(at_end, error))?;
        sync(at_end.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }
}

fn absent(path: &Path, done: std::io::Result<()>) -> Result<(), KeepingError> {
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(KeepingError::disk(path, error)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<(), KeepingError> {
    fs::File::open(path).and_then(|file| file.sync_all()).map_err(|error| KeepingError::disk(path, error))
}

fn has_entries(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// A key that lies in the folder already must be the one of the backup.
fn key_fits(data: &Path, whole: &Whole) -> Result<(), KeepingError> {
    let Some(there) = MasterKey::find(data)? else { return Ok(()) };
    match &whole.about.key_fingerprint {
        Some(wanted) if *wanted != there.fingerprint() => Err(KeepingError::Refused(format!(
            "the master key that is set here has the fingerprint {}, and the backup was sealed under {wanted}; put the \
             right key in its place, or restore into an empty folder",
            there.fingerprint()
        ))),
        _ => Ok(()),
    }
}

async fn bring_back(ask: &Restore<'_>, places: &Places, whole: Whole) -> Result<Restored, KeepingError> {
    let mut target = Target::create(&places.database, &whole.about.schema).await?;
    let mut extras = Extras::default();
    let filled = match fill(ask, places, &whole, &mut target, &mut extras).await {
        Ok(()) => prove(&mut target, &whole.manifest, ask).await,
        Err(error) => Err(error),
    };
    if let Err(error) = filled {
        target.discard().await?;
        return Err(error);
    }
    target.close().await?;
    let proved = finish(ask, places, &whole, extras).await;
    if proved.is_err() && places.file.is_none() {
        // The mark is still there: this drops what it guards.
        Target::create(&places.database, &whole.about.schema).await?.discard().await?;
    }
    let (evidence, key, settings_beside) = proved?;
    Ok(Restored { whole, evidence, key, settings_beside })
}

/// What the file holds beside rows and papers.
#[derive(Default)]
struct Extras {
    settings: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
}

/// Reads the file a second time and puts everything in its place.
async fn fill(
    ask: &Restore<'_>,
    places: &Places,
    whole: &Whole,
    target: &mut Target,
    extras: &mut Extras,
) -> Result<(), KeepingError> {
    for table in &whole.about.tables {
        if !target.tables().contains(table) {
            return Err(KeepingError::Unproved(vec![format!(
                "the table {} has another shape here",
                table.name
            )]));
        }
    }
    let (send, mut came) = mpsc::channel::<Entry>(3);
    let file = ask.file.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        entries(&file, |entry| {
            send.blocking_send(entry).map_err(|_| KeepingError::Refused("given up".into()))
        })
    });
    let mut loading = "";
    while let Some(Entry { name, bytes }) = came.recv().await {
        if let Some(of) = table_of(&name) {
            let table = whole.about.tables.iter().find(|table| table.name == of);
            let Some(table) = table else {
                return Err(KeepingError::Damaged(format!("{name} belongs to no table")));
            };
            if loading != table.name {
                loading = &table.name;
                (ask.progress)(&format!("{loading} …"));
            }
            target.load(table, &bytes).await?;
        } else if let Some(content) = name.strip_prefix(FILES) {
            let papers = places.papers_half.clone();
            let blobs = files::blobs::Blobs::new(papers);
            let kept =
                blobs.put(&bytes).await.map_err(|error| KeepingError::disk(&places.papers_half, error))?;
            if kept != content {
                return Err(KeepingError::Damaged(format!("the content {content} is another")));
            }
        } else if name == SETTINGS {
            extras.settings = Some(bytes);
        } else if name == MASTER_KEY {
            extras.key = Some(bytes);
        }
    }
    let again = reading.await.map_err(|error| KeepingError::Disk(error.to_string()))??;
    if again != whole.sha256 {
        return Err(KeepingError::Damaged("it changed while it was read".into()));
    }
    Ok(())
}

/// Reads every table back and compares it with the manifest.
async fn prove(target: &mut Target, manifest: &Manifest, ask: &Restore<'_>) -> Result<(), KeepingError> {
    (ask.progress)("comparing every table with the backup");
    let mut faults = Vec::new();
    for table in target.tables().to_vec() {
        let Some(counted) = manifest.tables.iter().find(|counted| counted.name == table.name) else {
            continue;
        };
        let (mut place, mut rows, mut hash, mut lines) = (Place::default(), 0, Sha256::new(), Vec::new());
        while !place.ended {
            rows += target.page(&table, &mut place, &mut lines).await?;
            hash.update(&lines);
            lines.clear();
        }
        if rows != counted.rows {
            faults.push(format!("{}: {rows} rows, {} in the backup", table.name, counted.rows));
        } else if hex::encode(hash.finalize()) != counted.sha256 {
            faults.push(format!("{}: its {rows} rows are others than in the backup", table.name));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(KeepingError::Unproved(faults)) }
}

/// Brings the schema to this program's, has the evidence checked, and lets the database go.
async fn finish(
    ask: &Restore<'_>,
    places: &Places,
    whole: &Whole,
    extras: Extras,
) -> Result<(Report, Key, bool), KeepingError> {
    let db = Db::open(&places.database).await?;
    let done = proved(ask, &db, whole, &extras).await;
    let done = match done {
        Ok((report, key)) => settle(ask, places, &db, extras).await.map(|beside| (report, key, beside)),
        Err(error) => Err(error),
    };
    db.close().await;
    let done = done?;
    places.name_database()?;
    Ok(done)
}

/// Puts everything beside the database in its place, then takes the mark away.
async fn settle(ask: &Restore<'_>, places: &Places, db: &Db, extras: Extras) -> Result<bool, KeepingError> {
    let beside = put_extras(ask, extras)?;
    places.name_papers()?;
    release(db).await?;
    Ok(beside)
}

async fn proved(
    ask: &Restore<'_>,
    db: &Db,
    whole: &Whole,
    extras: &Extras,
) -> Result<(Report, Key), KeepingError> {
    let inside = extras.key.as_ref().map(|text| {
        MasterKey::from_hex(&String::from_utf8_lossy(text), "the backup").map(|master| (master, Key::Inside))
    });
    let there = MasterKey::find(ask.data)?.map(|master| (master, Key::There));
    let found = match inside.transpose()? {
        Some(inside) => Some(inside),
        None => there,
    };
    let (keyring, key) = match &found {
        Some((master, key)) => {
            Keyring::look(master, db).await?;
            (Some(Keyring::open(master, db).await?), *key)
        }
        None => (None, Key::Missing),
    };
    (ask.progress)("recomputing every chain and the log");
    let report = evidence::verify(db, None, keyring.as_ref()).await?;
    let mut faults: Vec<String> = Vec::new();
    if !report.is_sound() {
        faults.push(format!("the evidence has {} faults", report.faults.len()));
        faults
            .extend(report.faults.iter().take(20).map(|fault| format!("{:?}: {}", fault.kind, fault.detail)));
    }
    let size = i64::try_from(report.tree_size).unwrap_or(i64::MAX);
    let log = &whole.manifest.log;
    if size != log.size || (size > 0 && hex::encode(report.root.as_bytes()) != log.root) {
        faults.push(format!("the log has {size} leaves, and {} in the backup", log.size));
    }
    let feed = store::feed::head(&mut db.reader().await?).await?;
    if feed != whole.manifest.feed_position {
        faults
            .push(format!("the feed ends at {feed}, and at {} in the backup", whole.manifest.feed_position));
    }
    if !faults.is_empty() {
        return Err(KeepingError::Unproved(faults));
    }
    leave_gap(db, ask.now).await?;
    let detail = serde_json::json!({ "taken_at": whole.about.taken_at, "from": whole.about.database });
    record::add(db, record::RESTORE, &whole.sha256, detail, ask.now).await?;
    Ok((report, key))
}

/// Goes on with numbers no one can have been given since: in every county this year and the last, known or not.
async fn leave_gap(db: &Db, now: Instant) -> Result<(), StoreError> {
    let mut reads = db.reader().await?;
    let mut counties: Vec<i64> = numbers(&mut reads, "SELECT DISTINCT county FROM number_block").await?;
    counties.extend(numbers(&mut reads, "SELECT DISTINCT area / 1000000 FROM matter").await?);
    counties.extend(numbers(&mut reads, "SELECT DISTINCT code / 1000000 FROM area WHERE level = 3").await?);
    drop(reads);
    counties.sort_unstable();
    counties.dedup();
    let year = i64::from(now.date().year());
    for some in counties.chunks(200) {
        let rows: Vec<(i64, i64)> =
            some.iter().flat_map(|county| [(*county, year - 1), (*county, year)]).collect();
        db.write("leave numbers out", move |tx| {
            let statement = sql("INSERT INTO number_block (county, year, next) VALUES ")
                .rows(rows.clone(), |row, (county, year)| row.bind(county).bind(year).bind(GAP + 1))
                .then(" ON CONFLICT (county, year) DO UPDATE SET next = number_block.next + ?")
                .bind(GAP);
            Box::pin(async move { statement.execute(tx).await.map(|_| ()) })
        })
        .await?;
    }
    Ok(())
}

async fn numbers(reads: &mut impl Reads, text: &'static str) -> Result<Vec<i64>, StoreError> {
    let found: Vec<(i64,)> = sql(text).all(reads).await?;
    Ok(found.into_iter().map(|(number,)| number).collect())
}

/// Lays the key and the settings into the data folder; settings that are there stay, those of the backup lie beside.
fn put_extras(ask: &Restore<'_>, extras: Extras) -> Result<bool, KeepingError> {
    if let Some(text) = extras.key {
        let master = MasterKey::from_hex(&String::from_utf8_lossy(&text), "the backup")?;
        if MasterKey::find(ask.data)?.is_none() {
            master.put_in(ask.data)?;
        }
    }
    let Some(text) = extras.settings else { return Ok(false) };
    let path = ask.data.join("huifa.toml");
    let there = fs::read(&path).ok();
    if there.as_deref() == Some(text.as_slice()) {
        return Ok(false);
    }
    let beside = there.is_some();
    let path = if beside { ask.data.join("huifa.toml.from-backup") } else { path };
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, &text)?;
        file.sync_all()
    });
    written.map_err(|error| KeepingError::disk(&path, error))?;
    Ok(beside)
}
