//! Whether what there is would survive the loss of this machine: backups, and a copy of the master key elsewhere.

use ::keeping::record::{self, Act};
use jiff::SignedDuration;
use kernel::time::Instant;
use store::seal::MasterKey;
use store::{Db, StoreError};

use super::{Finding, State};
use crate::context::Context;

/// A daily backup that failed twice shows here.
const RECENT: SignedDuration = SignedDuration::from_hours(50);
/// How long it is believed that a copy still lies where somebody put it.
const BELIEVED_DAYS: i64 = 400;

/// Looks at the record of backups and of copies of the key.
pub async fn look(db: &Db, context: &Context) -> Vec<Finding> {
    let now = context.clock().now();
    let fault = |check, error: StoreError| Finding::bad(check, State::Fault, error.to_string(), "");
    let mut reads = match db.reader().await {
        Ok(reads) => reads,
        Err(error) => return vec![fault("backup", error)],
    };
    let mut findings = vec![match record::latest(&mut reads, record::BACKUP).await {
        Ok(latest) => backup(latest, now),
        Err(error) => fault("backup", error),
    }];
    if let Ok(Some(master)) = MasterKey::find(context.data()) {
        let mark = master.fingerprint();
        findings.push(match record::latest_of(&mut reads, record::KEY_SAVED, &mark).await {
            Ok(latest) => key(latest, &mark, now),
            Err(error) => fault("key copy", error),
        });
    }
    findings
}

fn backup(latest: Option<Act>, now: Instant) -> Finding {
    let remedy =
        "`huifa backup --into DIR` every day, and the folder copied to another machine: docs/keeping.md";
    match latest {
        None => Finding::bad("backup", State::Warn, "no backup was ever made", remedy),
        Some(act) if now.since(act.at) > RECENT => {
            Finding::bad("backup", State::Warn, format!("the last backup is of {}", act.at), remedy)
        }
        Some(act) => {
            let file = act.detail.0["file"].as_str().unwrap_or_default().to_owned();
            Finding::ok("backup", format!("{file} of {}", act.at))
        }
    }
}

fn key(latest: Option<Act>, mark: &str, now: Instant) -> Finding {
    let remedy = "copy master.key to a safe place apart from the backups, then: huifa keys saved --copy FILE --where \"…\"";
    match latest {
        None => Finding::bad(
            "key copy",
            State::Warn,
            format!("nobody has noted a copy of the master key {mark}: without it no backup can be read"),
            remedy,
        ),
        Some(act) if now.since(act.at) > SignedDuration::from_hours(24 * BELIEVED_DAYS) => Finding::bad(
            "key copy",
            State::Warn,
            format!("the copy of {mark} was last seen on {}", act.at.date()),
            "look whether it is still there and can be read, then note it again",
        ),
        Some(act) => {
            let place = act.detail.0["where"].as_str().unwrap_or_default().to_owned();
            Finding::ok("key copy", format!("{mark}, {} on {}", place, act.at.date()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Json;

    fn act(at: &str) -> Act {
        let detail = Json(serde_json::json!({ "file": "/b/huifa.tar.zst", "where": "保险柜" }));
        Act { at: at.parse().unwrap(), mark: "m".into(), detail }
    }

    #[test]
    fn an_old_backup_and_a_copy_nobody_saw_for_long_are_told() {
        let now: Instant = "2026-11-30T08:00:00+08:00".parse().unwrap();
        assert_eq!(backup(None, now).state, State::Warn);
        assert_eq!(backup(Some(act("2026-11-27T02:00:00+08:00")), now).state, State::Warn);
        assert_eq!(backup(Some(act("2026-11-29T02:00:00+08:00")), now).state, State::Ok);
        assert_eq!(key(None, "m", now).state, State::Warn);
        assert_eq!(key(Some(act("2025-10-01T08:00:00+08:00")), "m", now).state, State::Warn);
        assert_eq!(key(Some(act("2026-10-01T08:00:00+08:00")), "m", now).state, State::Ok);
    }
}
