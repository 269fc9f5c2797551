//! Handing in papers, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use files::{FileError, Files, Limits, Stored, Upload};
use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use kernel::time::Instant;
use store::seal::{Keyring, MasterKey};
use store::testkit::{Scratch, for_each_db, scratch};
use store::{Db, StoreError};

fn morning() -> Instant {
    "2026-11-23T08:00:00+08:00".parse().unwrap()
}

fn hours(count: i64) -> Instant {
    morning().plus(SignedDuration::from_hours(count))
}

fn number() -> MatterNumber {
    MatterNumber::new("371502".parse().unwrap(), 2026, 427).unwrap()
}

async fn papers(db: &Db, folder: &Scratch) -> Files {
    let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
    Files::new(db.clone(), keyring, folder.path().join("files"), Limits { upload_bytes: 64 * 1024 })
}

fn upload(files: &Files, content: &[u8]) -> Upload {
    let mut upload = files.begin();
    for chunk in content.chunks(1000) {
        upload.push(chunk).unwrap();
    }
    upload
}

async fn put(files: &Files, owner: Option<&str>, name: &str, content: &[u8]) -> Result<Stored, FileError> {
    files.put(owner, None, name, upload(files, content), morning()).await.map(|(stored, _)| stored)
}

fn code<T: std::fmt::Debug>(result: Result<T, FileError>) -> Code {
    match result {
        Err(FileError::Refused(refusal)) => refusal.code,
        other => panic!("refused expected, got {other:?}"),
    }
}

const LETTER: &str = "欠条：今欠李某某工资三千元，电话 13800138000。";

/// Whether any file below the folder holds these bytes.
fn on_disk(folder: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            on_disk(&path, needle)
        } else {
            std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle)
        }
    })
}

#[tokio::test]
async fn a_paper_is_kept_sealed_and_read_back() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        let stored = put(&files, Some("acc-1"), "..\\李某某/欠条.txt", LETTER.as_bytes()).await.unwrap();
        assert_eq!((stored.name.as_str(), stored.media.as_str()), ("欠条.txt", "text/plain"));
        assert_eq!(stored.size, LETTER.len() as u64);
        assert_eq!(files.find(&stored.id).await.unwrap(), Some(stored.clone()));
        assert_eq!(files.content(&stored.id).await.unwrap().unwrap(), LETTER.as_bytes());
        assert!(!on_disk(folder.path(), "李某某".as_bytes()), "sealed");
        assert!(!on_disk(folder.path(), b"13800138000"), "sealed");
        assert_eq!(files.find("nothing").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn too_large_and_unknown_contents_are_refused_with_what_is_taken() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        assert_eq!(code(put(&files, None, "a.pdf", b"MZ\x90\0program").await), Code::UnsupportedType);
        assert_eq!(code(put(&files, None, "a.txt", b"").await), Code::UnsupportedType);
        let mut upload = files.begin();
        for _ in 0..64 {
            upload.push(&[b'x'; 1024]).unwrap();
        }
        let Err(FileError::Refused(refusal)) = upload.push(b"x") else { panic!("one byte too many") };
        assert_eq!(refusal.code, Code::TooLarge);
        assert_eq!(files.put(None, None, "full.txt", upload, morning()).await.unwrap().0.size, 64 * 1024);
    })
    .await;
}

#[tokio::test]
async fn a_paper_is_claimed_once_in_time_and_by_whoever_handed_it_in() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        let guest = put(&files, None, "a.txt", b"one").await.unwrap().id;
        let own = put(&files, Some("acc-1"), "b.txt", b"two").await.unwrap().id;
        let all = [guest.clone(), own.clone()];
        assert_eq!(files.claimable(&all, Some("acc-1"), morning()).await.unwrap().len(), 2);
        assert_eq!(files.claimable(&all, Some("acc-2"), morning()).await.unwrap().len(), 1);
        assert_eq!(files.claimable(&all, None, hours(24)).await.unwrap().len(), 0, "a day is over");

        let conflict =
            |result: Result<(), StoreError>| matches!(result, Err(StoreError::Conflict("file claim")));
        let foreign = files.claim(number(), &all, Some("acc-2"), morning());
        assert!(conflict(db.apply("claim", foreign).await));
        let late = files.claim(number(), &all, Some("acc-1"), hours(24));
        assert!(conflict(db.apply("claim", late).await));
        db.apply("claim", files.claim(number(), &all, Some("acc-1"), hours(23))).await.unwrap();
        assert!(conflict(db.apply("claim", files.claim(number(), &[guest], None, hours(23))).await), "once");
        assert_eq!(files.find(&own).await.unwrap().unwrap().number, Some(number()));
    })
    .await;
}

#[tokio::test]
async fn a_matter_has_three_hundred_files_and_no_more() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        for n in 0..300 {
            let one = put(&files, None, "a.txt", format!("{n}").as_bytes()).await.unwrap().id;
            assert!(!files.full(number()).await.unwrap(), "{n}");
            db.apply("claim", files.claim(number(), &[one], None, morning())).await.unwrap();
        }
        let one = put(&files, None, "a.txt", b"more").await.unwrap().id;
        let claim = files.claim(number(), std::slice::from_ref(&one), None, morning());
        assert!(matches!(db.apply("claim", claim).await, Err(StoreError::Conflict("file claim"))));
        assert!(files.full(number()).await.unwrap(), "and it can be told why");
        assert_eq!(files.claimable(&[one], None, morning()).await.unwrap().len(), 1, "it waits unharmed");
    })
    .await;
}

#[tokio::test]
async fn what_no_matter_took_is_swept_with_its_content() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        let (kept, lost) = (
            put(&files, None, "a.txt", b"kept").await.unwrap(),
            put(&files, None, "b.txt", b"lost").await.unwrap(),
        );
        db.apply("claim", files.claim(number(), std::slice::from_ref(&kept.id), None, morning()))
            .await
            .unwrap();
        assert_eq!(files.sweep(hours(24)).await.unwrap(), 0, "a claim may be under way");
        assert_eq!(files.sweep(hours(26)).await.unwrap(), 1);
        assert_eq!(files.find(&lost.id).await.unwrap(), None);
        assert_eq!(files.content(&kept.id).await.unwrap().unwrap(), b"kept");
        let blobs = std::fs::read_dir(folder.path().join("files"))
            .unwrap()
            .flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap())
            .count();
        assert_eq!(blobs, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_key_and_content_answer_with_the_first_file() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        let key = Some("0123456789abcdef");
        let again = async |owner, content: &[u8]| {
            files.put(owner, key, "a.txt", upload(&files, content), morning()).await
        };
        let (first, replayed) = again(None, b"one").await.unwrap();
        assert!(!replayed);
        let (second, replayed) = again(None, b"one").await.unwrap();
        assert!(replayed);
        assert_eq!(second, first);
        assert_eq!(code(again(None, b"two").await), Code::IdempotencyMismatch);
        assert!(!again(Some("acc-1"), b"two").await.unwrap().1, "another scope");
    })
    .await;
}

#[tokio::test]
async fn a_damaged_content_is_noticed() {
    let folder = scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let files = papers(&db, &folder).await;
    let stored = put(&files, None, "a.txt", b"whole").await.unwrap();
    let place = std::fs::read_dir(folder.path().join("files")).unwrap().next().unwrap().unwrap().path();
    let blob = std::fs::read_dir(place).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&blob).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&blob, bytes).unwrap();
    assert!(matches!(files.content(&stored.id).await, Err(FileError::Disk(_))));
}

#[tokio::test]
async fn an_erased_matter_leaves_no_file_neither_key_nor_name_nor_content_nor_fingerprint() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, &folder).await;
        let mine = put(&files, None, "欠条.txt", LETTER.as_bytes()).await.unwrap();
        let other = put(&files, None, "别人的.txt", LETTER.as_bytes()).await.unwrap();
        for (number, id) in [(number(), &mine.id), (next_number(), &other.id)] {
            let claim = files.claim(number, std::slice::from_ref(id), None, morning());
            db.apply("claim", claim).await.unwrap();
        }
        db.apply("erase", files.forget(number())).await.unwrap();
        // From here on nobody reads it, even if the node stops before the disk was cleared.
        assert!(files.find(&mine.id).await.unwrap().is_none());
        assert!(files.content(&mine.id).await.unwrap().is_none());
        assert_eq!(contents(folder.path()), 2);

        assert_eq!(files.burn().await.unwrap(), 1);
        assert_eq!(files.burn().await.unwrap(), 0);
        assert_eq!(contents(folder.path()), 1, "the sealed content is off the disk");
        assert!(files.find(&mine.id).await.unwrap().is_none());
        let kept = files.content(&other.id).await.unwrap().unwrap();
        assert_eq!(kept, LETTER.as_bytes(), "another matter's paper stays");
    })
    .await;
}

fn next_number() -> MatterNumber {
    MatterNumber::new("371502".parse().unwrap(), 2026, 428).unwrap()
}

/// How many contents lie below the folder.
fn contents(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() { contents(&path) } else { usize::from(entry.file_name().len() == 64) }
        })
        .sum()
}
