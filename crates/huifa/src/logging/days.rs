//! A folder of logs: a file a day by Beijing time, and days that are over their time taken away.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use kernel::time::{Clock as _, SystemClock};

const STEM: &str = "huifa-";
const ENDING: &str = ".log";

/// The folder, with today's file open.
pub struct Days {
    folder: PathBuf,
    keep: u32,
    open: Mutex<Option<(Date, File)>>,
}

impl Days {
    /// Opens the folder, making it when it is not there; only its owner reads it.
    pub fn open(folder: &Path, keep: u32) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        only_owner(folder, 0o700)?;
        let days = Self { folder: folder.to_owned(), keep, open: Mutex::new(None) };
        days.write_on(SystemClock.now().date(), b"")?;
        Ok(days)
    }

    /// Adds a line to today's file.
    pub fn write(&self, line: &[u8]) -> io::Result<usize> {
        self.write_on(SystemClock.now().date(), line)
    }

    fn write_on(&self, today: Date, line: &[u8]) -> io::Result<usize> {
        // A panic of another thread while it held the lock leaves at worst half a line.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_none_or(|(day, _)| *day != today) {
            let path = self.folder.join(format!("{STEM}{today}{ENDING}"));
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            only_owner(&path, 0o600)?;
            *open = Some((today, file));
            self.forget_before(today);
        }
        if let Some((_, file)) = open.as_mut() {
            file.write_all(line)?;
        }
        Ok(line.len())
    }

    /// Takes away the days that are over their time. What is not a log of ours is left alone.
    fn forget_before(&self, today: Date) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let day = name.to_str().and_then(day_of);
            let over = day.is_some_and(|day| {
                today.since(day).is_ok_and(|span| i64::from(span.get_days()) > i64::from(self.keep))
            });
            if over && let Err(error) = fs::remove_file(entry.path()) {
                eprintln!("huifa: {}: {error}", entry.path().display());
            }
        }
    }
}

/// The day a file name stands for.
fn day_of(name: &str) -> Option<Date> {
    name.strip_prefix(STEM)?.strip_suffix(ENDING)?.parse().ok()
}

fn only_owner(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_file_and_days_over_their_time_go() {
        let folder = tempfile::tempdir().unwrap();
        let days = Days { folder: folder.path().to_owned(), keep: 180, open: Mutex::new(None) };
        let first: Date = "2026-01-01".parse().unwrap();
        fs::write(folder.path().join("huifa-notes.txt"), "not a log").unwrap();
        let mut day = first;
        for _ in 0..200 {
            days.write_on(day, format!("{day}\n").as_bytes()).unwrap();
            days.write_on(day, b"more\n").unwrap();
            day = day.tomorrow().unwrap();
        }
        let last = day.yesterday().unwrap();
        let kept = |day: Date| folder.path().join(format!("huifa-{day}.log"));
        assert_eq!(fs::read_to_string(kept(last)).unwrap(), format!("{last}\nmore\n"));
        let files = fs::read_dir(folder.path()).unwrap().count();
        // Today, 180 days before it, and what is none of ours.
        assert_eq!(files, 1 + 180 + 1);
        assert!(!kept(first).exists() && folder.path().join("huifa-notes.txt").exists());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(kept(last)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
