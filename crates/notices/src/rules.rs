//! Pure decisions: which ways to somebody, from when on, and when to try again.

use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::contact::{Hours, Wording};
use kernel::identity::Phone;
use kernel::time::Instant;

use crate::model::{Channel, Kind, Person, State};

/// Events older than this are put into inboxes only: a node that stood still for a week must not wake people
/// with what they have long known.
pub const STALE: SignedDuration = SignedDuration::from_hours(48);

/// Longest pause between two tries.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// Which ways out there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ways {
    /// A gateway for short messages is configured.
    pub sms: bool,
    /// A mail server is configured.
    pub mail: bool,
}

/// One notice to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Through what.
    pub channel: Channel,
    /// Phone or address; none in the inbox and where there is none.
    pub to: Option<String>,
    /// `Delivered` in the inbox, `Queued` outside, or `Suppressed`.
    pub state: State,
    /// Why it is suppressed.
    pub reason: Option<&'static str>,
    /// Whether the office must call instead.
    pub call: bool,
}

impl Plan {
    fn suppressed(reason: &'static str, call: bool) -> Self {
        Self { channel: Channel::Sms, to: None, state: State::Suppressed, reason: Some(reason), call }
    }
}

/// The ways one person is told by. `mail` is the address they proved, `age` how long ago it happened.
pub fn plan(person: &Person, mail: Option<&str>, ways: Ways, age: SignedDuration) -> Vec<Plan> {
    let mut plans = Vec::new();
    if person.audience.is_some() {
        plans.push(Plan {
            channel: Channel::Inbox,
            to: None,
            state: State::Delivered,
            reason: None,
            call: false,
        });
    }
    let out = person.outside && person.kind.goes_out() && age < STALE && (ways.sms || ways.mail);
    if !out {
        return plans;
    }
    if !person.rules.may_write() {
        // They asked for no message: nobody writes, somebody calls at the hours they gave.
        plans.push(Plan::suppressed("asked-none", true));
        return plans;
    }
    let before = plans.len();
    let number = person.rules.number(person.phone.as_deref()).and_then(|number| Phone::parse(number).ok());
    let queued =
        |channel, to: String| Plan { channel, to: Some(to), state: State::Queued, reason: None, call: false };
    if let Some(number) = number.filter(|number| ways.sms && number.is_mobile()) {
        plans.push(queued(Channel::Sms, number.as_str().to_owned()));
    }
    if let Some(mail) = mail.filter(|_| ways.mail) {
        plans.push(queued(Channel::Mail, mail.to_owned()));
    }
    if plans.len() == before && person.kind.must_reach() {
        plans.push(Plan::suppressed("no-way", true));
    }
    plans
}

/// From when on a notice may be sent, `now` at the earliest: within the hours of the person, outside the quiet
/// hours of the house. A day that ends before the quiet hours do breaks the latter, never the former.
pub fn from_when(
    now: Instant,
    quiet: Option<Hours>,
    own: Option<Hours>,
    kind: Kind,
    due: Option<Date>,
) -> Instant {
    let urgent = matches!(kind, Kind::DueSoon | Kind::Missing | Kind::Waiting)
        && due.is_some_and(|due| due <= now.date());
    // Loud hours are what quiet hours leave.
    let loud = quiet.filter(|_| !urgent).map(|quiet| Hours { from: quiet.to, to: quiet.from });
    let mut at = now;
    // Two windows of a day meet within three steps, or never; then the person's own count.
    for _ in 0..4 {
        let next = loud.map_or(at, |hours| hours.next(at));
        let next = own.map_or(next, |hours| hours.next(next));
        if next == at {
            return at;
        }
        at = next;
    }
    own.map_or(now, |hours| hours.next(now))
}

/// The pause after a number of failed tries: it doubles, up to an hour, and is never shorter than what the
/// other side asked for.
pub fn pause(first: SignedDuration, tries: i64, asked: Option<SignedDuration>) -> SignedDuration {
    let doubled = u32::try_from(tries.clamp(1, 16) - 1).map_or(1, |power| 1_i32 << power);
    let own = first.checked_mul(doubled).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    asked.map_or(own, |asked| own.max(asked.min(LONGEST_PAUSE)))
}

/// Whether a link may stand in it.
pub fn carries_link(kind: Kind, wording: Wording) -> bool {
    wording == Wording::Normal && kind.goes_out()
}

#[cfg(test)]
mod tests {
    use kernel::contact::ContactRules;

    use super::*;

    const BOTH: Ways = Ways { sms: true, mail: true };

    fn person(kind: Kind) -> Person {
        Person {
            key: "applicant".into(),
            audience: Some("a-1".into()),
            phone: Some("13800138000".into()),
            rules: ContactRules::default(),
            outside: true,
            kind,
        }
    }

    fn told(person: &Person, mail: Option<&str>, ways: Ways) -> Vec<(Channel, State, bool)> {
        plan(person, mail, ways, SignedDuration::ZERO)
            .into_iter()
            .map(|plan| (plan.channel, plan.state, plan.call))
            .collect()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn everybody_is_told_by_every_way_that_is_theirs() {
        use Channel::{Inbox, Mail, Sms};
        use State::{Delivered, Queued};
        let decided = person(Kind::Decided);
        assert_eq!(
            told(&decided, Some("a@b.example"), BOTH),
            [(Inbox, Delivered, false), (Sms, Queued, false), (Mail, Queued, false)]
        );
        assert_eq!(told(&decided, None, Ways::default()), [(Inbox, Delivered, false)]);
        assert_eq!(told(&person(Kind::Moved), Some("a@b.example"), BOTH), [(Inbox, Delivered, false)]);
    }

    #[test]
    fn whoever_asked_for_no_message_gets_none_and_the_office_calls() {
        let mut quiet = person(Kind::Received);
        quiet.rules.message = Wording::None;
        quiet.audience = None;
        assert_eq!(told(&quiet, Some("a@b.example"), BOTH), [(Channel::Sms, State::Suppressed, true)]);
    }

    #[test]
    fn the_safe_number_is_used_and_never_the_other() {
        let mut safe = person(Kind::Decided);
        safe.rules.phone = Some("13900139000".into());
        let plans = plan(&safe, None, BOTH, SignedDuration::ZERO);
        assert_eq!(plans[1].to.as_deref(), Some("13900139000"));
    }

    #[test]
    fn where_no_way_is_open_the_office_calls_only_when_it_matters() {
        let mut far = person(Kind::Missing);
        far.phone = Some("06358412345".into());
        assert_eq!(told(&far, None, BOTH)[1..], [(Channel::Sms, State::Suppressed, true)]);
        far.kind = Kind::Received;
        assert_eq!(told(&far, None, BOTH).len(), 1);
    }

    #[test]
    fn what_is_long_past_wakes_nobody() {
        let plans = plan(&person(Kind::Decided), Some("a@b.example"), BOTH, SignedDuration::from_hours(49));
        assert_eq!(plans.len(), 1);
        assert_eq!(plans[0].channel, Channel::Inbox);
    }

    #[test]
    fn quiet_hours_move_a_message_to_the_morning_and_an_urgent_day_breaks_them_but_not_a_persons_own() {
        let quiet = Hours::parse("21:00", "08:00");
        let night = at("2026-11-28T23:00:00+08:00");
        let morning = at("2026-11-29T08:00:00+08:00");
        assert_eq!(from_when(night, quiet, None, Kind::Decided, None), morning);
        let noon = at("2026-11-28T12:00:00+08:00");
        assert_eq!(from_when(noon, quiet, None, Kind::Decided, None), noon);
        let today = Some(night.date());
        assert_eq!(from_when(night, quiet, None, Kind::Missing, today), night);
        let own = Hours::parse("10:00", "11:00");
        assert_eq!(from_when(night, quiet, own, Kind::Missing, today), at("2026-11-29T10:00:00+08:00"));
        assert_eq!(from_when(night, quiet, own, Kind::Decided, None), at("2026-11-29T10:00:00+08:00"));
        // Whoever can be reached at night only is reached at night.
        let own = Hours::parse("22:00", "23:30");
        assert_eq!(from_when(noon, quiet, own, Kind::Decided, None), at("2026-11-28T22:00:00+08:00"));
    }

    #[test]
    fn pauses_double_and_end_at_an_hour_and_what_the_other_side_asks_counts() {
        let first = SignedDuration::from_secs(30);
        let secs =
            |tries, asked: Option<i64>| pause(first, tries, asked.map(SignedDuration::from_secs)).as_secs();
        assert_eq!([1, 2, 3, 4].map(|tries| secs(tries, None)), [30, 60, 120, 240]);
        assert_eq!(secs(40, None), 3600);
        assert_eq!(secs(1, Some(90)), 90);
        assert_eq!(secs(3, Some(5)), 120);
        assert_eq!(secs(1, Some(86_400)), 3600);
    }
}
