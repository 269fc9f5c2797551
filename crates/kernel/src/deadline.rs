//! The answer to "when is it due": the shape of `GET /deadline` and of `huifa deadline --json`.

use serde::{Serialize, Serializer};

use crate::calendar::Calendar;
use crate::clock::{ClockFault, ClockLog, Limit, LimitKind, YellowShare};
use crate::lang::Lang;
use crate::period::{Due, Period, PeriodFault, Start, Unit};
use crate::time::{Instant, start_of_day};

/// `{due, due_at, raw, provisional, explain, skipped:[{date,why}], rule}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// Last day, `YYYY-MM-DD`.
    #[serde(serialize_with = "as_text")]
    pub due: jiff::civil::Date,
    /// When it is over: 24:00 Beijing of that day, for hours the exact moment.
    pub due_at: Instant,
    /// Last day before rolling on.
    #[serde(serialize_with = "as_text")]
    pub raw: jiff::civil::Date,
    /// Whether it may still move for want of official data.
    pub provisional: bool,
    /// The sentence.
    pub explain: String,
    /// Days that did not count.
    pub skipped: Vec<SkippedDay>,
    /// The limit that binds, when a rule was asked for.
    pub rule: Option<BindingRule>,
}

/// A day that did not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedDay {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// In words.
    pub why: String,
}

/// The limit behind a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BindingRule {
    /// The parameter.
    pub id: String,
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// Law or promise.
    pub kind: LimitKind,
    /// The law.
    pub law: Option<String>,
    /// The article.
    pub article: Option<String>,
    /// Whether the text in force was read.
    pub verified: bool,
}

fn as_text<S: Serializer>(value: &impl std::fmt::Display, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(value)
}

impl Deadline {
    /// The end of a period.
    pub fn of_period(
        period: Period,
        start: Start,
        calendar: &Calendar,
        lang: Lang,
    ) -> Result<Self, PeriodFault> {
        period.due(start, calendar).map(|due| Self::told(&due, None, lang))
    }

    /// The end of the limits of a rule; the earliest binds.
    pub fn of_limits(
        limits: &[Limit],
        start: Start,
        calendar: &Calendar,
        lang: Lang,
    ) -> Result<Self, ClockFault> {
        let at = match start {
            Start::At(at) => at,
            Start::Day(_) if limits.iter().any(|limit| limit.unit == Unit::Hour) => {
                return Err(PeriodFault::NeedsInstant.into());
            }
            Start::Day(date) => start_of_day(date),
        };
        let replayed = ClockLog::started(at).replay(limits, calendar, YellowShare::USUAL)?;
        let Limit { id, count, unit, kind, law, article, verified, .. } = replayed.binding().limit.clone();
        Ok(Self::told(
            replayed.due(),
            Some(BindingRule { id, count, unit, kind, law, article, verified }),
            lang,
        ))
    }

    fn told(due: &Due, rule: Option<BindingRule>, lang: Lang) -> Self {
        let skipped =
            due.skipped.iter().map(|day| SkippedDay { date: day.date.to_string(), why: day.why.words(lang) });
        Self {
            due: due.due,
            due_at: due.due_at,
            raw: due.raw,
            provisional: due.provisional,
            explain: due.explanation.sentence(lang),
            skipped: skipped.collect(),
            rule,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_answer_has_the_shape_of_the_contract() {
        let period = Period::new(3, Unit::Day).unwrap();
        let start = Start::Day(date(2026, 9, 23));
        let answer = Deadline::of_period(period, start, Calendar::official(), Lang::Zh).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        let explain = answer.as_object_mut().unwrap().remove("explain").unwrap();
        assert!(explain.as_str().unwrap().contains("顺延至2026年9月28日"));
        assert_eq!(
            answer,
            json!({
                "due": "2026-09-28", "due_at": "2026-09-29T00:00:00+08:00", "raw": "2026-09-26", "provisional": false,
                "skipped": [{"date": "2026-09-26", "why": "中秋放假"}, {"date": "2026-09-27", "why": "中秋放假"}],
                "rule": null
            })
        );
    }
}
