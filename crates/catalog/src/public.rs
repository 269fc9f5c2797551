//! What everybody may read of an item: `GET /items` and `GET /items/{id}`, to the letter of the contract.

use crate::Catalog;
use crate::form::schema;
use crate::item::{Basis, Item, Step};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::{Limit, LimitKind};
use kernel::lang::Lang;
use serde_json::{Value, json};

/// One row of the list of items.
#[must_use]
pub fn summary(item: &Item, lang: Lang) -> Value {
    json!({ "id": item.id, "version": item.version, "name": item.name.get(lang), "series": item.series })
}

/// A whole item. With an area the limits that hold there are shown, without one
/// those that hold in the whole country.
#[must_use]
pub fn detail(catalog: &Catalog, item: &Item, lang: Lang, area: Option<AreaCode>, date: Date) -> Value {
    let show = Show { catalog, item, lang, area, date };
    let questions: Vec<_> = item.questions().collect();
    json!({
        "id": item.id,
        "version": item.version,
        "name": item.name.get(lang),
        "series": item.series,
        "doors": item.doors,
        "guide": show.guide(),
        "form": schema(catalog, &questions, lang),
        "materials": show.materials(),
        "steps": item.steps.iter().map(|step| show.step(step)).collect::<Vec<_>>(),
        "examples": item
            .examples
            .iter()
            .map(|example| json!({ "name": example.name.get(lang), "body": example.body }))
            .collect::<Vec<_>>(),
    })
}

/// Whether an item answers to some words: its name, summary, series and the
/// questions people ask, in both languages.
#[must_use]
pub fn answers_to(item: &Item, words: &str) -> bool {
    let guide = &item.guide;
    let mut texts = vec![&item.name, &item.summary];
    texts.extend(guide.who.iter().chain(&guide.result).chain(guide.faq.iter().map(|faq| &faq.q)));
    let choices = item.questions().flat_map(|q| q.choices.iter().map(|c| &c.label));
    texts.extend(choices);
    let page = std::iter::once(item.id.to_lowercase())
        .chain(texts.iter().flat_map(|t| [t.zh.to_lowercase(), t.en.to_lowercase()]))
        .collect::<Vec<_>>()
        .join("\n");
    words.to_lowercase().split_whitespace().all(|word| page.contains(word))
}

struct Show<'a> {
    catalog: &'a Catalog,
    item: &'a Item,
    lang: Lang,
    area: Option<AreaCode>,
    date: Date,
}

impl Show<'_> {
    fn limits(&self, rule: &str) -> Vec<Limit> {
        self.catalog.parameters().limits(rule, self.area, self.date)
    }

    fn guide(&self) -> Value {
        let guide = &self.item.guide;
        let lang = self.lang;
        let limits: Vec<Value> = self
            .item
            .clocks
            .iter()
            .flat_map(|clock| {
                self.limits(&clock.rule).into_iter().map(|limit| {
                    let mut shown = limit_of(&limit);
                    shown["duty"] = json!(clock.duty.get(lang));
                    shown["kind"] = json!(limit.kind);
                    shown["area"] = json!(limit.area);
                    shown
                })
            })
            .collect();
        let basis = |b: &Basis| json!({ "law": b.law, "article": b.article, "text": b.text.get(lang), "verified": b.verified });
        json!({
            "who": guide.who.iter().map(|t| t.get(lang)).collect::<Vec<_>>(),
            "basis": guide.basis.iter().chain(&guide.fee_basis).map(basis).collect::<Vec<_>>(),
            "limits": limits,
            "fee": guide.fee.get(lang),
            "result": guide.result.iter().map(|t| t.get(lang)).collect::<Vec<_>>(),
            "where": guide.place.get(lang),
            "phones": guide
                .phones
                .iter()
                .map(|phone| json!({ "name": phone.name.get(lang), "tel": phone.tel }))
                .collect::<Vec<_>>(),
            "faq": guide
                .faq
                .iter()
                .map(|faq| json!({ "q": faq.q.get(lang), "a": faq.a.get(lang) }))
                .collect::<Vec<_>>(),
        })
    }

    fn materials(&self) -> Vec<Value> {
        self.item
            .materials
            .iter()
            .map(|material| {
                let may_defer = material.may_defer.as_ref().and_then(|defer| {
                    let days = self.limits(&defer.rule).iter().map(|limit| limit.count).min()?;
                    Some(json!({ "days": days, "then": defer.then.get(self.lang) }))
                });
                json!({
                    "id": material.id,
                    "name": material.name.get(self.lang),
                    "required": material.required,
                    "may_defer": may_defer,
                    "may_declare": material.may_declare.is_some(),
                })
            })
            .collect()
    }

    fn step(&self, step: &Step) -> Value {
        let limits: Vec<Value> = self
            .item
            .clocks_of(&step.id)
            .flat_map(|clock| self.limits(&clock.rule))
            .map(|limit| limit_of(&limit))
            .collect();
        let mut actions: Vec<Value> = step
            .actions
            .iter()
            .map(|a| json!({ "action": a.id, "role": a.role, "to": a.to.from(&step.id) }))
            .collect();
        if let Some(rating) = self.item.rating.as_ref().filter(|r| r.steps.contains(&step.id)) {
            actions.push(json!({ "action": "rate", "role": rating.by, "to": step.id }));
        }
        json!({
            "id": step.id,
            "name": step.name.get(self.lang),
            "final": step.final_,
            "limits": limits,
            "actions": actions,
        })
    }
}

/// A limit as the contract shows it. A promise of the office has no law.
fn limit_of(limit: &Limit) -> Value {
    let law = limit.law.as_ref().filter(|_| limit.kind == LimitKind::Statutory);
    json!({
        "count": limit.count,
        "unit": limit.unit.as_str(),
        "law": law,
        "article": limit.article.as_ref().filter(|_| law.is_some()),
        "verified": limit.verified,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aid(area: Option<&str>) -> Value {
        let catalog = Catalog::embedded().unwrap();
        let item = catalog.item("legal-aid.civil").unwrap();
        let today = "2026-11-21".parse().unwrap();
        detail(&catalog, item, Lang::Zh, area.map(|a| a.parse().unwrap()), today)
    }

    #[test]
    fn both_limits_of_a_decision_are_shown_where_they_hold() {
        let limits = |item: &Value| {
            item["steps"][0]["limits"]
                .as_array()
                .unwrap()
                .iter()
                .map(|l| {
                    format!("{}{} {}", l["count"], l["unit"].as_str().unwrap(), l["law"].as_str().unwrap())
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(limits(&aid(None)), ["7day 法律援助法"]);
        assert_eq!(limits(&aid(Some("371502"))), ["7day 法律援助法", "5workday 山东省法律援助条例"]);
        assert_eq!(limits(&aid(Some("410105"))), ["7day 法律援助法", "10day 河南省法律援助条例"]);
        assert_eq!(limits(&aid(Some("540102"))), ["7day 法律援助法"], "nothing of its own there");
    }

    #[test]
    fn the_shape_is_that_of_the_contract() {
        let item = aid(None);
        let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(
            keys(&item),
            ["doors", "examples", "form", "guide", "id", "materials", "name", "series", "steps", "version"]
        );
        assert_eq!(
            keys(&item["guide"]),
            ["basis", "faq", "fee", "limits", "phones", "result", "where", "who"]
        );
        assert_eq!(keys(&item["steps"][0]), ["actions", "final", "id", "limits", "name"]);
        assert_eq!(keys(&item["materials"][1]), ["id", "may_declare", "may_defer", "name", "required"]);
        assert_eq!(item["materials"][1]["may_defer"]["days"], 10);
        let conditions = item["form"]["allOf"].as_array().unwrap();
        assert_eq!(conditions[0]["then"]["required"], json!(["aid.exempt"]));
    }

    #[test]
    fn items_are_found_by_what_people_say() {
        let catalog = Catalog::embedded().unwrap();
        let found = |words: &str| -> Vec<String> {
            catalog.items().filter(|i| answers_to(i, words)).map(|i| i.id.clone()).collect()
        };
        for (words, item, other) in [
            ("工伤", "legal-aid.civil", "complaint.petition"),
            ("家庭暴力", "legal-aid.civil", "consultation.text"),
            ("LEGAL advice", "consultation.text", "legal-aid.civil"),
        ] {
            let found = found(words);
            assert!(found.iter().any(|id| id == item), "{words}: {found:?}");
            assert!(found.iter().all(|id| id != other), "{words}: {found:?}");
        }
        assert_eq!(found("量子力学"), Vec::<String>::new());
    }
}
