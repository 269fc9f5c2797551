//! Which articles the catalogue cites, and what cites them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Catalog;

/// What cites an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Citing {
    /// A service item, by id.
    Item(String),
    /// A parameter, by id.
    Parameter(String),
}

impl Citing {
    /// The id of the item or parameter.
    pub fn id(&self) -> &str {
        match self {
            Self::Item(id) | Self::Parameter(id) => id,
        }
    }
}

/// Law and article as they are written, with all that cite them, each once.
pub type Cited = BTreeMap<(String, String), Vec<Citing>>;

impl Catalog {
    /// Every article that items and parameters cite.
    pub fn cited(&self) -> Cited {
        let mut by = Cited::new();
        for item in self.items() {
            // What was read from a file can be written again.
            let value = serde_json::to_value(item.as_ref()).unwrap_or_default();
            collect(&value, &Citing::Item(item.id.clone()), &mut by);
        }
        for row in self.parameters().rows() {
            let value = serde_json::to_value(row).unwrap_or_default();
            collect(&value, &Citing::Parameter(row.id.clone()), &mut by);
        }
        for citing in by.values_mut() {
            citing.sort();
            citing.dedup();
        }
        by
    }
}

/// Every object with a law and an article beneath a value.
fn collect(value: &Value, who: &Citing, by: &mut Cited) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(law)), Some(Value::String(article))) =
                (fields.get("law"), fields.get("article"))
            {
                by.entry((law.clone(), article.clone())).or_default().push(who.clone());
            }
            fields.values().for_each(|value| collect(value, who, by));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, who, by)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_parameters_cite_articles() {
        let cited = Catalog::embedded().unwrap().cited();
        let all: Vec<&Citing> = cited.values().flatten().collect();
        assert!(all.contains(&&Citing::Item("legal-aid.civil".into())));
        assert!(all.contains(&&Citing::Parameter("labour.severance".into())));
    }
}
