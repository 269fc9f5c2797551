//! Settings of accounts (`[accounts]`): what is a parameter and not a law. Graded protection (GB/T 22239-2019,
//! level 3) asks for composition, periodic change, a lock and records; the figures are the operator's.

use jiff::SignedDuration;
use kernel::actor::Role;
use serde::Serialize;

/// Rules of signing in, passwords and records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rules {
    /// Failed tries in a row after which every further one waits: a minute, then twice as long each time.
    pub delay_after: u32,
    /// Failed tries in a row after which a login is locked.
    pub tries_before_lock: u32,
    /// How long a lock holds, in minutes; also the longest wait before it.
    pub lock_minutes: u32,
    /// Shortest own password, in characters.
    pub password_min: u32,
    /// How many of small letters, capitals, digits and signs an own password mixes, unless it is long.
    pub password_kinds: u32,
    /// How many earlier passwords are not taken again.
    pub password_past: u32,
    /// Days after which a password is changed at the next sign-in; `None` = never by age.
    pub password_max_days: Option<u32>,
    /// Roles that need a second factor.
    pub totp_roles: Vec<Role>,
    /// Days a row of the audit is kept; the law on networks asks for six months at least.
    pub audit_days: u32,
    /// Codes sent to one phone in a day.
    pub codes_per_phone_day: u32,
    /// Codes one address may ask for in a day.
    pub codes_per_address_day: u32,
    /// Codes sent in a day in all: what a flood may cost at most.
    pub codes_per_day: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            delay_after: 10,
            tries_before_lock: 15,
            lock_minutes: 30,
            password_min: 8,
            password_kinds: 3,
            password_past: 5,
            password_max_days: None,
            totp_roles: Vec::new(),
            audit_days: 190,
            codes_per_phone_day: 10,
            codes_per_address_day: 300,
            codes_per_day: 20_000,
        }
    }
}

impl Rules {
    /// How long to wait after so many failed tries in a row.
    pub fn wait_after(&self, failures: i64) -> SignedDuration {
        let lock = SignedDuration::from_mins(i64::from(self.lock_minutes));
        if failures >= i64::from(self.tries_before_lock) {
            return lock;
        }
        let over = failures - i64::from(self.delay_after);
        if over < 0 {
            return SignedDuration::ZERO;
        }
        // Beyond six doublings an hour has passed; the lock is the longest wait.
        SignedDuration::from_mins(1 << over.min(10)).min(lock)
    }

    /// Whether so many failed tries in a row lock a login.
    pub fn locks(&self, failures: i64) -> bool {
        failures >= i64::from(self.tries_before_lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_in_a_lock() {
        let rules = Rules::default();
        let minutes: Vec<i64> =
            [0, 9, 10, 11, 12, 13, 14, 15, 99].map(|n| rules.wait_after(n).as_secs() / 60).to_vec();
        assert_eq!(minutes, [0, 0, 1, 2, 4, 8, 16, 30, 30]);
        let short = Rules { lock_minutes: 3, ..Rules::default() };
        assert_eq!(short.wait_after(13).as_secs(), 180, "never longer than the lock");
        assert!(!rules.locks(14) && rules.locks(15));
    }
}
