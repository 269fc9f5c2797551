//! The OpenAPI document: made from the handlers; the shapes of bodies are told here.

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{OpenApi, ToSchema};

/// Title and description; paths are added by the router.
#[derive(OpenApi)]
#[openapi(info(
    title = "Huifa 惠法",
    description = "Public legal services: one register behind all doors.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
pub struct Document;

/// Adds what derives cannot say.
pub fn finished(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("session", scheme);
    document
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct List {
    /// Rows.
    pub items: Vec<Value>,
    /// How many there are.
    pub total: i64,
    /// `exact` or `at_least`.
    pub total_is: String,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Body of `POST /absences`.
#[derive(Serialize, ToSchema)]
pub struct AbsenceEntered {
    /// Whose; left out for one's own.
    #[schema(required = false)]
    pub login: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// `leave sick travel training other`.
    pub kind: String,
    /// Login of who stands in: the same role in the same office.
    #[schema(required = false)]
    pub substitute: Option<String>,
}

/// Body of `POST /worklist/reassign`.
#[derive(Serialize, ToSchema)]
pub struct Reassigning {
    /// Whose work, by login.
    pub from: String,
    /// `{login}` or `{pool: true}`.
    pub to: Value,
    /// Why; required unless `dry_run`.
    #[schema(required = false)]
    pub reason: Option<String>,
    /// Only this item.
    #[schema(required = false)]
    pub item: Option<String>,
    /// Only this division and below.
    #[schema(required = false)]
    pub area: Option<String>,
    /// Only these matters.
    #[schema(required = false)]
    pub numbers: Option<Vec<String>>,
    /// Only show what would move.
    #[schema(required = false)]
    pub dry_run: Option<bool>,
}

/// Body of `POST /matters`.
#[derive(Serialize, ToSchema)]
pub struct Opening {
    /// Service item.
    pub item: String,
    /// Where the matter belongs: 2, 4, 6, 9 or 12 digits.
    pub area: String,
    /// `window hotline web kiosk village partner`.
    pub door: String,
    /// A matter it follows from: what is known there may be left out here, the applicant and the place too.
    #[schema(required = false)]
    pub from: Option<String>,
    /// Who asks.
    pub applicant: Party,
    /// Everybody else.
    #[schema(required = false)]
    pub parties: Option<Vec<OtherParty>>,
    /// Answers, keyed by fact; see `form` of the item.
    pub form: Value,
    /// Materials: given, declared, to follow.
    #[schema(required = false)]
    pub materials: Option<Vec<Material>>,
    /// When the papers were received, if before now; staff only.
    #[schema(required = false)]
    pub received_at: Option<String>,
}

/// A party as it is given.
#[derive(Serialize, ToSchema)]
pub struct Party {
    /// `person`, `company` or `organ`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// `id18 hk_mo_tw foreign_pr passport none`.
    pub id_type: Option<String>,
    /// Number of that paper.
    pub id_no: Option<String>,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Where they live.
    pub address_area: Option<String>,
    /// Who acts for them.
    pub guardian: Option<Value>,
    /// Who helps them.
    pub helper: Option<Value>,
    /// How the applicant may be reached: `{phone?, hours?: [from, to], message?: none|neutral|normal, note?}`.
    pub contact: Option<Value>,
}

/// Another party: role and side beside what every party has.
#[derive(Serialize, ToSchema)]
pub struct OtherParty {
    /// `opponent`, `victim`, …
    pub role: String,
    /// Side.
    pub side: Option<String>,
    /// `person`, `company` or `organ`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Name of the representative.
    pub represented_by: Option<String>,
}

/// One material of an opening.
#[derive(Serialize, ToSchema)]
pub struct Material {
    /// Id in the item.
    pub id: String,
    /// Uploaded file.
    pub file: Option<String>,
    /// Declared instead.
    pub declare: Option<bool>,
    /// To follow.
    pub defer: Option<bool>,
}

/// Answer of `POST /matters`.
#[derive(Serialize, ToSchema)]
pub struct Opened {
    /// Number.
    pub number: String,
    /// Code to follow it with.
    pub query_code: String,
    /// Version.
    pub version: i64,
    /// Step.
    pub step: String,
    /// Earliest due day.
    pub due: Option<String>,
    /// Earliest due day by law.
    pub due_statutory: Option<String>,
    /// The year's days off are not published yet.
    pub due_provisional: bool,
    /// Why then.
    pub due_reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<Value>,
    /// Receipt of the first event.
    pub receipt: Receipt,
}

/// Receipt of a command.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    /// Number.
    pub number: String,
    /// Sequence of the event.
    pub seq: i64,
    /// Version after it.
    pub version: i64,
    /// Step after it.
    pub step: String,
    /// What it came to.
    pub outcome: Option<String>,
    /// Earliest due day.
    pub due: Option<String>,
    /// Why then.
    pub due_reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<Value>,
    /// Who must act next.
    pub waiting_for: Vec<Value>,
    /// Hash of the event.
    pub hash: String,
}

/// A matter as it is read.
#[derive(Serialize, ToSchema)]
pub struct MatterView {
    /// Number.
    pub number: String,
    /// Service item.
    pub item: String,
    /// Its version.
    pub item_version: u32,
    /// Where it belongs.
    pub area: String,
    /// Door.
    pub door: String,
    /// Step.
    pub step: String,
    /// Its name.
    pub step_name: Option<String>,
    /// Whether it ended.
    #[serde(rename = "final")]
    pub final_: bool,
    /// What it came to.
    pub outcome: Option<String>,
    /// Version.
    pub version: i64,
    /// When opened.
    pub opened_at: String,
    /// When ended.
    pub closed_at: Option<String>,
    /// Who answers for it; null only when final.
    pub owner: Option<Value>,
    /// `green yellow red paused none`.
    pub light: String,
    /// Clocks with their explanation.
    pub clocks: Vec<Value>,
    /// Applicant, masked.
    pub applicant: Option<Value>,
    /// Other parties, masked.
    pub parties: Vec<Value>,
    /// Answers, masked.
    pub form: Value,
    /// Materials.
    pub materials: Vec<Value>,
    /// Who must act next; not empty unless final.
    pub waiting_for: Vec<Value>,
    /// Linked matters.
    pub links: Vec<Value>,
    /// Whether it was rated.
    pub rated: bool,
    /// Items that may follow from it: `[{item, name, kind}]`.
    pub offers: Vec<Value>,
}

/// An action on offer.
#[derive(Serialize, ToSchema)]
pub struct Offer {
    /// Name for the address.
    pub action: String,
    /// Name for people.
    pub name: String,
    /// As what.
    pub role: String,
    /// Task it discharges.
    pub task: Option<String>,
    /// JSON Schema of `input`.
    pub schema: Value,
    /// An input the server accepts at this version.
    pub example: Value,
    /// Step it leads to.
    pub to: String,
    /// Whether that step ends the matter.
    #[serde(rename = "final")]
    pub final_: bool,
}

/// Body of an action.
#[derive(Serialize, ToSchema)]
pub struct Acting {
    /// Version the caller saw.
    pub version: i64,
    /// Values, see the schema of the offer.
    #[schema(required = false)]
    pub input: Option<Value>,
    /// Which task, where several could be meant.
    #[schema(required = false)]
    pub task: Option<String>,
}

/// An item with everything about it.
#[derive(Serialize, ToSchema)]
pub struct ItemView {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Name.
    pub name: String,
    /// Series.
    pub series: String,
    /// Doors.
    pub doors: Vec<String>,
    /// Guide page.
    pub guide: Value,
    /// JSON Schema of the form.
    pub form: Value,
    /// Materials.
    pub materials: Vec<Value>,
    /// Steps with limits and actions.
    pub steps: Vec<Value>,
    /// Whole bodies that are accepted.
    pub examples: Vec<Value>,
}

/// Body of a check.
#[derive(Serialize, ToSchema)]
pub struct Checking {
    /// Facts known so far.
    pub form: Value,
    /// Who asks.
    #[schema(required = false)]
    pub applicant: Option<Value>,
}

/// Advice.
#[derive(Serialize, ToSchema)]
pub struct Check {
    /// `yes no unclear`.
    pub eligible: String,
    /// Every condition with its article.
    pub reasons: Vec<Value>,
    /// Facts that would make it clear.
    pub missing: Vec<String>,
    /// What to do next.
    pub next: Vec<Value>,
}

/// Body of a progress request.
#[derive(Serialize, ToSchema)]
pub struct ProgressAsk {
    /// Number, in any spacing.
    pub number: String,
    /// Query code.
    pub code: String,
}

/// What a gateway for short messages says of one it was handed.
#[derive(Serialize, ToSchema)]
pub struct SmsReceipt {
    /// Delivery id, as it was handed over.
    pub id: String,
    /// `delivered` or `failed`.
    pub status: String,
    /// What the gateway calls it.
    #[schema(required = false)]
    pub provider_id: Option<String>,
    /// Why it failed; not kept.
    #[schema(required = false)]
    pub reason: Option<String>,
}

/// Where a matter stands.
#[derive(Serialize, ToSchema)]
pub struct Progress {
    /// Number.
    pub number: String,
    /// Item.
    pub item_name: String,
    /// Step.
    pub step_name: Option<String>,
    /// `you office other`.
    pub waiting_on: String,
    /// What happened.
    pub timeline: Vec<Value>,
    /// Earliest due day.
    pub due: Option<String>,
    /// Why then.
    pub due_reason: Option<String>,
    /// What the applicant can do.
    pub can: Vec<String>,
}

/// A due day with its explanation.
#[derive(Serialize, ToSchema)]
pub struct Deadline {
    /// Last day.
    pub due: String,
    /// The moment it is over.
    pub due_at: String,
    /// Last day before rolling on.
    pub raw: String,
    /// The year's days off are not published yet.
    pub provisional: bool,
    /// The sentence.
    pub explain: String,
    /// Days not counted, and why.
    pub skipped: Vec<Value>,
    /// The rule, when one was named.
    pub rule: Option<Value>,
}
