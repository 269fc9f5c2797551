//! Receipts: what a command answers with.

use kernel::lang::Lang;
use kernel::number::MatterNumber;
use serde_json::{Value, json};

use super::people::{owner, waiting_for};
use crate::engine::clocks::Reading;
use crate::engine::matter::Matter;
use crate::event::Event;
use crate::register::Register;

/// The sentence that says why the due day is that day.
pub fn reason(reading: &Reading, lang: Lang) -> Option<String> {
    let (_, binding) = reading.binding.as_ref()?;
    let best = binding.binding();
    Some(best.limit.told(best.due.explanation.clone()).sentence(lang))
}

/// Receipt of an action.
pub fn action(register: &Register, matter: &Matter, event: &Event, reading: &Reading, lang: Lang) -> Value {
    let mut body = json!({
        "number": matter.number,
        "seq": event.seq,
        "version": matter.version,
        "step": matter.step,
        "outcome": matter.outcome,
        "due": reading.due,
        "due_reason": reason(reading, lang),
        "owner": owner(matter),
        "waiting_for": waiting_for(matter),
        "hash": event.hash,
    });
    if event.action == "reissue-code" {
        body["issue"] = json!(matter.issue);
        add_code(register, &mut body, matter.number, matter.issue);
    }
    body
}

/// Receipt of an opening, without the query code: that is derived again whenever it is shown.
pub fn opened(register: &Register, matter: &Matter, event: &Event, reading: &Reading, lang: Lang) -> Value {
    json!({
        "number": matter.number,
        "version": matter.version,
        "step": matter.step,
        "due": reading.due,
        "due_statutory": reading.statutory,
        "due_provisional": reading.provisional,
        "due_reason": reason(reading, lang),
        "owner": owner(matter),
        "receipt": action(register, matter, event, reading, lang),
    })
}

/// Adds the query code of an issue to an answer.
pub fn add_code(register: &Register, body: &mut Value, number: MatterNumber, issue: u32) {
    body["query_code"] = json!(register.query_code(number, issue).as_str());
}
