//! What people were told and asked before data of theirs was handled, and what they said: which text, in which
//! version, and when. The event that recorded it holds the hash of the text.

use catalog::Catalog;
use catalog::consents::{Asked, Text};
use catalog::form;
use catalog::item::{Choice, Kind, Localized, Question};
use jiff::civil::Date;
use kernel::identity::Id18;
use kernel::refusal::{FieldError, Refusal};
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::command::wrong_input;
use crate::engine::matter::Matter;
use crate::engine::standing;
use crate::party::PartyFacts;
use crate::register::{Register, fault};

/// Name of the act by which somebody changes their mind.
pub const CHANGE: &str = "change-consent";
/// Which text.
const TEXT: &str = "consent.text";
/// Yes or no.
const AGREED: &str = "consent.agreed";
/// Below this age a guardian speaks (个人信息保护法 art. 31).
const GUARDED: i16 = 14;

/// One thing that was said to one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Id of the text.
    pub text: String,
    /// Its version.
    pub version: u32,
    /// Whether they agreed; of what is only told, that they were told.
    pub agreed: bool,
    /// The event that recorded it.
    pub seq: i64,
    /// When.
    pub at: Instant,
}

/// Reads `consents` of a body: `[{text, version, agreed}]`. Left out means that nobody was asked, and the law is
/// the only ground; given, every text must be in force, and a guardian must speak for a child.
pub fn read(
    catalog: &Catalog,
    item: &str,
    given: Option<&Value>,
    applicant: &PartyFacts,
    now: Instant,
    errors: &mut Vec<FieldError>,
) -> Vec<Consent> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Vec::new() };
    let Some(rows) = given.as_array() else {
        errors.push(FieldError::new("/consents", "format", "error-list-expected"));
        return Vec::new();
    };
    let mut said: Vec<Consent> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let text = row["text"].as_str().unwrap_or_default();
        let version = row["version"].as_u64();
        let Some(known) = catalog.consents().in_force(Some(item)).find(|known| known.id == text) else {
            errors.push(FieldError::new(format!("/consents/{at}/text"), "choice", "error-consent-text"));
            continue;
        };
        let Some(agreed) = row["agreed"].as_bool() else {
            errors.push(FieldError::new(
                format!("/consents/{at}/agreed"),
                "required",
                "error-consent-agreed",
            ));
            continue;
        };
        if version != Some(u64::from(known.version)) {
            errors.push(FieldError::new(
                format!("/consents/{at}/version"),
                "choice",
                "error-consent-version",
            ));
            continue;
        }
        said.retain(|one| one.text != known.id);
        said.push(Consent { text: known.id.clone(), version: known.version, agreed, seq: 1, at: now });
    }
    let guardian = catalog.consents().in_force(Some(item)).find(|text| text.ask == Asked::Guardian);
    if let Some(guardian) = guardian.filter(|_| guarded(applicant.id_no.as_deref(), now.date()))
        && !said.iter().any(|one| one.text == guardian.id && one.agreed)
    {
        errors.push(FieldError::new("/consents", "required", "error-consent-guardian"));
    }
    said
}

/// Whether a guardian speaks for somebody: under fourteen, as far as the number of their paper tells.
pub fn guarded(paper: Option<&str>, today: Date) -> bool {
    let born = paper.and_then(|number| Id18::parse(number, today).ok()).map(|id| id.birth());
    born.is_some_and(|born| born.checked_add(jiff::Span::new().years(GUARDED)).is_ok_and(|day| day > today))
}

/// The texts of a matter that may be agreed to or not.
fn asked<'c>(catalog: &'c Catalog, matter: &'c Matter) -> impl Iterator<Item = &'c Text> {
    catalog.consents().in_force(Some(&matter.item.id)).filter(|text| text.ask != Asked::Told)
}

/// What is asked with [`CHANGE`].
pub fn questions(catalog: &Catalog, matter: &Matter) -> Vec<Question> {
    let word = |zh: &str, en: &str| Localized { zh: zh.into(), en: en.into() };
    let choices = asked(catalog, matter)
        .map(|text| Choice { id: text.id.clone(), label: text.title.clone() })
        .collect();
    vec![
        Question {
            label: word("哪一项", "Which"),
            kind: Kind::Choice,
            choices,
            max_length: None,
            lines: None,
            ..form::long_text(TEXT, true)
        },
        Question {
            label: word("是否同意（选“否”就是撤回）", "Do you agree (“no” withdraws it)"),
            help: Some(word(
                "撤回后，已经进行的处理不受影响；要求删除的，请在“我的个人信息”里提出；全文也在那里。",
                "What was done before stays valid; to have it deleted, ask under “My personal data”, where the texts stand too.",
            )),
            kind: Kind::Bool,
            max_length: None,
            lines: None,
            ..form::long_text(AGREED, true)
        },
    ]
}

/// Whether there is anything to agree to in a matter.
pub fn asks(catalog: &Catalog, matter: &Matter) -> bool {
    matter.data_key.is_some() && asked(catalog, matter).next().is_some()
}

/// Records a change of mind; whoever has the matter must answer what follows from a withdrawal.
pub fn change(
    catalog: &Catalog,
    matter: &mut Matter,
    input: &Map<String, Value>,
    now: Instant,
) -> Result<(), Refusal> {
    let id = input.get(TEXT).and_then(Value::as_str).unwrap_or_default();
    let Some(text) = asked(catalog, matter).find(|text| text.id == id) else {
        let pointer = form::pointer("/input", TEXT);
        return Err(wrong_input(vec![FieldError::new(pointer, "choice", "error-consent-text")]));
    };
    let agreed = input.get(AGREED) == Some(&Value::Bool(true));
    let said =
        Consent { text: text.id.clone(), version: text.version, agreed, seq: matter.version + 1, at: now };
    matter.state.consents.push(said);
    if !agreed {
        standing::answer(matter, now);
    }
    Ok(())
}

/// What an event says of the consents it recorded: `sensitive 1 yes <sha256 of the text>`.
pub fn recorded(catalog: &Catalog, matter: &Matter) -> Result<Vec<String>, Refusal> {
    let new = matter.state.consents.iter().filter(|one| one.seq == matter.version);
    new.map(|one| {
        let text = catalog.consents().version(&one.text, one.version);
        let hash = text.map(Text::sha256).transpose().map_err(|error| fault("consent text", &error))?;
        let hash = hash.map(|hash| hash.to_string()).unwrap_or_default();
        Ok(format!("{} {} {} {hash}", one.text, one.version, if one.agreed { "yes" } else { "no" }))
    })
    .collect()
}

impl Register {
    /// What stands of a matter's consents, the last word to each text: `[{text, version, title, agreed, at}]`.
    pub(crate) fn consents_of(&self, matter: &Matter) -> Vec<Value> {
        let said = &matter.state.consents;
        let last = said
            .iter()
            .enumerate()
            .filter(|(at, one)| said[at + 1..].iter().all(|next| next.text != one.text));
        last.map(|(_, one)| {
            let text = self.catalog().consents().version(&one.text, one.version);
            json!({
                "text": one.text,
                "version": one.version,
                "title": text.map(|text| &text.title),
                "agreed": one.agreed,
                "at": one.at,
            })
        })
        .collect()
    }
}
