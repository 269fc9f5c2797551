//! An answer from a closed matter to everybody's page and back, on both databases.

mod common;

use access::Principal;
use answers::life::{Verdict, Wish, Written};
use answers::lists::{View, Why};
use answers::model::State;
use common::{County, errors, good, law};
use kernel::refusal::Code;
use laws::model::Status;
use serde_json::json;
use store::testkit::for_each_db;
use store::{Changes, sql};

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[tokio::test]
async fn an_answer_is_written_looked_at_by_another_and_found_by_everybody() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let library = &county.library;
        let version = county.proposed("open-key-0000001").await;
        assert_eq!((version.state, version.version), (State::Proposed, 1));
        assert!(library.search("公司辞退不给补偿", None, 5).await.unwrap().is_empty(), "nobody sees it yet");
        let (question, sealed): (String, Option<Vec<u8>>) =
            sql("SELECT question, sealed FROM answer").one(&mut db.reader().await.unwrap()).await.unwrap();
        assert!(question.is_empty() && sealed.is_some(), "what is not published lies sealed");

        let of = (version.id.as_str(), 1);
        let published = library
            .decide(&county.head, of, version.revision, Verdict::Publish(Vec::new()), county.now())
            .await
            .unwrap();
        assert_eq!(published.state, State::Published);
        assert_eq!(published.due_on, Some("2027-11-20".parse().unwrap()), "looked through again in a year");
        let found = library.search("公司辞退不给补偿", None, 5).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].office.as_deref(), found[0].cites.len()), (Some("center"), 2));
        assert!(library.search("公司辞退不给补偿", Some("债权债务"), 5).await.unwrap().is_empty());
        let acts = library.acts(&county.clerk, &version.id, 1).await.unwrap();
        let acts: Vec<&str> = acts.iter().map(|act| act.act.as_str()).collect();
        assert_eq!(acts, ["propose", "publish"]);

        // Another version stands beside it until it is published, then takes its place.
        let next = library.revise(&county.clerk, of, county.now()).await.unwrap();
        let written =
            Written { answer: format!("{}也可以先请人民调解。", good().answer), ..good() };
        let of_next = (version.id.as_str(), 2);
        let next = library
            .rewrite(&county.clerk, of_next, next.revision, &written, Wish::Propose, county.now())
            .await
            .unwrap();
        assert_eq!(library.find(&version.id).await.unwrap().unwrap().version, 1);
        library
            .decide(&county.supervisor, of_next, next.revision, Verdict::Publish(Vec::new()), county.now())
            .await
            .unwrap();
        assert_eq!(library.find(&version.id).await.unwrap().unwrap().version, 2);
        assert_eq!(library.version(&county.clerk, &version.id, 1).await.unwrap().state, State::Replaced);

        // Taken back, with a reason.
        let seen = library.version(&county.head, &version.id, 2).await.unwrap().revision;
        let silent = library.withdraw(&county.head, of_next, seen, " ", county.now()).await.unwrap_err();
        assert_eq!(errors(&silent), [pair("/reason", "required")]);
        library.withdraw(&county.head, of_next, seen, "条文要修改", county.now()).await.unwrap();
        assert!(library.find(&version.id).await.unwrap().is_none());
        let acts = library.acts(&county.head, &version.id, 2).await.unwrap();
        assert_eq!(acts.last().unwrap().reason.as_deref(), Some("条文要修改"));
    })
    .await;
}

#[tokio::test]
async fn only_a_closed_consultation_that_one_may_see_becomes_an_answer() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let library = &county.library;
        let open = county.ask("open-key-0000001").await;
        let write = async |who: &Principal, source| {
            let done = library.write(who, source, &good(), Wish::Propose, county.now()).await;
            done.map(|version| version.state).map_err(|refusal| refusal.code)
        };
        assert_eq!(write(&county.clerk, open).await, Err(Code::WrongStep), "not closed yet");
        let closed = county.closed("open-key-0000002").await;
        assert_eq!(write(&county.mediator, closed).await, Err(Code::Forbidden), "answers no questions");
        assert_eq!(write(&county.stranger, closed).await, Err(Code::NotFound), "another office");
        assert_eq!(write(&Principal::anonymous(), closed).await, Err(Code::Forbidden));
        assert_eq!(write(&county.clerk, closed).await, Ok(State::Proposed));
        // The beginning is the answer as it was given.
        let begun = library.begin(&county.clerk, closed).await.unwrap();
        assert!(begun.question.contains("辞退") && begun.answer.contains("经济补偿"));
        assert_eq!(begun.articles, "劳动合同法第四十六条、第四十七条");
    })
    .await;
}

#[tokio::test]
async fn a_matter_that_was_opened_again_keeps_its_answer_back() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let version = county.proposed("open-key-0000001").await;
        let guest = Principal::guest(version.source);
        county.act(&guest, version.source, "reopen", json!({ "reply.text": "还想问一句，要多久？" })).await;
        let of = (version.id.as_str(), 1);
        let refused = county
            .library
            .decide(&county.head, of, version.revision, Verdict::Publish(Vec::new()), county.now())
            .await
            .unwrap_err();
        assert_eq!((refused.code, refused.rule.unwrap().id.as_str()), (Code::WrongStep, "answer-closed"));
    })
    .await;
}

#[tokio::test]
async fn what_tells_whom_it_is_about_is_not_proposed_and_what_may_is_confirmed() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let source = county.closed("open-key-0000001").await;
        let propose = async |written: &Written| {
            county.library.write(&county.clerk, source, written, Wish::Propose, county.now()).await
        };
        let named = Written {
            answer: "测试甲可以要求单位支付经济补偿，电话13912345678。".into(), ..good()
        };
        let refused = propose(&named).await.unwrap_err();
        assert_eq!(errors(&refused), [pair("/answer", "name"), pair("/answer", "phone")]);
        assert!(refused.errors[0].detail.args.iter().any(|(name, value)| name == "place" && value == "1"));
        // Confirming helps nothing where a name stands.
        let confirmed =
            Written { confirmed: vec!["name:测试甲".into(), "phone:13912345678".into()], ..named };
        assert_eq!(errors(&propose(&confirmed).await.unwrap_err()).len(), 2);

        let dated =
            Written { question: "2026年3月15日被辞退，没有给补偿怎么办？".into(), ..good() };
        assert_eq!(errors(&propose(&dated).await.unwrap_err()), [pair("/question", "day")]);
        // A draft may hold anything: it lies sealed and goes nowhere.
        let kept =
            county.library.write(&county.clerk, source, &dated, Wish::Keep, county.now()).await.unwrap();
        assert_eq!(kept.state, State::Draft);
        let confirmed = Written { confirmed: vec!["day:2026年3月15日".into()], ..dated };
        let proposed = propose(&confirmed).await.unwrap();
        // The reviewer looks at it as well.
        let of = (proposed.id.as_str(), 1);
        let decide = async |confirmed: Vec<String>| {
            let verdict = Verdict::Publish(confirmed);
            county.library.decide(&county.head, of, proposed.revision, verdict, county.now()).await
        };
        assert_eq!(errors(&decide(Vec::new()).await.unwrap_err()), [pair("/question", "day")]);
        assert!(decide(vec!["day:2026年3月15日".into()]).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn citations_must_exist_and_hold_today() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let source = county.closed("open-key-0000001").await;
        let propose = async |cites: &str| {
            let written = Written { cites: cites.into(), ..good() };
            let done =
                county.library.write(&county.clerk, source, &written, Wish::Propose, county.now()).await;
            done.map(|_| ()).map_err(|refusal| errors(&refusal))
        };
        for (cites, code) in [
            ("劳动合同法#第九百条", "no-article"),
            ("合同法#第一条", "not-in-force"),
            ("劳动合同法", "format"),
            ("应当赔偿", "format"),
        ] {
            assert_eq!(propose(cites).await, Err(vec![pair("/cites", code)]), "{cites}");
        }
        assert_eq!(propose("中华人民共和国劳动合同法#47").await, Ok(()));
        assert_eq!(
            propose("没有收录的条例#第三条").await,
            Ok(()),
            "nobody can look it up; the reader is told"
        );
        assert_eq!(propose("").await, Ok(()), "an answer may cite nothing");
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_about_their_own_and_nobody_over_what_changed_meanwhile() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let library = &county.library;
        let version = county.proposed("open-key-0000001").await;
        let of = (version.id.as_str(), 1);
        let publish = async |who: &Principal, seen: i64| {
            let verdict = Verdict::Publish(Vec::new());
            library
                .decide(who, of, seen, verdict, county.now())
                .await
                .map(|_| ())
                .map_err(|refusal| refusal.code)
        };
        assert_eq!(publish(&county.clerk, 1).await, Err(Code::Forbidden));
        for who in [&county.colleague, &county.stranger, &county.mediator] {
            assert_eq!(publish(who, 1).await, Err(Code::NotFound), "not to be seen");
        }
        // Sent back with a reason; the writer changes it, and what the head saw is not what stands.
        let silent = library.decide(&county.head, of, 1, Verdict::Return(String::new()), county.now()).await;
        assert_eq!(errors(&silent.unwrap_err()), [pair("/reason", "required")]);
        let back = library
            .decide(&county.head, of, 1, Verdict::Return("请写仲裁时效".into()), county.now())
            .await
            .unwrap();
        assert_eq!((back.state, back.words.returned.as_deref()), (State::Draft, Some("请写仲裁时效")));
        assert_eq!(
            publish(&county.head, back.revision).await,
            Err(Code::WrongStep),
            "a draft is not decided"
        );
        let again = library.rewrite(&county.clerk, of, 1, &good(), Wish::Propose, county.now()).await;
        assert_eq!(again.unwrap_err().code, Code::StaleVersion);
        let again = library
            .rewrite(&county.clerk, of, back.revision, &good(), Wish::Propose, county.now())
            .await
            .unwrap();
        assert_eq!(publish(&county.head, 1).await, Err(Code::StaleVersion));
        assert_eq!(publish(&county.head, again.revision).await, Ok(()));
        // A head who writes waits for somebody else.
        let source = county.closed("open-key-0000002").await;
        let own = library.write(&county.head, source, &good(), Wish::Propose, county.now()).await.unwrap();
        let verdict = Verdict::Publish(Vec::new());
        let refused = library.decide(&county.head, (&own.id, 1), own.revision, verdict, county.now()).await;
        assert_eq!(refused.unwrap_err().rule.unwrap().id, "answer-four-eyes");
        let verdict = Verdict::Publish(Vec::new());
        let done =
            library.decide(&county.supervisor, (&own.id, 1), own.revision, verdict, county.now()).await;
        assert!(done.is_ok());
    })
    .await;
}

#[tokio::test]
async fn lists_show_what_each_has_to_do_and_what_the_law_made_old() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let version = county.proposed("open-key-0000001").await;
        let count = async |county: &County, who: &Principal, view: View| {
            county.library.lists(who, county.now()).await.unwrap().of(view).len()
        };
        assert_eq!(count(&county, &county.clerk, View::Mine).await, 1);
        assert_eq!(count(&county, &county.clerk, View::Review).await, 0);
        assert_eq!(count(&county, &county.head, View::Review).await, 1);
        assert_eq!(count(&county, &county.stranger, View::Review).await, 0);
        assert!(county.library.lists(&county.mediator, county.now()).await.is_err());

        let of = (version.id.as_str(), 1);
        let verdict = Verdict::Publish(Vec::new());
        county.library.decide(&county.head, of, version.revision, verdict, county.now()).await.unwrap();
        assert_eq!(count(&county, &county.head, View::Due).await, 0);
        // A newer version of the law, without one of the articles.
        county.day("2026-12-10");
        let newer = law("劳动合同法", "2026-12-01", Status::InForce, &[("第四十六条", "改过的条文。")]);
        county.laws(vec![newer]).await;
        let lists = county.library.lists(&county.head, county.now()).await.unwrap();
        assert_eq!(lists.of(View::Due)[0].why, [Why::LawGone, Why::LawNewer]);
        let seen = county.library.version(&county.head, &version.id, 1).await.unwrap().revision;
        let refused = county.library.renew(&county.head, of, seen, county.now()).await.unwrap_err();
        assert_eq!(errors(&refused), [pair("/cites", "no-article")], "it does not hold any more");
        // With a version that has it, somebody looks through it, and it is due in a year.
        let newest = law(
            "劳动合同法",
            "2026-12-05",
            Status::InForce,
            &[("第四十六条", "改过的条文。"), ("第四十七条", "也改过。")],
        );
        county.laws(vec![newest]).await;
        assert!(county.library.renew(&county.clerk, of, seen, county.now()).await.is_err(), "not its writer");
        county.library.renew(&county.head, of, seen, county.now()).await.unwrap();
        assert_eq!(count(&county, &county.head, View::Due).await, 0);
        county.day("2027-12-10");
        let lists = county.library.lists(&county.clerk, county.now()).await.unwrap();
        assert_eq!(lists.of(View::Due)[0].why, [Why::Day]);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_published_goes_with_the_content_of_its_matter() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let library = &county.library;
        let public = county.proposed("open-key-0000001").await;
        let verdict = Verdict::Publish(Vec::new());
        let of_public = (public.id.as_str(), 1);
        let public_now =
            library.decide(&county.head, of_public, public.revision, verdict, county.now()).await.unwrap();
        let waiting = county.proposed("open-key-0000002").await;
        let mut changes = Changes::new();
        changes.push(sql("UPDATE matter SET data_key = NULL"));
        db.apply("destroy keys", changes).await.unwrap();

        let opened = library.version(&county.head, &waiting.id, 1).await.unwrap();
        assert!(opened.words.question.is_empty() && opened.words.answer.is_empty());
        let verdict = Verdict::Publish(Vec::new());
        let refused =
            library.decide(&county.head, (&waiting.id, 1), waiting.revision, verdict, county.now()).await;
        assert_eq!(refused.unwrap_err().code, Code::Expired);
        // What is public names nobody, and stays until it is taken back.
        assert!(library.find(&public.id).await.unwrap().is_some());
        let seen = public_now.revision;
        library.withdraw(&county.head, of_public, seen, "不再适用", county.now()).await.unwrap();
        assert!(library.find(&public.id).await.unwrap().is_none());
    })
    .await;
}
