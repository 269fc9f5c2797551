//! A note on a matter, between its steps: a talk on the phone, a sum that was computed, a paper that was drafted.
//!
//! Whoever works on the matter notes for those who work on it after them. A note of the person themselves leaves the
//! task of an answer, as a message does: nothing they hand in lies unread.

use access::Principal;
use catalog::form;
use catalog::item::{Kind, Localized, Question};
use kernel::actor::Role;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::authorise::{self, denied};
use super::load::Seen;
use super::pass;
use super::shared::{Shared, open_to};
use crate::engine::matter::Matter;
use crate::engine::standing;
use crate::engine::state::{MaterialMark, MaterialState};

/// The act.
pub const ADD: &str = "add-note";
/// What is noted.
pub const TEXT: &str = "note.text";
/// A paper that goes with it.
pub const FILE: &str = "note.file";
/// What such a paper is called among the materials of a matter; no item names one so.
pub const PAPER: &str = "note";

/// Who may note beside the owner: the people of the matter, and who serves where it is.
const HANDS: [Role; 12] = [
    Role::Applicant,
    Role::Helper,
    Role::Lawyer,
    Role::Mediator,
    Role::Adviser,
    Role::HotlineAgent,
    Role::Clerk,
    Role::AidOfficer,
    Role::CommitteeHead,
    Role::AidHead,
    Role::OfficeHead,
    Role::Supervisor,
];

/// What is asked for with a note.
#[must_use]
pub fn questions() -> Vec<Question> {
    let words = |zh: &str, en: &str| Localized { zh: zh.into(), en: en.into() };
    vec![
        Question { label: words("要记的内容", "What to note"), ..form::long_text(TEXT, true) },
        Question {
            label: words("一份材料（可不放）", "A paper (optional)"),
            ..form::plain(FILE, Kind::File, false)
        },
    ]
}

/// Whether the caller may note: while the matter runs, for whoever sees its content and works on it or is its applicant.
pub(crate) fn may(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let matter = &seen.matter;
    open_to(seen, Shared::AddNote)?;
    let hand =
        HANDS.into_iter().find(|role| authorise::beside(who, matter, *role, &seen.relations, now).is_ok());
    hand.or_else(|| pass::owns(who, matter)).ok_or_else(|| denied(access::policy::Denied::Role, Role::Clerk))
}

/// Puts it with the matter.
pub(super) fn add(matter: &mut Matter, role: Role, input: &Map<String, Value>, now: Instant) {
    if let Some(file) = input.get(FILE).and_then(Value::as_str) {
        matter.state.materials.push(MaterialMark {
            id: PAPER.to_owned(),
            state: MaterialState::Given,
            file: Some(file.to_owned()),
            due: None,
            reminded: false,
        });
    }
    if authorise::is_party(role) {
        standing::answer(matter, now);
    }
}
