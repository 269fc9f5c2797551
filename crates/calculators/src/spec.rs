//! What a calculator is called, what it asks for, and in which shape: said once, read by the command line, the API
//! and the pages.

use serde_json::{Map, Value, json};

use crate::given::Given;
use crate::work::Work;
use kernel::calc::CalcRefusal;

/// What a calculator ends with: its results stand in the work, or what was given is refused.
pub(crate) type Outcome = Result<(), CalcRefusal>;

/// What a calculator does with what it was given.
pub(crate) type Run = fn(&Given<'_>, &mut Work<'_>) -> Outcome;

/// A calculator.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its name on the outside: `fee.property_case`.
    pub name: &'static str,
    /// What it belongs to.
    pub family: Family,
    /// What it asks for, in this order.
    pub fields: &'static [Field],
    /// Inputs that give a result, as JSON.
    pub example: &'static str,
    pub(crate) run: Run,
}

/// What a calculator belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Wages, severance, dismissal.
    Labour,
    /// Work injury benefits.
    WorkInjury,
    /// Damages for harm to a person.
    PersonalInjury,
    /// Who pays after a traffic accident.
    Traffic,
    /// Loans between people, and late execution.
    Lending,
    /// Who inherits how much.
    Inheritance,
    /// Fees of courts and arbitration.
    Fees,
    /// Whether legal aid asks for hardship.
    LegalAid,
    /// Dates, periods, limitation.
    Time,
    /// Numbers that check themselves.
    Identifiers,
}

impl Family {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 10] = [
        Self::Labour,
        Self::WorkInjury,
        Self::PersonalInjury,
        Self::Traffic,
        Self::Lending,
        Self::Inheritance,
        Self::Fees,
        Self::LegalAid,
        Self::Time,
        Self::Identifiers,
    ];

    /// A calculator of this family.
    pub(crate) const fn spec(
        self,
        name: &'static str,
        fields: &'static [Field],
        example: &'static str,
        run: Run,
    ) -> Spec {
        Spec { name, family: self, fields, example, run }
    }

    /// Its word on the outside.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Labour => "labour",
            Self::WorkInjury => "work-injury",
            Self::PersonalInjury => "personal-injury",
            Self::Traffic => "traffic",
            Self::Lending => "lending",
            Self::Inheritance => "inheritance",
            Self::Fees => "fees",
            Self::LegalAid => "legal-aid",
            Self::Time => "time",
            Self::Identifiers => "identifiers",
        }
    }
}

/// One thing a calculator asks for.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the inputs.
    pub name: &'static str,
    /// In which shape.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
}

/// Whether a field must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Yes.
    Must,
    /// No.
    May,
    /// Yes, unless the tables have this figure for the place and year.
    Figure(&'static str),
}

/// The shape of a field.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// An amount in yuan, not below nothing.
    Money,
    /// A decimal between two bounds.
    Number(i64, i64),
    /// A whole number between two bounds.
    Whole(i64, i64),
    /// A date.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Flag,
    /// A text.
    Text,
    /// A division, by its code.
    Area,
    /// Several amounts.
    Moneys,
    /// Several rows of the same fields.
    Rows(&'static [Field]),
    /// Fields that belong together.
    Record(&'static [Field]),
    /// Stretches of time: pairs of an amount and a number of days.
    Stretches,
    /// People by a word for each, or each with what is known of them.
    People(&'static [Field]),
}

impl Field {
    /// One that must be given.
    pub(crate) const fn must(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Must }
    }

    /// One that may be left out.
    pub(crate) const fn may(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::May }
    }

    /// A regional figure that the tables may know.
    pub(crate) const fn figure(name: &'static str, id: &'static str) -> Self {
        Self { name, kind: Kind::Money, need: Need::Figure(id) }
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Value {
        let mut schema = self.kind.schema();
        if let (Need::Figure(id), Some(fields)) = (self.need, schema.as_object_mut()) {
            fields.insert("x-figure".into(), json!(id));
        }
        schema
    }
}

/// The place whose figures and rules count.
pub(crate) const AREA: Field = Field::may("area", Kind::Area);
/// The day of the event: it chooses the rule and the year of figures.
pub(crate) const DATE: Field = Field::may("date", Kind::Date);

const AMOUNT: &str = r"^[0-9]{1,13}(\.[0-9]{1,10})?$";

impl Kind {
    fn schema(self) -> Value {
        match self {
            Self::Money => json!({
                "anyOf": [
                    { "type": "number", "minimum": 0, "maximum": 9_999_999_999_999_i64 },
                    { "type": "string", "pattern": AMOUNT },
                ],
                "format": "money",
            }),
            Self::Number(least, most) => json!({
                "anyOf": [
                    { "type": "number", "minimum": least, "maximum": most },
                    { "type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,10})?$" },
                ],
            }),
            Self::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Date => json!({ "type": "string", "format": "date" }),
            Self::Choice(words) => json!({ "type": "string", "enum": words }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Text => json!({ "type": "string", "maxLength": 200 }),
            Self::Area => json!({ "type": "string", "format": "area12" }),
            Self::Moneys => json!({ "type": "array", "maxItems": 200, "items": Self::Money.schema() }),
            Self::Rows(fields) => json!({ "type": "array", "maxItems": 200, "items": object(fields) }),
            Self::Record(fields) => object(fields),
            Self::Stretches => json!({
                "type": "array", "maxItems": 200,
                "items": { "type": "array", "minItems": 2, "maxItems": 2, "items": Self::Money.schema() },
            }),
            Self::People(fields) => json!({
                "type": "array", "maxItems": 200,
                "items": { "anyOf": [{ "type": "string", "maxLength": 200 }, object(fields)] },
            }),
        }
    }
}

/// The JSON Schema of an object of these fields.
pub fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), field.schema())).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.need == Need::Must).map(|field| field.name).collect();
    let order: Vec<&str> = fields.iter().map(|field| field.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "x-order": order,
    })
}
