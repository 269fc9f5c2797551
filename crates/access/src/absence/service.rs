//! Entering and ending absences.

use jiff::civil::Date;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use store::Changes;

use super::model::{Absence, NewAbsence};
use super::rules::{answers_for, colleagues};
use super::store::{self as table, Insert};
use crate::account::store as accounts;
use crate::error::AccessError;
use crate::policy::Reach;
use crate::policy::table::line_of;
use crate::principal::Principal;
use crate::room::Access;

/// Longest absence that is entered at once, in days.
const LONGEST_DAYS: i32 = 366;

/// For how many days past absences stay in the list.
const SHOWN_DAYS: i64 = 60;

fn wrong(pointer: &str, code: &'static str, key: &'static str) -> FieldError {
    FieldError::new(pointer, code, Text::new(key))
}

fn refused(errors: Vec<FieldError>) -> AccessError {
    Refusal::new(Code::FactsWrong, "absence-refused")
        .rule(Rule::house("absence"))
        .errors(errors)
        .next(Next::say("next-mend-fields"))
        .into()
}

/// Whose absence the caller may not see or change is as absent as one that does not exist.
fn unknown() -> AccessError {
    Refusal::new(Code::NotFound, Text::new("refused-not-found")).into()
}

impl Access {
    /// Enters an absence: one's own, or that of somebody one answers for. Gives its id.
    pub async fn enter_absence(
        &self,
        who: &Principal,
        new: &NewAbsence,
        now: Instant,
    ) -> Result<Absence, AccessError> {
        let own = who.account.as_ref().filter(|_| who.is_staff()).ok_or_else(not_staff)?;
        let mut reader = self.db.reader().await?;
        let row = match new.login.as_deref().filter(|login| Some(*login) != who.login.as_deref()) {
            None => accounts::by_id(&mut reader, own.as_str()).await?,
            Some(login) => accounts::by_login(&mut reader, login).await?.filter(|row| row.kind == "staff"),
        };
        let row = row.ok_or_else(|| refused(vec![wrong("/login", "unknown", "absence-login-unknown")]))?;
        let grants = accounts::grants(&mut reader, &row.id).await?;
        if row.id != own.as_str() && !answers_for(who, &grants) {
            return Err(Refusal::new(Code::Forbidden, Text::new("absence-not-yours"))
                .rule(Rule::house("absence"))
                .next(Next::say("absence-next-head"))
                .into());
        }
        let mut errors = days(new, now.date());
        if table::away_between(&mut reader, &row.id, new.from, new.to).await? {
            errors.push(wrong("/from", "taken", "absence-overlaps"));
        }
        let mut substitute = None;
        if let Some(login) = &new.substitute {
            let found = accounts::by_login(&mut reader, login).await?;
            let found = found.filter(|found| found.kind == "staff" && found.disabled_at.is_none());
            match found {
                Some(found) if found.id != row.id => {
                    let theirs = accounts::grants(&mut reader, &found.id).await?;
                    if !colleagues(&grants, &theirs) {
                        errors.push(wrong("/substitute", "choice", "absence-substitute-role"));
                    } else if table::away_between(&mut reader, &found.id, new.from, new.to).await? {
                        errors.push(wrong("/substitute", "away", "absence-substitute-away"));
                    }
                    substitute = Some(found.id);
                }
                _ => errors.push(wrong("/substitute", "unknown", "absence-substitute-unknown")),
            }
        }
        drop(reader);
        if !errors.is_empty() {
            return Err(refused(errors));
        }
        let id = uuid::Uuid::now_v7().to_string();
        let mut changes = Changes::new();
        changes.push(table::insert(&Insert {
            id: &id,
            account: &row.id,
            first_day: new.from,
            last_day: new.to,
            kind: new.kind.as_str(),
            substitute: substitute.as_deref(),
            entered_by: own.as_str(),
            at: now,
        }));
        self.db.apply("enter absence", changes).await?;
        self.absence(&id).await
    }

    /// Ends an absence: back early, or called off. Ending it again changes nothing.
    pub async fn end_absence(&self, who: &Principal, id: &str, now: Instant) -> Result<Absence, AccessError> {
        let absence = self.absence(id).await?;
        let own = who.account.as_ref().is_some_and(|account| account.as_str() == absence.account);
        if !own {
            let grants = accounts::grants(&mut self.db.reader().await?, &absence.account).await?;
            if !answers_for(who, &grants) {
                return Err(unknown());
            }
        }
        if absence.ended_at.is_some() || absence.last_day < now.date() {
            return Ok(absence);
        }
        let mut changes = Changes::new();
        changes.push(table::end(id, now));
        self.db.apply("end absence", changes).await?;
        self.absence(id).await
    }

    async fn absence(&self, id: &str) -> Result<Absence, AccessError> {
        table::one(&mut self.db.reader().await?, id).await?.ok_or_else(unknown)
    }

    /// Absences the caller should know of: their own, of those they stand in for, and of those they answer for.
    pub async fn absences(&self, who: &Principal, today: Date) -> Result<Vec<Absence>, AccessError> {
        let own = who.account.as_ref().filter(|_| who.is_staff()).ok_or_else(not_staff)?;
        let mut accounts = vec![own.as_str().to_owned()];
        accounts.extend(self.people_of(who).await?.into_iter().map(|(id, ..)| id));
        let since = today.checked_sub(jiff::Span::new().days(SHOWN_DAYS)).unwrap_or(today);
        Ok(table::of(&mut self.db.reader().await?, &accounts, since).await?)
    }

    /// The people somebody answers for: account, login, name.
    pub async fn people_of(&self, who: &Principal) -> Result<Vec<(String, String, String)>, AccessError> {
        let heads = who.grants.iter().filter(|grant| answers_for(who, std::slice::from_ref(grant)));
        let mut offices = Vec::new();
        let mut ranges = Vec::new();
        for grant in heads {
            match (&grant.organisation, line_of(grant.role).reach) {
                (_, Reach::Area) => ranges.extend_from_slice(&grant.ranges),
                (Some(office), _) => offices.push(office.0.clone()),
                (None, _) => {}
            }
        }
        if offices.is_empty() && ranges.is_empty() {
            return Ok(Vec::new());
        }
        let rows = table::people_of(&mut self.db.reader().await?, &offices, &ranges).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, login, name)| Some((id, login?, name.unwrap_or_default())))
            .collect())
    }

    /// Colleagues who could stand in for the caller: same role, same office; login and name.
    pub async fn substitutes_for(&self, account: &str) -> Result<Vec<(String, String)>, AccessError> {
        let mut reader = self.db.reader().await?;
        let mut found: Vec<(String, String)> = Vec::new();
        for grant in accounts::grants(&mut reader, account).await? {
            let Some(office) = &grant.organisation else { continue };
            for one in accounts::holders(&mut reader, grant.role, office.as_str()).await? {
                if one.id != account && !found.iter().any(|(login, _)| *login == one.login) {
                    found.push((one.login, one.name));
                }
            }
        }
        Ok(found)
    }
}

fn not_staff() -> AccessError {
    Refusal::new(Code::Forbidden, Text::new("absence-staff-only"))
        .rule(Rule::house("absence"))
        .next(Next::say("absence-next-head"))
        .into()
}

fn days(new: &NewAbsence, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if new.from < today {
        errors.push(wrong("/from", "past", "absence-from-past"));
    }
    if new.to < new.from {
        errors.push(wrong("/to", "order", "absence-to-before"));
    } else if new.from.until(new.to).is_ok_and(|span| span.get_days() >= LONGEST_DAYS) {
        errors.push(wrong("/to", "too-long", "absence-too-long"));
    }
    errors
}
