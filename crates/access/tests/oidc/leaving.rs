//! Sessions end from either side.

use std::collections::HashMap;

use access::Access;
use access::oidc::{Side, Trouble};
use kernel::time::Instant;
use serde_json::{Value, json};
use store::testkit::for_each_db;

use super::provider::{CLIENT, ISSUER, Key, Provider};
use super::{enter, later, morning, room, trouble};

async fn clerk(access: &Access, provider: &Provider, sid: &str, now: Instant) -> String {
    let more = json!({"preferred_username": "clerk.1", "sid": sid});
    enter(access, provider, Side::Staff, "p1", more, now).await.unwrap().opened.token
}

async fn stands(access: &Access, token: &str, now: Instant) -> bool {
    access.authenticate(token, now).await.unwrap().is_some()
}

fn logout(jti: &str, now: Instant, more: &Value) -> Value {
    let at = now.timestamp().as_second();
    let mut whole = json!({
        "iss": ISSUER, "aud": CLIENT, "iat": at, "exp": at + 120, "jti": jti,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    whole
}

#[tokio::test]
async fn whoever_leaves_here_is_led_to_leave_there_once() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let token = clerk(&access, &provider, "s1", morning()).await;
        let ticket = access.leave(Side::Staff, &token, later(1)).await.unwrap().unwrap();
        assert!(!stands(&access, &token, later(1)).await, "the session here ended first");
        let url = access.leave_url(Side::Staff, &ticket, later(2)).await.unwrap().unwrap();
        let url = openidconnect::url::Url::parse(&url).unwrap();
        assert!(url.as_str().starts_with(&format!("{ISSUER}/end?")));
        let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["id_token_hint"], provider.with(|state| state.id_token.clone()));
        assert_eq!(asked["post_logout_redirect_uri"], "https://hf.example.gov.cn/desk/oidc/left");
        assert_eq!(access.leave_url(Side::Staff, &ticket, later(2)).await.unwrap(), None, "used");

        let own = access.sign_in("clerk.1", "a quiet morning", None, later(3)).await.unwrap();
        assert_eq!(access.leave(Side::Staff, &own.token, later(3)).await.unwrap(), None, "came by password");
        assert!(!stands(&access, &own.token, later(3)).await);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_down_keeps_nobody_here() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let token = clerk(&access, &provider, "s1", morning()).await;
        provider.with(|state| state.down = true);
        // What is known of the provider has grown old by then.
        assert_eq!(access.leave(Side::Staff, &token, later(120)).await.unwrap(), None);
        assert!(!stands(&access, &token, later(120)).await);
    })
    .await;
}

#[tokio::test]
async fn a_log_out_there_ends_that_session_here_and_no_other() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let key = provider.key();
        let one = clerk(&access, &provider, "s1", morning()).await;
        let two = clerk(&access, &provider, "s2", morning()).await;
        let own = access.sign_in("clerk.1", "a quiet morning", None, morning()).await.unwrap().token;
        let token = key.token(&key.header(), &logout("j1", later(1), &json!({"sid": "s1", "sub": "p1"})));

        let other_side = access.backchannel_logout(Side::Citizen, &token, later(1)).await;
        assert!(other_side.is_ok(), "a token of the same client there ends nothing there");
        assert!(stands(&access, &one, later(1)).await);

        let token = key.token(&key.header(), &logout("j2", later(1), &json!({"sid": "s1", "sub": "p1"})));
        access.backchannel_logout(Side::Staff, &token, later(1)).await.unwrap();
        assert!(!stands(&access, &one, later(1)).await);
        assert!(stands(&access, &two, later(1)).await && stands(&access, &own, later(1)).await);
        let twice = access.backchannel_logout(Side::Staff, &token, later(1)).await;
        assert_eq!(trouble(twice), Trouble::Rejected, "a token counts once");

        let three = clerk(&access, &provider, "s3", later(2)).await;
        let all = key.token(&key.header(), &logout("j3", later(2), &json!({"sub": "p1"})));
        access.backchannel_logout(Side::Staff, &all, later(2)).await.unwrap();
        assert!(!stands(&access, &two, later(2)).await && !stands(&access, &three, later(2)).await);
        assert!(stands(&access, &own, later(2)).await, "came by password");
    })
    .await;
}

#[tokio::test]
async fn a_log_out_token_that_does_not_hold_ends_nothing() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let mine = clerk(&access, &provider, "s1", morning()).await;
        let id_token = provider.with(|state| state.id_token.clone());
        let key = provider.key();
        let sub = json!({"sub": "p1"});
        let forged = Key { number: 1, kid: "first" };
        let made = |more: &Value| {
            let mut claims = logout("j", later(1), &sub);
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            key.token(&key.header(), &claims)
        };
        for (name, token) in [
            ("an ID token", id_token),
            ("another key", forged.token(&forged.header(), &logout("j", later(1), &sub))),
            ("unsigned", key.token(&json!({"alg": "none"}), &logout("j", later(1), &sub))),
            ("with a nonce", made(&json!({"nonce": "n"}))),
            ("another issuer", made(&json!({"iss": "https://evil.example"}))),
            ("for somebody else", made(&json!({"aud": "another"}))),
            ("no event", made(&json!({"events": {}}))),
            ("old", made(&json!({"iat": later(-30).timestamp().as_second()}))),
            ("nothing", String::new()),
        ] {
            let answered = access.backchannel_logout(Side::Staff, &token, later(1)).await;
            assert_eq!(trouble(answered), Trouble::Rejected, "{name}");
        }
        assert!(stands(&access, &mine, later(1)).await);

        // Keys change between sign-in and log-out.
        provider.with(|state| state.published = Key { number: 1, kid: "second" });
        let fresh = provider.key();
        let token = fresh.token(&fresh.header(), &logout("j9", later(2), &sub));
        access.backchannel_logout(Side::Staff, &token, later(2)).await.unwrap();
        assert!(!stands(&access, &mine, later(2)).await);
        access.sweep(later(60)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn deleting_an_account_deletes_what_ties_it_to_the_provider() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let arrived = enter(&access, &provider, Side::Citizen, "c1", json!({}), morning()).await.unwrap();
        let account = arrived.opened.principal.account.unwrap();
        db.apply("forget", access.forget_citizen(&account, "").unwrap()).await.unwrap();
        assert!(!stands(&access, &arrived.opened.token, later(1)).await);
        for count in ["SELECT count(*) FROM oidc_link", "SELECT count(*) FROM oidc_session"] {
            let (rows,): (i64,) = store::sql(count).one(&mut db.reader().await.unwrap()).await.unwrap();
            assert_eq!(rows, 0, "{count}");
        }
        let anew = enter(&access, &provider, Side::Citizen, "c1", json!({}), later(2)).await.unwrap();
        assert_ne!(anew.opened.principal.account, Some(account));
    })
    .await;
}
