//! Named writes: answers, guards, panics, hang-ups, retries, and the end of a broken group.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use store::testkit::{for_each_db, scratch, sqlite};
use store::{Changes, Config, Db, Json, Kind, StoreError, sql, statements};

async fn table(db: &Db) {
    db.write("make table", |tx| {
        Box::pin(async move {
            sql("CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, body TEXT, n BIGINT)").execute(tx).await
        })
    })
    .await
    .unwrap();
}

fn insert(id: i64) -> store::Sql {
    sql("INSERT INTO note (id, body, n) VALUES (?, ?, ?)").bind(id).bind("x").bind(0)
}

fn one(statement: store::Sql) -> Changes {
    let mut changes = Changes::new();
    changes.push(statement);
    changes
}

async fn ids(db: &Db) -> Vec<i64> {
    let rows: Vec<(i64,)> =
        sql("SELECT id FROM note ORDER BY id").all(&mut db.reader().await.unwrap()).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

#[tokio::test]
async fn a_guard_that_fails_undoes_the_whole_list() {
    for_each_db(async |db| {
        table(&db).await;
        let mut changes = one(insert(1));
        changes.expect_one(sql("UPDATE note SET n = ? WHERE id = ?").bind(1).bind(99), "note version");
        // Would fail too, but later: the first failure is the answer.
        changes.push(insert(1));
        let error = db.apply("guarded", changes).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict("note version")), "{error:?}");
        assert!(ids(&db).await.is_empty());

        let mut changes = one(insert(1));
        changes.push(insert(2)).expect(
            2,
            sql("UPDATE note SET n = n + 1 WHERE ").list("id IN (", [1, 2, 3], ")"),
            "both",
        );
        db.apply("guarded", changes).await.unwrap();
        assert_eq!(ids(&db).await, [1, 2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commands_of_a_group_do_not_harm_each_other() {
    for_each_db(async |db| {
        table(&db).await;
        db.apply("first", one(insert(0))).await.unwrap();
        let tasks: Vec<_> = (0..300_i64)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    match n % 3 {
                        0 => {
                            let mut changes = one(insert(n + 1));
                            changes.push(insert(n + 1000));
                            db.apply("good", changes).await
                        }
                        1 => {
                            let mut changes = one(insert(n + 1));
                            changes.push(insert(0));
                            db.apply("duplicate", changes).await
                        }
                        _ => {
                            db.write("panics", move |tx| {
                                Box::pin(async move {
                                    insert(n + 1).execute(tx).await?;
                                    panic!("on purpose");
                                })
                            })
                            .await
                        }
                    }
                })
            })
            .collect();
        let mut expected = vec![0];
        for (n, task) in (0..300_i64).zip(tasks) {
            let result = task.await.unwrap();
            match n % 3 {
                0 => {
                    result.unwrap();
                    expected.extend([n + 1, n + 1000]);
                }
                1 => assert!(result.unwrap_err().is_duplicate_of("note")),
                _ => assert!(matches!(result, Err(StoreError::Panicked("panics")))),
            }
        }
        expected.sort_unstable();
        assert_eq!(ids(&db).await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_hangs_up_changes_nothing() {
    for_each_db(async |db| {
        table(&db).await;
        for id in 0..20 {
            let work = db.write("slow", move |tx| {
                Box::pin(async move {
                    insert(id).execute(tx).await?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    insert(id + 100).execute(tx).await?;
                    Ok::<_, StoreError>(())
                })
            });
            assert!(tokio::time::timeout(Duration::from_millis(2), work).await.is_err());
        }
        for _ in 0..400 {
            if ids(&db).await.len() == 40 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(ids(&db).await.len(), 40, "every command was done whole");
    })
    .await;
}

#[tokio::test]
async fn an_error_of_the_caller_undoes_and_comes_back() {
    #[derive(Debug)]
    enum Mine {
        Refused(i64),
        Store,
    }
    impl From<StoreError> for Mine {
        fn from(_: StoreError) -> Self {
            Mine::Store
        }
    }
    for_each_db(async |db| {
        table(&db).await;
        let result: Result<(), Mine> = db
            .write("refuses", |tx| {
                Box::pin(async move {
                    insert(1).execute(tx).await?;
                    let (n,): (i64,) = sql("SELECT count(*) FROM note").one(tx).await?;
                    Err(Mine::Refused(n))
                })
            })
            .await;
        assert!(matches!(result, Err(Mine::Refused(1))), "{result:?}");
        assert!(ids(&db).await.is_empty());
    })
    .await;
}

/// PostgreSQL refuses everything after a failed statement; SQLite must not be laxer.
#[tokio::test]
async fn going_on_after_a_failed_statement_is_refused() {
    for_each_db(async |db| {
        table(&db).await;
        db.apply("first", one(insert(1))).await.unwrap();
        let result: Result<(), StoreError> = db
            .write("goes on", |tx| {
                Box::pin(async move {
                    insert(2).execute(tx).await?;
                    let _ = insert(1).execute(tx).await;
                    Ok(())
                })
            })
            .await;
        assert!(matches!(result, Err(StoreError::WentOn { name: "goes on", .. })), "{result:?}");
        assert_eq!(ids(&db).await, [1]);
    })
    .await;
}

/// Two transactions read, then write what the other read: on PostgreSQL a deadlock, on SQLite a queue.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn losers_of_a_deadlock_run_again() {
    for_each_db(async |db| {
        table(&db).await;
        let mut changes = one(insert(1));
        changes.push(insert(2));
        db.apply("first", changes).await.unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let cross = |first: i64, second: i64| {
            let (db, runs) = (db.clone(), Arc::clone(&runs));
            tokio::spawn(async move {
                db.write("cross", move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    Box::pin(async move {
                        let update = "UPDATE note SET n = n + 1 WHERE id = ?";
                        sql(update).bind(first).execute(tx).await?;
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        sql(update).bind(second).execute(tx).await
                    })
                })
                .await
            })
        };
        let (one, two) = (cross(1, 2), cross(2, 1));
        assert_eq!(one.await.unwrap().unwrap(), 1);
        assert_eq!(two.await.unwrap().unwrap(), 1);
        let rows: Vec<(i64,)> =
            sql("SELECT n FROM note ORDER BY id").all(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!(rows, [(2,), (2,)]);
        if db.kind() == Kind::Postgres {
            assert!(runs.load(Ordering::Relaxed) > 2, "one of them must have lost and run again");
        }
    })
    .await;
}

/// One value of each kind.
type Kinds = (
    Option<String>,
    Option<bool>,
    Option<f64>,
    Option<Vec<u8>>,
    Option<Json<serde_json::Value>>,
    Option<jiff::Timestamp>,
    Option<jiff::civil::Date>,
);

#[tokio::test]
async fn typed_values_come_back_as_they_went() {
    for_each_db(async |db| {
        db.write("make table", |tx| {
            Box::pin(async move {
                sql("CREATE TABLE kinds (id BIGINT NOT NULL PRIMARY KEY, t TEXT, b BOOLEAN, r DOUBLE PRECISION, \
                     y BYTEA, j JSONB, i TIMESTAMPTZ, d TEXT)")
                .execute(tx)
                .await
            })
        })
        .await
        .unwrap();
        let at: jiff::Timestamp = "2026-11-21T10:00:00.123456Z".parse().unwrap();
        let old: jiff::Timestamp = "1969-12-31T23:59:59.999999Z".parse().unwrap();
        let date = jiff::civil::date(2026, 11, 21);
        let json = serde_json::json!({ "姓名": ["张三", 1, null], "deep": { "x": 1.5 } });
        let insert = "INSERT INTO kinds (id, t, b, r, y, j, i, d) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut changes = one(sql(insert)
            .bind(i64::MAX)
            .bind("惠法")
            .bind(true)
            .bind(0.25)
            .bind(vec![0_u8, 255])
            .bind(Json(&json))
            .bind(at)
            .bind(date));
        changes.push(
            sql(insert)
                .bind(2)
                .bind(None::<String>)
                .bind(None::<bool>)
                .bind(None::<f64>)
                .bind(None::<Vec<u8>>)
                .bind(None::<Json<()>>)
                .bind(None::<jiff::Timestamp>)
                .bind(None::<jiff::civil::Date>),
        );
        changes.push(sql("INSERT INTO kinds (id, i) VALUES (?, ?)").bind(3).bind(old));
        db.apply("insert", changes).await.unwrap();
        let mut reads = db.reader().await.unwrap();
        let select = "SELECT t, b, r, y, j, i, d FROM kinds WHERE id = ?";
        let full: Kinds = sql(select).bind(i64::MAX).one(&mut reads).await.unwrap();
        assert_eq!(
            full,
            (
                Some("惠法".into()),
                Some(true),
                Some(0.25),
                Some(vec![0, 255]),
                Some(Json(json)),
                Some(at),
                Some(date)
            )
        );
        let empty: Kinds = sql(select).bind(2).one(&mut reads).await.unwrap();
        assert_eq!(empty, (None, None, None, None, None, None, None));
        let (before,): (jiff::Timestamp,) =
            sql("SELECT i FROM kinds WHERE id = ?").bind(3).one(&mut reads).await.unwrap();
        assert_eq!(before, old);
        // Wrong types are errors on both, not silent conversions.
        let wrong = sql("SELECT t FROM kinds WHERE id = ?").bind(i64::MAX).one::<(i64,)>(&mut reads).await;
        assert!(matches!(wrong, Err(StoreError::Column { .. })), "{wrong:?}");
        let wrong = sql(select).bind(1).bind(2).all::<(i64,)>(&mut reads).await;
        assert!(matches!(wrong, Err(StoreError::Statement(_))), "one value too many");
    })
    .await;
}

/// Keyset paging over TEXT gives the same pages on both: the order is that of the bytes.
#[tokio::test]
async fn pages_over_text_are_the_same() {
    let words = [
        "a", "B", "b", "ä", "Z", "z", "_", "1", "10", "2", "", "张", "李", "é", "e", "É", "-", "~", "aa",
        "Ab",
    ];
    let mut sorted: Vec<&str> = words.to_vec();
    sorted.sort_unstable();
    for_each_db(async |db| {
        db.write("make table", move |tx| {
            Box::pin(async move {
                sql("CREATE TABLE word (text TEXT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (text, id))")
                    .execute(tx)
                    .await?;
                sql("INSERT INTO word (text, id) VALUES ")
                    .rows(words.iter().zip(0_i64..), |row, (word, id)| row.bind(*word).bind(id % 3))
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
        let mut pages = Vec::new();
        let mut last: Option<(String, i64)> = None;
        loop {
            let mut statement = sql("SELECT text, id FROM word WHERE 1 = 1");
            if let Some((text, id)) = &last {
                statement = statement.then(" AND (text, id) > (?, ?)").bind(text).bind(*id);
            }
            let page: Vec<(String, i64)> = statement
                .then(" ORDER BY text, id LIMIT ?")
                .bind(3)
                .all(&mut db.reader().await.unwrap())
                .await
                .unwrap();
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            pages.extend(page.into_iter().map(|row| row.0));
        }
        assert_eq!(pages, sorted);
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_does_not_move() {
    for_each_db(async |db| {
        table(&db).await;
        let mut snapshot = db.snapshot().await.unwrap();
        let count = "SELECT count(*) FROM note";
        assert_eq!(sql(count).one::<(i64,)>(&mut snapshot).await.unwrap(), (0,));
        db.apply("insert", one(insert(1))).await.unwrap();
        assert_eq!(sql(count).one::<(i64,)>(&mut snapshot).await.unwrap(), (0,));
        drop(snapshot);
        let now: (i64,) = db
            .read("count", |tx| Box::pin(async move { sql(count).one(tx).await }))
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        assert_eq!(now, (1,));
    })
    .await;
}

#[tokio::test]
async fn statements_are_counted_for_whom_they_run() {
    for_each_db(async |db| {
        table(&db).await;
        let other = db.clone();
        let noise = tokio::spawn(async move {
            for id in 1000..1050 {
                other.apply("noise", one(insert(id))).await.unwrap();
            }
        });
        let ((), counted) = statements::counted(async {
            let mut changes = one(insert(1));
            changes.push(insert(2)).push(insert(3));
            db.apply("three", changes).await.unwrap();
            db.write("two", |tx| {
                Box::pin(async move {
                    insert(4).execute(tx).await?;
                    insert(5).execute(tx).await
                })
            })
            .await
            .unwrap();
            ids(&db).await;
        })
        .await;
        assert_eq!(counted, 6);
        noise.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_command_cannot_hold_the_writer_for_ever() {
    let scratch = scratch();
    let mut places = vec![scratch.path().join("x.db").display().to_string()];
    places.extend(store::testkit::postgres_url().await.unwrap());
    for place in places {
        let mut config = Config::new(place);
        config.command_limit = Duration::from_millis(100);
        let db = Db::open(&config).await.unwrap();
        table(&db).await;
        let result: Result<(), StoreError> = db
            .write("sleeps", |tx| {
                Box::pin(async move {
                    insert(1).execute(tx).await?;
                    tokio::time::sleep(Duration::from_secs(50)).await;
                    Ok(())
                })
            })
            .await;
        assert!(matches!(result, Err(StoreError::TooLong("sleeps"))), "{result:?}");
        db.apply("next", one(insert(2))).await.unwrap();
        assert_eq!(ids(&db).await, [2]);
        db.close().await;
    }
}

#[tokio::test]
async fn every_commit_is_synced() {
    let scratch = scratch();
    let db = sqlite(scratch.path()).await;
    let (synchronous, mode, keys): (i64, String, i64) = db
        .write("settings", |tx| {
            Box::pin(async move {
                let (synchronous,): (i64,) = sql("PRAGMA synchronous").one(tx).await?;
                let (mode,): (String,) = sql("PRAGMA journal_mode").one(tx).await?;
                let (keys,): (i64,) = sql("PRAGMA foreign_keys").one(tx).await?;
                Ok::<_, StoreError>((synchronous, mode, keys))
            })
        })
        .await
        .unwrap();
    assert_eq!((synchronous, mode.as_str(), keys), (2, "wal", 1), "2 is FULL");
}

/// SQLite rolls the whole transaction back by itself when the disk is full. Every command of the group
/// must hear of it, none may be half there, and the next group must work.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_fails_the_group_and_no_more() {
    let scratch = scratch();
    let db = sqlite(scratch.path()).await;
    table(&db).await;
    db.write("small disk", |tx| {
        Box::pin(async move {
            let (pages,): (i64,) = sql("PRAGMA page_count").one(tx).await?;
            // Holds for this connection only: the one that replaces it is free of it.
            let limit = format!("PRAGMA max_page_count = {}", pages + 20);
            let text: &'static str = Box::leak(limit.into_boxed_str());
            sql(text).one::<(i64,)>(tx).await
        })
    })
    .await
    .unwrap();
    let big = |id: i64| {
        let db = db.clone();
        tokio::spawn(async move {
            let statement = sql("INSERT INTO note (id, body, n) VALUES (?, ?, ?)")
                .bind(id)
                .bind("x".repeat(20_000))
                .bind(0);
            (id, db.apply("big", one(statement)).await)
        })
    };
    let tasks: Vec<_> = (0..40).map(big).collect();
    let mut stored = Vec::new();
    let mut refused = 0;
    for task in tasks {
        match task.await.unwrap() {
            (id, Ok(())) => stored.push(id),
            (_, Err(StoreError::Broken(_))) => refused += 1,
            (id, Err(other)) => panic!("{id}: {other:?}"),
        }
    }
    stored.sort_unstable();
    assert!(refused > 0, "the disk must have been full once");
    assert_eq!(ids(&db).await, stored, "what was acknowledged is there, and nothing else");
    db.apply("after", one(insert(1000))).await.unwrap();
}

#[tokio::test]
async fn closing_finishes_what_was_begun() {
    for_each_db(async |db| {
        table(&db).await;
        let tasks: Vec<_> = (0..50)
            .map(|id| {
                let db = db.clone();
                tokio::spawn(async move { db.apply("insert", one(insert(id))).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        db.close().await;
        let result = db.apply("late", one(insert(100))).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    })
    .await;
}

/// Two processes on one file (a server and a command line tool) wait for each other instead of failing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_writers_on_one_file_take_turns() {
    let scratch = scratch();
    let first = sqlite(scratch.path()).await;
    table(&first).await;
    let second = sqlite(scratch.path()).await;
    let mut tasks = Vec::new();
    for (from, db) in [(0, &first), (1000, &second)] {
        for n in 0..4 {
            let db = db.clone();
            tasks.push(tokio::spawn(async move {
                for id in 0..25 {
                    db.apply("insert", one(insert(from + n * 100 + id))).await?;
                }
                Ok::<_, StoreError>(())
            }));
        }
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(ids(&first).await.len(), 200);
}

/// Handles dropped in the middle of a read, or with a snapshot open, leave connections that work and see
/// what is new.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_dropped_in_the_middle_do_no_harm() {
    for_each_db(async |db| {
        table(&db).await;
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO note (id, body, n) VALUES ")
                .rows(0..3000_i64, |row, id| row.bind(id).bind("x").bind(0)),
        );
        db.apply("fill", changes).await.unwrap();
        for n in 0..60_u64 {
            let mut reads =
                if n % 2 == 0 { db.snapshot().await.unwrap() } else { db.reader().await.unwrap() };
            let all = sql("SELECT a.id FROM note a, note b WHERE a.n = b.n LIMIT ?")
                .bind(200_000)
                .all::<(i64,)>(&mut reads);
            let _ = tokio::time::timeout(Duration::from_micros(n * 100), all).await;
        }
        // More than there are connections: each of them is met.
        db.apply("insert", one(insert(9999))).await.unwrap();
        let tasks: Vec<_> = (0..40)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    sql("SELECT count(*) FROM note").one::<(i64,)>(&mut db.reader().await.unwrap()).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), (3001,));
        }
    })
    .await;
}
