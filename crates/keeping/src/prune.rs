//! Which old backups of a folder go.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use kernel::time::Instant;

use crate::archive::sum_beside;
use crate::error::KeepingError;

const BEFORE: &str = "huifa-";
const ENDING: &str = ".tar.zst";

/// The name of a backup made now: `huifa-20261130T114500Z.tar.zst`.
pub fn name(now: Instant) -> String {
    format!("{BEFORE}{}{ENDING}", now.timestamp().strftime("%Y%m%dT%H%M%SZ"))
}

/// Removes backups of a folder, and gives what was removed: all but the newest `keep` that are whole, and any older
/// than `oldest` - but never the newest whole one. Only files named by [`name`] are looked at; one without its sum
/// beside it was not finished and counts as none.
pub fn prune(folder: &Path, keep: usize, oldest: Option<Instant>) -> Result<Vec<PathBuf>, KeepingError> {
    let fault = |error: std::io::Error| KeepingError::disk(folder, error);
    let mut found: Vec<(DateTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let made = path.file_name().and_then(|name| made_at(&name.to_string_lossy()));
        if let Some(made) = made.filter(|_| sum_beside(&path).is_file()) {
            found.push((made, path));
        }
    }
    found.sort();
    found.reverse();
    let oldest = oldest.map(|at| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).datetime());
    let mut removed = Vec::new();
    for (place, (made, path)) in found.into_iter().enumerate().skip(1) {
        if place >= keep.max(1) || oldest.is_some_and(|oldest| made < oldest) {
            // The sum first: a cut between the two leaves a file that counts as none.
            for gone in [sum_beside(&path), path.clone()] {
                fs::remove_file(&gone).map_err(|error| KeepingError::disk(&gone, error))?;
            }
            removed.push(path);
        }
    }
    Ok(removed)
}

fn made_at(name: &str) -> Option<DateTime> {
    let moment = name.strip_prefix(BEFORE)?.strip_suffix(ENDING)?;
    DateTime::strptime("%Y%m%dT%H%M%SZ", moment).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(days: &[u8], without_sum: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for day in days.iter().chain(without_sum) {
            let file = folder.path().join(format!("huifa-202611{day:02}T010000Z.tar.zst"));
            fs::write(&file, "x").unwrap();
            if days.contains(day) {
                fs::write(sum_beside(&file), "x").unwrap();
            }
        }
        fs::write(folder.path().join("huifa-mine.tar.zst"), "x").unwrap();
        folder
    }

    fn left(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(ENDING))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_newest_stay_and_nothing_of_others_is_touched() {
        let folder = folder(&[1, 2, 3, 4], &[5]);
        assert_eq!(prune(folder.path(), 2, None).unwrap().len(), 2);
        let names = left(folder.path());
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.contains(&"huifa-mine.tar.zst".to_owned()));
        assert!(
            names.contains(&"huifa-20261105T010000Z.tar.zst".to_owned()),
            "unfinished is not ours to judge"
        );
        assert!(names[0].contains("20261103") && names[1].contains("20261104"), "{names:?}");
    }

    #[test]
    fn the_last_whole_one_stays_however_old_it_is() {
        let folder = folder(&[1, 2], &[]);
        let now: Instant = "2027-11-30T00:00:00Z".parse().unwrap();
        assert_eq!(prune(folder.path(), 0, Some(now)).unwrap().len(), 1);
        assert_eq!(left(folder.path())[0], "huifa-20261102T010000Z.tar.zst");
        assert_eq!(name("2026-11-30T19:45:00+08:00".parse().unwrap()), "huifa-20261130T114500Z.tar.zst");
    }
}
