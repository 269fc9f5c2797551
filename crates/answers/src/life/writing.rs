//! Writing an answer: from a closed matter, or a version of one's own anew.

use access::Principal;
use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::text::prose;
use kernel::time::Instant;
use laws::citation::Citation;
use matters::Closing;
use store::Changes;

use super::{
    Beginning, Placed, Wish, Written, account, act_of, finding_errors, json, known, open_still, refused,
    wrong,
};
use crate::anonymity;
use crate::cites::{self, Held};
use crate::library::Library;
use crate::model::{ANSWER_MAX, CITES_MAX, LEAST, QUESTION_MAX, State, Version, Words};
use crate::rules::{self, Deed};
use crate::store_rows as rows;

impl Library {
    /// What a new answer begins with: question and answer of a closed matter somebody may see.
    pub async fn begin(&self, who: &Principal, source: MatterNumber) -> Result<Beginning, Refusal> {
        let answered = self.source(who, source).await?;
        Ok(Beginning { question: answered.question, answer: answered.answer, articles: answered.articles })
    }

    async fn source(&self, who: &Principal, source: MatterNumber) -> Result<matters::Answered, Refusal> {
        if !rules::consults(who) {
            return Err(Refusal::new(Code::Forbidden, Text::new("answers-refused-consultants"))
                .rule(Rule::house("answer-review"))
                .next(Next::say("answers-next-consultant")));
        }
        let answered = self.parts().register.answered(who, source).await?;
        if !answered.closing.item.starts_with(rules::SERIES) {
            return Err(Refusal::new(Code::RuleRefused, Text::new("answers-refused-item"))
                .rule(Rule::house("answer-closed"))
                .next(Next::say("answers-next-consultation")));
        }
        if answered.closing.closed { Ok(answered) } else { Err(open_still()) }
    }

    /// Everything in two texts that may tell whom they are about.
    pub async fn findings(
        &self,
        source: MatterNumber,
        question: &str,
        answer: &str,
    ) -> Result<Vec<Placed>, Refusal> {
        let closing = self.parts().register.closing(source).await?;
        self.look_over(&closing, question, answer).await
    }

    pub(super) async fn look_over(
        &self,
        closing: &Closing,
        question: &str,
        answer: &str,
    ) -> Result<Vec<Placed>, Refusal> {
        let places = self.places().await?;
        let known = known(closing);
        let mut found = Vec::new();
        for (field, text) in [("question", question), ("answer", answer)] {
            let findings = anonymity::check(text, &known, &places);
            found.extend(findings.into_iter().map(|finding| Placed { field, finding }));
        }
        Ok(found)
    }

    /// Writes the first version of a new answer.
    pub async fn write(
        &self,
        who: &Principal,
        source: MatterNumber,
        written: &Written,
        wish: Wish,
        now: Instant,
    ) -> Result<Version, Refusal> {
        let answered = self.source(who, source).await?;
        let owner = account(who)?;
        let version = Version {
            id: uuid::Uuid::now_v7().to_string(),
            version: 1,
            state: State::Draft,
            kind: String::new(),
            words: Words::default(),
            cites: Vec::new(),
            owner_name: who.name.clone(),
            owner,
            office: answered.closing.office.clone(),
            area: answered.closing.area,
            source,
            changed_at: now,
            reviewed_on: None,
            due_on: None,
            revision: 1,
        };
        let version = self.filled(version, &answered.closing, written, wish, now).await?;
        let sealed = self.seal(&version).await?;
        let mut changes = Changes::new();
        changes.push(rows::insert(&version, sealed, json(&version.cites)?));
        self.note(&mut changes, who, &version, act_of(wish), None).await?;
        self.apply("write answer", changes).await?;
        Ok(version)
    }

    /// Writes a version of one's own anew.
    pub async fn rewrite(
        &self,
        who: &Principal,
        (id, version): (&str, i64),
        seen: i64,
        written: &Written,
        wish: Wish,
        now: Instant,
    ) -> Result<Version, Refusal> {
        let before = self.version(who, id, version).await?;
        rules::may(who, &before, Deed::Write)?;
        let closing = self.parts().register.closing(before.source).await?;
        if !closing.closed {
            return Err(open_still());
        }
        let version = self.filled(before, &closing, written, wish, now).await?;
        let sealed = self.seal(&version).await?;
        let mut changes = Changes::new();
        changes.expect_one(rows::write(&version, sealed, json(&version.cites)?, seen), "answer revision");
        self.note(&mut changes, who, &version, act_of(wish), None).await?;
        self.apply("rewrite answer", changes).await?;
        Ok(Version { revision: seen + 1, ..version })
    }

    /// The version with what was written, when that may be.
    async fn filled(
        &self,
        mut version: Version,
        closing: &Closing,
        written: &Written,
        wish: Wish,
        now: Instant,
    ) -> Result<Version, Refusal> {
        let (question, answer) = (prose(&written.question), prose(&written.answer));
        let mut errors = Vec::new();
        if !self.kinds().contains(&written.kind) {
            errors.push(wrong("kind", "choice", Text::new("error-choice")));
        }
        for (field, text, most) in [("question", &question, QUESTION_MAX), ("answer", &answer, ANSWER_MAX)] {
            let length = text.chars().count();
            if length == 0 {
                errors.push(wrong(field, "required", Text::new("error-required")));
            } else if length > most {
                errors.push(wrong(field, "length", Text::new("answers-error-long").arg("most", most)));
            } else if length < LEAST && wish == Wish::Propose {
                errors.push(wrong(field, "length", Text::new("answers-error-short")));
            }
        }
        let cites = match cites::read(&written.cites) {
            Ok(cites) if cites.len() > CITES_MAX => {
                errors.push(wrong(
                    "cites",
                    "length",
                    Text::new("answers-error-cites-many").arg("most", CITES_MAX),
                ));
                Vec::new()
            }
            Ok(cites) => cites,
            Err(lines) => {
                let lines = lines.join("；");
                errors.push(wrong("cites", "format", Text::new("answers-error-cites").arg("lines", lines)));
                Vec::new()
            }
        };
        if wish == Wish::Propose && errors.is_empty() {
            errors.extend(self.cite_errors(&cites, now.date()).await?);
            let found = self.look_over(closing, &question, &answer).await?;
            errors.extend(finding_errors(&found, &written.confirmed));
        }
        if !errors.is_empty() {
            return Err(refused(errors));
        }
        version.state = if wish == Wish::Propose { State::Proposed } else { State::Draft };
        version.kind.clone_from(&written.kind);
        version.cites = cites;
        version.changed_at = now;
        let returned = version.words.returned.take().filter(|_| wish == Wish::Keep);
        version.words = Words { question, answer, confirmed: written.confirmed.clone(), returned };
        Ok(version)
    }

    /// What is wrong with citations: an article nobody has, a law that does not hold. What is not kept here cannot be
    /// held against anything, and is told where the answer is read.
    pub(super) async fn cite_errors(&self, cites: &[Citation], on: Date) -> Result<Vec<FieldError>, Refusal> {
        let mut errors = Vec::new();
        for one in self.cited(cites, on).await? {
            let key = match one.held {
                Held::NoArticle => "answers-error-no-article",
                Held::NotInForce => "answers-error-not-in-force",
                Held::Good | Held::NotKept => continue,
            };
            let text = Text::new(key).arg("law", &one.citation.law).arg("article", &one.citation.article);
            errors.push(wrong("cites", one.held.as_str(), text));
        }
        Ok(errors)
    }
}
