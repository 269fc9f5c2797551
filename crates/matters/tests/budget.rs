//! Statement budget: no command takes more than ten statements, however long its matter's history is.

#![expect(clippy::large_futures, reason = "a whole road through the register is one future")]

mod common;

use access::Principal;
use common::County;
use kernel::lang::Lang;
use store::statements::counted;
use store::testkit::for_each_db;

const BUDGET: u64 = 10;

#[tokio::test]
async fn no_command_takes_more_than_ten_statements() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        // The first number leases a block of 64; that is not part of every command.
        county.open("legal-aid.civil", "budget-key-00000").await;
        let body = county.body("legal-aid.civil");
        let (opened, statements) =
            counted(county.register.open(&Principal::anonymous(), &body, "budget-key-00001", Lang::Zh)).await;
        let number = opened.unwrap().body["number"].as_str().unwrap().parse().unwrap();
        assert!(statements <= BUDGET, "open: {statements} statements");
        let road = [
            (&county.officer, "take"),
            (&county.officer, "accept-for-review"),
            (&county.officer, "propose-grant"),
            (&county.approver, "grant"),
            (&county.officer, "assign-firm"),
            (&county.firm_admin, "name-lawyer"),
            (&county.lawyer, "accept"),
            (&county.lawyer, "report-closing"),
            (&county.lawyer, "submit-file"),
            (&county.officer, "close"),
        ];
        for (who, action) in road {
            let version = county.version(number).await;
            let offers = county.register.actions(who, number, Lang::Zh).await.unwrap();
            let offer =
                offers.as_array().unwrap().iter().find(|offer| offer["action"] == action).unwrap().clone();
            let key = format!("budget-key-{action:>010}");
            let ask = matters::Ask {
                action,
                version,
                input: offer["example"].as_object().unwrap().clone(),
                task: None,
                key: &key,
                lang: Lang::Zh,
            };
            let (done, statements) = counted(county.register.act(who, number, &ask)).await;
            done.unwrap();
            assert!(statements <= BUDGET, "{action}: {statements} statements");
        }
    })
    .await;
}
