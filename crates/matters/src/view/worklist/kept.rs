//! Lists somebody comes back to: a filter under a name of their own. What it finds is asked anew each time.

use access::{AccountId, Principal};
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use store::{Changes, sql};

use crate::register::{Register, broken};

/// Lists one person may keep: more would be a menu to search in.
const MOST: usize = 12;

/// Longest name, in characters.
const LONGEST: usize = 24;

/// A list that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What its owner calls it.
    pub name: String,
    /// What is asked for, as a query string.
    pub query: String,
}

fn account(who: &Principal) -> Option<&str> {
    who.account.as_ref().filter(|_| who.is_staff()).map(AccountId::as_str)
}

fn wrong(code: &'static str, key: &'static str) -> Refusal {
    Refusal::new(Code::FactsWrong, Text::new(key))
        .error(FieldError::new("/name", code, Text::new(key)))
        .next(Next::say("next-mend-fields"))
}

impl Register {
    /// The lists somebody keeps, in the order of their making.
    pub async fn kept_lists(&self, who: &Principal) -> Result<Vec<Kept>, Refusal> {
        let Some(account) = account(who) else { return Ok(Vec::new()) };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows: Vec<(String, String)> =
            sql("SELECT name, query FROM kept_list WHERE account = ? ORDER BY made_at, name")
                .bind(account)
                .all(&mut reader)
                .await
                .map_err(|error| broken("kept lists", &error))?;
        Ok(rows.into_iter().map(|(name, query)| Kept { name, query }).collect())
    }

    /// Keeps a list; of the same name the new one stands.
    pub async fn keep_list(&self, who: &Principal, kept: &Kept, now: Instant) -> Result<(), Refusal> {
        let Some(account) = account(who) else {
            return Err(Refusal::new(Code::Forbidden, Text::new("refused-kept-staff"))
                .next(Next::say("next-sign-in")));
        };
        let name = kernel::text::normalise(&kept.name);
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST {
            return Err(wrong("length", "error-kept-name"));
        }
        let held = self.kept_lists(who).await?;
        if held.len() >= MOST && held.iter().all(|one| one.name != name) {
            return Err(Refusal::new(Code::RuleRefused, Text::new("refused-kept-many"))
                .rule(Rule::house("kept-lists"))
                .error(FieldError::new("/name", "many", Text::new("refused-kept-many")))
                .next(Next::say("next-kept-forget")));
        }
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO kept_list (account, name, query, made_at) VALUES (?, ?, ?, ?) \
                 ON CONFLICT (account, name) DO UPDATE SET query = excluded.query")
            .bind(account)
            .bind(name)
            .bind(&kept.query)
            .bind(now),
        );
        self.db().apply("keep list", changes).await.map_err(|error| broken("keep list", &error))
    }

    /// Lets go of a list; of one that is not there too.
    pub async fn forget_list(&self, who: &Principal, name: &str) -> Result<(), Refusal> {
        let Some(account) = account(who) else { return Ok(()) };
        let mut changes = Changes::new();
        changes.push(sql("DELETE FROM kept_list WHERE account = ? AND name = ?").bind(account).bind(name));
        self.db().apply("forget list", changes).await.map_err(|error| broken("forget list", &error))
    }
}
