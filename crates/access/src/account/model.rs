//! What an account is made of.

use kernel::actor::Role;
use kernel::area::AreaCode;
use serde::Serialize;

use crate::principal::OrgId;

/// A new staff account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Login: lower-case letters, digits, dots and dashes.
    pub login: String,
    /// Name colleagues see.
    pub name: String,
    /// The body the person belongs to.
    pub organisation: Option<OrgId>,
    /// First password.
    pub password: String,
}

/// One account in a list, with its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountLine {
    /// Login; citizens by phone have none.
    pub login: Option<String>,
    /// Name colleagues see; empty for citizens, whose names are sealed.
    pub name: String,
    /// `staff` or `citizen`.
    pub kind: String,
    /// The body the person belongs to.
    pub organisation: Option<String>,
    /// Roles.
    pub roles: Vec<RoleLine>,
}

/// A role in the shape of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct RoleLine {
    /// The role.
    pub role: Role,
    /// Where.
    pub area: AreaCode,
    /// For which body only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// Whether a login has the form we take: 2 to 64 of `a-z 0-9 . - _`, beginning with a letter or digit.
pub fn login_fits(login: &str) -> bool {
    (2..=64).contains(&login.len())
        && login
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
        && login.as_bytes()[0].is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_plain_words() {
        for login in ["aid.dongchangfu.1", "clerk.371502001.1", "w2"] {
            assert!(login_fits(login), "{login}");
        }
        for login in ["", "a", "Aid", "王", ".x", "a b", "a@b", &"x".repeat(65)] {
            assert!(!login_fits(login), "{login}");
        }
    }
}
