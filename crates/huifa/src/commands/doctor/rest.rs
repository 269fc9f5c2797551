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

/// Whether the site says which place it serves; until then every page speaks for the whole country.
pub fn site(site: Option<&web::Site>) -> Finding {
    match site.map(|site| (site.area, &site.place_zh)) {
        Some((Some(area), place)) => Finding::ok("site", format!("{place}, {area}")),
        _ => Finding::bad(
            "site",
            State::Warn,
            "it is not said which division this site serves",
            "set `place` and `area` under [site] in huifa.toml",
        ),
    }
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

/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Services named in the settings: whether somebody answers there. What is not named is not looked for, but for the
/// scanner, without which uploads are taken on trust.
pub async fn services(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![scanner(settings).await];
    if let Some(sms) = &settings.sms {
        let remedy = "look at [sms] url and at the way there; until then messages wait and are tried again";
        findings.push(reached("sms", &sms.url, address(&sms.url), remedy).await);
    }
    if let Some(smtp) = &settings.smtp {
        let at = format!("{}:{}", smtp.host, smtp.port);
        let remedy =
            "look at [smtp] host and port and at the way there; until then mail waits and is tried again";
        findings.push(reached("smtp", &at, Some((smtp.host.clone(), smtp.port)), remedy).await);
    }
    let oidc = &settings.oidc;
    for (check, provider) in [("oidc-staff", &oidc.staff), ("oidc-citizen", &oidc.citizen)] {
        let Some(provider) = provider else { continue };
        let remedy = "look at [oidc] issuer and at the way there; until then its button leads nowhere, other ways to sign in stay";
        findings.push(reached(check, &provider.issuer, address(&provider.issuer), remedy).await);
    }
    findings
}

async fn scanner(settings: &Settings) -> Finding {
    let Some(address) = &settings.scan else {
        let remedy = "set [scan] clamd to have uploads scanned for viruses";
        return Finding::bad("clamd", State::Warn, "no virus scanner is set", remedy);
    };
    match Scanner::new(address.clone(), PATIENCE).version().await {
        Ok(version) => Finding::ok("clamd", version),
        Err(error) => Finding::bad(
            "clamd",
            State::Fault,
            format!("{address:?} does not answer: {error}"),
            "start clamd; until then uploads wait in quarantine",
        ),
    }
}

/// Whether a connection comes about. Nothing is sent: no message goes out because somebody looked.
async fn reached(
    check: &'static str,
    shown: &str,
    at: Option<(String, u16)>,
    remedy: &'static str,
) -> Finding {
    let Some((host, port)) = at else {
        return Finding::bad(check, State::Fault, format!("{shown} is no address"), remedy);
    };
    let connecting = tokio::net::TcpStream::connect((host.as_str(), port));
    match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(Ok(_)) => Finding::ok(check, format!("{shown} takes connections")),
        Ok(Err(error)) => Finding::bad(check, State::Fault, format!("{shown}: {error}"), remedy),
        Err(_) => Finding::bad(check, State::Fault, format!("{shown}: no answer in {PATIENCE:?}"), remedy),
    }
}

/// Host and port of a URL.
fn address(url: &str) -> Option<(String, u16)> {
    let url = reqwest::Url::parse(url).ok()?;
    // An IPv6 address stands in brackets there, and without them where it is connected to.
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    Some((host, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_to_connect() {
        assert_eq!(address("https://sms.example.cn/send"), Some(("sms.example.cn".into(), 443)));
        assert_eq!(address("http://[::1]:8080/"), Some(("::1".into(), 8080)));
        assert_eq!(address("nonsense"), None);
    }

    #[tokio::test]
    async fn a_service_that_takes_connections_is_well_and_one_that_does_not_is_named() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let at = || Some(("127.0.0.1".to_owned(), port));
        assert_eq!(reached("smtp", "here", at(), "mend").await.state, State::Ok);
        drop(listener);
        let finding = reached("smtp", "here", at(), "mend").await;
        assert_eq!((finding.state, finding.remedy.as_str()), (State::Fault, "mend"));
    }
}
