//! Who a matter is about: what is one's own in it, and in which matters one stands.

use access::{Kind, Principal};
use kernel::actor::Role;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;

use super::model::Kept;
use super::store as table;
use crate::command::authorise;
use crate::command::load::Seen;
use crate::register::{Register, broken};

/// Matters read at once.
const PAGE: i64 = 50;

/// Only a person who has proved who they are asks for what is theirs: a citizen by phone, or the applicant of
/// one matter by number and code.
pub(super) fn person(who: &Principal) -> Result<(), Refusal> {
    match who.kind {
        Kind::Citizen | Kind::Guest(_) => Ok(()),
        Kind::Anonymous => Err(Refusal::new(Code::Unauthenticated, Text::new("refused-sign-in"))
            .rule(Rule::house("verified-session"))
            .next(Next::say("next-sign-in"))),
        Kind::Staff | Kind::System => Err(Refusal::new(Code::Forbidden, Text::new("refused-not-your-own"))
            .rule(Rule::house("verified-session"))
            .next(Next::say("next-own-account"))),
    }
}

/// As what the caller stands in a matter; none when it is not theirs.
pub(super) fn standing(who: &Principal, seen: &Seen, now: Instant) -> Option<Role> {
    [Role::Applicant, Role::Party]
        .into_iter()
        .find(|role| authorise::beside(who, &seen.matter, *role, &seen.relations, now).is_ok())
}

impl Register {
    /// A page of the matters the caller is applicant or party of, in the order of their numbers.
    pub async fn own_matters(
        &self,
        who: &Principal,
        after: Option<MatterNumber>,
    ) -> Result<Vec<MatterNumber>, Refusal> {
        person(who)?;
        if let Kind::Guest(number) = who.kind {
            return Ok(if after.is_none() { vec![number] } else { Vec::new() });
        }
        let Some(account) = &who.account else { return Ok(Vec::new()) };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        table::own_matters(&mut reader, account.as_str(), self.now(), after, PAGE)
            .await
            .map_err(|error| broken("own matters", &error))
    }

    /// How long a matter the caller may see is kept; none while it has not ended, and once it was erased.
    pub async fn kept_until(&self, who: &Principal, number: MatterNumber) -> Result<Option<Kept>, Refusal> {
        let now = self.now();
        let matter = self.load(who, number, None, now).await?.matter;
        Ok(self.kept(&matter, now).filter(|_| matter.state.erased.is_none()))
    }

    /// All of them.
    pub(super) async fn all_own(&self, who: &Principal) -> Result<Vec<MatterNumber>, Refusal> {
        let mut all = Vec::new();
        loop {
            let page = self.own_matters(who, all.last().copied()).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}
