//! One provider: its description and keys as last read, and what is asked of it.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::SignedDuration;
use kernel::time::Instant;
use openidconnect::core::{CoreClientAuthMethod, CoreGenderClaim, CoreResponseType};
use openidconnect::{
    AccessTokenHash, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, IdTokenVerifier, IssuerUrl, JsonWebKeySet, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    SubjectIdentifier, TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::model::{Parts, Side, Trouble};
use super::outside::{Http, Outside};
use super::protocol::{Identity, Metadata, Party, Rest, SIGNATURES, Tokens};
use super::rules::{OLDEST, SKEW, Told, may_call, told};

/// How long a description and its keys are used before they are read again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// After a failure nobody else waits for the same one within this time.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// An unknown key makes us read the keys again, so often within [`REREAD_WITHIN`]: made-up key names must not
/// turn this server against the provider.
const REREAD_MOST: usize = 5;
const REREAD_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// A description with its keys, and when it was read.
#[derive(Debug, Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, Instant)>,
    failed_at: Option<Instant>,
    reread: VecDeque<Instant>,
}

/// A provider as set, with what is known of it.
pub struct Provider {
    /// Which door it opens.
    pub side: Side,
    /// As set.
    pub parts: Parts,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    /// Where a browser comes back to after leaving at the provider.
    pub(super) left: String,
    known: Mutex<Known>,
}

/// What the database keeps of a sign-in under way.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Secrets {
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// SHA-256 of the binding in the browser's cookie, hexadecimal.
    pub(super) binding: String,
    pub(super) to: String,
}

/// Somebody the provider vouches for.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) sid: Option<String>,
    pub(super) told: Told,
    pub(super) id_token: String,
}

/// A refused token: the word goes to the log, never what stood in the token.
fn rejected(side: Side, word: &'static str) -> Trouble {
    tracing::warn!(side = side.as_str(), word, "OpenID token refused");
    Trouble::Rejected
}

fn away(side: Side, word: &'static str) -> Trouble {
    tracing::warn!(side = side.as_str(), word, "OpenID provider does not answer");
    Trouble::Away
}

impl Provider {
    /// A provider; `address` is where browsers reach us. The fault is for whoever wrote the settings.
    pub(super) fn new(side: Side, parts: Parts, address: &str) -> Result<Self, String> {
        for (what, url) in [("issuer", parts.issuer.as_str()), ("address", address)] {
            if !may_call(url) {
                return Err(format!("{what} {url:?}: https, or http on loopback"));
            }
        }
        let issuer = IssuerUrl::new(parts.issuer.clone()).map_err(|error| format!("issuer: {error}"))?;
        let redirect = RedirectUrl::new(format!("{address}{}", side.path("callback")));
        let redirect = redirect.map_err(|error| format!("address: {error}"))?;
        let left = format!("{address}{}", side.path("left"));
        Ok(Self { side, parts, issuer, redirect, left, known: Mutex::default() })
    }

    /// Description and keys, read again when old. While one request reads, others wait for what it finds.
    async fn metadata(&self, outside: &dyn Outside, now: Instant) -> Result<Arc<Metadata>, Trouble> {
        let mut known = self.known.lock().await;
        if let Some((metadata, read_at)) = &known.metadata
            && now.since(*read_at) < FRESH
        {
            return Ok(Arc::clone(metadata));
        }
        if known.failed_at.is_some_and(|failed| now.since(failed) < REST) {
            return Err(Trouble::Away);
        }
        match Metadata::discover_async(self.issuer.clone(), &Http(outside)).await {
            Ok(metadata) if may_call(metadata.authorization_endpoint().as_str()) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Arc::clone(&metadata), now));
                known.failed_at = None;
                Ok(metadata)
            }
            Ok(_) => Err(away(self.side, "authorization endpoint is not https")),
            Err(error) => {
                known.failed_at = Some(now);
                tracing::warn!(side = self.side.as_str(), issuer = %self.parts.issuer, %error, "OpenID discovery");
                Err(Trouble::Away)
            }
        }
    }

    /// The keys read again, because a token names one we do not have; `None` when that was done too often.
    async fn reread(&self, outside: &dyn Outside, now: Instant) -> Option<Arc<Metadata>> {
        let mut known = self.known.lock().await;
        let (old, _) = known.metadata.clone()?;
        while known.reread.front().is_some_and(|at| now.since(*at) >= REREAD_WITHIN) {
            known.reread.pop_front();
        }
        if known.reread.len() >= REREAD_MOST {
            tracing::warn!(
                side = self.side.as_str(),
                "keys of the OpenID provider were read often; not again"
            );
            return None;
        }
        known.reread.push_back(now);
        let keys = JsonWebKeySet::fetch_async(old.jwks_uri(), &Http(outside)).await.ok()?;
        let fresh = Arc::new(Metadata::clone(&old).set_jwks(keys));
        known.metadata = Some((Arc::clone(&fresh), now));
        Some(fresh)
    }

    fn party(&self, metadata: &Metadata) -> Party {
        let secret = self.parts.client_secret.clone().map(ClientSecret::new);
        let client = ClientId::new(self.parts.client_id.clone());
        let party = Party::from_provider_metadata(metadata.clone(), client, secret)
            .set_redirect_uri(self.redirect.clone());
        // Without a word the standard means `client_secret_basic`.
        let methods = metadata.token_endpoint_auth_methods_supported();
        let knows = |method| methods.is_none_or(|known| known.contains(&method));
        if knows(CoreClientAuthMethod::ClientSecretBasic) || !knows(CoreClientAuthMethod::ClientSecretPost) {
            party
        } else {
            party.set_auth_type(AuthType::RequestBody)
        }
    }

    /// The address a browser is sent to, with what must be kept for its return.
    pub(super) async fn begin(
        &self,
        outside: &dyn Outside,
        state: String,
        nonce: String,
        now: Instant,
    ) -> Result<(String, String), Trouble> {
        let metadata = self.metadata(outside, now).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let party = self.party(&metadata);
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut asked = party
            .authorize_url(flow, move || CsrfToken::new(state), move || Nonce::new(nonce))
            .set_pkce_challenge(challenge);
        for scope in self.parts.scopes.iter().filter(|scope| *scope != "openid") {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        let (url, ..) = asked.url();
        Ok((url.into(), verifier.into_secret()))
    }

    /// Whether the answer of the authorization endpoint comes from this provider (RFC 9207).
    pub(super) async fn answers(
        &self,
        outside: &dyn Outside,
        iss: Option<&str>,
        now: Instant,
    ) -> Result<(), Trouble> {
        let metadata = self.metadata(outside, now).await?;
        match iss {
            Some(iss) if iss == self.parts.issuer => Ok(()),
            None if !metadata.additional_metadata().authorization_response_iss_parameter_supported => Ok(()),
            _ => Err(rejected(self.side, "iss of the answer")),
        }
    }

    /// Exchanges a code and checks everything that came for it.
    pub(super) async fn person(
        &self,
        outside: &dyn Outside,
        code: String,
        secrets: &Secrets,
        now: Instant,
    ) -> Result<Person, Trouble> {
        let mut metadata = self.metadata(outside, now).await?;
        let party = self.party(&metadata);
        let http = Http(outside);
        let asked = party
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| away(self.side, "no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()));
        let tokens = asked.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(_) => rejected(self.side, "the provider refuses the code"),
            RequestTokenError::Parse(..) => rejected(self.side, "token answer"),
            RequestTokenError::Request(_) | RequestTokenError::Other(_) => away(self.side, "token endpoint"),
        })?;
        let token = tokens.id_token().ok_or_else(|| rejected(self.side, "no ID token"))?;
        let mut checked = self.claims(&metadata, token, &tokens, &secrets.nonce, now);
        if matches!(checked, Err(Refusal::Key))
            && let Some(fresh) = self.reread(outside, now).await
        {
            metadata = fresh;
            checked = self.claims(&metadata, token, &tokens, &secrets.nonce, now);
        }
        let mut claims = checked.map_err(|refusal| rejected(self.side, refusal.word()))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255);
        let subject = subject.ok_or_else(|| rejected(self.side, "subject"))?;
        let sid = text("sid");
        if self.wants_more(&claims) && metadata.userinfo_endpoint().is_some() {
            for (name, value) in self.user_info(&http, &party, &tokens, &subject).await? {
                claims.entry(name).or_insert(value);
            }
        }
        let told = told(&self.parts.claims, &claims, now);
        Ok(Person { subject, sid, told, id_token: token.to_string() })
    }

    /// Whether a claim we use is not in the ID token.
    fn wants_more(&self, claims: &Map<String, Value>) -> bool {
        let names = &self.parts.claims;
        match self.side {
            Side::Staff => !claims.contains_key(&names.login),
            Side::Citizen => [&names.phone, &names.name, &names.id_number]
                .into_iter()
                .any(|name| !claims.contains_key(name)),
        }
    }

    async fn user_info(
        &self,
        http: &Http<'_>,
        party: &Party,
        tokens: &Tokens,
        subject: &str,
    ) -> Result<Map<String, Value>, Trouble> {
        // What does not fit into a header would end in a panic of the library.
        if !tokens.access_token().secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(rejected(self.side, "access token"));
        }
        let subject = SubjectIdentifier::new(subject.to_owned());
        let asked = party
            .user_info(tokens.access_token().clone(), Some(subject))
            .map_err(|_| away(self.side, "no userinfo endpoint"))?;
        let found: Result<UserInfoClaims<Rest, CoreGenderClaim>, _> = asked.request_async(http).await;
        let found = found.map_err(|error| match error {
            openidconnect::UserInfoError::ClaimsVerification(_) => rejected(self.side, "userinfo"),
            _ => away(self.side, "userinfo endpoint"),
        })?;
        object(&found).ok_or_else(|| rejected(self.side, "userinfo"))
    }

    /// Claims of an ID token that holds: issuer, audience, signature by a key of the provider, expiry, age,
    /// nonce and the hash of the access token.
    fn claims(
        &self,
        metadata: &Metadata,
        token: &Identity,
        tokens: &Tokens,
        nonce: &str,
        now: Instant,
    ) -> Result<Map<String, Value>, Refusal> {
        let client = ClientId::new(self.parts.client_id.clone());
        let (earliest, latest) = (now.plus(-OLDEST), now.plus(SKEW));
        let expiry: std::time::SystemTime = now.plus(-SKEW).timestamp().into();
        let verifier =
            IdTokenVerifier::new_public_client(client, self.issuer.clone(), metadata.jwks().clone())
                .set_allowed_algs(SIGNATURES)
                .set_time_fn(move || expiry.into())
                .set_issue_time_verifier_fn(move |issued| {
                    let seconds = issued.timestamp();
                    let fits = (earliest.timestamp().as_second()..=latest.timestamp().as_second())
                        .contains(&seconds);
                    fits.then_some(()).ok_or_else(|| "issued too long ago or in the future".to_owned())
                });
        let claims =
            token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| Refusal::of(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let key = token.signing_key(&verifier).map_err(|_| Refusal::Word("signature"))?;
            let alg = token.signing_alg().map_err(|_| Refusal::Word("signature"))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), alg, key);
            if actual.ok().as_ref() != Some(expected) {
                return Err(Refusal::Word("at_hash"));
            }
        }
        object(claims).ok_or(Refusal::Word("claims"))
    }

    /// Where a person leaves at the provider, if it has such a place.
    pub(super) async fn end_session(&self, outside: &dyn Outside, now: Instant) -> Option<String> {
        let metadata = self.metadata(outside, now).await.ok()?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone();
        endpoint.filter(|address| may_call(address))
    }

    /// Claims of a log-out token whose signature holds.
    pub(super) async fn logout_claims(
        &self,
        outside: &dyn Outside,
        token: &str,
        now: Instant,
    ) -> Result<Map<String, Value>, Trouble> {
        let signed = super::token::Signed::read(token).map_err(|word| rejected(self.side, word))?;
        let metadata = self.metadata(outside, now).await?;
        if signed.held_by(metadata.jwks()) {
            return Ok(signed.claims);
        }
        if !signed.names_one_of(metadata.jwks())
            && let Some(fresh) = self.reread(outside, now).await
            && signed.held_by(fresh.jwks())
        {
            return Ok(signed.claims);
        }
        Err(rejected(self.side, "signature of the log-out token"))
    }
}

/// Why an ID token is refused.
enum Refusal {
    /// Signed with a key we have not read.
    Key,
    /// For good.
    Word(&'static str),
}

impl Refusal {
    fn of(error: &ClaimsVerificationError) -> Self {
        use ClaimsVerificationError as Fault;
        match error {
            Fault::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Self::Key,
            Fault::SignatureVerification(_) => Self::Word("signature"),
            Fault::Expired(_) => Self::Word("expired"),
            Fault::InvalidAudience(_) => Self::Word("audience"),
            Fault::InvalidIssuer(_) => Self::Word("issuer"),
            Fault::InvalidNonce(_) => Self::Word("nonce"),
            Fault::InvalidSubject(_) => Self::Word("subject"),
            Fault::Unsupported(_) => Self::Word("kind of token"),
            _ => Self::Word("claims"),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Key => "unknown key",
            Self::Word(word) => word,
        }
    }
}

/// Claims as they were written.
fn object(claims: &impl Serialize) -> Option<Map<String, Value>> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}
