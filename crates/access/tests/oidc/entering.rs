//! Who comes in, and to which account.

use access::oidc::{Answer, Side, Trouble};
use access::session::Origin;
use access::{Access, Kind};
use kernel::identity::Phone;
use kernel::refusal::Code;
use serde_json::json;
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

use super::provider::{ISSUER, Provider};
use super::{begin, enter, finish, later, morning, room, trouble};

async fn close(db: &Db, login: &str) {
    let mut changes = Changes::new();
    changes.push(
        sql("UPDATE account SET disabled_at = ? WHERE login = ?").bind(morning().timestamp()).bind(login),
    );
    db.apply("close account", changes).await.unwrap();
}

async fn by_code(access: &Access, phone: &str, minute: i64) -> access::AccountId {
    let phone = Phone::parse(phone).unwrap();
    access.send_code(&phone, "192.0.2.1", later(minute)).await.unwrap();
    let newest = access.outbox(1).await.unwrap().remove(0);
    let code = newest.text.args.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    let opened = access.sign_in_with_code(&phone, &code, None, later(minute)).await.unwrap();
    opened.principal.account.unwrap()
}

#[tokio::test]
async fn staff_are_linked_by_login_once_and_by_subject_from_then_on() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let login = |login: &str| json!({"preferred_username": login});
        let unknown = enter(&access, &provider, Side::Staff, "p2", login("nobody.1"), morning()).await;
        assert_eq!(trouble(unknown), Trouble::Unknown);
        let silent = enter(&access, &provider, Side::Staff, "p2", json!({}), morning()).await;
        assert_eq!(trouble(silent), Trouble::Unknown);

        let first = enter(&access, &provider, Side::Staff, "p1", login("Clerk.1"), morning()).await.unwrap();
        let who = access.authenticate(&first.opened.token, later(1)).await.unwrap().unwrap();
        assert_eq!((who.kind, who.login.as_deref(), who.grants.len()), (Kind::Staff, Some("clerk.1"), 1));
        assert_eq!(first.to, "/desk");

        // From now on the person counts, whatever login the provider says.
        let again = enter(&access, &provider, Side::Staff, "p1", login("head.1"), later(2)).await.unwrap();
        assert_eq!(again.opened.principal.account, who.account);
        let other = enter(&access, &provider, Side::Staff, "p2", login("clerk.1"), later(3)).await;
        assert_eq!(trouble(other), Trouble::Taken, "a login given to somebody else opens nothing");
        assert_eq!(access.accounts().await.unwrap().len(), 1, "signing in opens no staff account");

        close(&db, "clerk.1").await;
        let closed = enter(&access, &provider, Side::Staff, "p1", login("clerk.1"), later(4)).await;
        assert_eq!(trouble(closed), Trouble::Closed);
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_not_linked_either() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        close(&db, "clerk.1").await;
        let more = json!({"preferred_username": "clerk.1"});
        assert_eq!(
            trouble(enter(&access, &provider, Side::Staff, "p1", more, morning()).await),
            Trouble::Closed
        );
    })
    .await;
}

#[tokio::test]
async fn a_proved_phone_leads_to_the_account_of_the_phone_code() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let account = by_code(&access, "13800138000", 0).await;
        let told = json!({
            "phone_number": "+8613800138000", "phone_number_verified": true, "name": "李梅",
            "id_number": "11010519491231002X", "real_name": true,
        });
        let first = enter(&access, &provider, Side::Citizen, "c1", told.clone(), later(1)).await.unwrap();
        assert_eq!((first.opened.principal.kind, first.to.as_str()), (Kind::Citizen, "/my"));
        assert_eq!(first.opened.principal.account.as_ref(), Some(&account));
        assert_eq!(first.opened.principal.name, "李梅");
        let vault = access.vault(&account).await.unwrap();
        let number = vault.proved_id_number.unwrap();
        assert_eq!((number.value.as_str(), number.source.as_str()), ("11010519491231002X", ISSUER));
        assert_eq!(number.on, later(1).date());
        assert_eq!(vault.phone, "13800138000", "what was known stays");

        // Numbers are given out again: another person with the same phone gets an account of their own.
        let second = enter(&access, &provider, Side::Citizen, "c2", told.clone(), later(2)).await.unwrap();
        let own = second.opened.principal.account.unwrap();
        assert_ne!(own, account);
        let again = enter(&access, &provider, Side::Citizen, "c2", told, later(3)).await.unwrap();
        assert_eq!(again.opened.principal.account, Some(own));
        assert_eq!(by_code(&access, "13800138000", 4).await, account, "the phone code leads where it led");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_proved_is_not_kept() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let account = by_code(&access, "13800138000", 0).await;
        let told = json!({
            "phone_number": "13800138000", "phone_number_verified": false, "name": "李梅",
            "id_number": "11010519491231002X", "real_name": false,
        });
        let arrived = enter(&access, &provider, Side::Citizen, "c1", told, later(1)).await.unwrap();
        let own = arrived.opened.principal.account.unwrap();
        assert_ne!(own, account, "an unproved phone finds nobody");
        let vault = access.vault(&own).await.unwrap();
        assert_eq!((vault.name.as_str(), vault.proved_name, vault.proved_id_number), ("", None, None));
    })
    .await;
}

#[tokio::test]
async fn claims_may_come_from_userinfo_of_the_same_person() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let told = |subject: &str| json!({"sub": subject, "preferred_username": "clerk.1"});
        for (subject, comes_in) in [("p2", false), ("p1", true)] {
            let begun = begin(&access, &provider, Side::Staff, morning()).await;
            let key = provider.key();
            let claims = super::provider::claims("p1", &begun.nonce, morning(), &json!({}));
            provider.with(|state| {
                state.id_token = key.token(&key.header(), &claims);
                state.userinfo = told(subject);
            });
            let arrived = finish(&access, Side::Staff, &begun, morning()).await;
            assert_eq!(arrived.is_ok(), comes_in, "{subject}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_counts_once_in_its_browser_on_its_side_for_ten_minutes() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        let ready = async |now| {
            let begun = begin(&access, &provider, Side::Staff, now).await;
            let more = json!({"preferred_username": "clerk.1"});
            let (key, claims) = (provider.key(), super::provider::claims("p1", &begun.nonce, now, &more));
            provider.with(|state| state.id_token = key.token(&key.header(), &claims));
            begun
        };
        let begun = ready(morning()).await;
        finish(&access, Side::Staff, &begun, later(1)).await.unwrap();
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(1)).await), Trouble::Stale, "used");

        let begun = ready(later(1)).await;
        assert_eq!(trouble(finish(&access, Side::Citizen, &begun, later(1)).await), Trouble::Stale, "side");

        let mut begun = ready(later(2)).await;
        begun.binding = "another browser".into();
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(2)).await), Trouble::Stale, "browser");

        let mut begun = ready(later(3)).await;
        begun.state = "made up".into();
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(3)).await), Trouble::Stale, "state");

        let begun = ready(later(4)).await;
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(14)).await), Trouble::Stale, "late");

        // Two at once with the same answer: one comes in.
        let begun = ready(later(20)).await;
        let (one, two) = tokio::join!(
            finish(&access, Side::Staff, &begun, later(20)),
            finish(&access, Side::Staff, &begun, later(20))
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_down_or_says_no_is_told_apart() {
    for_each_db(async |db| {
        let provider = Provider::new();
        let access = room(&db, &provider).await;
        provider.with(|state| state.down = true);
        assert_eq!(trouble(access.begin_oidc(Side::Staff, "", morning()).await), Trouble::Away);
        provider.with(|state| state.down = false);
        // Others do not wait for the same silence; a minute later it is asked again.
        assert_eq!(trouble(access.begin_oidc(Side::Staff, "", morning()).await), Trouble::Away);
        let begun = begin(&access, &provider, Side::Staff, later(1)).await;
        for (error, told) in [
            ("access_denied", Trouble::Declined),
            ("temporarily_unavailable", Trouble::Away),
            ("invalid_scope", Trouble::Rejected),
        ] {
            let begun = begin(&access, &provider, Side::Staff, later(1)).await;
            let answer = Answer { state: Some(&begun.state), error: Some(error), ..Answer::default() };
            let answered = access
                .finish_oidc(Side::Staff, answer, Some(&begun.binding), &Origin::default(), later(1))
                .await;
            assert_eq!(trouble(answered), told, "{error}");
        }
        provider.with(|state| state.down = true);
        assert_eq!(trouble(finish(&access, Side::Staff, &begun, later(1)).await), Trouble::Away);
        // The other ways in do not care.
        access.sign_in("clerk.1", "a quiet morning", None, later(1)).await.unwrap();
        let wrong = access.sign_in("clerk.1", "x", None, later(1)).await.unwrap_err();
        assert!(
            matches!(wrong, access::AccessError::Refused(refusal) if refusal.code == Code::Unauthenticated)
        );
    })
    .await;
}
