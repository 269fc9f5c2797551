//! What a node carries with it and what it calls: clock, calendar, catalogue, pages, logs, services.

use std::path::Path;
use std::time::Duration;

use catalog::Catalog;
use catalog::load::Files;
use files::scan::Scanner;
use kernel::calendar::Calendar;
use kernel::time::{Clock, Instant};

use super::{Finding, State};
use crate::settings::{Log, Settings};

/// The first year this program can have been installed in.
const FIRST_YEAR: i16 = 2026;

/// Whether the clock can be right at all. How right it is only a time server can say.
pub fn clock(clock: &dyn Clock) -> Finding {
    let now = clock.now();
    if now.date().year() < FIRST_YEAR {
        let remedy = "set the clock; every time limit is counted from it";
        return Finding::bad("clock", State::Fault, format!("it says {now}"), remedy);
    }
    Finding::ok("clock", now.to_string())
}

/// Time limits in working days need next year's holidays from December on at the latest.
pub fn calendar(now: Instant) -> Finding {
    let calendar = Calendar::official();
    let year = now.date().year();
    let missing: Vec<String> = [year, year + 1]
        .into_iter()
        .filter(|year| !calendar.covers(*year))
        .map(|year| year.to_string())
        .collect();
    let last = calendar.years().map_or_else(|| "nothing".to_owned(), |(_, last)| last.to_string());
    if missing.is_empty() {
        return Finding::ok("calendar", format!("holidays and working days are known to the end of {last}"));
    }
    // The State Council publishes a year's holidays in the November before it.
    let state = if calendar.covers(year) { State::Warn } else { State::Fault };
    Finding::bad(
        "calendar",
        state,
        format!("known to the end of {last}; not {}", missing.join(", ")),
        "install the release with the holidays the State Council has published; until then due days are provisional",
    )
}

/// The catalogue: the same proof as `huifa catalog check`.
pub fn catalogue(folder: Option<&Path>) -> Finding {
    let sources = match folder.map(Files::read) {
        Some(Ok(files)) => files,
        Some(Err(error)) => {
            return Finding::bad(
                "catalogue",
                State::Fault,
                error.to_string(),
                "name the folder with --catalog",
            );
        }
        None => Files::embedded(),
    };
    match Catalog::from_files(&sources) {
        Ok(catalog) => Finding::ok("catalogue", format!("{} service items, sound", catalog.items().count())),
        Err(faults) => Finding::bad(
            "catalogue",
            State::Fault,
            format!("{} faults", faults.len()),
            "`huifa catalog check` lists them with their remedies",
        ),
    }
}

/// The styles and scripts of the pages.
pub fn assets() -> Finding {
    if web::assets::built() {
        Finding::ok("assets", "the pages' styles and scripts are inside")
    } else {
        Finding::bad(
            "assets",
            State::Warn,
            "this program was built without them: pages answer 503, the API works",
            "build it with `cargo xtask assets` before",
        )
    }
}

/// The folder of logs: can be written, and kept long enough (shorter is refused when settings are read).
pub fn logs(log: &Log) -> Finding {
    let found = format!("{}, kept {} days", log.folder.display(), log.keep_days);
    match std::fs::metadata(&log.folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Finding::ok("logs", format!("{found}; made by the first start"))
        }
        Err(error) => Finding::bad("logs", State::Fault, error.to_string(), "look at [log] folder"),
        Ok(folder) if folder.permissions().readonly() => {
            Finding::bad("logs", State::Fault, format!("{found}: not writable"), "look at [log] folder")
        }
        Ok(_) => Finding::ok("logs", found),
    }
}

/// Services named in the settings: whether somebody answers there.
pub async fn services(settings: &Settings) -> Vec<Finding> {
    let Some(address) = &settings.scan else {
        let remedy = "set [scan] clamd to have uploads scanned for viruses";
        return vec![Finding::bad("clamd", State::Warn, "no virus scanner is set", remedy)];
    };
    let scanner = Scanner::new(address.clone(), Duration::from_secs(5));
    vec![match scanner.version().await {
        Ok(version) => Finding::ok("clamd", version),
        Err(error) => Finding::bad(
            "clamd",
            State::Fault,
            format!("{address:?} does not answer: {error}"),
            "start clamd; until then uploads wait in quarantine",
        ),
    }]
}
