//! Own passwords: what they must be like, and changing them.

use std::collections::HashSet;
use std::sync::LazyLock;

use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use store::Changes;

use super::store as table;
use crate::account::store as accounts;
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::password::LENGTH;
use crate::principal::AccountId;
use crate::room::Access;
use crate::rules::Rules;
use crate::session::{Must, Signed};

/// A password of this length need not be a mixture: many words are better than few signs.
const LONG: usize = 14;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/common-passwords.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// What a password lacks, each with its word for programs.
pub(crate) fn faults(rules: &Rules, password: &str, login: &str, name: &str) -> Vec<(&'static str, Text)> {
    let mut faults = Vec::new();
    let length = password.chars().count();
    let least = usize::try_from(rules.password_min).unwrap_or(*LENGTH.start()).max(*LENGTH.start());
    if length < least || length > *LENGTH.end() {
        let text = Text::new("account-password-length").arg("least", least).arg("most", LENGTH.end());
        faults.push(("length", text));
    }
    let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
    let kinds = has(char::is_lowercase)
        + has(char::is_uppercase)
        + has(char::is_numeric)
        + has(|c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric());
    if length < LONG && kinds < usize::try_from(rules.password_kinds).unwrap_or(0) {
        let text = Text::new("account-password-kinds").arg("kinds", rules.password_kinds).arg("long", LONG);
        faults.push(("composition", text));
    }
    let lower = password.to_lowercase();
    let holds = |word: &str| {
        let word = word.trim().to_lowercase();
        // Two letters turn up in any password; as the whole of it they are still no password.
        word.chars().count() >= 3 && lower.contains(&word)
    };
    if lower == login || holds(login) || holds(name) {
        faults.push(("personal", Text::new("account-password-personal")));
    }
    if COMMON.contains(lower.as_str()) {
        faults.push(("common", Text::new("account-password-common")));
    }
    faults
}

/// The refusal of a password that lacks something.
pub(crate) fn refusal(faults: Vec<(&'static str, Text)>) -> Refusal {
    Refusal::new(Code::FactsWrong, "account-password-refused")
        .rule(Rule::house("password"))
        .errors(faults.into_iter().map(|(code, text)| FieldError::new("/password", code, text)).collect())
        .next(Next::say("account-next-better"))
}

/// The current password was wrong.
pub(crate) fn wrong_current() -> Refusal {
    Refusal::new(Code::FactsWrong, "account-password-refused")
        .error(FieldError::new("/current", "wrong", "account-current-wrong"))
        .next(Next::say("account-next-current"))
}

impl Access {
    /// What a password lacks by the rules of this installation.
    pub fn password_faults(&self, password: &str, login: &str, name: &str) -> Vec<(&'static str, Text)> {
        faults(&self.rules, password, login, name)
    }

    /// Checks a new password, also against those before it, and lists what setting it changes.
    pub(crate) async fn new_password(
        &self,
        account: &str,
        login: &str,
        name: &str,
        password: &str,
        must_change: bool,
        now: Instant,
    ) -> Result<Changes, AccessError> {
        let faults = self.password_faults(password, login, name);
        if !faults.is_empty() {
            return Err(refusal(faults).into());
        }
        let mut reader = self.db.reader().await?;
        let row = accounts::by_id(&mut reader, account).await?;
        let current = row.and_then(|row| row.password);
        let past = table::past(&mut reader, account, self.rules.password_past).await?;
        drop(reader);
        let turn = self.hasher.turn().await?;
        for hash in current.iter().chain(&past) {
            if self.hasher.verify(&turn, password.to_owned(), Some(hash.clone())).await? {
                let count = self.rules.password_past;
                let text = Text::new("account-password-again").arg("count", count);
                return Err(refusal(vec![("again", text)]).into());
            }
        }
        drop(turn);
        let hash = self.hasher.hash(password.to_owned()).await?;
        let mut changes = Changes::new();
        if let Some(current) = current {
            changes.push(table::keep_past(account, &current, now));
            changes.push(table::prune_past(account, self.rules.password_past));
        }
        changes.push(table::set_password(account, &hash, must_change, now));
        Ok(changes)
    }

    /// Changes one's own password. The session it is done in goes on; every other ends.
    pub async fn change_password(
        &self,
        signed: &Signed,
        current: &str,
        password: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.own_account(signed).await?;
        self.prove_again(&row, current, now).await?;
        let (login, name) = (row.login.unwrap_or_default(), row.name.unwrap_or_default());
        let mut changes = self.new_password(&row.id, &login, &name, password, false, now).await?;
        let totp = table::totp(&mut self.db.reader().await?, &row.id).await?;
        let has_totp = totp.is_some_and(|totp| totp.confirmed_at.is_some());
        let must = self.totp_missing(has_totp, &signed.principal).then_some(Must::Totp);
        changes.push(crate::session::store::end_others(&row.id, &signed.session));
        changes.push(crate::session::store::set_must(&signed.session, must.map(Must::as_str)));
        let entry = Entry::new(Some(&row.id), Act::PasswordChange, Some(&row.id), Outcome::Done);
        self.record(&mut changes, &entry, now)?;
        Ok(self.db.apply("change password", changes).await?)
    }

    /// The account of whoever is signed in with a password; citizens and guests have none.
    pub(crate) async fn own_account(
        &self,
        signed: &Signed,
    ) -> Result<crate::account::store::AccountRow, AccessError> {
        let id = signed.principal.account.as_ref().filter(|_| signed.principal.is_staff());
        let row = match id.map(AccountId::as_str) {
            Some(id) => accounts::by_id(&mut self.db.reader().await?, id).await?,
            None => None,
        };
        row.ok_or_else(|| {
            Refusal::new(Code::Forbidden, "account-no-password")
                .rule(Rule::house("passwords-are-for-staff"))
                .next(Next::say("account-next-phone"))
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        faults(&Rules::default(), password, "clerk.1", "王晓明").into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn a_password_is_long_or_mixed_and_neither_common_nor_ones_own_name() {
        let cases: [(&str, &[&str]); 9] = [
            ("Rain-4-lunch", &[]),
            ("rain on the quiet hills", &[]),
            ("晴天去田里看麦子Abc", &[]),
            ("short1A", &["length"]),
            ("onlysmall", &["composition"]),
            ("P@ssw0rd", &["common"]),
            ("Admin@123", &["common"]),
            ("clerk.1-A-day", &["personal"]),
            ("王晓明 2026 A", &["personal"]),
        ];
        for (password, expected) in cases {
            assert_eq!(codes(password), expected, "{password}");
        }
        assert_eq!(codes(&"aB3".repeat(60)), ["length"]);
    }

    #[test]
    fn the_list_is_lower_case_and_long_enough_to_matter() {
        assert!(COMMON.len() > 150, "{}", COMMON.len());
        for word in COMMON.iter() {
            assert_eq!(*word, word.to_lowercase());
            assert!(word.chars().count() >= *LENGTH.start(), "{word} is refused by its length already");
        }
    }
}
