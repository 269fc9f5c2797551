//! `[accounts]`: signing in, passwords, second factor, and how long the record of it is kept.

use access::Rules;
use kernel::actor::Role;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[accounts]
# Failed tries in a row of one login after which each further one waits (1, 2, 4 … minutes), after which the login
# is locked, and how long a lock holds, in minutes (1-1440). A security administrator unlocks earlier.
#delay_after = 10
#tries_before_lock = 15
#lock_minutes = 30
# Own passwords: shortest length, how many of small letters, capitals, digits and signs it mixes (unless it has 14
# characters or more), how many earlier ones are not taken again.
#password_min = 8
#password_kinds = 3
#password_past = 5
# Days after which a password is changed at the next sign-in; 0 = never by age. Graded protection, level 3
# (GB/T 22239-2019), asks for a periodic change; 90 days are usual, but that figure was not verified.
#password_max_days = 0
# Roles that need a second factor (a code of an authenticator), e.g. [\"security_admin\", \"audit_admin\"].
#totp_roles = []
# Days the record of sign-ins and administrators is kept; the Cybersecurity Law asks for six months at least.
#audit_days = 190
# Codes sent in a day: to one phone, for one address, in all.
#codes_per_phone_day = 10
#codes_per_address_day = 300
#codes_per_day = 20000
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    delay_after: Option<u32>,
    tries_before_lock: Option<u32>,
    lock_minutes: Option<u32>,
    password_min: Option<u32>,
    password_kinds: Option<u32>,
    password_past: Option<u32>,
    password_max_days: Option<u32>,
    totp_roles: Option<Vec<Role>>,
    audit_days: Option<u32>,
    codes_per_phone_day: Option<u32>,
    codes_per_address_day: Option<u32>,
    codes_per_day: Option<u32>,
}

/// A figure within its bounds, or what holds when none is given.
fn within(
    name: &str,
    given: Option<u32>,
    usual: u32,
    bounds: std::ops::RangeInclusive<u32>,
) -> Result<u32, Failure> {
    match given {
        None => Ok(usual),
        Some(figure) if bounds.contains(&figure) => Ok(figure),
        Some(figure) => Err(Failure::Environment(format!(
            "huifa.toml: [accounts] {name} = {figure}: give {} to {}",
            bounds.start(),
            bounds.end()
        ))),
    }
}

impl Section {
    /// The rules meant.
    pub fn read(self) -> Result<Rules, Failure> {
        let usual = Rules::default();
        let days = match self.password_max_days {
            None => usual.password_max_days,
            Some(0) => None,
            some => some,
        };
        let totp_roles = self.totp_roles.unwrap_or(usual.totp_roles);
        if let Some(role) = totp_roles.iter().find(|role| role.implied()) {
            return Err(Failure::Environment(format!(
                "huifa.toml: [accounts] totp_roles: {role} is granted to nobody"
            )));
        }
        let delay_after = within("delay_after", self.delay_after, usual.delay_after, 1..=1000)?;
        let tries = self.tries_before_lock;
        Ok(Rules {
            delay_after,
            tries_before_lock: within("tries_before_lock", tries, usual.tries_before_lock, 1..=1000)?,
            lock_minutes: within("lock_minutes", self.lock_minutes, usual.lock_minutes, 1..=1440)?,
            password_min: within("password_min", self.password_min, usual.password_min, 8..=64)?,
            password_kinds: within("password_kinds", self.password_kinds, usual.password_kinds, 1..=4)?,
            password_past: within("password_past", self.password_past, usual.password_past, 0..=24)?,
            password_max_days: days,
            totp_roles,
            audit_days: within("audit_days", self.audit_days, usual.audit_days, 180..=3650)?,
            codes_per_phone_day: within(
                "codes_per_phone_day",
                self.codes_per_phone_day,
                usual.codes_per_phone_day,
                1..=1000,
            )?,
            codes_per_address_day: within(
                "codes_per_address_day",
                self.codes_per_address_day,
                usual.codes_per_address_day,
                1..=1_000_000,
            )?,
            codes_per_day: within("codes_per_day", self.codes_per_day, usual.codes_per_day, 1..=10_000_000)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rules, Failure> {
        toml::from_str::<Section>(text).expect("a section").read()
    }

    #[test]
    fn what_is_not_set_holds_as_usual_and_what_cannot_be_meant_is_refused() {
        assert_eq!(read("").expect("the usual"), Rules::default());
        let made = read("tries_before_lock = 5\npassword_max_days = 90\ntotp_roles = [\"audit_admin\"]");
        let made = made.expect("sound");
        assert_eq!((made.tries_before_lock, made.password_max_days), (5, Some(90)));
        assert_eq!(made.totp_roles, [Role::AuditAdmin]);
        for wrong in
            ["audit_days = 30", "lock_minutes = 0", "password_min = 4", "totp_roles = [\"applicant\"]"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
