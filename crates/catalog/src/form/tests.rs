//! Forms: normal forms, errors that name the field, and examples that are accepted.

use super::*;
use jiff::civil::date;
use kernel::lang::Lang;
use proptest::prelude::*;
use serde_json::json;

const TODAY: Date = date(2026, 11, 21);

fn catalog() -> Catalog {
    Catalog::embedded().unwrap()
}

fn question(kind: Kind) -> Question {
    Question { kind, ..long_text("q", true) }
}

fn facts(value: &Value) -> Facts {
    value.as_object().cloned().unwrap()
}

#[test]
fn what_people_type_comes_to_one_form() {
    let choice = |id: &str| crate::item::Choice { id: id.into(), label: Localized::default() };
    let with_choices = |kind| Question { choices: vec![choice("a"), choice("b")], ..question(kind) };
    let cases = [
        (question(Kind::Text), json!("　你好，　Ｈｕｉｆａ？\r\n二"), json!("你好， Huifa？\n二")),
        (question(Kind::Int), json!("１，２ ３"), json!(123)),
        (question(Kind::Int), json!(7), json!(7)),
        (question(Kind::Money), json!("￥１２，３４５．６"), json!("12345.60")),
        (question(Kind::Money), json!("1 200元"), json!("1200.00")),
        (question(Kind::Date), json!("2026年8月3日"), json!("2026-08-03")),
        (question(Kind::Date), json!("2026/8/3"), json!("2026-08-03")),
        (question(Kind::Date), json!("２０２６．０８．０３"), json!("2026-08-03")),
        (question(Kind::Bool), json!("no"), json!(false)),
        (question(Kind::Area), json!("3715 02"), json!("371502000000")),
        (question(Kind::CnId), json!(" 11010519491231002x "), json!("11010519491231002X")),
        (question(Kind::CnPhone), json!("１９９ 0000 0001"), json!("19900000001")),
        (question(Kind::Uscc), json!("91350100m000100y43"), json!("91350100M000100Y43")),
        (with_choices(Kind::Choice), json!("b"), json!("b")),
        (with_choices(Kind::List), json!(["b", "b", "", "a"]), json!(["b", "a"])),
        (question(Kind::List), json!([" 身份证 ", ""]), json!(["身份证"])),
    ];
    for (question, typed, kept) in cases {
        let read = one(&question, &typed, TODAY).map_err(|error| error.code.to_string());
        assert_eq!(read, Ok(kept), "{:?} {typed}", question.kind);
    }
}

#[test]
fn a_wrong_answer_says_how() {
    let limited = Question { min: Some(1), max: Some(30), ..question(Kind::Int) };
    let short = Question { max_length: Some(3), ..question(Kind::Text) };
    let cases = [
        (question(Kind::Text), json!("  　"), "required"),
        (question(Kind::Text), json!(3), "format"),
        (short, json!("一二三四"), "too-long"),
        (limited.clone(), json!(0), "too-small"),
        (limited, json!("31"), "too-large"),
        (question(Kind::Int), json!(1.5), "format"),
        (question(Kind::Money), json!(1200), "format"),
        (question(Kind::Money), json!("12.345"), "format"),
        (question(Kind::Money), json!("99999999999999999999"), "format"),
        (question(Kind::Date), json!("2026-02-30"), "format"),
        (question(Kind::Date), json!("8/3"), "format"),
        (question(Kind::Bool), json!("maybe"), "format"),
        (question(Kind::Area), json!("9915"), "area"),
        (question(Kind::CnId), json!("110105194912310021"), "cn-id"),
        (question(Kind::CnPhone), json!("123"), "cn-phone"),
        (question(Kind::Uscc), json!("91350100M000100Y44"), "uscc"),
        (question(Kind::Choice), json!("a"), "choice"),
        (question(Kind::List), json!("a"), "format"),
        (question(Kind::List), json!([""]), "required"),
        (question(Kind::Account), json!("x".repeat(65)), "choice"),
    ];
    let words = crate::words::Words::embedded().unwrap();
    for (question, typed, code) in cases {
        let error = one(&question, &typed, TODAY).unwrap_err();
        assert_eq!(error.code, code, "{:?} {typed}", question.kind);
        assert!(words.knows(&error.detail.key), "no message {}", error.detail.key);
    }
}

#[test]
fn errors_point_at_their_fields() {
    let catalog = catalog();
    let item = catalog.item("legal-aid.civil").unwrap();
    let typed = facts(
        &json!({ "aid.matter": "CIV-99", "a/b~c": 1, "counsel.own": false, "aid.no_condition": "none" }),
    );
    let errors = form(&catalog, item, &typed, TODAY).unwrap_err();
    let found: Vec<(&str, &str)> = errors.iter().map(|e| (e.pointer.as_str(), e.code.as_ref())).collect();
    assert_eq!(
        found,
        [
            ("/form/a~1b~0c", "unknown-field"),
            ("/form/aid.matter", "choice"),
            ("/form/matter.description", "required"),
            ("/form/case.way", "required"),
            ("/form/case.organ_area", "required"),
            ("/form/aid.exempt", "required"),
        ]
    );
    assert_eq!(partial(&catalog, item, &facts(&json!({ "counsel.own": null })), TODAY), Ok(Facts::new()));
}

#[test]
fn an_answer_to_a_question_that_does_not_arise_is_not_kept() {
    let catalog = catalog();
    let item = catalog.item("legal-aid.civil").unwrap();
    let mut typed = item.examples[1].body["form"].as_object().cloned().unwrap();
    typed.insert("aid.exempt".into(), json!("NOVER-1"));
    let kept = form(&catalog, item, &typed, TODAY).unwrap();
    assert!(!kept.contains_key("aid.exempt"));
    assert_eq!(kept["aid.no_condition"], "NOECO-4");
}

/// Every example body and every example of an action's input is accepted, by us
/// and by a JSON Schema validator that knows nothing of us.
#[test]
fn examples_are_accepted() {
    let catalog = catalog();
    let mut inputs = 0;
    for item in catalog.items() {
        assert!(!item.examples.is_empty(), "{} needs an example", item.id);
        let questions: Vec<&Question> = item.questions().collect();
        let schema = jsonschema::draft202012::new(&schema(&catalog, &questions, Lang::Zh)).unwrap();
        for example in &item.examples {
            let typed = example.body["form"].as_object().unwrap();
            let kept = form(&catalog, item, typed, TODAY).unwrap();
            assert_eq!(&kept, typed, "{}: {} is not in normal form", item.id, example.name.zh);
            assert!(schema.is_valid(&example.body["form"]), "{}: {}", item.id, example.name.zh);
            assert_eq!(example.body["item"], item.id);
        }
        for action in item.steps.iter().flat_map(|step| &step.actions) {
            let mut questions = action.input.clone();
            for question in &mut questions {
                if question.register.is_some() {
                    question.choices =
                        vec![crate::item::Choice { id: "firm.1".into(), label: Localized::default() }];
                }
            }
            let example = example(&catalog, &questions, TODAY);
            let read = validate(&catalog, &questions, &example, &Facts::new(), TODAY);
            assert!(read.is_ok(), "{} {}: {read:?}", item.id, action.id);
            let questions: Vec<&Question> = questions.iter().collect();
            let schema = super::schema(&catalog, &questions, Lang::En);
            let schema = jsonschema::draft202012::new(&schema).unwrap();
            assert!(schema.is_valid(&Value::Object(example)), "{} {}", item.id, action.id);
            inputs += 1;
        }
        let rating = rating_questions(item.rating.as_ref().unwrap());
        let example = example(&catalog, &rating, TODAY);
        assert!(validate(&catalog, &rating, &example, &Facts::new(), TODAY).is_ok());
    }
    assert!(inputs > 20);
}

/// Forms put together from what the questions allow, some answers left out.
fn generated(item: &Item) -> impl Strategy<Value = Facts> + use<> {
    let answers: Vec<_> = item
        .questions()
        .map(|q| {
            let fact = q.fact.clone();
            let mut values: Vec<Option<Value>> = vec![None];
            values.extend(match q.kind {
                Kind::Choice => q.choices.iter().map(|c| Some(json!(c.id))).collect(),
                Kind::Bool => vec![Some(json!(true)), Some(json!(false))],
                _ => vec![q.example.clone(), q.example.clone()],
            });
            proptest::sample::select(values).prop_map(move |value| (fact.clone(), value))
        })
        .collect();
    answers.prop_map(|all| all.into_iter().filter_map(|(fact, value)| Some((fact, value?))).collect())
}

/// The published schema and the server agree on every generated form.
#[test]
fn the_schema_says_what_the_server_does() {
    let catalog = catalog();
    for item in catalog.items() {
        let questions: Vec<&Question> = item.questions().collect();
        let schema = jsonschema::draft202012::new(&schema(&catalog, &questions, Lang::Zh)).unwrap();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let (mut good, mut bad) = (0, 0);
        for _ in 0..600 {
            let typed =
                proptest::strategy::ValueTree::current(&generated(item).new_tree(&mut runner).unwrap());
            let ours = form(&catalog, item, &typed, TODAY);
            let theirs = schema.is_valid(&Value::Object(typed.clone()));
            assert_eq!(ours.is_ok(), theirs, "{}: {typed:#?} {ours:?}", item.id);
            if theirs { good += 1 } else { bad += 1 }
        }
        assert!(good > 0 && bad > 0, "{}: {good} good, {bad} bad: nothing was compared", item.id);
    }
}

proptest! {
    /// Nothing that can be sent as an answer breaks the reader, and what it keeps it takes again.
    #[test]
    fn reading_twice_changes_nothing(text in "\\PC{0,30}|[0-9,.年月日/ -]{0,14}", kind in proptest::sample::select(vec![
        Kind::Bool, Kind::Int, Kind::Money, Kind::Date, Kind::Text, Kind::Area, Kind::CnId, Kind::CnPhone, Kind::Uscc,
    ])) {
        let question = question(kind);
        if let Ok(kept) = one(&question, &json!(text), TODAY) {
            prop_assert_eq!(one(&question, &kept, TODAY).map_err(|e| e.code.to_string()), Ok(kept));
        }
    }
}
