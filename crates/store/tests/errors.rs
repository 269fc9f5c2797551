//! The same mistake has the same name on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use store::testkit::for_each_db;
use store::{Changes, Db, StoreError, sql};

async fn table(db: &Db) {
    db.write("make table", |tx| {
        Box::pin(async move {
            sql("CREATE TABLE parent (id BIGINT NOT NULL PRIMARY KEY)").execute(tx).await?;
            sql("CREATE TABLE child (id BIGINT NOT NULL, part BIGINT NOT NULL REFERENCES parent (id), \
                 word TEXT CHECK (length(word) < 5), PRIMARY KEY (id, part))")
            .execute(tx)
            .await?;
            sql("INSERT INTO parent (id) VALUES (?)").bind(1).execute(tx).await?;
            Ok::<_, StoreError>(())
        })
    })
    .await
    .unwrap();
}

fn child(id: i64, part: i64, word: &str) -> Changes {
    let mut changes = Changes::new();
    changes.push(sql("INSERT INTO child (id, part, word) VALUES (?, ?, ?)").bind(id).bind(part).bind(word));
    changes
}

#[tokio::test]
async fn error_kinds_are_equal() {
    for_each_db(async |db| {
        table(&db).await;
        db.apply("insert", child(1, 1, "a")).await.unwrap();
        match db.apply("insert", child(1, 1, "a")).await.unwrap_err() {
            StoreError::Duplicate { table, columns } => {
                assert_eq!((table.as_str(), columns.as_str()), ("child", "id, part"));
            }
            other => panic!("{other:?}"),
        }
        assert!(db.apply("insert", child(1, 1, "b")).await.unwrap_err().is_duplicate_of("child"));
        assert!(matches!(db.apply("insert", child(1, 9, "a")).await, Err(StoreError::Dangling)));
        assert!(matches!(db.apply("insert", child(2, 1, "abcdef")).await, Err(StoreError::Refused(_))));
        let mut nulls = Changes::new();
        nulls.push(sql("INSERT INTO child (id, part) VALUES (?, ?)").bind(3).bind(None::<i64>));
        assert!(matches!(db.apply("insert", nulls).await, Err(StoreError::Refused(_))));
        let mut wrong = Changes::new();
        wrong.push(sql("INSERT INTO nowhere (id) VALUES (?)").bind(3));
        assert!(matches!(db.apply("insert", wrong).await, Err(StoreError::Statement(_))));
        let missing = sql("SELECT id FROM parent WHERE id = ?")
            .bind(77)
            .one::<(i64,)>(&mut db.reader().await.unwrap())
            .await;
        assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");
    })
    .await;
}
