//! The eligibility check: advice with its articles, never a refusal.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use serde_json::{Map, Value, json};

use crate::command::wrong_input;
use crate::register::Register;

impl Register {
    /// Checks facts against an item's conditions. Facts may be few: what is unknown makes the answer unclear.
    pub fn check(
        &self,
        item: &str,
        body: &Value,
        area: Option<AreaCode>,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let item = self.catalog().item(item).ok_or_else(|| {
            Refusal::new(Code::NotFound, Text::new("refused-no-item"))
                .next(Next::link("next-see-items", "/api/v1/items"))
        })?;
        let Some(object) = body.as_object() else {
            return Err(
                Refusal::new(Code::Malformed, Text::new("refused-body")).next(Next::say("next-mend-body"))
            );
        };
        let mut errors: Vec<FieldError> = object
            .keys()
            .filter(|name| !["form", "applicant", "area"].contains(&name.as_str()))
            .map(|name| FieldError::new(format!("/{name}"), "unknown-field", "error-unknown-field"))
            .collect();
        let form = object.get("form").and_then(Value::as_object).cloned().unwrap_or_default();
        let area = object.get("area").and_then(Value::as_str).and_then(|code| code.parse().ok()).or(area);
        let facts = match catalog::form::partial(self.catalog(), item, &form, self.now().date()) {
            Ok(facts) => facts,
            Err(wrong) => {
                errors.extend(wrong);
                Map::new()
            }
        };
        if !errors.is_empty() {
            return Err(wrong_input(errors));
        }
        Ok(self.check_facts(item, &facts, area, self.now().date(), lang))
    }

    fn check_facts(
        &self,
        item: &catalog::item::Item,
        facts: &Map<String, Value>,
        area: Option<AreaCode>,
        on: Date,
        lang: Lang,
    ) -> Value {
        match self.catalog().check(item, facts, area, on) {
            Some(check) => check.to_value(lang),
            // An item without conditions is open to everybody.
            None => json!({ "eligible": "yes", "reasons": [], "missing": [], "next": [] }),
        }
    }
}
