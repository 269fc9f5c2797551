//! Refusals that explain themselves: one table of codes for the outside.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $status:literal),+ $(,)?) => {
        /// Why a request is refused, as the outside sees it. Also the `type` of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The kebab-case word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed" 400,
    /// No session, or an expired one.
    Unauthenticated = "unauthenticated" 401,
    /// The password is right, but the account has a second factor: its code is missing or wrong.
    TotpRequired = "totp-required" 401,
    /// The password must be changed before anything else.
    PasswordChangeRequired = "password-change-required" 403,
    /// A second factor must be set up before anything else.
    TotpSetupRequired = "totp-setup-required" 403,
    /// You may see it but not do it.
    Forbidden = "forbidden" 403,
    /// Absent or outside your area: the two look alike.
    NotFound = "not-found" 404,
    /// Somebody changed it since you looked.
    StaleVersion = "stale-version" 409,
    /// The matter stands at another step.
    WrongStep = "wrong-step" 409,
    /// The code or draft has run out.
    Expired = "expired" 410,
    /// The body or file is larger than allowed.
    TooLarge = "too-large" 413,
    /// The body came too slowly.
    TooSlow = "too-slow" 408,
    /// The address is longer than allowed.
    UrlTooLong = "url-too-long" 414,
    /// The header fields are larger than allowed.
    HeadersTooLarge = "headers-too-large" 431,
    /// The media type is not taken.
    UnsupportedType = "unsupported-type" 415,
    /// There is such a document, but it cannot be made in this form here.
    FormUnavailable = "form-unavailable" 406,
    /// Facts are wrong; `errors` names them.
    FactsWrong = "facts-wrong" 422,
    /// A rule refuses; `rule` names it.
    RuleRefused = "rule-refused" 422,
    /// The body has fields nobody asked for; `errors` names them.
    UnknownField = "unknown-field" 422,
    /// The idempotency key was used with another body.
    IdempotencyMismatch = "idempotency-mismatch" 422,
    /// An idempotency key is required.
    IdempotencyKeyMissing = "idempotency-key-missing" 428,
    /// Too many requests or tries.
    TooMany = "too-many" 429,
    /// Busy or a part is missing; try again.
    Unavailable = "unavailable" 503,
    /// Our fault.
    Internal = "internal" 500,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.as_str())
    }
}

/// A message key with its arguments, put into words by the web room in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Key of the message in the Fluent bundles.
    pub key: Cow<'static, str>,
    /// Named arguments.
    pub args: Vec<(Cow<'static, str>, String)>,
}

impl Text {
    /// A message without arguments.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}

impl From<&'static str> for Text {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// The rule that refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Id of the rule in the catalogue or parameters.
    pub id: String,
    /// The law, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// The article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
}

impl Rule {
    /// A rule of the house, with no article behind it.
    pub fn house(id: impl Into<String>) -> Self {
        Self { id: id.into(), law: None, article: None }
    }

    /// A rule with its law and article.
    pub fn lawful(id: impl Into<String>, law: impl Into<String>, article: impl Into<String>) -> Self {
        Self { id: id.into(), law: Some(law.into()), article: Some(article.into()) }
    }
}

/// What the person can do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What to do.
    pub text: Text,
    /// Where.
    pub href: Option<String>,
    /// Whom to call.
    pub tel: Option<String>,
}

impl Next {
    /// A next step in words only.
    pub fn say(text: impl Into<Text>) -> Self {
        Self { text: text.into(), href: None, tel: None }
    }

    /// A next step with a link.
    pub fn link(text: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), tel: None }
    }

    /// A next step with a telephone number.
    pub fn call(text: impl Into<Text>, tel: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, tel: Some(tel.into()) }
    }
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the body, e.g. `/form/income.monthly`.
    pub pointer: String,
    /// Short kebab-case reason: `required`, `unknown-field`, `format`, …
    pub code: Cow<'static, str>,
    /// What is wrong, in words.
    pub detail: Text,
}

impl FieldError {
    /// A wrong field.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Text>,
    ) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// A refusal: what, why by which rule, what is wrong where, and what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {}", detail.key)]
pub struct Refusal {
    /// Kind of refusal and HTTP status.
    pub code: Code,
    /// What happened.
    pub detail: Text,
    /// The rule that refuses, when one does.
    pub rule: Option<Box<Rule>>,
    /// Next steps; the web room adds a general one when empty.
    pub next: Vec<Next>,
    /// Wrong fields.
    pub errors: Vec<FieldError>,
    /// What stands now (`{version, step, changed}` for a stale version).
    pub current: Option<Box<Value>>,
}

impl Refusal {
    /// A refusal with nothing but its reason.
    pub fn new(code: Code, detail: impl Into<Text>) -> Self {
        Self { code, detail: detail.into(), rule: None, next: Vec::new(), errors: Vec::new(), current: None }
    }

    /// Names the rule that refuses.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rule = Some(Box::new(rule));
        self
    }

    /// Adds a next step.
    #[must_use]
    pub fn next(mut self, next: Next) -> Self {
        self.next.push(next);
        self
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn error(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    /// Sets all wrong fields.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Says what stands now.
    #[must_use]
    pub fn current(mut self, current: Value) -> Self {
        self.current = Some(Box::new(current));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab() {
        let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        assert!(Code::ALL.iter().all(|code| (400..=503).contains(&code.status())));
    }

    #[test]
    fn a_refusal_is_built_step_by_step() {
        let refusal = Refusal::new(Code::RuleRefused, Text::new("four-eyes").arg("action", "grant"))
            .rule(Rule::house("four-eyes"))
            .next(Next::say("ask-a-colleague"));
        assert_eq!(refusal.code.status(), 422);
        assert_eq!(refusal.to_string(), "rule-refused: four-eyes");
        assert_eq!(refusal.next.len(), 1);
    }
}
