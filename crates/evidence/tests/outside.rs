//! Held against programs that are not ours: `openssl` takes our signatures and our stamps, `gmssl` our SM2, and what
//! they would not take we do not take either.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "common/authority.rs"]
mod authority;
mod common;

use std::fs;
use std::path::Path;

use authority::{Authority, openssl, takes, there_is_openssl};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{damage, keyring, kinds, live, settle};
use evidence::checkpoint::{self, Signing};
use evidence::note::{Note, SigningKey, Suite};
use evidence::stamp::{self, Anchors, StampFault};
use evidence::{Against, FaultKind, bundle, verify_whole};
use kernel::time::{Clock as _, SystemClock};
use store::sql;
use store::testkit::{for_each_db, scratch};

const TEXT: &str = "huifa.example/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

/// SubjectPublicKeyInfo around a raw key.
fn pem(prefix: &str, public: &[u8]) -> String {
    let mut der = hex::decode(prefix).unwrap();
    der.extend(public);
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
}

/// `r || s` as the two integers of a DER sequence.
fn der_of(signature: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for half in signature.chunks(32) {
        let lean: Vec<u8> = half.iter().copied().skip_while(|byte| *byte == 0).collect();
        let sign = usize::from(lean.first().is_none_or(|first| first & 0x80 != 0));
        body.extend([2, u8::try_from(lean.len() + sign).unwrap()]);
        body.extend(vec![0; sign]);
        body.extend(lean);
    }
    let mut der = vec![0x30, u8::try_from(body.len()).unwrap()];
    der.extend(body);
    der
}

fn openssl_verifies(folder: &Path, more: &[&str]) -> bool {
    let mut arguments =
        vec!["pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "text", "-sigfile", "sig"];
    arguments.extend(more);
    openssl(folder, &arguments).is_some()
}

#[test]
fn openssl_takes_our_signatures_of_both_suites() {
    if !there_is_openssl() {
        return;
    }
    let folder = scratch();
    let folder = folder.path();
    for (suite, prefix, more) in [
        (Suite::Ed25519, "302a300506032b6570032100", &[][..]),
        (
            Suite::Sm2Sm3,
            "3059301306072a8648ce3d020106082a811ccf5501822d034200",
            &["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"][..],
        ),
    ] {
        for of in 1..=8 {
            let key = SigningKey::from_secret("huifa.example/log", suite, &[of; 32]).unwrap();
            let signature = key.sign(TEXT.as_bytes());
            let signature = if suite == Suite::Sm2Sm3 { der_of(&signature) } else { signature };
            fs::write(folder.join("pub.pem"), pem(prefix, &key.verifier().public)).unwrap();
            fs::write(folder.join("sig"), &signature).unwrap();
            fs::write(folder.join("text"), TEXT).unwrap();
            assert!(openssl_verifies(folder, more), "{suite} {of}");
            fs::write(folder.join("text"), TEXT.replace('3', "4")).unwrap();
            assert!(!openssl_verifies(folder, more), "{suite} {of}: another text");
        }
    }
}

#[test]
fn gmssl_takes_our_sm2() {
    const CHECK: &str = "import sys\nfrom gmssl import sm2\nkey, sig, text = sys.stdin.buffer.read().split(b'|', 2)\n\
        c = sm2.CryptSM2(public_key=key.decode(), private_key='')\n\
        sys.exit(0 if c.verify_with_sm3(sig.decode(), text) else 1)";
    let python = std::env::var("HUIFA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if takes(&python, &["-c", "import gmssl"], b"") != Some(true) {
        eprintln!("SKIP: no Python with gmssl (pip install gmssl; HUIFA_PYTHON names it)");
        return;
    }
    let key = SigningKey::from_secret("huifa.example/log", Suite::Sm2Sm3, &[7; 32]).unwrap();
    let signature = hex::encode(key.sign(TEXT.as_bytes()));
    let asked = |text: &str| {
        let input = format!("{}|{signature}|{text}", hex::encode(&key.verifier().public[1..]));
        takes(&python, &["-c", CHECK], input.as_bytes())
    };
    assert_eq!(asked(TEXT), Some(true));
    assert_eq!(asked(&TEXT.replace('3', "4")), Some(false));
}

#[test]
fn a_stamp_holds_for_its_note_its_request_and_its_authority_only() {
    if !there_is_openssl() {
        return;
    }
    for kind in ["rsa:2048", "ec"] {
        let (folder, elsewhere) = (scratch(), scratch());
        let authority = Authority::new(folder.path(), kind, "timeStamping");
        let anchors = Anchors::from_pem(&authority.root()).unwrap();
        let request = stamp::request(TEXT).unwrap();
        let token = stamp::token_of(&authority.answer(&request.der)).unwrap();
        let (imprint, nonce) = (stamp::imprint(TEXT), Some(&request.nonce[..]));
        let at = stamp::check(&token, &imprint, nonce, Some(&anchors)).unwrap();
        assert!(SystemClock.now().since(at).abs() < jiff::SignedDuration::from_mins(5), "{at}");
        assert!(authority.openssl_takes(TEXT, &token), "{kind}: openssl takes it too");
        assert!(!authority.openssl_takes("another", &token));

        let refused = |found: Result<_, StampFault>| found.unwrap_err();
        let other = stamp::imprint("another");
        assert_eq!(refused(stamp::check(&token, &other, nonce, Some(&anchors))), StampFault::Imprint);
        let late = stamp::request(TEXT).unwrap().nonce;
        assert_eq!(refused(stamp::check(&token, &imprint, Some(&late), Some(&anchors))), StampFault::Nonce);
        let stranger = Authority::new(elsewhere.path(), kind, "timeStamping");
        let strange = Anchors::from_pem(&stranger.root()).unwrap();
        let found = stamp::check(&token, &imprint, nonce, Some(&strange));
        assert!(matches!(found, Err(StampFault::Chain(_))), "{found:?}");
        // Whatever byte is turned, nothing passes as the same time.
        let mut passed = 0;
        for at_byte in 0..token.len() {
            let mut bad = token.clone();
            bad[at_byte] ^= 1;
            passed += usize::from(stamp::check(&bad, &imprint, nonce, Some(&anchors)).is_ok());
        }
        // Bytes nothing is signed over: versions and lists of digests around the signature.
        assert!(passed < 20, "{kind}: {passed} of {} changed tokens passed", token.len());
        assert!(matches!(stamp::token_of(b"rubbish"), Err(StampFault::Form(_))));
    }
}

#[tokio::test]
async fn stamps_lie_beside_their_heads_and_are_checked_with_them() {
    if !there_is_openssl() {
        return;
    }
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let folder = scratch();
        let authority = Authority::new(folder.path(), "ec", "timeStamping");
        let anchors = Anchors::from_pem(&authority.root()).unwrap();
        live(&db, &keys, 1, 3).await;
        settle(&db).await;
        let signing = Signing { origin: Some("huifa.example/log".into()), memory: None };
        checkpoint::sign(&db, &keys, &signing, "test", SystemClock.now()).await.unwrap();
        let pending = async || stamp::pending(&mut db.reader().await.unwrap(), "http://tsa/").await.unwrap();
        let head = pending().await.unwrap();
        let request = stamp::request(&head.note).unwrap();
        let answer = authority.answer(&request.der);
        // An answer to another request is not kept.
        let other = stamp::request(&head.note).unwrap();
        assert!(stamp::keep(&db, &head, "http://tsa/", &other, &answer, &anchors).await.is_err());
        stamp::keep(&db, &head, "http://tsa/", &request, &answer, &anchors).await.unwrap();
        assert_eq!(pending().await, None, "once is enough");

        let check = async || {
            verify_whole(&db, &Against { anchors: Some(&anchors), ..Against::default() }).await.unwrap()
        };
        assert!(check().await.is_sound());
        let bundle = bundle::of_event(&mut db.snapshot().await.unwrap(), common::number(1), 1).await.unwrap();
        let bundle = bundle.unwrap();
        assert!(bundle.check(&[]).is_sound() && bundle.stamps.len() == 1);
        bundle.stamps[0].check(bundle.checkpoint.as_ref().unwrap(), Some(&anchors)).unwrap();
        let exported = folder.path().join("export");
        evidence::export(&db, &exported).await.unwrap();
        assert!(evidence::verify_export(&exported, &[], &[]).unwrap().is_sound());

        // A stamp moved to another head, and one whose time was moved.
        let wrong = stamp::request("another").unwrap();
        let moved = stamp::token_of(&authority.answer(&wrong.der)).unwrap();
        damage(&db, vec![sql("UPDATE log_stamp SET token = ?, nonce = ?").bind(moved).bind(wrong.nonce)])
            .await;
        assert_eq!(kinds(&check().await), [FaultKind::Stamp].into());
        let token = stamp::token_of(&answer).unwrap();
        let back = sql("UPDATE log_stamp SET token = ?, nonce = ?, at = ?");
        let early = SystemClock.now().plus(jiff::SignedDuration::from_hours(-9));
        damage(&db, vec![back.bind(token).bind(request.nonce).bind(early)]).await;
        assert_eq!(kinds(&check().await), [FaultKind::Stamp].into());
        assert!(Note::parse(&head.note).is_ok());
    })
    .await;
}
