//! Making a draft, and knowing it again when it comes back unread.

use access::Principal;
use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use laws::shelf::Wanted;
use learn::grams::letters;
use sha2::{Digest as _, Sha256};
use store::Changes;
use triage::topics::FOLLOWED;

use super::{Basis, Draft, Given, Prompt, Trouble, extract, read, verify};
use crate::anonymity::{self, Known};
use crate::library::{Library, Parts};
use crate::model::Published;
use crate::rules;
use crate::store_rows::{self as rows, Drafted};
use crate::{broken, fault};

/// Articles handed to a model.
const ARTICLES: usize = 8;
/// Answers given before that are looked at.
const ALIKE: usize = 3;

/// What a draft may be made of: everything kept that speaks to a question.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Articles that hold, the best first.
    pub articles: Vec<Given>,
    /// Published answers, the best first.
    pub alike: Vec<Published>,
}

/// The digest of a text: of its letters alone, so that blanks and signs hide nothing.
fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(String::from_iter(letters(text)).as_bytes()).to_vec()
}

impl Library {
    /// Drafts an answer to a matter's question for whoever answers it. `kind` is what kind of problem it is, where
    /// somebody guessed one. Trouble with a model is told and never a refusal.
    pub async fn draft(
        &self,
        who: &Principal,
        number: MatterNumber,
        kind: Option<&str>,
        now: Instant,
    ) -> Result<Draft, Refusal> {
        if !rules::consults(who) {
            return Err(Refusal::new(Code::Forbidden, Text::new("answers-refused-consultants"))
                .rule(Rule::house("answer-review"))
                .next(Next::say("answers-next-consultant")));
        }
        let answered = self.parts().register.answered(who, number).await?;
        if !answered.closing.item.starts_with(rules::SERIES) {
            return Err(Refusal::new(Code::RuleRefused, Text::new("answers-refused-item"))
                .rule(Rule::house("answer-closed"))
                .next(Next::say("answers-next-consultation")));
        }
        let context = self.context(&answered.question, now.date()).await?;
        let mut draft = match &self.parts().drafter {
            None => self.extracted(&answered.question, &context, kind, None),
            Some(drafter) => {
                let named = answered.closing.named.clone();
                let known =
                    Known { people: named.people, companies: named.companies, numbers: named.numbers };
                match self.written(drafter.as_ref(), &answered.question, &known, &context, now.date()).await?
                {
                    Ok(draft) => draft,
                    Err(trouble) => {
                        tracing::warn!(why = trouble.as_str(), "draft of the model refused");
                        self.extracted(&answered.question, &context, kind, Some(trouble))
                    }
                }
            }
        };
        draft.model = self.parts().drafter.as_ref().map(|drafter| drafter.name().to_owned());
        self.remember(who, number, &draft, now).await?;
        Ok(draft)
    }

    /// What is kept that speaks to a question on a day.
    pub async fn context(&self, question: &str, on: Date) -> Result<Context, Refusal> {
        let Parts { shelf, triage, .. } = self.parts();
        let chosen = triage.topics().articles(question);
        let wanted = Wanted { query: question, chosen: &chosen, category: None, most: ARTICLES };
        let found = shelf.search(&wanted, on).await;
        let (found, _) = found.map_err(|error| fault(&error))?;
        let holds = |law: &laws::store::Law| {
            law.status.may_hold()
                && law.effective_from.is_none_or(|from| from <= on)
                && law.effective_to.is_none_or(|to| on <= to)
        };
        let articles = found
            .into_iter()
            .filter(|one| holds(&one.law))
            .map(|one| Given { law: one.law.title, article: one.article.article, text: one.article.text })
            .collect();
        Ok(Context { articles, alike: self.search(question, None, ALIKE).await? })
    }

    fn extracted(
        &self,
        question: &str,
        context: &Context,
        kind: Option<&str>,
        trouble: Option<Trouble>,
    ) -> Draft {
        let kind = context.alike.first().map(|one| one.kind.as_str()).or(kind);
        let doors = self.doors(question, kind);
        let found = extract::Found { articles: &context.articles, alike: &context.alike, doors };
        let (text, cites) = extract::compose(&self.parts().register, &found);
        Draft { text, cites, basis: Basis::Extract, model: None, trouble }
    }

    /// Where a question leads beside its answer, by what it is about. Whoever asks is in a consultation already.
    fn doors<'a>(&'a self, question: &str, kind: Option<&'a str>) -> extract::Doors<'a> {
        let topics = self.parts().triage.topics();
        let about = topics.of(question, FOLLOWED);
        let kind = about.first().map(|topic| topic.kind.as_str()).or(kind);
        let ways = topics.offered(kind, about.first().copied());
        extract::Doors {
            calculators: about.iter().flat_map(|topic| &topic.calculators).map(String::as_str).collect(),
            items: ways
                .map(|way| way.item.as_str())
                .filter(|item| !item.starts_with(rules::SERIES))
                .collect(),
        }
    }

    async fn written(
        &self,
        drafter: &dyn super::Drafter,
        question: &str,
        known: &Known,
        context: &Context,
        on: Date,
    ) -> Result<Result<Draft, Trouble>, Refusal> {
        if context.articles.is_empty() {
            return Ok(Err(Trouble::NoStatutes));
        }
        let places = self.places().await?;
        // Whoever runs the model learns what happened, not to whom.
        let question = anonymity::struck(question, &anonymity::check(question, known, &places));
        let prompt = Prompt::new(&question, &context.articles);
        let written = match drafter.write(&prompt).await.and_then(|text| read(&text)) {
            Ok(written) => written,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let verified =
            verify(&mut reads, &written, &question, &places, on).await.map_err(|error| broken(&error))?;
        Ok(verified.map(|verified| Draft {
            text: verified.text,
            cites: verified.cites,
            basis: Basis::Model,
            model: None,
            trouble: None,
        }))
    }

    async fn remember(
        &self,
        who: &Principal,
        number: MatterNumber,
        draft: &Draft,
        now: Instant,
    ) -> Result<(), Refusal> {
        let by = who.account.as_ref().map(access::AccountId::as_str).unwrap_or_default();
        let made = Drafted {
            digest: &digest(&draft.text),
            basis: draft.basis.as_str(),
            model: draft.model.as_deref(),
            why: draft.trouble.as_ref().map(Trouble::as_str),
            by,
        };
        let mut changes = Changes::new();
        changes.push(rows::drafted(number, &made, now));
        self.parts().db.apply("note draft", changes).await.map_err(|error| broken(&error))
    }

    /// Refuses a text a model drafted for this matter that comes back as it was, unless a person says they read it.
    pub async fn hold(&self, number: MatterNumber, text: &str, read: ReadIt) -> Result<(), Refusal> {
        if read == ReadIt::Said {
            return Ok(());
        }
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let of_model =
            rows::is_of_model(&mut reads, number, &digest(text)).await.map_err(|error| broken(&error))?;
        if !of_model {
            return Ok(());
        }
        Err(Refusal::new(Code::RuleRefused, Text::new("drafting-refused-unread"))
            .rule(Rule::house("answer-draft"))
            .error(FieldError::new("/input/answer.text", "unread", Text::new("drafting-error-unread")))
            .next(Next::say("drafting-next-read")))
    }
}

/// Whether somebody says they read a draft and answer for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadIt {
    /// They say so.
    Said,
    /// Nothing was said.
    Open,
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn blanks_and_signs_make_no_other_text() {
        assert_eq!(digest("可以申请仲裁。\r\n不收费"), digest("可以申请仲裁，\n 不收费。"));
        assert_ne!(digest("可以申请仲裁"), digest("可以申请劳动仲裁"));
    }
}
