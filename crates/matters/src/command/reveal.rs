//! A look in full: values are shown, the access log is written, the matter does not change.

use access::Principal;
use catalog::form;
use kernel::refusal::{FieldError, Refusal, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::Changes;

use super::act::{Ask, wrong_input};
use super::commit::Look;
use super::load::Seen;
use super::shared::{Shared, questions};
use crate::engine::matter::Matter;
use crate::register::{Register, fault};
use crate::view::facts::FullValues;
use crate::view::looks;

/// Reads values in full and prepares the line of the access log; the matter does not change.
pub(super) async fn reveal(
    register: &Register,
    who: &Principal,
    seen: &Seen,
    asked: &Ask<'_>,
    now: Instant,
) -> Result<Look, Refusal> {
    let matter = &seen.matter;
    let input = form::validate(
        register.catalog(),
        &questions(Shared::Reveal, matter),
        &asked.input,
        &Map::new(),
        now.date(),
    )
    .map_err(wrong_input)?;
    let names: Vec<String> = input
        .get("facts")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect())
        .unwrap_or_default();
    let body = full_values(register, matter, &names).await?;
    let reason = input.get("reason").and_then(Value::as_str).unwrap_or_default();
    let line = looks::line(
        &register.key_of(matter)?,
        who,
        matter.number,
        looks::Look::Reveal,
        &names.join(","),
        reason,
        now,
    )
    .map_err(|error| fault("seal reason", &error))?;
    let mut changes = Changes::new();
    changes.push(line);
    Ok(Look { names, body, log: changes })
}

/// The answer to a look in full.
pub(crate) async fn full_values(
    register: &Register,
    matter: &Matter,
    names: &[String],
) -> Result<Value, Refusal> {
    let full = FullValues::open(register, matter).await?;
    let mut values = Map::new();
    let mut errors = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match full.get(name) {
            Some(value) => {
                values.insert(name.clone(), value);
            }
            None => errors.push(FieldError::new(
                format!("/input/facts/{index}"),
                "choice",
                Text::new("error-no-such-fact").arg("fact", name),
            )),
        }
    }
    if errors.is_empty() {
        Ok(json!({ "number": matter.number, "version": matter.version, "values": values }))
    } else {
        Err(wrong_input(errors))
    }
}
