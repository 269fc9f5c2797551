//! One firm never acts for both sides, nor for two co-accused of one case.
//!
//! Which matters belong together is read from the keyed hashes alone, within the write that gives the matter to
//! the firm: no file of anybody is opened for it, and whoever asks learns of no matter.

use catalog::item::ActionDef;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use store::{Sql, sql};

use crate::engine::transition::Chosen;

/// Name of the guard.
pub const GUARD: &str = "firms apart";

/// Whom an action keeps apart: the organisation it names, and what is said when that one may not be named.
#[derive(Debug, Clone)]
pub struct Apart {
    /// Id of the organisation.
    pub organisation: String,
    /// The refusal.
    pub refusal: Refusal,
}

impl Apart {
    /// What an action demands of whom it names, where it demands that.
    pub fn of(action: &ActionDef, chosen: Option<&Chosen>) -> Option<Self> {
        let Some(Chosen::Organisation { id, name }) = chosen.filter(|_| action.apart) else { return None };
        let rule = match &action.basis {
            Some(basis) => Rule::lawful("apart", &basis.law, &basis.article),
            None => Rule::house("apart"),
        };
        let refusal = Refusal::new(Code::RuleRefused, Text::new("refused-apart").arg("firm", name))
            .rule(rule)
            .next(Next::say("next-other-firm"));
        Some(Self { organisation: id.clone(), refusal })
    }

    /// Remembers personal scopes as [`crate::store::insert_access`] does, unless the organisation acts now in a
    /// matter of the same case for somebody else, or in one whose applicant and ours are named against each other.
    pub fn insert_access(&self, number: MatterNumber, rows: &[(String, &'static str)], now: Instant) -> Sql {
        sql("INSERT INTO access (number, principal, reason, until) \
             SELECT v.column1, v.column2, v.column3, v.column4 FROM (VALUES ")
        .rows(rows, |row, (principal, reason)| {
            row.bind(number).bind(principal).bind(*reason).bind(None::<Instant>)
        })
        .then(
            ") AS v WHERE NOT EXISTS (SELECT b.number FROM blind m \
                   JOIN blind b ON b.mac = m.mac AND b.kind = m.kind AND b.number <> m.number \
                   JOIN access a ON a.number = b.number AND a.reason = 'assigned' \
                   WHERE m.number = ? AND m.kind IN ('paper', 'name', 'case') \
                   AND a.principal = ? AND (a.until IS NULL OR a.until > ?) GROUP BY b.number \
                   HAVING COUNT(CASE WHEN m.side = 'own' AND b.side = 'own' THEN 1 END) = 0 \
                   AND (COUNT(CASE WHEN m.kind = 'case' THEN 1 END) > 0 \
                   OR (COUNT(CASE WHEN m.side = 'own' AND b.side = 'other' THEN 1 END) > 0 \
                   AND COUNT(CASE WHEN m.side = 'other' AND b.side = 'own' THEN 1 END) > 0))) \
                   ON CONFLICT (number, principal, reason) DO UPDATE SET until = excluded.until",
        )
        .bind(number)
        .bind(&self.organisation)
        .bind(now)
    }
}
