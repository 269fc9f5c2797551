//! What a practitioner is.

use kernel::area::AreaCode;
use serde::Serialize;

/// Somebody who practises, as registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Practitioner {
    /// Readable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `lawyer legal_worker notary appraiser mediator adviser`.
    pub kind: String,
    /// Number of the licence.
    pub licence_no: Option<String>,
    /// Where they practise.
    pub organisation: String,
    /// What they are good at, sorted.
    pub skills: Vec<String>,
    /// Which languages they speak, sorted.
    pub languages: Vec<String>,
    /// Telephone for the public.
    pub phone: Option<String>,
}

/// What `GET /practitioners` asks for.
#[derive(Debug, Clone, Default)]
pub struct PractitionerQuery {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only of bodies within this division.
    pub area: Option<AreaCode>,
    /// Only of this body.
    pub organisation: Option<String>,
    /// Only with this skill.
    pub skill: Option<String>,
    /// Only who speak this language.
    pub language: Option<String>,
    /// Part of the name.
    pub text: Option<String>,
    /// Only ids after this one.
    pub after: Option<String>,
    /// At most this many.
    pub limit: u32,
}
