//! One command: find somebody who may, choose, act, and hold the answer against the matter.

use super::{Walk, choose};
use crate::client::{self, Client, Reply};
use crate::views::{Matter, Offer, Progress, Receipt, Waiting, WaitingOn};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

impl Walk<'_> {
    /// Takes one command by somebody who may.
    pub(super) async fn step(&mut self, matter: &Matter, hurry: bool) -> Result<()> {
        let waiting = self.chance.pick(&matter.waiting_for).context("waiting for nobody")?.clone();
        let (mut actor, offers) = self.somebody(&waiting).await?;
        if self.chance.chance(8) {
            self.try_wrong(&mut actor, matter, &offers).await.context("a wrong try")?;
        }
        if !hurry && self.chance.chance(8) {
            return self.applicant_aside(matter).await.context("the applicant aside");
        }
        let offer = choose::offer(&offers, &waiting, self.item, self.distances, hurry, &mut self.chance)
            .with_context(|| format!("{waiting:?} may be answered by nothing of {offers:?}"))?
            .clone();
        let input = choose::input(&offer, &mut self.chance);
        if input != offer.example {
            // Only the example is promised to be accepted; another choice may meet a rule, which then says so.
            let path = self.path(&format!("/actions/{}", offer.action));
            let mut body = json!({"version": matter.version, "input": input});
            if let Some(task) = &offer.task {
                body["task"] = json!(task);
            }
            let key = self.chance.key();
            if let Reply::Refused(problem) = actor.post::<Receipt>(&path, &body, Some(&key)).await? {
                let told = ["rule-refused", "facts-wrong"].contains(&problem.code.as_str());
                ensure!(told, "{} {body}: refused as {problem:?}", offer.action);
                self.walked.refused += 1;
                return self.act(&mut actor, matter, &offer, offer.example.clone()).await;
            }
            self.trail.push(format!("{}: {} (another choice)", matter.step, offer.action));
            self.walked.commands += 1;
            *self.walked.actions.entry(format!("{}: {}", self.item.id, offer.action)).or_default() += 1;
            return Ok(());
        }
        self.act(&mut actor, matter, &offer, input).await
    }

    /// Somebody who may discharge the task, with what is offered to them. Nobody at all is a stuck matter.
    async fn somebody(&mut self, waiting: &Waiting) -> Result<(Client, Vec<Offer>)> {
        ensure!(!waiting.actions.is_empty(), "a task that nothing discharges: {waiting:?}");
        let path = self.path("/actions");
        let serves = |offers: &[Offer]| offers.iter().any(|offer| waiting.actions.contains(&offer.action));
        if matches!(waiting.role.as_str(), "applicant" | "party") {
            let offers: Vec<Offer> = self.applicant.get(&path).await?.done()?;
            ensure!(serves(&offers), "the applicant must act and is offered only {:?}", names(&offers));
            return Ok((self.applicant.with_token(self.applicant.token().map(str::to_owned)), offers));
        }
        let mut accounts = self.people.who_may(waiting);
        self.chance.shuffle(&mut accounts);
        let mut tried = Vec::new();
        for account in accounts {
            let mut caller = self.people.client(account).await?;
            match caller.get::<Vec<Offer>>(&path).await? {
                Reply::Done(offers) if serves(&offers) => {
                    if self.chance.chance(10) {
                        super::lists::stands_in_todo(&mut caller, &self.number, waiting)
                            .await
                            .with_context(|| format!("todo of {}", account.login))?;
                    }
                    return Ok((caller, offers));
                }
                Reply::Done(offers) => {
                    tried.push(format!("{} is offered {:?}", account.login, names(&offers)));
                }
                Reply::Refused(problem) => {
                    tried.push(format!("{} is refused {}", account.login, problem.code));
                }
            }
        }
        bail!("stuck: nobody may answer {waiting:?}; tried {tried:?}")
    }

    /// Sends a command and holds the receipt and the matter after it against the offer.
    pub(super) async fn act(
        &mut self,
        actor: &mut Client,
        before: &Matter,
        offer: &Offer,
        input: Value,
    ) -> Result<()> {
        self.trail.push(format!("{}: {}", before.step, offer.action));
        let path = self.path(&format!("/actions/{}", offer.action));
        let mut body = json!({"version": before.version, "input": input});
        if let Some(task) = &offer.task {
            body["task"] = json!(task);
        }
        let key = self.chance.key();
        let said = || format!("{} {body}", offer.action);
        let answer = actor.post_raw(&path, &body, Some(&key)).await?;
        let receipt: Receipt = match client::read(&answer).with_context(said)? {
            Reply::Done(receipt) => receipt,
            Reply::Refused(problem) => bail!("offered, then refused: {}: {problem:?}", said()),
        };
        ensure!(answer.status == 200, "{} answered {}", offer.action, answer.status);
        self.walked.commands += 1;
        *self.walked.actions.entry(format!("{}: {}", self.item.id, offer.action)).or_default() += 1;
        ensure!(
            receipt.number == self.number && receipt.version > before.version,
            "{}: version {} after {}",
            offer.action,
            receipt.version,
            before.version
        );
        let wanted = if offer.to == "same" { &before.step } else { &offer.to };
        ensure!(
            receipt.step == *wanted,
            "{} leads to {}, its offer said {wanted}",
            offer.action,
            receipt.step
        );

        let after = self.matter().await?;
        ensure!(
            after.version == receipt.version && after.step == receipt.step,
            "the matter is at {} {}, the receipt at {} {}",
            after.version,
            after.step,
            receipt.version,
            receipt.step
        );
        ensure!(
            after.waiting_for == receipt.waiting_for && after.owner == receipt.owner,
            "receipt and matter name other people: {:?} {:?}",
            receipt.waiting_for,
            after.waiting_for
        );
        ensure!(
            after.is_final == offer.is_final || offer.to == "same" || after.is_final == before.is_final,
            "final otherwise than offered"
        );
        if self.chance.chance(10) {
            self.replay(actor, &path, &body, &key, &answer.body).await.context("a replay")?;
        }
        Ok(())
    }

    async fn replay(
        &mut self,
        actor: &mut Client,
        path: &str,
        body: &Value,
        key: &str,
        first: &[u8],
    ) -> Result<()> {
        let again = actor.post_raw(path, body, Some(key)).await?;
        ensure!(
            again.status == 200 && again.body == first,
            "answered otherwise: {} {}",
            again.status,
            again.text()
        );
        ensure!(again.header("idempotency-replayed") == Some("true"), "does not say that it is one");
        let mut other = body.clone();
        other["version"] = json!(1_000_000);
        actor.post::<Value>(path, &other, Some(key)).await?.refused("idempotency-mismatch")?;
        self.walked.refused += 1;
        Ok(())
    }

    /// The applicant does something while others work: a message, a reminder.
    async fn applicant_aside(&mut self, matter: &Matter) -> Result<()> {
        let path = self.path("/actions");
        let offers: Vec<Offer> = self.applicant.get(&path).await?.done()?;
        let aside: Vec<Offer> =
            offers.into_iter().filter(|offer| matches!(offer.action.as_str(), "message" | "urge")).collect();
        let Some(offer) = self.chance.pick(&aside).cloned() else { return Ok(()) };
        let mut applicant = self.applicant.with_token(self.applicant.token().map(str::to_owned));
        let input = choose::input(&offer, &mut self.chance);
        self.act(&mut applicant, matter, &offer, input).await
    }

    /// Number and code show the same as the matter itself, and a wrong code tells nothing.
    pub(super) async fn progress(&mut self) -> Result<()> {
        let matter = self.matter().await?;
        let mut nobody = self.people.anonymous();
        let spoken = format!(
            "{} {} {} {}",
            &self.number.0[..4],
            &self.number.0[4..8],
            &self.number.0[8..12],
            &self.number.0[12..]
        );
        let asked = json!({"number": spoken, "code": self.query_code.to_lowercase()});
        let progress: Progress = nobody.post("/api/v1/progress", &asked, None).await?.done()?;
        ensure!(
            progress.number == self.number && progress.step_name == matter.step_name,
            "progress is of {} at {}",
            progress.number.0,
            progress.step_name
        );
        ensure!(!progress.timeline.is_empty(), "an empty timeline");
        ensure!(
            progress.timeline.windows(2).all(|pair| pair[0].at <= pair[1].at)
                || progress.timeline.windows(2).all(|pair| pair[0].at >= pair[1].at),
            "a timeline out of order"
        );
        ensure!(
            matter.is_final
                || progress.waiting_on != WaitingOn::You
                || matter.waiting_for.iter().any(|w| w.role == "applicant"),
            "the applicant is said to be waited for"
        );
        Ok(())
    }
}

fn names(offers: &[Offer]) -> Vec<&str> {
    offers.iter().map(|offer| offer.action.as_str()).collect()
}
