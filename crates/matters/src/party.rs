//! Parties: who a matter is about, who opposes, who stands for whom.
//!
//! Everything that names a person is sealed with the matter's key; screens see [`PartyFacts::masked`].

use catalog::item::{ApplicantNeeds, Need};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::contact::ContactRules;
use kernel::identity::{Id18, Phone, Uscc};
use kernel::refusal::{FieldError, Text};
use kernel::text::normalise;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use crate::mask::{mask_name, mask_paper, mask_phone};

/// Longest name we keep, in characters.
const NAME_MAX: usize = 100;

/// Most parties besides the applicant.
pub const MOST_PARTIES: u32 = 200;
/// Fields that screens show masked.
const MASKED: [&str; 5] = ["name", "id_no", "uscc", "phone", "represented_by"];
/// One party with its values, as sealed in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyFacts {
    /// `applicant`, `opponent`, `victim`, …
    pub role: String,
    /// Side in a dispute, where sides matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// `person`, `company` or `organ`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// `id18 hk_mo_tw foreign_pr passport none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_type: Option<String>,
    /// Number of that paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_no: Option<String>,
    /// Unified social credit code of a company or organ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where they live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_area: Option<AreaCode>,
    /// Who acts for a minor or a person without capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Companion>,
    /// Who helps, with the person's consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper: Option<Companion>,
    /// Name of the representative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represented_by: Option<String>,
    /// How they asked to be reached (联系须知).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactRules>,
}

/// A guardian or helper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// Name.
    pub name: String,
    /// `id18` and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_type: Option<String>,
    /// Number of that paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_no: Option<String>,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What they are to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

impl PartyFacts {
    /// What screens and answers show.
    pub fn masked(&self) -> Value {
        let name = if self.kind == "person" { mask_name(&self.name) } else { self.name.clone() };
        let mut out = Map::new();
        out.insert("role".into(), json!(self.role));
        if let Some(side) = &self.side {
            out.insert("side".into(), json!(side));
        }
        out.insert("kind".into(), json!(self.kind));
        out.insert("name".into(), json!(name));
        if let Some(id_type) = &self.id_type {
            out.insert("id_type".into(), json!(id_type));
        }
        if let Some(id_no) = &self.id_no {
            out.insert("id_no".into(), json!(mask_paper(id_no)));
        }
        if let Some(uscc) = &self.uscc {
            out.insert("uscc".into(), json!(uscc));
        }
        if let Some(phone) = &self.phone {
            out.insert("phone".into(), json!(mask_phone(phone)));
        }
        if let Some(area) = &self.address_area {
            out.insert("address_area".into(), json!(area));
        }
        for (key, companion) in [("guardian", &self.guardian), ("helper", &self.helper)] {
            if let Some(companion) = companion {
                out.insert(key.into(), companion.masked());
            }
        }
        if let Some(name) = &self.represented_by {
            out.insert("represented_by".into(), json!(mask_name(name)));
        }
        Value::Object(out)
    }

    /// Somebody named by the answers to `catalog::form::party_questions`, which were read by their kinds.
    pub fn named(answers: &Map<String, Value>) -> Self {
        let text = |name: &str| answers.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let kind = text("party.kind").unwrap_or_default();
        let person = kind == "person";
        let id_no = text("party.id_no").filter(|_| person);
        Self {
            role: text("party.role").unwrap_or_default(),
            name: normalise(&text("party.name").unwrap_or_default()),
            id_type: id_no.as_ref().map(|_| "id18".to_owned()),
            id_no,
            uscc: text("party.uscc").filter(|_| !person),
            phone: text("party.phone"),
            kind,
            ..Self::default()
        }
    }

    /// A value in full, by the name a `reveal` asks for: `applicant.id_no`.
    pub fn value(&self, field: &str) -> Option<String> {
        let companion = |of: &Option<Companion>, field: &str| of.as_ref().and_then(|one| one.value(field));
        match field {
            "name" => Some(self.name.clone()),
            "id_no" => self.id_no.clone(),
            "uscc" => self.uscc.clone(),
            "phone" => self.phone.clone(),
            "represented_by" => self.represented_by.clone(),
            _ => match field.split_once('.') {
                Some(("contact", "phone")) => self.contact.as_ref()?.phone.clone(),
                Some(("contact", "note")) => self.contact.as_ref()?.note.clone(),
                Some(("guardian", field)) => companion(&self.guardian, field),
                Some(("helper", field)) => companion(&self.helper, field),
                _ => None,
            },
        }
    }
}

impl Companion {
    fn masked(&self) -> Value {
        let mut out = Map::new();
        out.insert("name".into(), json!(mask_name(&self.name)));
        if let Some(id_type) = &self.id_type {
            out.insert("id_type".into(), json!(id_type));
        }
        if let Some(id_no) = &self.id_no {
            out.insert("id_no".into(), json!(mask_paper(id_no)));
        }
        if let Some(phone) = &self.phone {
            out.insert("phone".into(), json!(mask_phone(phone)));
        }
        if let Some(relation) = &self.relation {
            out.insert("relation".into(), json!(relation));
        }
        Value::Object(out)
    }

    fn value(&self, field: &str) -> Option<String> {
        match field {
            "name" => Some(self.name.clone()),
            "id_no" => self.id_no.clone(),
            "phone" => self.phone.clone(),
            _ => None,
        }
    }
}

/// Reads one party from a request body, collecting every fault with its pointer.
pub struct Reader<'a> {
    /// For dates of birth.
    pub today: Date,
    /// Where faults go.
    pub errors: &'a mut Vec<FieldError>,
}

impl Reader<'_> {
    /// Reads the applicant as the item needs it.
    pub fn applicant(&mut self, value: &Value, needs: &ApplicantNeeds) -> PartyFacts {
        let at = "/applicant";
        let Some(object) = self.object(value, at) else { return PartyFacts::default() };
        let allowed = "kind name id_type id_no uscc phone address_area guardian helper contact";
        self.only(object, at, &allowed.split(' ').collect::<Vec<_>>());
        let mut party = self.common(object, at);
        let contact = object.get("contact").filter(|value| !value.is_null());
        party.contact = contact
            .map(|value| ContactRules::parse(value, &format!("{at}/contact"), self.errors))
            .filter(|rules| !rules.is_empty());
        "applicant".clone_into(&mut party.role);
        if !party.kind.is_empty() && !needs.kinds.contains(&party.kind) {
            self.fault(&format!("{at}/kind"), "choice", "error-applicant-kind");
        }
        if needs.phone == Need::Required && party.phone.is_none() && !object.contains_key("phone") {
            self.fault(&format!("{at}/phone"), "required", "error-phone-required");
        }
        if needs.identity == Need::Required {
            if party.kind == "person" {
                if party.id_type.is_none() && !object.contains_key("id_type") {
                    self.fault(&format!("{at}/id_type"), "required", "error-id-type-required");
                }
            } else if party.uscc.is_none() && !object.contains_key("uscc") {
                self.fault(&format!("{at}/uscc"), "required", "error-uscc-required");
            }
        }
        party
    }

    /// Reads the other parties.
    pub fn others(&mut self, value: Option<&Value>) -> Vec<PartyFacts> {
        let Some(value) = value else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.fault("/parties", "format", "error-list-expected");
            return Vec::new();
        };
        if list.len() > MOST_PARTIES as usize {
            self.fault("/parties", "too-many", "error-too-many-parties");
            return Vec::new();
        }
        list.iter()
            .enumerate()
            .map(|(index, value)| self.other(value, &format!("/parties/{index}")))
            .collect()
    }

    fn other(&mut self, value: &Value, at: &str) -> PartyFacts {
        let Some(object) = self.object(value, at) else { return PartyFacts::default() };
        let allowed = [
            "role",
            "side",
            "kind",
            "name",
            "id_type",
            "id_no",
            "uscc",
            "phone",
            "address_area",
            "guardian",
            "helper",
            "represented_by",
        ];
        self.only(object, at, &allowed);
        let mut party = self.common(object, at);
        party.role = self.text(object, at, "role", 30, true).unwrap_or_default();
        let word = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
        if !word(&party.role) || party.role == "system" {
            self.fault(&format!("{at}/role"), "choice", "error-party-role");
        }
        party.side = self.text(object, at, "side", 30, false);
        party.represented_by = self.text(object, at, "represented_by", NAME_MAX, false);
        party
    }

    fn common(&mut self, object: &Map<String, Value>, at: &str) -> PartyFacts {
        let kind = self.text(object, at, "kind", 20, true).unwrap_or_default();
        if !kind.is_empty() && !["person", "company", "organ"].contains(&kind.as_str()) {
            self.fault(&format!("{at}/kind"), "choice", "error-applicant-kind");
        }
        let name = self.text(object, at, "name", NAME_MAX, true).unwrap_or_default();
        let (id_type, id_no) = self.paper(object, at);
        let uscc = self.text(object, at, "uscc", 40, false).and_then(|text| {
            let parsed = Uscc::parse(&text);
            if parsed.is_err() {
                self.fault(&format!("{at}/uscc"), "format", "error-uscc");
            }
            parsed.ok().map(|code| code.as_str().to_owned())
        });
        let address_area = self.text(object, at, "address_area", 12, false).and_then(|text| {
            let parsed = text.parse::<AreaCode>();
            if parsed.is_err() {
                self.fault(&format!("{at}/address_area"), "format", "error-area");
            }
            parsed.ok()
        });
        PartyFacts {
            role: String::new(),
            side: None,
            kind,
            name,
            id_type,
            id_no,
            uscc,
            phone: self.phone(object, at),
            address_area,
            guardian: self.companion(object, at, "guardian"),
            helper: self.companion(object, at, "helper"),
            represented_by: None,
            contact: None,
        }
    }

    fn companion(&mut self, object: &Map<String, Value>, at: &str, key: &str) -> Option<Companion> {
        let value = object.get(key).filter(|value| !value.is_null())?;
        let at = format!("{at}/{key}");
        let object = self.object(value, &at)?;
        self.only(object, &at, &["name", "id_type", "id_no", "phone", "relation"]);
        let name = self.text(object, &at, "name", NAME_MAX, true).unwrap_or_default();
        let (id_type, id_no) = self.paper(object, &at);
        let relation = self.text(object, &at, "relation", 30, false);
        Some(Companion { name, id_type, id_no, phone: self.phone(object, &at), relation })
    }

    fn phone(&mut self, object: &Map<String, Value>, at: &str) -> Option<String> {
        let text = self.text(object, at, "phone", 30, false)?;
        let parsed = Phone::parse(&text);
        if parsed.is_err() {
            self.fault(&format!("{at}/phone"), "format", "error-phone");
        }
        parsed.ok().map(|phone| phone.as_str().to_owned())
    }

    fn paper(&mut self, object: &Map<String, Value>, at: &str) -> (Option<String>, Option<String>) {
        let id_type = self.text(object, at, "id_type", 20, false);
        let id_no = self.text(object, at, "id_no", 40, false);
        match (id_type.as_deref(), id_no) {
            (None, None) => (None, None),
            // A number without a kind is the everyday case: an identity card.
            (None | Some("id18"), Some(number)) => match Id18::parse(&number, self.today) {
                Ok(id) => (Some("id18".to_owned()), Some(id.as_str().to_owned())),
                Err(fault) => {
                    self.errors.push(FieldError::new(
                        format!("{at}/id_no"),
                        "format",
                        Text::new("error-id18").arg("fault", fault.as_str()),
                    ));
                    (Some("id18".to_owned()), None)
                }
            },
            (Some("none"), _) => (Some("none".to_owned()), None),
            (Some("id18" | "hk_mo_tw" | "foreign_pr" | "passport"), None) => {
                self.fault(&format!("{at}/id_no"), "required", "error-id-no-required");
                (id_type, None)
            }
            (Some("hk_mo_tw" | "foreign_pr" | "passport"), Some(number)) => {
                let number = number.to_ascii_uppercase();
                if !(5..=18).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    self.fault(&format!("{at}/id_no"), "format", "error-paper");
                }
                (id_type, Some(number))
            }
            (Some(_), _) => {
                self.fault(&format!("{at}/id_type"), "choice", "error-id-type");
                (None, None)
            }
        }
    }

    fn object<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.fault(at, "format", "error-object-expected");
        }
        object
    }

    fn only(&mut self, object: &Map<String, Value>, at: &str, allowed: &[&str]) {
        for key in object.keys().filter(|key| !allowed.contains(&key.as_str())) {
            let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            self.fault(&pointer, "unknown-field", "error-unknown-field");
        }
    }

    fn text(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        key: &str,
        max: usize,
        required: bool,
    ) -> Option<String> {
        let pointer = format!("{at}/{key}");
        match object.get(key) {
            None | Some(Value::Null) => {
                if required {
                    self.fault(&pointer, "required", "error-required");
                }
                None
            }
            Some(Value::String(text)) => {
                let text = normalise(text);
                if text.is_empty() {
                    if required {
                        self.fault(&pointer, "required", "error-required");
                    }
                    return None;
                }
                // Shown masked and sent back: it must never overwrite the value behind it.
                if text.contains('*') && MASKED.contains(&key) {
                    self.fault(&pointer, "masked", "error-masked");
                    return None;
                }
                if text.chars().count() > max {
                    self.errors.push(FieldError::new(
                        pointer,
                        "too-long",
                        Text::new("error-too-long").arg("max", max),
                    ));
                    return None;
                }
                Some(text)
            }
            Some(_) => {
                self.fault(&pointer, "format", "error-text-expected");
                None
            }
        }
    }

    fn fault(&mut self, pointer: &str, code: &'static str, key: &'static str) {
        self.errors.push(FieldError::new(pointer, code, key));
    }
}
