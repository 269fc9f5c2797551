//! Deliberately wrong things: each must be refused as the contract says and leave the matter as it was.

use super::Walk;
use crate::client::{self, Client};
use crate::http::Answer;
use crate::random::Random;
use crate::views::{Matter, Number, Offer};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Wrong codes tried on one matter: after five the number rests, which a long walk would run into.
const CODES: u8 = 3;

impl Walk<'_> {
    /// One wrong thing, chosen by chance.
    pub(super) async fn try_wrong(
        &mut self,
        actor: &mut Client,
        matter: &Matter,
        offers: &[Offer],
    ) -> Result<()> {
        match self.chance.below(6) {
            0 => self.stale(actor, matter, offers).await.context("stale version")?,
            1 => self.keyless(actor, matter, offers).await.context("without a key")?,
            2 => self.unknown_input(actor, matter, offers).await.context("unknown input")?,
            3 => self.unseen().await.context("outside one's area")?,
            4 if self.codes < CODES => self.wrong_code().await.context("wrong code")?,
            _ => self.not_offered(matter).await.context("not offered")?,
        }
        self.walked.refused += 1;
        let after = self.matter().await?;
        ensure!(
            after.version == matter.version && after.step == matter.step,
            "a refused command changed the matter"
        );
        Ok(())
    }

    fn body(matter: &Matter, offer: &Offer) -> Value {
        let mut body = json!({"version": matter.version, "input": offer.example});
        if let Some(task) = &offer.task {
            body["task"] = json!(task);
        }
        body
    }

    async fn stale(&mut self, actor: &mut Client, matter: &Matter, offers: &[Offer]) -> Result<()> {
        let offer = plain(offers).context("no offer")?;
        let mut body = Self::body(matter, offer);
        body["version"] = json!(matter.version - 1);
        let path = self.path(&format!("/actions/{}", offer.action));
        let problem =
            actor.post::<Value>(&path, &body, Some(&self.chance.key())).await?.refused("stale-version")?;
        let current = problem.current.context("a stale version without `current`")?;
        ensure!(
            current["version"] == matter.version && current["step"] == matter.step.as_str(),
            "current is {current}"
        );
        ensure!(
            current["changed"].as_array().is_some_and(|changed| !changed.is_empty()),
            "nothing changed, it says: {current}"
        );
        Ok(())
    }

    async fn keyless(&mut self, actor: &mut Client, matter: &Matter, offers: &[Offer]) -> Result<()> {
        let offer = plain(offers).context("no offer")?;
        let path = self.path(&format!("/actions/{}", offer.action));
        actor
            .post::<Value>(&path, &Self::body(matter, offer), None)
            .await?
            .refused("idempotency-key-missing")?;
        Ok(())
    }

    async fn unknown_input(&mut self, actor: &mut Client, matter: &Matter, offers: &[Offer]) -> Result<()> {
        let offer = plain(offers).context("no offer")?;
        let path = self.path(&format!("/actions/{}", offer.action));
        let mut body = Self::body(matter, offer);
        body["nothing_of_ours"] = json!(true);
        let problem =
            actor.post::<Value>(&path, &body, Some(&self.chance.key())).await?.refused("unknown-field")?;
        ensure!(
            problem.errors.iter().any(|error| error.pointer.contains("nothing_of_ours")),
            "the field is not named"
        );
        Ok(())
    }

    /// Somebody of another county sees no difference between this matter and one that is not there.
    async fn unseen(&mut self) -> Result<()> {
        let matter = self.matter().await?;
        let strangers: Vec<_> = self
            .people
            .staff()
            .filter(|account| {
                !account.roles.is_empty()
                    && account.roles.iter().all(|grant| {
                        matches!(
                            grant.role.as_str(),
                            "clerk"
                                | "aid_officer"
                                | "mediator"
                                | "system_admin"
                                | "security_admin"
                                | "audit_admin"
                        ) && (grant.role.ends_with("_admin")
                            || !self.places.iter().any(|place| grant.area.holds(place))
                                // A body elsewhere that helps has to do with the matter meanwhile.
                                && !matter.waiting_for.iter().any(|waiting| grant.area.holds(&waiting.area)))
                    })
            })
            .collect();
        let Some(stranger) = self.chance.pick(&strangers) else { return Ok(()) };
        let mut caller = self.people.client(stranger).await?;
        let absent = absent(&self.number, &mut self.chance);
        for rest in ["", "/events", "/actions"] {
            let there = caller.raw("GET", &self.path(rest), None, None).await?;
            let nowhere =
                caller.raw("GET", &format!("/api/v1/matters/{}{rest}", absent.0), None, None).await?;
            ensure!(there.status == 404, "{} sees {}{rest}: {}", stranger.login, self.number.0, there.text());
            client::problem(&there)?;
            ensure!(
                plain_of(&there, &self.number)? == plain_of(&nowhere, &absent)?,
                "{} can tell a matter outside from none: {} / {}",
                stranger.login,
                there.text(),
                nowhere.text()
            );
            ensure!(
                header_names(&there) == header_names(&nowhere),
                "headers tell a matter outside from none"
            );
        }
        Ok(())
    }

    async fn wrong_code(&mut self) -> Result<()> {
        self.codes += 1;
        let mut nobody = self.people.anonymous();
        let wrong = json!({"number": self.number.0, "code": "00000000"});
        let there = nobody.post_raw("/api/v1/progress", &wrong, None).await?;
        let absent = absent(&self.number, &mut self.chance);
        let wrong = json!({"number": absent.0, "code": "00000000"});
        let nowhere = nobody.post_raw("/api/v1/progress", &wrong, None).await?;
        ensure!(
            there.status >= 400 && there.status == nowhere.status,
            "{} and {}",
            there.status,
            nowhere.status
        );
        client::problem(&there)?;
        ensure!(
            plain_of(&there, &self.number)? == plain_of(&nowhere, &absent)?,
            "a wrong code tells that the number exists"
        );
        Ok(())
    }

    /// An action of the item that is not offered here is refused, whoever asks.
    async fn not_offered(&mut self, matter: &Matter) -> Result<()> {
        let Some(here) = self.item.steps.iter().find(|step| step.id == matter.step) else { return Ok(()) };
        let elsewhere: Vec<&str> = self
            .item
            .steps
            .iter()
            .flat_map(|step| step.actions.iter())
            .map(|action| action.action.as_str())
            .filter(|action| !here.actions.iter().any(|own| own.action == *action))
            .collect();
        let Some(action) = self.chance.pick(&elsewhere) else { return Ok(()) };
        let path = self.path(&format!("/actions/{action}"));
        let body = json!({"version": matter.version, "input": {}});
        let key = self.chance.key();
        let answer = self.applicant.post_raw(&path, &body, Some(&key)).await?;
        ensure!((400..500).contains(&answer.status), "{action} out of its step answered {}", answer.status);
        client::problem(&answer)?;
        Ok(())
    }
}

/// An offer that moves the version and answers with a receipt.
fn plain(offers: &[Offer]) -> Option<&Offer> {
    offers.iter().find(|offer| offer.action != "reveal")
}

/// A number with a right check digit that nobody has been given; another each time, for wrong codes close
/// the door of a number whether it exists or not.
fn absent(like: &Number, chance: &mut Random) -> Number {
    let digits = format!("{}9{:06}", &like.0[..8], chance.below(1_000_000));
    let check = char::from(Number::check_digit(&digits));
    Number(format!("{digits}{check}"))
}

/// The body without what differs from request to request, and without the number that was asked for.
fn plain_of(answer: &Answer, number: &Number) -> Result<Value> {
    let mut body = answer.json()?;
    if let Some(fields) = body.as_object_mut() {
        fields.remove("trace_id");
    }
    Ok(serde_json::from_str(&body.to_string().replace(&number.0, "N"))?)
}

fn header_names(answer: &Answer) -> Vec<&str> {
    answer.headers.iter().map(|(name, _)| name.as_str()).collect()
}
