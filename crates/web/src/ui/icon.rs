//! Our own line icons, drawn in `/assets/icons`. They decorate: the words beside them say everything.

use maud::{Markup, PreEscaped};

macro_rules! icons {
    ($($(#[$doc:meta])* $variant:ident = $file:literal),+ $(,)?) => {
        /// An icon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon { $($(#[$doc])* $variant),+ }

        /// All of them.
        pub const ALL: &[Icon] = &[$(Icon::$variant),+];

        /// Draws an icon in the colour of the text around it.
        pub fn icon(which: Icon) -> Markup {
            PreEscaped(match which {
                $(Icon::$variant => include_str!(concat!("../../../../assets/icons/", $file, ".svg"))),+
            }.to_owned())
        }
    };
}

icons! {
    /// Barrier-free use.
    Accessible = "accessible",
    /// Forensic appraisal.
    Appraisal = "appraisal",
    /// Time.
    Clock = "clock",
    /// Elder mode.
    Elder = "elder",
    /// Legal qualification examination.
    Exam = "exam",
    /// Languages.
    Language = "language",
    /// Lawyers.
    Lawyer = "lawyer",
    /// Learning the law.
    Learn = "learn",
    /// Legal aid.
    LegalAid = "legal-aid",
    /// Grassroots legal service workers.
    LegalWorker = "legal-worker",
    /// Mediation.
    Mediation = "mediation",
    /// Notaries.
    Notary = "notary",
    /// A person.
    Person = "person",
    /// Telephone.
    Phone = "phone",
    /// A place.
    Place = "place",
    /// Search.
    Search = "search",
}
