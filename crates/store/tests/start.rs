//! What must be in order before the first request: collation, migrations, keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use store::seal::{Keyring, MasterKey};
use store::testkit::{self, for_each_db, scratch};
use store::{Config, Db, Migrations, StoreError, sql};

#[tokio::test]
async fn another_collation_is_refused_with_the_command_that_helps() {
    let Some(url) =
        testkit::postgres_url_with("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").await.unwrap()
    else {
        eprintln!("SKIP: no PostgreSQL server programs found");
        return;
    };
    let error = Db::open(&Config::new(url)).await.err().expect("must be refused").to_string();
    assert!(error.contains("C.UTF-8") && error.contains("createdb --template=template0"), "{error}");
}

#[tokio::test]
async fn a_database_behind_is_refused_when_asked() {
    let scratch = scratch();
    let mut config = Config::new(scratch.path().join("x.db").display().to_string());
    config.migrations = Migrations::Require;
    let error = Db::open(&config).await.err().expect("must be refused");
    assert!(matches!(error, StoreError::Migration(_)), "{error}");
    config.migrations = Migrations::Apply;
    Db::open(&config).await.unwrap().close().await;
    config.migrations = Migrations::Require;
    Db::open(&config).await.unwrap().close().await;
}

#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    let scratch = scratch();
    let db = testkit::sqlite(scratch.path()).await;
    let file = scratch.path().join("huifa.db");
    for path in [file.clone(), file.with_extension("db-wal")] {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    db.close().await;
}

#[tokio::test]
async fn keys_are_made_once_and_found_again() {
    for_each_db(async |db| {
        let dir = scratch();
        let keyring = Keyring::load_or_create(dir.path(), &db).await.unwrap();
        let file = dir.path().join("master.key");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let (key, wrapped) = keyring.new_data_key().unwrap();
        let blob = key.seal("party.sealed:1:0", b"name").unwrap();
        let mac = keyring.mac("phone", b"13800000000").unwrap();
        let code = keyring.key("query-code").unwrap();

        let again = Keyring::load_or_create(dir.path(), &db).await.unwrap();
        assert_eq!(again.unwrap(&wrapped).unwrap().open("party.sealed:1:0", &blob).unwrap(), b"name");
        assert_eq!(again.mac("phone", b"13800000000").unwrap(), mac);
        assert_ne!(again.mac("name", b"13800000000").unwrap(), mac, "each kind has a key of its own");
        assert_eq!(again.key("query-code").unwrap(), code);
        assert_ne!(again.new_data_key().unwrap().1, wrapped);

        // The key given as text, as the environment does.
        let text = fs::read_to_string(&file).unwrap();
        let given = Keyring::open(&MasterKey::from_hex(&text, "test").unwrap(), &db).await.unwrap();
        assert!(given.unwrap(&wrapped).is_ok());

        // Nothing secret lies in the database in the clear.
        let rows: Vec<(Vec<u8>,)> =
            sql("SELECT wrapped FROM class_key").all(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!(rows.len(), 3, "one for data, one for look-ups, one that is never changed");
        for (stored,) in rows {
            assert_eq!(stored.len(), 1 + 12 + 32 + 16);
        }
    })
    .await;
}

#[tokio::test]
async fn a_lost_or_foreign_or_open_key_is_refused() {
    for_each_db(async |db| {
        let dir = scratch();
        Keyring::load_or_create(dir.path(), &db).await.unwrap();
        let file = dir.path().join("master.key");
        let text = fs::read_to_string(&file).unwrap();

        fs::remove_file(&file).unwrap();
        let error = Keyring::load_or_create(dir.path(), &db).await.unwrap_err().to_string();
        assert!(error.contains("master key is missing"), "{error}");
        assert!(!file.exists(), "no new key may hide the loss");

        MasterKey::create(dir.path()).unwrap();
        let error = Keyring::load_or_create(dir.path(), &db).await.unwrap_err().to_string();
        assert!(error.contains("belongs to another installation"), "{error}");

        fs::write(&file, &text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Keyring::load_or_create(dir.path(), &db).await.unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");

        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        Keyring::load_or_create(dir.path(), &db).await.unwrap();
        assert!(MasterKey::from_hex("abc", "test").is_err());
    })
    .await;
}
