//! What each administrator may do. The only place where this is written.

use kernel::actor::Role;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};

use crate::principal::{Kind, Principal};

/// A kind of administrating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// Looks at accounts and what is granted to them.
    SeeAccounts,
    /// Opens, closes and moves accounts, sets first passwords.
    KeepAccounts,
    /// Looks at the settings of this node.
    SeeSettings,
    /// Grants and revokes roles, unlocks, signs out, removes a lost second factor.
    KeepRights,
    /// Reads the record of sign-ins and administrators, and changes nothing.
    ReadAudit,
}

impl Power {
    /// Every power.
    pub const ALL: [Self; 5] =
        [Self::SeeAccounts, Self::KeepAccounts, Self::SeeSettings, Self::KeepRights, Self::ReadAudit];

    /// The roles that have it.
    pub const fn holders(self) -> &'static [Role] {
        match self {
            Self::SeeAccounts => &[Role::SystemAdmin, Role::SecurityAdmin],
            Self::KeepAccounts | Self::SeeSettings => &[Role::SystemAdmin],
            Self::KeepRights => &[Role::SecurityAdmin],
            Self::ReadAudit => &[Role::AuditAdmin],
        }
    }
}

/// The rule a refusal names.
pub(crate) fn separation() -> Rule {
    Rule::house("three-administrators")
}

/// Whether somebody may. The command line, run by whoever holds the machine and its keys, may; it is recorded
/// as `system`.
pub fn may(who: &Principal, power: Power) -> Result<(), Refusal> {
    if who.kind == Kind::System || power.holders().iter().any(|role| who.has(*role)) {
        return Ok(());
    }
    if !who.is_signed_in() {
        return Err(Refusal::new(Code::Unauthenticated, "refused-sign-in").next(Next::say("next-sign-in")));
    }
    // Which of the three it would take; whoever is none of them learns that there are such pages, no more.
    let role = power.holders().first().map_or("", |role| role.as_str());
    Err(Refusal::new(Code::Forbidden, Text::new("admin-not-yours"))
        .rule(separation())
        .next(Next::say(Text::new("admin-next-ask").arg("role", role))))
}

/// Nobody administrates himself.
pub(crate) fn not_oneself(who: &Principal, account: &str) -> Result<(), Refusal> {
    if who.account.as_ref().is_some_and(|own| own.as_str() == account) {
        return Err(Refusal::new(Code::RuleRefused, "admin-not-oneself")
            .rule(separation())
            .next(Next::say("admin-next-colleague")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::{AccountId, Grant};

    fn holder(role: Role) -> Principal {
        Principal {
            account: Some(AccountId("a".into())),
            kind: Kind::Staff,
            login: Some("a".into()),
            grants: vec![Grant::new(role, "37".parse().unwrap(), None)],
            ..Principal::anonymous()
        }
    }

    #[test]
    fn each_power_has_its_administrator_and_no_other_role_has_any() {
        for role in Role::ALL {
            let may_do: Vec<Power> =
                Power::ALL.into_iter().filter(|power| may(&holder(*role), *power).is_ok()).collect();
            let expected: &[Power] = match role {
                Role::SystemAdmin => &[Power::SeeAccounts, Power::KeepAccounts, Power::SeeSettings],
                Role::SecurityAdmin => &[Power::SeeAccounts, Power::KeepRights],
                Role::AuditAdmin => &[Power::ReadAudit],
                _ => &[],
            };
            assert_eq!(may_do, expected, "{role}");
        }
    }

    #[test]
    fn a_visitor_is_asked_to_sign_in_and_nobody_administrates_himself() {
        let refusal = may(&Principal::anonymous(), Power::ReadAudit).unwrap_err();
        assert_eq!(refusal.code, Code::Unauthenticated);
        let one = holder(Role::SecurityAdmin);
        assert!(not_oneself(&one, "a").is_err() && not_oneself(&one, "b").is_ok());
    }
}
