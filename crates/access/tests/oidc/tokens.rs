//! What a provider, or somebody in its place, sends that does not hold.

use access::oidc::{Answer, Side, Trouble};
use access::session::Origin;
use serde_json::{Value, json};
use store::testkit::for_each_db;

use super::provider::{self, Key, Provider};
use super::{begin, enter, finish, later, morning, room, trouble};

#[tokio::test]
async fn a_token_that_does_not_hold_lets_nobody_in() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let at = morning().timestamp().as_second();
        let header = provider.key().header();
        let login = |more: Value| {
            let mut whole = json!({"preferred_username": "clerk.1"});
            whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            whole
        };
        let cases = [
            ("another nonce", header.clone(), json!({"nonce": "made up"})),
            ("no nonce", header.clone(), json!({"nonce": null})),
            ("another issuer", header.clone(), json!({"iss": "https://evil.example"})),
            ("for somebody else", header.clone(), json!({"aud": "another"})),
            ("for us and another", header.clone(), json!({"aud": ["huifa", "another"]})),
            ("expired", header.clone(), json!({"exp": at - 61})),
            ("made long ago", header.clone(), json!({"iat": at - 3600})),
            ("made in the future", header.clone(), json!({"iat": at + 120})),
            ("for another access token", header.clone(), json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"})),
            ("unsigned", json!({"alg": "none"}), json!({})),
            ("a shared secret", json!({"alg": "HS256"}), json!({})),
            ("another kind of token", json!({"alg": "EdDSA", "kid": "first", "typ": "at+jwt"}), json!({})),
            ("no subject", header.clone(), json!({"sub": ""})),
        ];
        for (name, header, more) in cases {
            let begun = begin(&access, &provider, Side::Staff, morning()).await;
            let claims = provider::claims("p1", &begun.nonce, morning(), &login(more));
            let mut token = provider.key().token(&header, &claims);
            if header["alg"] == "none" {
                token.truncate(token.rfind('.').unwrap() + 1);
            }
            provider.with(|state| state.id_token = token);
            assert_eq!(
                trouble(finish(&access, Side::Staff, &begun, morning()).await),
                Trouble::Rejected,
                "{name}"
            );
        }
        // The key's name is right, the key is not.
        let begun = begin(&access, &provider, Side::Staff, morning()).await;
        let forged = Key { number: 1, kid: "first" };
        let claims = provider::claims("p1", &begun.nonce, morning(), &login(json!({})));
        provider.with(|state| state.id_token = forged.token(&forged.header(), &claims));
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, morning()).await), Trouble::Rejected);

        let sound = login(json!({"at_hash": null}));
        enter(&access, &provider, Side::Staff, "p1", sound, morning()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn another_code_or_another_answerer_is_refused() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        for (code, iss) in [("guessed", None), ("good", Some("https://evil.example"))] {
            let begun = begin(&access, &provider, Side::Staff, morning()).await;
            let answer = Answer { state: Some(&begun.state), code: Some(code), iss, error: None };
            let answered = access
                .finish_oidc(Side::Staff, answer, Some(&begun.binding), &Origin::default(), morning())
                .await;
            assert_eq!(trouble(answered), Trouble::Rejected, "{code} {iss:?}");
        }
        // A code with a verifier of another sign-in is worth nothing: PKCE.
        let begun = begin(&access, &provider, Side::Staff, morning()).await;
        provider.with(|state| state.challenge = "another".into());
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, morning()).await), Trouble::Rejected);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_promises_its_name_must_give_it() {
    for_each_db(async |db| {
        let provider = Provider::new();
        provider.with(|state| state.says_iss = true);
        let access = room(&db, &provider).await;
        let more = json!({"preferred_username": "clerk.1"});
        let silent = enter(&access, &provider, Side::Staff, "p1", more, morning()).await;
        assert_eq!(trouble(silent), Trouble::Rejected);
    })
    .await;
}

#[tokio::test]
async fn keys_may_change_between_two_sign_ins_and_made_up_keys_do_not_tire_the_provider() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let more = json!({"preferred_username": "clerk.1"});
        enter(&access, &provider, Side::Staff, "p1", more.clone(), morning()).await.unwrap();
        assert_eq!(provider.with(|state| state.key_reads), 1);

        provider.with(|state| state.published = Key { number: 1, kid: "second" });
        enter(&access, &provider, Side::Staff, "p1", more.clone(), later(1)).await.unwrap();
        assert_eq!(provider.with(|state| state.key_reads), 2, "the keys were read again, once");

        // The old key is withdrawn: what it signs is worth nothing any more.
        for _ in 0..20 {
            let begun = begin(&access, &provider, Side::Staff, later(2)).await;
            let old = Key { number: 0, kid: "first" };
            let claims = provider::claims("p1", &begun.nonce, later(2), &more);
            provider.with(|state| state.id_token = old.token(&old.header(), &claims));
            assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(2)).await), Trouble::Rejected);
        }
        let reads = provider.with(|state| state.key_reads);
        assert!((3..=7).contains(&reads), "at most five times a minute: {reads}");
        enter(&access, &provider, Side::Staff, "p1", more, later(3)).await.unwrap();
    })
    .await;
}
