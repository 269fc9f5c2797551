//! Statutes from their files to an answer: taken in, kept in versions, searched, learned from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use kernel::time::Instant;
use laws::corpus::Corpus;
use laws::import::{Report, take};
use laws::model::Status;
use laws::overrides::Overrides;
use laws::questions::{Question, examples};
use laws::ranker::{Kept, Ranker};
use laws::shelf::{Shelf, Wanted};
use laws::{read, store as rows};
use store::testkit::{for_each_db, scratch, sqlite};
use store::{Db, sql};

const ROWS: &str = r#"
{"id": 1, "law": "劳动合同法", "article": "第四十六条", "text": "有下列情形之一的，用人单位应当向劳动者支付经济补偿。", "version": "2012-12-28"}
{"id": 2, "law": "劳动合同法", "article": "第四十七条", "text": "经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。", "version": "2012-12-28"}
{"id": 3, "law": "民法典", "article": "第一千零七十九条", "text": "夫妻一方要求离婚的，可以由有关组织进行调解或者直接向人民法院提起离婚诉讼。", "version": "2020-05-28", "effective_from": "2021-01-01"}
{"id": 4, "law": "民法典", "article": "第六百七十五条", "text": "借款人应当按照约定的期限返还借款。", "version": "2020-05-28", "effective_from": "2021-01-01"}
{"law": "民法典", "article": "第六百七十六条", "text": "借款人未按照约定的期限返还借款的，应当按照约定支付逾期利息。", "version": "2020-05-28", "effective_from": "2021-01-01"}
"#;

/// Words that no article has.
const FIRED: [&str; 12] = [
    "老板炒我鱿鱼能拿多少钱",
    "干了五年突然被炒鱿鱼",
    "怀孕期间遭炒鱿鱼怎么办",
    "无缘无故炒鱿鱼给几个月",
    "厂里炒鱿鱼一分不给",
    "试用期没过就炒鱿鱼合理吗",
    "领导口头说炒鱿鱼算不算",
    "合同没到期炒鱿鱼",
    "生病住院公司炒鱿鱼",
    "四十岁了被炒鱿鱼心里不甘",
    "炒鱿鱼以后去哪里要说法",
    "外企炒鱿鱼一般怎么谈",
];

/// The same for a debt.
const OWED: [&str; 12] = [
    "哥们欠我的一直拖着",
    "表弟打白条两年不认账",
    "同学微信借走三万块失联",
    "前女友拿走的钱耍赖",
    "亲戚打白条做生意赔了",
    "邻居拖着八千块装糊涂",
    "战友打白条人跑到外地",
    "没写字据只有聊天记录他耍赖",
    "他说没钱一直拖着我",
    "老乡打白条五年了",
    "牌友耍赖不认那两万",
    "工友拖着我的血汗钱装糊涂",
];

fn now() -> Instant {
    "2026-11-23T09:00:00+08:00".parse().unwrap()
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn wanted(query: &str) -> Wanted<'_> {
    Wanted { query, most: 3, ..Wanted::default() }
}

async fn import(db: &Db, path: &Path) -> Report {
    let found = read::any(path, &mut || {}).await.unwrap();
    assert_eq!(found.faults, []);
    take(db, found.laws, &Overrides::default(), now(), |_| {}).await.unwrap()
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_versions_stand_side_by_side() {
    for_each_db(async |db| {
        let folder = scratch();
        let path = file(folder.path(), "a.jsonl", ROWS);
        let first = import(&db, &path).await;
        assert_eq!((first.new, first.changed, first.articles), (2, 0, 5));
        let edition = rows::edition(&mut db.reader().await.unwrap()).await.unwrap();
        let again = import(&db, &path).await;
        assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 2));
        assert_eq!(rows::edition(&mut db.reader().await.unwrap()).await.unwrap(), edition);

        let newer = ROWS.replace("2012-12-28", "2030-01-01").replace("一个月工资", "两个月工资");
        let third = import(&db, &file(folder.path(), "b.jsonl", &newer)).await;
        assert_eq!((third.new, third.unchanged), (1, 1));
        let mut reads = db.reader().await.unwrap();
        let versions = rows::versions(&mut reads, "劳动合同法").await.unwrap();
        let days: Vec<&str> = versions.iter().map(|law| law.version.as_str()).collect();
        assert_eq!(days, ["2030-01-01", "2012-12-28"]);
        // The title means the one that holds; the day decides.
        for (on, version) in [("2026-11-23", "2012-12-28"), ("2030-06-01", "2030-01-01")] {
            let (law, all) =
                rows::holding(&mut reads, "劳动合同法", on.parse().unwrap()).await.unwrap().unwrap();
            assert_eq!((law.version.as_str(), all.len()), (version, 2));
        }
        assert!(rows::holding(&mut reads, "没有的法", now().date()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_question_finds_its_article_and_answers_are_learned_from() {
    for_each_db(async |db| {
        let folder = scratch();
        import(&db, &file(folder.path(), "a.jsonl", ROWS)).await;
        let shelf = Shelf::new(db.clone(), folder.path().to_owned());
        let (found, learned) =
            shelf.search(&wanted("公司辞退，经济补偿按什么标准支付"), now().date()).await.unwrap();
        assert!(!learned);
        assert_eq!(found[0].article.article, "第四十七条");
        let text = &found[0].article.text;
        let shown: Vec<&str> = found[0].marks.iter().map(|mark| &text[mark.clone()]).collect();
        assert_eq!(shown, ["经济补偿按", "标准"], "支付 stands in most articles");
        let of =
            |category| Wanted { category: Some(category), ..wanted("经济补偿按什么标准支付") };
        assert_eq!(shelf.search(&of("司法解释"), now().date()).await.unwrap().0, []);

        // The index lies in the data folder, is read again, and a damaged one is made anew.
        let index = folder.path().join("laws/index.bin");
        assert!(index.exists());
        let fresh = Corpus::open(&db, folder.path(), now().date()).await.unwrap();
        std::fs::write(&index, b"nonsense").unwrap();
        let mended = Corpus::open(&db, folder.path(), now().date()).await.unwrap();
        for query in ["离婚", "借款不还", "经济补偿"] {
            let (one, other) = (Ranker::default(), Ranker::default());
            assert_eq!(one.search(&fresh, query, &[], 5), other.search(&mended, query, &[], 5), "{query}");
        }

        // People's own words share nothing with the article; an answered question leads there.
        let asked = |texts: &[&str], answer: serde_json::Value| -> Vec<Question> {
            let question = |text: &&str| Question {
                qid: serde_json::Value::Null,
                query: (*text).to_owned(),
                relevant: vec![answer.clone()],
                source: None,
            };
            texts.iter().map(question).collect()
        };
        let mut questions = asked(&FIRED, 2.into());
        questions.extend(asked(&OWED, "民法典#第六百七十五条".into()));
        let (examples, lost) = examples(&mended, &questions);
        assert_eq!((examples.len(), lost), (24, 0));
        Kept::learn(&mended, &examples, &|_| Vec::new()).unwrap().write(folder.path()).unwrap();
        let (found, learned) = shelf.search(&wanted("被炒鱿鱼了能拿多少"), now().date()).await.unwrap();
        assert!(learned);
        assert_eq!(found[0].article.article, "第四十七条");
        // No question led to this one, and none of these words stands in it: it reads like the answer that was given.
        assert!(found.iter().any(|found| found.article.article == "第四十六条"), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn the_database_of_others_is_read_and_put_right() {
    let folder = scratch();
    let db = sqlite(folder.path()).await;
    db.write("somebody else's tables", |tx| {
        Box::pin(async move {
            for statement in [
                "CREATE TABLE laws (law_id TEXT PRIMARY KEY, law_name TEXT NOT NULL, level TEXT, effective_date TEXT, \
                 version_date TEXT, status TEXT, law_department TEXT)",
                "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT NOT NULL, chapter TEXT, section TEXT, \
                 article_no TEXT, article_text TEXT)",
                "INSERT INTO laws VALUES ('a', '中华人民共和国农村土地承包法', '法律', '2003-03-01', '2018-12-29', '已废止', \
                 '经济法')",
                "INSERT INTO laws VALUES ('b', '空法', '法律', '', '', '现行有效', NULL)",
                "INSERT INTO articles VALUES (1, 'a', '第一章 总则', NULL, '第一条', '为了巩固和完善。')",
            ] {
                sql(statement).execute(tx).await?;
            }
            Ok::<_, store::StoreError>(())
        })
    })
    .await
    .unwrap();
    db.close().await;
    let found = read::any(&folder.path().join("huifa.db"), &mut || {}).await.unwrap();
    assert_eq!(found.faults.len(), 1, "a law without articles is told");
    let mut law = found.laws[0].clone();
    assert_eq!((law.id().as_str(), law.status), ("农村土地承包法@2018-12-29", Status::Repealed));
    assert_eq!(law.effective_from, None, "this text was not in force before it was made");
    let known = include_str!("../../../catalog/laws/status.toml");
    Overrides::parse(known).unwrap().apply(&mut law);
    assert_eq!(law.status, Status::InForce);
    assert!(!law.status_source.is_empty());
}

/// The public collection, where it lies beside the repository.
#[tokio::test]
async fn the_public_collection_is_read() {
    let Some(folder) = std::env::var_os("HUIFA_LAWS").map(PathBuf::from) else {
        eprintln!("SKIP: HUIFA_LAWS names no folder of the LawRefBook collection");
        return;
    };
    let found = read::any(&folder, &mut || {}).await.unwrap();
    let articles: usize = found.laws.iter().map(|law| law.articles.len()).sum();
    assert!(found.laws.len() > 1000 && articles > 50_000, "{} laws, {articles} articles", found.laws.len());
    let code = found.laws.iter().find(|law| law.title == "民法典").unwrap();
    assert!(code.articles.len() > 1250, "{} articles of the code in its books", code.articles.len());
}
