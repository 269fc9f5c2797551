//! Who acts, as what, and through which door.

use std::fmt;
use std::str::FromStr;

use crate::number::MatterNumber;
use crate::string_form::string_form;

/// A word that is not in a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} {word:?}")]
pub struct UnknownWord {
    /// What was looked for: "role" or "door".
    pub kind: &'static str,
    /// What was given.
    pub word: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $kind:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used outside.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { kind: $kind, word: word.to_owned() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        string_form!($name);
    };
}

words!(
    /// In which capacity somebody acts. Granted for an area, except the implied ones.
    Role, "role" {
        /// 窗口人员: takes what people bring.
        Clerk = "clerk",
        /// 热线话务员.
        HotlineAgent = "hotline_agent",
        /// 法律援助初审人.
        AidOfficer = "aid_officer",
        /// 法律援助审批人: never the officer who reviewed.
        AidApprover = "aid_approver",
        /// 法律援助机构负责人.
        AidHead = "aid_head",
        /// 司法局或司法所负责人.
        OfficeHead = "office_head",
        /// 律师.
        Lawyer = "lawyer",
        /// 基层法律服务工作者.
        LegalWorker = "legal_worker",
        /// 律所或法律服务所管理员: names the person.
        FirmAdmin = "firm_admin",
        /// 人民调解员.
        Mediator = "mediator",
        /// 调解委员会主任.
        CommitteeHead = "committee_head",
        /// 村(社区)法律顾问.
        Adviser = "adviser",
        /// 监督人员.
        Supervisor = "supervisor",
        /// 协作单位, door `partner`.
        Organ = "organ",
        /// 系统管理员: sees no matters.
        SystemAdmin = "system_admin",
        /// 安全管理员: sees no matters.
        SecurityAdmin = "security_admin",
        /// 审计管理员: sees no matters.
        AuditAdmin = "audit_admin",
        /// Implied: the person who applied.
        Applicant = "applicant",
        /// Implied: any other party of the matter.
        Party = "party",
        /// Implied: helps the applicant with consent.
        Helper = "helper",
        /// Implied: the system itself, when time runs out.
        System = "system",
    }
);

words!(
    /// The way a matter or an action came in.
    Door, "door" {
        /// 窗口.
        Window = "window",
        /// 热线.
        Hotline = "hotline",
        /// 网站.
        Web = "web",
        /// 自助机.
        Kiosk = "kiosk",
        /// 村(社区).
        Village = "village",
        /// 协作单位.
        Partner = "partner",
    }
);

impl Role {
    /// Roles nobody is granted: they follow from the matter or from being the machine.
    pub const fn implied(self) -> bool {
        matches!(self, Self::Applicant | Self::Party | Self::Helper | Self::System)
    }

    /// The three administrators, who are separate people and see no matters.
    pub const fn administers(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }
}

impl Door {
    /// Whether only a signed-in member of staff may open a matter through it.
    pub const fn needs_staff(self) -> bool {
        matches!(self, Self::Window | Self::Hotline | Self::Village | Self::Partner)
    }
}

/// Opaque id of whoever acted, as written in events: an account id, `guest:<number>` or `system`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ActorId(String);

impl ActorId {
    /// An account, by its id.
    pub fn account(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The guest who acts as the applicant of one matter.
    pub fn guest(number: MatterNumber) -> Self {
        Self(format!("guest:{number}"))
    }

    /// The system: timers and jobs.
    pub fn system() -> Self {
        Self("system".to_owned())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account, when it is one: neither a guest nor the system.
    pub fn account_id(&self) -> Option<&str> {
        Some(self.as_str()).filter(|id| *id != "system" && !id.starts_with("guest:"))
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        for door in Door::ALL {
            assert_eq!(door.as_str().parse(), Ok(*door));
        }
        assert_eq!(Role::ALL.len(), 21);
        assert_eq!(serde_json::to_string(&Role::AidOfficer).unwrap(), "\"aid_officer\"");
        assert_eq!("boss".parse::<Role>().unwrap_err().to_string(), "unknown role \"boss\"");
    }
}
