//! What nodes share: number blocks and leases.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use kernel::time::Instant;
use store::StoreError;
use store::blocks::{BLOCK, Numbers, lease_block};
use store::lease;
use store::testkit::for_each_db;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_number_is_given_twice() {
    for_each_db(async |db| {
        assert_eq!(lease_block(&db, 371_502, 2026, 64).await.unwrap(), (1, 64));
        assert_eq!(lease_block(&db, 371_502, 2026, 64).await.unwrap(), (65, 128));
        assert_eq!(lease_block(&db, 371_502, 2027, 10).await.unwrap(), (1, 10));
        assert_eq!(lease_block(&db, 371_503, 2026, 1).await.unwrap(), (1, 1));

        // Three nodes, four tasks each.
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let node = std::sync::Arc::new(Numbers::new());
            for _ in 0..4 {
                let (db, node) = (db.clone(), std::sync::Arc::clone(&node));
                tasks.push(tokio::spawn(async move {
                    let mut drawn = Vec::new();
                    for _ in 0..100 {
                        drawn.push(node.next(&db, 371_500, 2026).await.unwrap());
                    }
                    drawn
                }));
            }
        }
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        let unique: BTreeSet<_> = all.iter().copied().collect();
        assert_eq!(unique.len(), 1200);
        assert!(*unique.last().unwrap() <= 1200 + 3 * BLOCK, "at most a block a node is unused");
    })
    .await;
}

#[tokio::test]
async fn a_lease_has_one_holder_and_a_growing_epoch() {
    for_each_db(async |db| {
        let start: Instant = "2026-11-21T10:00:00+08:00".parse().unwrap();
        let at = |seconds: i64| start.plus(SignedDuration::from_secs(seconds));
        let mut first = lease::take(&db, "job", "a", at(0), at(10)).await.unwrap().unwrap();
        assert_eq!(first.epoch, 1);
        assert!(lease::take(&db, "job", "b", at(9), at(19)).await.unwrap().is_none());
        assert!(lease::take(&db, "other", "b", at(9), at(19)).await.unwrap().is_some());
        lease::renew(&db, &mut first, at(20)).await.unwrap();
        assert!(lease::take(&db, "job", "b", at(19), at(29)).await.unwrap().is_none());
        let second = lease::take(&db, "job", "b", at(20), at(30)).await.unwrap().unwrap();
        assert_eq!(second.epoch, 2);
        assert!(matches!(lease::renew(&db, &mut first, at(40)).await, Err(StoreError::LeaseLost(_))));
        lease::release(&db, first, at(21)).await.unwrap();
        assert!(
            lease::take(&db, "job", "c", at(21), at(31)).await.unwrap().is_none(),
            "not the old one's to give"
        );
        lease::release(&db, second, at(22)).await.unwrap();
        assert_eq!(lease::take(&db, "job", "c", at(22), at(32)).await.unwrap().unwrap().epoch, 3);
        // Taken by a clock that has been set back since: nobody waits an hour for it.
        lease::take(&db, "ahead", "a", at(3600), at(3602)).await.unwrap().unwrap();
        assert_eq!(lease::take(&db, "ahead", "b", at(0), at(2)).await.unwrap().unwrap().epoch, 2);
    })
    .await;
}
