//! The templates we bring along are sound, and what is unsound is told.

use catalog::load::Files;

use super::*;

fn book() -> Book {
    Book::from_files(&Files::embedded()).unwrap_or_else(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    })
}

#[test]
fn every_template_is_sound_and_every_example_comes_out_as_it_says() {
    let book = book();
    assert!(book.all().count() >= 25, "{}", book.all().count());
    let parameters = catalog::load::parameters(&Files::embedded()).unwrap();
    let faults = book.try_examples(&parameters);
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn other_pages_find_the_templates_they_lead_to() {
    let book = book();
    for id in [
        "labour-arbitration-application",
        "complaint-loan",
        "complaint-divorce",
        "complaint-sale",
        "complaint-lease",
        "complaint-labour",
        "complaint-traffic",
        "complaint-property-service",
        "complaint-child-support",
        "complaint-inheritance",
        "complaint-injury",
        "legal-aid-application",
        "mediation-application",
        "confirmation-application",
        "defence-statement",
        "evidence-list",
        "power-of-attorney",
        "demand-letter",
        "settlement-agreement",
        "will-handwritten",
        "divorce-agreement",
        "loan-note",
        "reconsideration-application",
        "enforcement-objection",
        "payment-order-application",
    ] {
        assert!(book.get(id).is_some(), "{id}");
    }
}

#[test]
fn the_same_fact_has_the_same_shape_in_every_template() {
    let book = book();
    let mut kinds: BTreeMap<&str, crate::Kind> = BTreeMap::new();
    let carried = [
        "story",
        "amount",
        "wage_month",
        "years",
        "started_on",
        "ended_on",
        "happened_on",
        "my_name",
        "my_id",
        "my_phone",
        "my_address",
        "their_name",
        "their_address",
        "their_phone",
        "court",
        "claims",
        "evidence",
    ];
    for template in book.all() {
        for question in template.questions().filter(|one| carried.contains(&one.id.as_str())) {
            let known = kinds.entry(&question.id).or_insert(question.kind);
            assert_eq!(*known, question.kind, "{} in {}", question.id, template.id);
        }
    }
    assert_eq!(kinds.len(), carried.len(), "{kinds:?}");
}

const SOUND: &str = r#"
id = "test"
group = "own"
name = { zh = "名", en = "name" }
summary = { zh = "用处", en = "use" }
kinds = []
title = "文书"
text = """
姓名：{my_name}
?paid: 已付{amount:capital}。
{#}. {claims*}
"""
sign = ["签名：________"]
[[section]]
title = { zh = "您", en = "You" }
ask = [
  { id = "my_name", kind = "text", required = true, label = { zh = "姓名", en = "Name" } },
  { id = "paid", kind = "flag", label = { zh = "付了吗", en = "Paid?" } },
  { id = "amount", kind = "money", label = { zh = "多少", en = "How much" } },
  { id = "claims", kind = "rows", label = { zh = "请求", en = "Claims" } },
]
[[example]]
name = "例"
answers = { my_name = "王芳" }
has = ["姓名：王芳"]
"#;

fn faults(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    let files = Files::from_texts([("drafts/test.toml", SOUND.replacen(from, to, 1))]);
    match Book::from_files(&files) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn what_cannot_be_meant_is_told_with_its_name() {
    assert_eq!(faults("id = \"test\"", "id = \"test\""), "");
    for (from, to, told) in [
        ("id = \"test\"", "id = \"other\"", "`other`"),
        ("{my_name}", "{nobody}", "`{nobody}`"),
        ("{amount:capital}", "{my_name:capital}", "`my_name` is text"),
        ("{claims*}", "{claims}", "`claims` is rows"),
        ("?paid:", "?lost:", "`lost`"),
        ("?paid:", "?paid=perhaps:", "never `perhaps`"),
        ("姓名：{my_name}", "姓名：", "`my_name` is asked for nothing"),
        ("en = \"Name\"", "en = \"\"", "`my_name` lacks"),
        ("answers = { my_name", "answers = { her_name", "`her_name`"),
        ("has = [\"姓名：王芳\"]", "has = []", "says nothing"),
        ("kind = \"flag\"", "kind = \"choice\"", "`paid`: choices"),
        ("[[example]]", "[[check]]\nfee = \"fee.none\"\n[[example]]", "`fee.none`"),
        (
            "[[example]]",
            "[[check]]\nlimitation = \"civil\"\nfrom = [\"amount\"]\n[[example]]",
            "`amount` is money",
        ),
        (
            "[[example]]",
            "[[check]]\ncites = [\"民法典\"]\nsay = { zh = \"一\", en = \"a\" }\n[[example]]",
            "`民法典`",
        ),
        ("kinds = []", "kind = []", "unknown field"),
    ] {
        let found = faults(from, to);
        assert!(found.contains(told), "{to}: {found:?}");
    }
}

#[test]
fn an_example_that_does_not_come_out_is_told() {
    let files = Files::from_texts([(
        "drafts/test.toml",
        SOUND.replace("has = [\"姓名：王芳\"]", "has = [\"姓名：李强\"]"),
    )]);
    let parameters = catalog::load::parameters(&Files::embedded()).unwrap();
    let faults = Book::from_files(&files).unwrap().try_examples(&parameters);
    assert!(faults[0].message.contains("“姓名：李强” is not in the document"), "{faults:?}");
}
