//! Notices under dying followers and workers and a gateway that fails: nothing lost, nothing doubled, states true.

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{Answer, Town};
use jiff::SignedDuration;
use kernel::contact::{ContactRules, Hours, Wording};
use notices::{Kind, signature};
use store::feed::follow_once;
use store::testkit::for_each_db;

#[tokio::test]
async fn followers_and_workers_that_are_killed_lose_nothing_and_double_nothing() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        for of in 1..=12 {
            town.happens(of, 3, Kind::Decided).await;
        }
        town.sequence().await;
        for round in 0..60_u64 {
            let room = town.room.clone();
            let other = town.db.clone();
            let follower = tokio::spawn(async move { follow_once(&other, &room).await.map(|_| ()) });
            tokio::time::sleep(Duration::from_micros(round * 211 % 3000)).await;
            follower.abort();
            let _ = follower.await;
        }
        // Two that live, at once.
        let both = futures_util::future::join(town.follow(), town.follow()).await;
        assert_eq!(both, ((), ()));
        let once: Vec<(String, i64)> =
            store::sql("SELECT channel, count(*) FROM notice GROUP BY channel ORDER BY channel")
                .all(&mut db.reader().await.unwrap())
                .await
                .unwrap();
        assert_eq!(once, [("inbox".to_owned(), 36), ("sms".to_owned(), 36)]);

        for round in 0..40_u64 {
            let room = town.room.clone();
            let sender = tokio::spawn(async move { room.send_due().await.map(|_| ()) });
            tokio::time::sleep(Duration::from_micros(round * 997 % 9000)).await;
            sender.abort();
            let _ = sender.await;
        }
        for _ in 0..12 {
            // Claims of the dead end.
            town.clock.advance(SignedDuration::from_mins(2));
            futures_util::future::join(town.send_all(), town.send_all()).await;
        }
        let states = town.states().await;
        assert_eq!(states, BTreeMap::from([("sent 0".to_owned(), 36)]));
        let mut told: Vec<String> = town.gateway.ids();
        let handed = told.len();
        told.sort();
        told.dedup();
        assert_eq!(told.len(), 36, "each under one id, however often ({handed}) it was handed over");
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_fails_in_every_way_is_tried_again_in_time_and_given_up_at_the_end() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        town.gateway.script([
            Answer::Status(500),
            Answer::TooMany(120),
            Answer::Words("<html>", 200),
            Answer::Hang,
            Answer::Cut,
            Answer::Words("{\"status\":\"accepted\",\"provider_id\":\"p-1\"}", 200),
        ]);
        town.happens(1, 1, Kind::Decided).await;
        town.sequence().await;
        town.follow().await;
        let mut seen = Vec::new();
        for _ in 0..6 {
            town.room.send_due().await.unwrap();
            seen.push(town.first().await);
            let early = town.gateway.ids().len();
            town.room.send_due().await.unwrap();
            assert_eq!(town.gateway.ids().len(), early, "not before its time");
            town.clock.advance(SignedDuration::from_hours(1));
        }
        let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
        assert_eq!(
            seen,
            [
                "queued gateway-failed 1",
                "queued too-many 2",
                "queued answer-unreadable 3",
                "queued timeout 4",
                "queued unreachable 5",
                "sent - 6"
            ]
        );
        let mut ids = town.gateway.ids();
        ids.dedup();
        assert_eq!(ids.len(), 1, "the delivery id is the same in every try");
        assert!(town.gateway.signed(), "every try was signed");

        // One that never gets through is given up, and the office hears that it must call.
        town.gateway.script(std::iter::repeat_n(Answer::Status(503), 30));
        town.happens(2, 1, Kind::Missing).await;
        town.sequence().await;
        town.follow().await;
        for _ in 0..20 {
            town.clock.advance(SignedDuration::from_hours(1));
            town.clock.set(common::morning_of(town.clock_now()));
            town.room.send_due().await.unwrap();
        }
        let line = &town.room.trail(&town.clerk, common::number(2)).await.unwrap()[0];
        assert_eq!(
            (line.state.as_str(), line.reason.as_deref(), line.tries),
            ("failed", Some("gateway-failed"), 8)
        );
        assert_eq!(line.call.as_deref(), Some("open"));
        assert_eq!(
            town.room.unread(&town.clerk).await.unwrap(),
            1,
            "the owner of the matter is told to call"
        );
        town.room.called(&town.clerk, common::number(2), &line.id).await.unwrap();
        assert!(town.room.called(&town.clerk, common::number(2), &line.id).await.is_err(), "called once");
        assert!(town.room.trail(&town.stranger, common::number(2)).await.unwrap().is_empty());
        assert!(town.room.called(&town.stranger, common::number(2), &line.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_receipt_counts_once_when_signed_and_never_takes_back_that_a_message_arrived() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        for of in [1, 2] {
            town.happens(of, 1, Kind::Decided).await;
        }
        town.sequence().await;
        town.follow().await;
        town.send_all().await;
        let ids = town.gateway.ids();
        let now = town.clock_now();
        let give = async |id: &str, status: &str, key: &str| {
            let body = serde_json::json!({ "id": id, "status": status }).to_string();
            let (seconds, signed) = signature::sign(key.as_bytes(), now, body.as_bytes());
            town.room
                .receipt(&seconds, &signed, body.as_bytes())
                .await
                .map_err(|refusal| refusal.code.status())
        };
        assert_eq!(give(&ids[0], "delivered", "another key of theirs").await, Err(401));
        assert_eq!(give(&ids[0], "delivered", common::KEY).await, Ok(()));
        assert_eq!(give(&ids[0], "delivered", common::KEY).await, Ok(()), "a repeat");
        assert_eq!(give(&ids[0], "failed", common::KEY).await, Ok(()), "overtaken");
        assert_eq!(give(&ids[1], "failed", common::KEY).await, Ok(()), "accepted, then failed");
        assert_eq!(give(&ids[1], "failed", common::KEY).await, Ok(()));
        assert_eq!(give("no-such-message", "delivered", common::KEY).await, Err(404));
        assert_eq!(give(&ids[1], "perhaps", common::KEY).await, Err(400));
        let states = town.states().await;
        assert_eq!(states, BTreeMap::from([("delivered 0".to_owned(), 1), ("failed 1".to_owned(), 1)]));
        assert_eq!(
            town.room.unread(&town.clerk).await.unwrap(),
            1,
            "one call, though the receipt came twice"
        );
        assert_eq!(give(&ids[1], "delivered", common::KEY).await, Ok(()), "it arrived after all");
        assert_eq!(town.states().await, BTreeMap::from([("delivered 0".to_owned(), 2)]));
    })
    .await;
}

#[tokio::test]
async fn a_person_is_reached_at_their_hours_on_their_number_in_their_words_or_not_at_all() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        town.asks(ContactRules {
            phone: Some("13900139000".into()),
            hours: Hours::parse("12:00", "13:00"),
            message: Wording::Neutral,
            note: None,
        });
        town.happens(1, 1, Kind::Decided).await;
        town.sequence().await;
        town.follow().await;
        town.send_all().await;
        assert!(town.gateway.ids().is_empty(), "not in the morning");
        town.clock.set("2026-11-23T12:30:00+08:00".parse().unwrap());
        town.send_all().await;
        let sent = town.gateway.bodies();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0]["to"], "13900139000");
        let text = sent[0]["text"].as_str().unwrap();
        assert!(text.starts_with("【便民】") && !text.contains("3715") && !text.contains("/n/"), "{text}");
        assert_eq!(sent[0]["params"], serde_json::json!({}));

        town.asks(ContactRules { message: Wording::None, ..ContactRules::default() });
        town.happens(2, 1, Kind::Decided).await;
        town.sequence().await;
        town.follow().await;
        town.send_all().await;
        assert_eq!(town.gateway.bodies().len(), 1, "nothing more was sent");
        let line = &town.room.trail(&town.clerk, common::number(2)).await.unwrap()[0];
        assert_eq!(
            (line.state.as_str(), line.reason.as_deref(), line.call.as_deref()),
            ("suppressed", Some("asked-none"), Some("open"))
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_sealed_and_destroying_the_key_of_a_matter_reaches_it() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        town.happens(1, 1, Kind::Decided).await;
        town.sequence().await;
        town.follow().await;
        let (sealed,): (Vec<u8>,) = store::sql("SELECT sealed FROM notice WHERE channel = 'sms'")
            .one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("13800138000"));
        town.erase(1);
        town.send_all().await;
        assert!(town.gateway.ids().is_empty());
        assert_eq!(town.states().await, BTreeMap::from([("suppressed 0".to_owned(), 1)]));
    })
    .await;
}

#[tokio::test]
async fn a_day_that_comes_near_is_told_once_however_many_look() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        town.happens(1, 1, Kind::Received).await;
        town.room.remind_due().await.unwrap();
        town.task_due(1, "2026-11-23T09:30:00+08:00").await;
        town.clock.set("2026-11-23T10:00:00+08:00".parse().unwrap());
        let both = futures_util::future::join(town.room.remind_due(), town.room.remind_due()).await;
        both.0.unwrap();
        both.1.unwrap();
        town.room.remind_due().await.unwrap();
        let (count,): (i64,) =
            store::sql("SELECT count(*) FROM notice WHERE kind = 'due-soon' AND channel = 'sms'")
                .one(&mut db.reader().await.unwrap())
                .await
                .unwrap();
        assert_eq!(count, 1);
    })
    .await;
}
