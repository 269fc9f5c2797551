//! The virus scanner: what is found is refused, what cannot be asked about waits, and nobody reads it meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use files::scan::{Address, Scan, Scanner, Verdict};
use files::{FileError, Files, Limits, Stored};
use kernel::refusal::Code;
use kernel::time::Instant;
use store::Db;
use store::seal::{Keyring, MasterKey};
use store::testkit::{for_each_db, scratch};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What the scanners of these tests take for a virus.
const SIGN: &str = "HUIFA-TEST-SIGNATURE-7d1f0c";

/// clamd's INSTREAM as its manual tells it: chunks with their length in front, an empty one ends them. While
/// `up` is false it takes connections and says nothing.
async fn stub(up: Arc<AtomicBool>) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap().to_string());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            if !up.load(Ordering::Relaxed) {
                continue;
            }
            tokio::spawn(async move {
                let mut command = [0; 10];
                stream.read_exact(&mut command).await.unwrap();
                assert_eq!(&command, b"zINSTREAM\0");
                let mut content = Vec::new();
                loop {
                    let length = stream.read_u32().await.unwrap() as usize;
                    if length == 0 {
                        break;
                    }
                    let at = content.len();
                    content.resize(at + length, 0);
                    stream.read_exact(&mut content[at..]).await.unwrap();
                }
                let found = content.windows(SIGN.len()).any(|window| window == SIGN.as_bytes());
                let answer = if found { "stream: Huifa.Test.UNOFFICIAL FOUND\0" } else { "stream: OK\0" };
                stream.write_all(answer.as_bytes()).await.unwrap();
            });
        }
    });
    address
}

async fn papers(db: &Db, folder: &Path, address: Address) -> Files {
    let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
    let files = Files::new(db.clone(), keyring, folder.join("files"), Limits::default());
    files.scanned_by(Some(Scanner::new(address, Duration::from_millis(500))))
}

async fn put(files: &Files, content: &str) -> Result<Stored, FileError> {
    let mut upload = files.begin();
    upload.push(content.as_bytes()).unwrap();
    let now: Instant = "2026-11-23T09:00:00+08:00".parse().unwrap();
    files.put(None, None, "a.txt", upload, now).await.map(|(stored, _)| stored)
}

fn code<T: std::fmt::Debug>(result: Result<T, FileError>) -> (Code, String) {
    match result {
        Err(FileError::Refused(refusal)) => {
            assert!(!refusal.next.is_empty(), "a refusal says what to do");
            (refusal.code, refusal.detail.key.into_owned())
        }
        other => panic!("refused expected, got {other:?}"),
    }
}

#[tokio::test]
async fn what_is_found_is_refused_and_what_is_clean_is_read() {
    for_each_db(async |db| {
        let folder = scratch();
        let files = papers(&db, folder.path(), stub(Arc::new(AtomicBool::new(true))).await).await;
        let clean = put(&files, "欠条").await.unwrap();
        assert_eq!(clean.scan, Scan::Clean);
        assert_eq!(files.content(&clean.id).await.unwrap().unwrap(), "欠条".as_bytes());
        let long = format!("{}{SIGN}", "x".repeat(200_000));
        assert_eq!(code(put(&files, &long).await), (Code::RuleRefused, "files-infected".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_a_file_waits_and_nobody_reads_it() {
    for_each_db(async |db| {
        let folder = scratch();
        let up = Arc::new(AtomicBool::new(false));
        let files = papers(&db, folder.path(), stub(Arc::clone(&up)).await).await;
        let good = put(&files, "欠条").await.unwrap();
        let bad = put(&files, &format!("x {SIGN}")).await.unwrap();
        assert_eq!((good.scan, bad.scan), (Scan::Waiting, Scan::Waiting));
        for file in [&good, &bad] {
            let refused = code(files.content(&file.id).await);
            assert_eq!(refused, (Code::Unavailable, "files-in-quarantine".to_owned()));
        }
        assert_eq!(files.rescan().await.unwrap(), 0, "still no answer");
        assert!(files.content(&good.id).await.is_err());

        up.store(true, Ordering::Relaxed);
        assert_eq!(files.rescan().await.unwrap(), 2);
        assert_eq!(files.content(&good.id).await.unwrap().unwrap(), "欠条".as_bytes());
        let refused = code(files.content(&bad.id).await);
        assert_eq!(refused, (Code::RuleRefused, "files-infected-since".to_owned()));
        assert_eq!(files.find(&bad.id).await.unwrap().unwrap().scan, Scan::Infected);
        assert_eq!(files.rescan().await.unwrap(), 0, "nothing waits any more");
    })
    .await;
}

/// The same against clamd itself, with a signature of our own.
#[tokio::test]
async fn clamd_itself_finds_our_signature() {
    let Some(clamd) =
        ["/usr/sbin/clamd", "/usr/local/sbin/clamd"].into_iter().find(|path| Path::new(path).exists())
    else {
        assert!(std::env::var_os("CI").is_none(), "clamd is missing: .ci/run installs it");
        eprintln!("SKIP: no clamd on this machine");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let signs = folder.path().join("signs");
    std::fs::create_dir(&signs).unwrap();
    let hex = hex::encode(SIGN);
    std::fs::write(signs.join("huifa.ndb"), format!("Huifa.Test:0:*:{hex}\n")).unwrap();
    let socket = folder.path().join("clamd.sock");
    let config = folder.path().join("clamd.conf");
    let lines = format!(
        "LocalSocket {}\nDatabaseDirectory {}\nForeground yes\nStreamMaxLength 30M\nTemporaryDirectory {}\n",
        socket.display(),
        signs.display(),
        folder.path().display()
    );
    std::fs::write(&config, lines).unwrap();
    let mut child = Command::new(clamd)
        .arg("--config-file")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let scanner = Scanner::new(Address::Unix(socket), Duration::from_secs(10));
    let mut ready = false;
    for _ in 0..120 {
        ready = scanner.version().await.is_ok_and(|version| version.contains("ClamAV"));
        if ready {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let asked = async {
        let found = scanner.scan(format!("{} {SIGN} more", "x".repeat(300_000)).as_bytes()).await?;
        Ok::<_, std::io::Error>((scanner.scan("欠条".as_bytes()).await?, found))
    }
    .await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(ready, "clamd did not start within a minute");
    let (clean, found) = asked.unwrap();
    assert_eq!(clean, Verdict::Clean);
    assert!(matches!(&found, Verdict::Infected(name) if name.starts_with("Huifa.Test")), "{found:?}");
}
