//! Families `id18.*`, `id15_to_18`, `uscc.*`, `org_code.check`, `area12.parse`.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{CalcRefusal, Inputs, Outcome};
use crate::area::{AreaCode, AreaFault};
use crate::identity::{self, Id15, Id18, IdentityFault, Uscc};

pub(super) fn id18_validate(inputs: &Inputs<'_>, today: Date) -> Outcome {
    inputs.only(&["id"])?;
    Ok(object([("valid", json!(Id18::strict(inputs.text("id")?, today).is_ok()))]))
}

pub(super) fn id18_check_digit(inputs: &Inputs<'_>, today: Date) -> Outcome {
    inputs.only(&["first17"])?;
    let first17 = inputs.text("first17")?;
    let refuse = |fault| refusal("first17", fault);
    let (birth, sex) = identity::inspect17(first17, today).map_err(refuse)?;
    let check = identity::resident_check_digit(first17).ok_or_else(|| refuse(IdentityFault::Shape))?;
    Ok(object([
        ("check", json!(check.to_string())),
        ("id", json!(format!("{first17}{check}"))),
        ("birth", json!(birth.to_string())),
        ("sex", json!(sex.chinese())),
    ]))
}

pub(super) fn id15_to_18(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["id15"])?;
    let id15 = Id15::strict(inputs.text("id15")?).map_err(|fault| refusal("id15", fault))?;
    Ok(object([("id18", json!(id15.widen().as_str()))]))
}

pub(super) fn uscc_validate(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["code"])?;
    Ok(object([("valid", json!(Uscc::strict(inputs.text("code")?).is_ok()))]))
}

pub(super) fn uscc_check_digit(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["first17"])?;
    let first17 = inputs.text("first17")?;
    let check =
        identity::uscc_check_digit(first17).ok_or_else(|| refusal("first17", IdentityFault::Shape))?;
    Ok(object([("check", json!(check.to_string())), ("code", json!(format!("{first17}{check}")))]))
}

pub(super) fn org_code_check(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["body"])?;
    let check = identity::org_check_digit(inputs.text("body")?)
        .ok_or_else(|| refusal("body", IdentityFault::Shape))?;
    Ok(object([("check", json!(check.to_string()))]))
}

/// All twelve digits are wanted here: a shorter code would hide which level was meant.
pub(super) fn area12(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["code"])?;
    let code = inputs.text("code")?;
    let malformed = CalcRefusal::new("malformed", "code", "must be twelve digits");
    if code.len() != 12 {
        return Err(malformed);
    }
    let area: AreaCode = code.parse().map_err(|fault| match fault {
        AreaFault::UnknownProvince | AreaFault::Gap => {
            CalcRefusal::new("no-such-area", "code", fault.to_string())
        }
        AreaFault::Length | AreaFault::NotDigits => malformed,
    })?;
    Ok(object([
        ("level", json!(area.level().chinese())),
        ("parent", area.parent().map_or(Value::Null, |parent| json!(parent.to_string()))),
    ]))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn refusal(field: &str, fault: IdentityFault) -> CalcRefusal {
    let code = match fault {
        IdentityFault::Shape | IdentityFault::Department => "malformed",
        IdentityFault::Area => "no-such-area",
        IdentityFault::Birth => "no-such-date",
        IdentityFault::Check => "wrong-check",
    };
    CalcRefusal::new(code, field, fault.to_string())
}
