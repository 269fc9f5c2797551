//! §5 `laws` and `triage`: statutes in, questions answered, kinds guessed, everything learned in the data folder.

use crate::support::{City, program};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn huifa(data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(program()).arg("--data").arg(data).args(arguments).output()?)
}

fn lines(output: &Output) -> Result<Vec<Value>> {
    let text = String::from_utf8(output.stdout.clone())?;
    text.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

const ROWS: &str = r#"{"id": 1, "law": "劳动合同法", "article": "第四十七条", "text": "经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。", "version": "2012-12-28"}
{"id": "x2", "law": "民法典", "article": "第一千零七十九条", "text": "夫妻一方要求离婚的，可以向人民法院提起离婚诉讼。", "version": "2020-05-28"}
{"law": "民法典", "article": "第六百七十五条", "text": "借款人应当按照约定的期限返还借款。", "version": "2020-05-28"}
"#;

/// Questions by article, in words that articles partly share.
const QUESTIONS: [(&str, [&str; 7]); 3] = [
    (
        "1",
        [
            "经济补偿按什么标准支付",
            "工作六年经济补偿怎么算",
            "本单位工作年限怎么计算补偿",
            "每满一年支付几个月工资",
            "劳动者能拿多少补偿",
            "工资标准按哪个月支付给劳动者",
            "没签合同有没有经济补偿",
        ],
    ),
    (
        "\"x2\"",
        [
            "向法院起诉离婚",
            "一方要求离婚另一方不肯",
            "夫妻分居两年能不能离婚",
            "离婚诉讼去哪个人民法院",
            "夫妻感情不好要求离婚",
            "人民法院会判离婚吗",
            "起诉离婚要准备什么",
        ],
    ),
    (
        "\"民法典#第六百七十五条\"",
        [
            "借款到期不返还",
            "借款人一直不还借款",
            "约定的期限到了不还",
            "返还借款有没有期限",
            "借款没有约定期限",
            "借款人失踪怎么要回借款",
            "提前返还借款可以吗",
        ],
    ),
];

/// The questions as rows, numbered within their article.
fn rows_of_questions() -> String {
    let mut rows = Vec::new();
    for (answer, texts) in QUESTIONS {
        for (number, text) in texts.iter().enumerate() {
            rows.push(format!("{{\"qid\": {number}, \"query\": \"{text}\", \"relevant\": [{answer}]}}"));
        }
    }
    rows.join("\n")
}

#[tokio::test]
async fn statutes_are_taken_in_searched_learned_and_shown() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let rows = folder.path().join("rows.jsonl");
    let questions = folder.path().join("questions.jsonl");
    std::fs::write(&rows, ROWS)?;
    std::fs::write(&questions, rows_of_questions())?;
    let (rows, questions) = (rows.to_string_lossy(), questions.to_string_lossy());

    let first = huifa(city.data(), &["laws", "import", &rows, "--json"])?;
    let told = lines(&first)?.remove(0);
    ensure!(first.status.success() && told["new"] == json!(2) && told["searched"] == json!(3), "{told}");
    let again = lines(&huifa(city.data(), &["laws", "import", &rows, "--json"])?)?.remove(0);
    ensure!(again["new"] == json!(0) && again["unchanged"] == json!(2), "{again}");

    let search = ["laws", "search", "--batch", &questions, "-k", "10"];
    for learned in [false, true] {
        if learned {
            let trained = huifa(city.data(), &["laws", "train", &questions])?;
            ensure!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
        }
        let found = huifa(city.data(), &search)?;
        let said = String::from_utf8_lossy(&found.stderr).into_owned();
        ensure!(said.contains("nothing was learned") != learned, "{said}");
        let found = lines(&found)?;
        ensure!(found.len() == 21, "one line a question: {}", found.len());
        // The first of each article, whose words are the article's own.
        for (at, hit) in [(0, json!(1)), (7, json!("x2")), (14, json!("民法典#第六百七十五条"))] {
            ensure!(found[at]["qid"] == json!(0) && found[at]["hits"][0] == hit, "{}", found[at]);
        }
    }
    let measured = lines(&huifa(city.data(), &["laws", "eval", &questions, "--json"])?)?.remove(0);
    ensure!(measured["learned_from"] == json!(21), "what was learned from is told: {measured}");

    let mut nobody = city.nobody();
    let list: Value = nobody.get("/api/v1/laws?q=民法").await?.done()?;
    ensure!(list["items"][0]["id"] == json!("民法典@2020-05-28"), "{list}");
    let law: Value = nobody.get("/api/v1/laws/民法典").await?.done()?;
    ensure!(law["articles"][1]["anchor"] == json!("675"), "{law}");
    let hits: Value = nobody.get("/api/v1/laws/search?q=起诉离婚&limit=3").await?.done()?;
    ensure!(hits["items"][0]["article"] == json!("第一千零七十九条"), "{hits}");
    let first = &hits["items"][0];
    let text: Vec<char> = first["text"].as_str().context("no text")?.chars().collect();
    let mark = |at: usize| first["marks"][0][at].as_u64().and_then(|at| usize::try_from(at).ok());
    let (from, to) = (mark(0).context("nothing is marked")?, mark(1).context("no end")?);
    ensure!(text[from..to].iter().collect::<String>().contains("离婚"), "{first}");
    let none: Value = nobody.get("/api/v1/laws/search?q=起诉离婚&category=没有").await?.done()?;
    ensure!(none["items"] == json!([]), "of another category: {none}");
    Ok(())
}

#[tokio::test]
async fn a_text_has_three_guesses_before_and_after_learning() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("texts.jsonl");
    let kinds = [("劳动争议", "公司拖欠工资"), ("婚姻家庭", "老公要离婚"), ("债权债务", "朋友借钱不还")];
    let rows: Vec<String> = (0..30)
        .flat_map(|number| {
            kinds.map(|(label, text)| {
                json!({ "id": number, "text": format!("{text}，第{number}个人问"), "label": label })
                    .to_string()
            })
        })
        .collect();
    std::fs::write(&file, rows.join("\n"))?;
    let file = file.to_string_lossy();
    for learned in [false, true] {
        if learned {
            let trained = huifa(folder.path(), &["triage", "train", &file])?;
            ensure!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
        }
        let predicted = huifa(folder.path(), &["triage", "predict", "--batch", &file, "-k", "3"])?;
        let said = String::from_utf8_lossy(&predicted.stderr).into_owned();
        ensure!(said.contains("hand-written start") != learned, "{said}");
        let predicted = lines(&predicted)?;
        ensure!(predicted.len() == rows.len());
        let line = &predicted[0];
        ensure!(line["labels"][0]["label"] == json!("劳动争议") && line["abstain"] == json!(false), "{line}");
        ensure!(line["labels"].as_array().map(Vec::len) == Some(3) && line["id"] == json!(0), "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn a_story_is_sorted_and_danger_is_seen() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let body = json!({ "text": "老公喝酒就打我，我想离婚" });
    let told: Value = nobody.post("/api/v1/triage", &body, None).await?.done()?;
    ensure!(told["labels"][0]["label"] == json!("婚姻家庭") && told["basis"] == json!("start"), "{told}");
    ensure!(told["priority"] == json!("urgent"), "{told}");
    ensure!(told["dangers"][0]["numbers"][0]["tel"] == json!("110"), "{told}");
    let told: Value =
        nobody.post("/api/v1/triage", &json!({ "text": "今天天气怎么样" }), None).await?.done()?;
    ensure!(told["abstain"] == json!(true) && told["ask"].is_string(), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_story_leads_to_law_sum_document_service_and_door() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let rows = folder.path().join("rows.jsonl");
    std::fs::write(&rows, ROWS)?;
    let imported = huifa(city.data(), &["laws", "import", &rows.to_string_lossy()])?;
    ensure!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let mut nobody = city.nobody();
    let story = "被公司辞退没有给补偿，工作了六年半，月薪八千";
    let body = json!({ "text": story, "area": "371502000000" });
    let told: Value = nobody.post("/api/v1/ask", &body, None).await?.done()?;
    ensure!(told["kind"] == json!("劳动争议") && told["abstain"] == json!(false), "{told}");
    ensure!(told["topics"][0]["id"] == json!("dismissal"), "{told}");
    let first = &told["articles"][0];
    ensure!(
        first["law"]["title"] == json!("劳动合同法") && first["article"] == json!("第四十七条"),
        "{first}"
    );
    let severance = &told["calculators"][0];
    ensure!(severance["calculator"] == json!("labour.severance"), "{severance}");
    ensure!(
        severance["result"]["N"] == json!("56000.00"),
        "six years and a half are seven months: {severance}"
    );
    ensure!(severance["supposed"] == json!(["local_avg_monthly_wage", "min_wage"]), "{severance}");
    ensure!(told["drafts"][0] == json!("labour-arbitration-application"), "{told}");
    let consultation = &told["items"][0];
    ensure!(
        consultation["item"] == json!("consultation.text")
            && consultation["form"] == json!({ "consult.topic": "labour", "consult.question": story }),
        "{consultation}"
    );
    ensure!(told["offices"][0]["id"] == json!("center.dongchangfu"), "{told}");
    ensure!(told["offices"][0]["open"].is_boolean(), "{told}");

    let chosen: Value =
        nobody.post("/api/v1/ask", &json!({ "text": story, "kind": "继承" }), None).await?.done()?;
    ensure!(chosen["kind"] == json!("继承") && chosen["topics"] == json!([]), "a choice is kept: {chosen}");
    ensure!(chosen["offices"][0]["id"].is_string(), "where no place is said, offices of this one: {chosen}");
    let refused =
        nobody.post_raw("/api/v1/ask", &json!({ "text": " ", "kind": "天气", "area": "1" }), None).await?;
    ensure!(refused.status == 422, "{}", refused.status);
    Ok(())
}

#[tokio::test]
async fn what_officers_published_is_learned_from_beside_the_rest() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("texts.jsonl");
    let rows: Vec<String> = ["公司拖欠工资", "老公要离婚", "朋友借钱不还"]
        .into_iter()
        .zip(["劳动争议", "婚姻家庭", "债权债务"])
        .flat_map(|(text, label)| {
            (0..40)
                .map(move |number| json!({ "text": format!("{text}，{number}"), "label": label }).to_string())
        })
        .collect();
    std::fs::write(&file, rows.join("\n"))?;
    let trained = huifa(city.data(), &["triage", "train", &file.to_string_lossy()])?;
    ensure!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    let again = huifa(city.data(), &["triage", "train", "--library", "--json"])?;
    ensure!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    let told = lines(&again)?.remove(0);
    let answers = told["before"]["all"]["questions"].as_u64().unwrap_or(0);
    ensure!(answers >= 10, "the answers of the catalogue were not learned from yet: {told}");
    ensure!(told["questions"] == json!(120 + answers), "what was learned before stays: {told}");
    let third = lines(&huifa(city.data(), &["triage", "train", "--library", "--json"])?)?.remove(0);
    ensure!(third["before"]["all"]["questions"] == json!(0), "the same again adds nothing: {third}");
    Ok(())
}
