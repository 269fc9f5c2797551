//! What is set for a provider, and how a sign-in may fail.

use std::fmt;
use std::sync::Arc;

use kernel::lang::Lang;
use store::StoreError;

use super::outside::Outside;
use super::provider::Provider;
use crate::error::AccessError;
use crate::session::Opened;

/// Which door a provider opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The desk.
    Staff,
    /// The portal.
    Citizen,
}

impl Side {
    /// The word in tables and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Citizen => "citizen",
        }
    }

    /// Path of a page of this side: `/desk/oidc/…`, `/oidc/…`.
    pub fn path(self, page: &str) -> String {
        match self {
            Self::Staff => format!("/desk/oidc/{page}"),
            Self::Citizen => format!("/oidc/{page}"),
        }
    }

    /// Where somebody lands who said nothing else.
    pub fn home(self) -> &'static str {
        match self {
            Self::Staff => "/desk",
            Self::Citizen => "/my",
        }
    }
}

/// Names of the claims in which a provider says who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Staff: our login.
    pub login: String,
    /// Citizens: mobile phone.
    pub phone: String,
    /// Whether the phone was proved; anything but true and that phone is not used.
    pub phone_verified: String,
    /// Name.
    pub name: String,
    /// Resident identity number.
    pub id_number: String,
    /// Claim that says that name and number were proved, and the values that mean yes. Without it neither is
    /// kept.
    pub identity_proved: Option<(String, Vec<String>)>,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            login: "preferred_username".into(),
            phone: "phone_number".into(),
            phone_verified: "phone_number_verified".into(),
            name: "name".into(),
            id_number: "id_number".into(),
            identity_proved: None,
        }
    }
}

/// One provider as set in `huifa.toml`.
#[derive(Clone)]
pub struct Parts {
    /// Issuer, exactly as the provider writes it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<String>,
    /// Scopes besides `openid`.
    pub scopes: Vec<String>,
    /// What the button calls the provider, Chinese.
    pub name_zh: String,
    /// The same, English.
    pub name_en: String,
    /// Whom to ask when somebody is not let in: name and telephone.
    pub contact: String,
    /// Names of claims.
    pub claims: Claims,
}

impl Parts {
    /// What the provider is called in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.name_zh,
            Lang::En => &self.name_en,
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("confidential", &self.client_secret.is_some())
            .finish_non_exhaustive()
    }
}

/// The providers of an installation, and the way to them.
#[derive(Clone)]
pub struct Relying {
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) staff: Option<Arc<Provider>>,
    pub(crate) citizen: Option<Arc<Provider>>,
}

impl Relying {
    /// Providers by side; `address` is where browsers reach us, without a slash at its end.
    pub fn new(
        outside: Arc<dyn Outside>,
        address: &str,
        staff: Option<Parts>,
        citizen: Option<Parts>,
    ) -> Result<Self, String> {
        let provider = |side, parts: Option<Parts>| {
            parts.map(|parts| Provider::new(side, parts, address).map(Arc::new)).transpose()
        };
        Ok(Self { outside, staff: provider(Side::Staff, staff)?, citizen: provider(Side::Citizen, citizen)? })
    }

    /// The provider of a side, if one is set.
    pub(crate) fn of(&self, side: Side) -> Option<&Arc<Provider>> {
        match side {
            Side::Staff => self.staff.as_ref(),
            Side::Citizen => self.citizen.as_ref(),
        }
    }
}

/// A sign-in just begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Where at the provider the browser goes.
    pub url: String,
    /// For a cookie of the browser that began: nobody else can end this sign-in.
    pub binding: String,
}

/// A sign-in that succeeded.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Our session.
    pub opened: Opened,
    /// Where within our site to go on.
    pub to: String,
}

/// Why somebody does not come in this way. Each has a page with the other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No provider is set for this side.
    Unset,
    /// The provider or the network does not answer.
    Away,
    /// The person said no there.
    Declined,
    /// Begun too long ago, by another browser, or used already.
    Stale,
    /// What the provider sent does not hold.
    Rejected,
    /// Staff without an account here.
    Unknown,
    /// The account belongs to another person of the provider.
    Taken,
    /// The account is closed.
    Closed,
}

impl Trouble {
    /// The word in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::Away => "away",
            Self::Declined => "declined",
            Self::Stale => "stale",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::Taken => "taken",
            Self::Closed => "closed",
        }
    }
}

/// How a use case of this capability fails.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// For a reason a person is told.
    #[error("{}", .0.as_str())]
    Trouble(Trouble),
    /// The house itself failed.
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<Trouble> for OidcError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<StoreError> for OidcError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}
