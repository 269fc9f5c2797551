//! The public guide (办事指南).

use super::Localized;
use serde::{Deserialize, Serialize};

/// A reference to a legal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Title of the law, `法律援助法`.
    pub law: String,
    /// Article, `43` or `43(2)`.
    pub article: String,
    /// What it says, in a few words; empty where the title is enough.
    #[serde(default)]
    pub text: Localized,
    /// Whether the text in force was read. What is not verified is shown as
    /// 待核 and never called law.
    #[serde(default = "yes")]
    pub verified: bool,
}

fn yes() -> bool {
    true
}

/// Everything the guide page shows beyond what form, materials and clocks say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Who may ask for it.
    pub who: Vec<Localized>,
    /// The legal basis.
    pub basis: Vec<Basis>,
    /// What it costs.
    pub fee: Localized,
    /// Why it costs that.
    pub fee_basis: Vec<Basis>,
    /// What comes out of it.
    pub result: Vec<Localized>,
    /// Where to go.
    #[serde(rename = "where")]
    pub place: Localized,
    /// Whom to call.
    pub phones: Vec<Phone>,
    /// Questions people ask.
    pub faq: Vec<Faq>,
}

/// A telephone number with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    /// Who answers.
    pub name: Localized,
    /// The number as it is dialled.
    pub tel: String,
}

/// A question people ask, with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// The question.
    pub q: Localized,
    /// The answer.
    pub a: Localized,
}
