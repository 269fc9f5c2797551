//! `[oidc]`: signing in through an OpenID provider, one for staff and one for citizens.

use std::net::SocketAddr;
use std::path::Path;

use access::oidc::rules::may_call;
use access::oidc::{Claims, Parts};
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[oidc]
# Where browsers reach this site, without a slash at the end. Needed with a provider, unless the listener is on
# loopback. At the provider register for staff ADDRESS/desk/oidc/callback (after leaving: ADDRESS/desk/oidc/left,
# back-channel log-out: ADDRESS/oidc/staff/backchannel-logout), for citizens ADDRESS/oidc/callback (ADDRESS/oidc/left,
# ADDRESS/oidc/citizen/backchannel-logout). See docs/install-oidc.md.
#address = \"https://hf.example.gov.cn\"

[oidc.staff]
# Issuer exactly as the provider writes it. https; http only on loopback.
#issuer = \"https://id.example.gov.cn\"
#client_id = \"huifa\"
# The secret, or better a file that holds it and that only this program may read (relative to the data folder).
# Without either the client is a public one.
#client_secret_file = \"oidc-staff-secret\"
#scopes = [\"profile\"]
# What the button calls the provider.
#name = \"统一身份认证\"
#name_en = \"the unified identity platform\"
# Whom to ask when somebody is not let in.
#contact = \"信息科 0635-0000000\"
# Claim that holds our login. It counts at the first sign-in only; from then on issuer and subject do.
#claim_login = \"preferred_username\"

[oidc.citizen]
#issuer = \"https://id.example.gov.cn/citizen\"
#client_id = \"huifa-citizen\"
#client_secret_file = \"oidc-citizen-secret\"
#scopes = [\"profile\", \"phone\"]
#name = \"全省统一身份认证\"
#name_en = \"the provincial identity platform\"
#contact = \"12348\"
# Claims that hold the mobile phone, whether it was proved, the name and the identity number.
#claim_phone = \"phone_number\"
#claim_phone_verified = \"phone_number_verified\"
#claim_name = \"name\"
#claim_id_number = \"id_number\"
# Claim that says that name and identity number were proved, and its values that mean yes. Without it neither is
# kept.
#claim_identity_proved = \"real_name\"
#identity_proved_values = [\"true\"]
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    address: Option<String>,
    staff: Option<Provider>,
    citizen: Option<Provider>,
}

/// One provider as written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Provider {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_file: Option<String>,
    scopes: Option<Vec<String>>,
    name: Option<String>,
    name_en: Option<String>,
    contact: Option<String>,
    claim_login: Option<String>,
    claim_phone: Option<String>,
    claim_phone_verified: Option<String>,
    claim_name: Option<String>,
    claim_id_number: Option<String>,
    claim_identity_proved: Option<String>,
    identity_proved_values: Option<Vec<String>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What the section means.
#[derive(Debug, Clone, Default)]
pub struct Oidc {
    /// Where browsers reach this site.
    pub address: String,
    /// For staff.
    pub staff: Option<Parts>,
    /// For citizens.
    pub citizen: Option<Parts>,
}

impl Oidc {
    /// Whether any provider is set.
    pub fn is_set(&self) -> bool {
        self.staff.is_some() || self.citizen.is_some()
    }
}

fn wrong(said: &str) -> Failure {
    Failure::Environment(format!("huifa.toml: {said}"))
}

impl Section {
    /// The providers meant. A section without an issuer sets none.
    pub fn read(self, data: &Path, listen: Option<SocketAddr>) -> Result<Oidc, Failure> {
        let staff = self.staff.map(|one| one.read("oidc.staff", data, "profile")).transpose()?.flatten();
        let citizen =
            self.citizen.map(|one| one.read("oidc.citizen", data, "profile phone")).transpose()?.flatten();
        let mut oidc = Oidc { address: String::new(), staff, citizen };
        if !oidc.is_set() {
            return Ok(oidc);
        }
        // A command that opens no door sends nobody anywhere.
        if listen.is_none() && self.address.is_none() {
            return Ok(Oidc::default());
        }
        let here =
            listen.filter(|address| address.ip().is_loopback()).map(|address| format!("http://{address}"));
        oidc.address = self.address.or(here).ok_or_else(|| {
            wrong("[oidc] address: say where browsers reach this site; the provider sends people back there")
        })?;
        if !may_call(&oidc.address) || oidc.address.ends_with('/') {
            return Err(wrong(
                "[oidc] address: https://…, http:// only on loopback, without a slash at the end",
            ));
        }
        Ok(oidc)
    }
}

impl Provider {
    fn read(self, section: &str, data: &Path, scopes: &str) -> Result<Option<Parts>, Failure> {
        let Some(issuer) = self.issuer else {
            return if self.client_id.is_some() || self.client_secret.is_some() {
                Err(wrong(&format!("[{section}] issuer is missing")))
            } else {
                Ok(None)
            };
        };
        if !may_call(&issuer) {
            return Err(wrong(&format!("[{section}] issuer: https://…, http:// only on loopback")));
        }
        let client_id = self.client_id.ok_or_else(|| wrong(&format!("[{section}] client_id is missing")))?;
        let client_secret = match (self.client_secret, self.client_secret_file) {
            (Some(_), Some(_)) => {
                return Err(wrong(&format!("[{section}] client_secret or client_secret_file, not both")));
            }
            (None, Some(file)) => {
                let path = data.join(file);
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| wrong(&format!("[{section}] {}: {error}", path.display())))?;
                Some(text.trim().to_owned()).filter(|secret| !secret.is_empty())
            }
            (secret, None) => secret,
        };
        let usual = Claims::default();
        let proved = self.identity_proved_values.unwrap_or_else(|| vec!["true".to_owned()]);
        let name_zh = self.name.unwrap_or_else(|| "统一身份认证".to_owned());
        Ok(Some(Parts {
            issuer,
            client_id,
            client_secret,
            scopes: self.scopes.unwrap_or_else(|| scopes.split(' ').map(str::to_owned).collect()),
            name_en: self.name_en.unwrap_or_else(|| name_zh.clone()),
            name_zh,
            contact: self.contact.unwrap_or_default(),
            claims: Claims {
                login: self.claim_login.unwrap_or(usual.login),
                phone: self.claim_phone.unwrap_or(usual.phone),
                phone_verified: self.claim_phone_verified.unwrap_or(usual.phone_verified),
                name: self.claim_name.unwrap_or(usual.name),
                id_number: self.claim_id_number.unwrap_or(usual.id_number),
                identity_proved: self.claim_identity_proved.map(|claim| (claim, proved)),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, listen: &str) -> Result<Oidc, String> {
        let section: Section = toml::from_str(text).map_err(|error| error.to_string())?;
        let listen = listen.parse().ok();
        section.read(Path::new("/nowhere"), listen).map_err(|failure| format!("{failure:?}"))
    }

    const HERE: &str = "127.0.0.1:8080";

    #[test]
    fn a_provider_needs_https_a_name_of_ours_and_a_way_back() {
        let good =
            "address = 'https://hf.example'\n[staff]\nissuer = 'https://id.example'\nclient_id = 'huifa'";
        let oidc = read(good, "0.0.0.0:80").expect("sound settings");
        assert_eq!(oidc.staff.expect("a provider").scopes, ["profile"]);
        assert!(oidc.citizen.is_none());
        for (text, listen, said) in [
            ("[staff]\nissuer = 'http://id.example'\nclient_id = 'h'", HERE, "issuer: https"),
            ("[staff]\nissuer = 'https://id.example'", HERE, "client_id is missing"),
            ("[staff]\nclient_id = 'h'", HERE, "issuer is missing"),
            ("[staff]\nissuer = 'https://id.example'\nclient_id = 'h'", "0.0.0.0:80", "where browsers reach"),
            (
                "address = 'http://hf.example'\n[staff]\nissuer = 'https://i'\nclient_id = 'h'",
                HERE,
                "address: https",
            ),
            ("[staff]\nissuer = 'https://i'\nclient_id = 'h'\nclient_secret_file = 'x'", HERE, "/nowhere/x"),
            ("[staff]\nissuer = 'https://i'\nclient_id = 'h'\nclaim = 'x'", HERE, "unknown field"),
        ] {
            let refused = read(text, listen).expect_err(text);
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }

    #[test]
    fn on_loopback_the_listener_is_the_address_and_http_is_taken() {
        let text =
            "[citizen]\nissuer = 'http://127.0.0.1:4000'\nclient_id = 'h'\nclient_secret = 'very secret'";
        let oidc = read(text, HERE).expect("sound settings");
        assert_eq!(oidc.address, "http://127.0.0.1:8080");
        assert!(!format!("{oidc:?}").contains("very secret"), "secrets are not printed");
        assert!(!read("", HERE).expect("nothing set").is_set());
    }
}
