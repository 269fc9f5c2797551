//! Signing in through an OpenID provider and leaving it, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod entering;
mod leaving;
mod provider;
mod tokens;

use std::collections::HashMap;
use std::sync::Arc;

use access::account::NewAccount;
use access::oidc::{Answer, Arrived, Claims, OidcError, Parts, Relying, Side, Trouble};
use access::password::Cost;
use access::session::Origin;
use access::{Access, Limits};
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::Db;
use store::seal::{Keyring, MasterKey};

use provider::{CLIENT, ISSUER, Provider};

fn morning() -> Instant {
    "2026-11-23T08:00:00+08:00".parse().unwrap()
}

fn later(minutes: i64) -> Instant {
    morning().plus(SignedDuration::from_mins(minutes))
}

fn parts() -> Parts {
    Parts {
        issuer: ISSUER.into(),
        client_id: CLIENT.into(),
        client_secret: Some("secret".into()),
        scopes: vec!["profile".into()],
        name_zh: "统一身份认证".into(),
        name_en: "the identity platform".into(),
        contact: "信息科".into(),
        claims: Claims {
            identity_proved: Some(("real_name".into(), vec!["true".into()])),
            ..Claims::default()
        },
    }
}

/// A room with one clerk and a provider for both sides.
async fn room(db: &Db, provider: &Provider) -> Access {
    let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
    let access =
        Access::open_at(Cost::Least, db.clone(), keyring, Limits { login_per_minute: None }, morning());
    let access = access.await.unwrap();
    let new = NewAccount {
        login: "clerk.1".into(),
        name: "王晓明".into(),
        organisation: None,
        password: "a quiet morning".into(),
    };
    access.add_account(&new, morning()).await.unwrap();
    access.grant("clerk.1", Role::Clerk, "371502".parse().unwrap(), None, morning()).await.unwrap();
    let outside = Arc::new(provider.clone());
    let relying = Relying::new(outside, "https://hf.example.gov.cn", Some(parts()), Some(parts()));
    access.with_oidc(relying.unwrap())
}

/// A sign-in as the browser and the provider see it.
struct Begun {
    state: String,
    nonce: String,
    binding: String,
}

async fn begin(access: &Access, provider: &Provider, side: Side, now: Instant) -> Begun {
    let begun = access.begin_oidc(side, "", now).await.unwrap();
    let url = openidconnect::url::Url::parse(&begun.url).unwrap();
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert_eq!(asked["scope"], "openid profile");
    provider.with(|state| state.challenge.clone_from(&asked["code_challenge"]));
    Begun { state: asked["state"].clone(), nonce: asked["nonce"].clone(), binding: begun.binding }
}

async fn finish(access: &Access, side: Side, begun: &Begun, now: Instant) -> Result<Arrived, OidcError> {
    let answer = Answer { state: Some(&begun.state), code: Some("good"), ..Answer::default() };
    access.finish_oidc(side, answer, Some(&begun.binding), &Origin::default(), now).await
}

/// A whole sign-in of a person, with more claims than the usual ones.
async fn enter(
    access: &Access,
    provider: &Provider,
    side: Side,
    subject: &str,
    more: Value,
    now: Instant,
) -> Result<Arrived, OidcError> {
    let begun = begin(access, provider, side, now).await;
    let key = provider.key();
    let claims = provider::claims(subject, &begun.nonce, now, &more);
    provider.with(|state| {
        state.userinfo = json!({"sub": subject});
        state.id_token = key.token(&key.header(), &claims);
    });
    finish(access, side, &begun, now).await
}

fn trouble<T: std::fmt::Debug>(result: Result<T, OidcError>) -> Trouble {
    match result {
        Err(OidcError::Trouble(trouble)) => trouble,
        other => panic!("trouble expected, got {other:?}"),
    }
}
