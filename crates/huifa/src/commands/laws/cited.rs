//! Which articles the catalogue cites, and how they stand to the statutes that are kept.

use std::collections::BTreeMap;

use catalog::Catalog;
use laws::citation::{Citation, Standing, check};
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::{output, reviewed};

/// Runs it. What cannot be found is listed; a law that is not kept is no fault of the catalogue.
pub fn run(context: &Context) -> Result<(), Failure> {
    let sources = context.sources()?;
    let catalog = Catalog::from_files(&sources)
        .map_err(|faults| Failure::Environment(format!("the catalogue has {} faults", faults.len())))?;
    let mut by: BTreeMap<Citation, Vec<String>> = BTreeMap::new();
    for ((law, article), citing) in catalog.cited() {
        by.insert(Citation { law, article }, citing.iter().map(|one| one.id().to_owned()).collect());
    }
    // What helps with stories cites in one piece: `law#article`.
    for topic in context.triage()?.topics().all() {
        for (law, article) in topic.articles.iter().filter_map(|cited| cited.split_once('#')) {
            let citation = Citation { law: law.to_owned(), article: article.to_owned() };
            by.entry(citation).or_default().push(format!("topic:{}", topic.id));
        }
    }
    for template in crate::node::drafts(&sources)?.all() {
        for one in template.citations() {
            let citation = Citation { law: one.law.clone(), article: one.article.clone() };
            by.entry(citation).or_default().push(template.id.clone());
        }
    }
    for answer in reviewed::answers(context)? {
        for citation in answer.cites {
            by.entry(citation).or_default().push(format!("answer:{}", answer.id));
        }
    }
    for who in by.values_mut() {
        who.sort();
        who.dedup();
    }
    let checked = context.block_on(async {
        let db = context.existing_database().await?;
        let mut reads = db.reader().await.map_err(Failure::environment)?;
        let on = context.clock().now().date();
        let checked = check(&mut reads, by.keys().cloned(), on).await.map_err(Failure::environment)?;
        drop(reads);
        db.close().await;
        Ok(checked)
    })?;
    let is_fault = |standing: Standing| matches!(standing, Standing::NoArticle | Standing::NotInForce);
    let mut counts: BTreeMap<Standing, u64> = BTreeMap::new();
    for one in &checked {
        *counts.entry(one.standing).or_default() += 1;
        let who = by.get(&one.citation).map(Vec::as_slice).unwrap_or_default();
        if context.wants_json() {
            output::json(&json!({ "checked": one, "cited_by": who }))?;
        } else if one.standing != Standing::Found {
            let version = one.version.as_deref().unwrap_or("-");
            output::line(&format!(
                "{:?}\t{}\t{}\t{version}\t{}",
                one.standing,
                one.citation.law,
                one.citation.article,
                who.join(" ")
            ))?;
        }
    }
    if !context.wants_json() {
        let count = |standing: Standing| counts.get(&standing).copied().unwrap_or(0);
        output::line(&format!(
            "{} found, {} without such an article, {} not in force, {} of laws that are not kept, {} without a number",
            count(Standing::Found),
            count(Standing::NoArticle),
            count(Standing::NotInForce),
            count(Standing::NotKept),
            count(Standing::NoNumber)
        ))?;
    }
    if checked.iter().any(|one| is_fault(one.standing)) { Err(Failure::Faults) } else { Ok(()) }
}
