//! Which articles the catalogue cites, and how they stand to the statutes that are kept.

use std::collections::BTreeMap;

use catalog::Catalog;
use catalog::load::Files as CatalogFiles;
use laws::citation::{Citation, Standing, check};
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Runs it. What cannot be found is listed; a law that is not kept is no fault of the catalogue.
pub fn run(context: &Context) -> Result<(), Failure> {
    let sources = match context.catalog_folder() {
        Some(folder) => CatalogFiles::read(folder).map_err(Failure::environment)?,
        None => CatalogFiles::embedded(),
    };
    let catalog = Catalog::from_files(&sources)
        .map_err(|faults| Failure::Environment(format!("the catalogue has {} faults", faults.len())))?;
    // Who cites what, by item and by parameter.
    let mut by: BTreeMap<Citation, Vec<String>> = BTreeMap::new();
    for item in catalog.items() {
        let item_value = serde_json::to_value(item.as_ref()).map_err(Failure::environment)?;
        cited_in(&item_value, &item.id, &mut by);
    }
    for row in catalog.parameters().rows() {
        let value = serde_json::to_value(row).map_err(Failure::environment)?;
        cited_in(&value, &row.id, &mut by);
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

/// Every object with a law and an article beneath a value.
fn cited_in(value: &Value, who: &str, by: &mut BTreeMap<Citation, Vec<String>>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(law)), Some(Value::String(article))) =
                (fields.get("law"), fields.get("article"))
            {
                let citation = Citation { law: law.clone(), article: article.clone() };
                by.entry(citation).or_default().push(who.to_owned());
            }
            fields.values().for_each(|value| cited_in(value, who, by));
        }
        Value::Array(list) => list.iter().for_each(|value| cited_in(value, who, by)),
        _ => {}
    }
}
