//! Documents an item makes, and the items it may follow from.

use super::{Basis, Localized};
use kernel::actor::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A document (文书) that actions make: a notice, a decision, an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// `grant`.
    pub id: String,
    /// What it is called.
    pub name: Localized,
    /// The word of its number, `援决` in `〔2026〕援决字第1号`; numbers of one word, office
    /// and year have no gaps. Absent: it bears no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Who must receive it, by party role. Empty: it stays in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub served_on: Vec<Role>,
    /// Where it is demanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Its text with places in braces, Chinese. Places: `{no} {matter} {date} {office} {item} {applicant}
    /// {opponents} {reason}` and `{fact:<name>}` for a value of the form, of the action that made it or of
    /// one before.
    pub text: String,
}

impl Document {
    /// The places in braces that its text has, without the braces, in order.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(place, _)| place))
    }
}

/// Another item this one may follow from: nothing known there is asked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// The item before.
    pub item: String,
    /// What the link is called: `continues`, `next-stage`, `confirms`, `about`, `lead`.
    pub kind: String,
    /// The steps in which this is offered; empty: every step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Facts of this form taken from facts there: new name to old name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}
