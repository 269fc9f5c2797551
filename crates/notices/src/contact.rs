//! Where else a person wants to be told: a mail address they proved, and their language.

use access::throttle::Limit;
use jiff::SignedDuration;
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use store::seal::DataKey;
use store::{Changes, StoreError, sql};

use crate::follow::Contacts;
use crate::link;
use crate::mail::{Mail, address};
use crate::room::Notices;
use crate::sms::Handed;

/// Mails with a proof an account may ask for in an hour.
const PROOFS: Limit = Limit { bucket: "mail.proof", most: 5, window: SignedDuration::from_hours(1) };

/// What is known of how an account wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The address, once it was proved.
    pub mail: Option<String>,
    /// Language.
    pub lang: Lang,
}

/// How an account's own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The address, proved or not.
    pub mail: String,
    /// Whether it was proved.
    pub proved: bool,
}

type Row = (String, Vec<u8>, Vec<u8>, String, Option<kernel::time::Instant>);

fn place(account: &str) -> String {
    format!("notice_contact.sealed:{account}")
}

fn open(room: &Notices, row: &Row) -> Result<String, StoreError> {
    let (account, wrapped, sealed, ..) = row;
    let key: DataKey = room.0.keyring.unwrap(wrapped)?;
    String::from_utf8(key.open(&place(account), sealed)?).map_err(|error| StoreError::Seal(error.to_string()))
}

const ROWS: &str = "SELECT account, data_key, sealed, lang, confirmed_at FROM notice_contact";

/// What is known of these accounts.
pub(crate) async fn known(room: &Notices, accounts: Vec<String>) -> Result<Contacts, StoreError> {
    if accounts.is_empty() {
        return Ok(Contacts::new());
    }
    let rows: Vec<Row> =
        sql(ROWS).list(" WHERE account IN (", accounts, ")").all(&mut room.db().reader().await?).await?;
    rows.into_iter()
        .map(|row| {
            let mail = row.4.is_some().then(|| open(room, &row)).transpose()?;
            Ok((row.0.clone(), Known { mail, lang: row.3.parse().unwrap_or_default() }))
        })
        .collect()
}

fn broken(error: &StoreError) -> Refusal {
    tracing::error!(%error, "notices");
    Refusal::new(Code::Unavailable, Text::new("refused-busy"))
}

impl Notices {
    /// The address of an account, for its own page.
    pub async fn own_contact(&self, account: &str) -> Result<Option<Own>, StoreError> {
        let mut reader = self.db().reader().await?;
        let row: Option<Row> =
            sql(ROWS).then(" WHERE account = ?").bind(account).optional(&mut reader).await?;
        drop(reader);
        row.map(|row| Ok(Own { mail: open(self, &row)?, proved: row.4.is_some() })).transpose()
    }

    /// Notes an address and writes to it; nothing else is sent there before its owner has tapped.
    pub async fn ask_mail(&self, account: &str, typed: &str, lang: Lang) -> Result<(), Refusal> {
        let now = self.now();
        let (Some(mailer), Some(_)) = (&self.0.mail, &self.settings().public_url) else {
            return Err(Refusal::new(Code::RuleRefused, Text::new("notice-mail-not-here"))
                .rule(Rule::house("mail-configured"))
                .next(Next::call("next-call-12348", "12348")));
        };
        let Some(mail) = address(typed) else {
            return Err(Refusal::new(Code::FactsWrong, Text::new("notice-mail-wrong"))
                .error(FieldError::new("/mail", "format", Text::new("notice-mail-wrong"))));
        };
        let subject = self.0.keyring.mac("throttle", account.as_bytes()).map_err(|error| broken(&error))?;
        let hits = PROOFS.hit(self.db(), subject, now).await.map_err(|error| broken(&error))?;
        if hits > i64::from(PROOFS.most) {
            return Err(Refusal::new(Code::TooMany, Text::new("notice-mail-too-many"))
                .rule(Rule::house("mail-proofs"))
                .next(Next::say("next-wait-an-hour")));
        }
        let token = self.keep(account, &mail, lang).await.map_err(|error| broken(&error))?;
        let link = self.address_of(&token).unwrap_or_default();
        let words = &self.0.words;
        let id = uuid::Uuid::now_v7().to_string();
        let sent = mailer
            .send(&Mail {
                id: &id,
                to: &mail,
                lang,
                subject: &words.get(lang, "notice-mail-proof-subject", &[]),
                text: &words.get(lang, "notice-mail-proof", &[("link", &link)]),
            })
            .await;
        match sent {
            Handed::Accepted(_) => Ok(()),
            Handed::Refused(_) => Err(Refusal::new(Code::FactsWrong, Text::new("notice-mail-refused"))
                .error(FieldError::new("/mail", "format", Text::new("notice-mail-refused")))),
            Handed::Later(why, _) => {
                tracing::warn!(why, "a proof of an address was not sent");
                Err(Refusal::new(Code::Unavailable, Text::new("notice-mail-later")))
            }
        }
    }

    async fn keep(&self, account: &str, mail: &str, lang: Lang) -> Result<String, StoreError> {
        let now = self.now();
        let token = link::token()?;
        let (key, wrapped) = self.0.keyring.new_data_key()?;
        let mut changes = Changes::new();
        // A later address makes links to the earlier one worthless.
        changes.push(sql("DELETE FROM notice_link WHERE account = ?").bind(account));
        changes.push(
            sql("INSERT INTO notice_contact (account, data_key, sealed, lang, confirmed_at, changed_at) \
                 VALUES (?, ?, ?, ?, NULL, ?) ON CONFLICT (account) DO UPDATE SET data_key = excluded.data_key, \
                 sealed = excluded.sealed, lang = excluded.lang, confirmed_at = NULL, \
                 changed_at = excluded.changed_at")
            .bind(account)
            .bind(wrapped)
            .bind(key.seal(&place(account), mail.as_bytes())?)
            .bind(lang.as_str())
            .bind(now),
        );
        changes.push(link::to_proof(&token, account, now));
        self.db().apply("note mail address", changes).await?;
        Ok(token)
    }

    /// Forgets the address: nothing is sent there any more.
    pub async fn forget_mail(&self, account: &str) -> Result<(), StoreError> {
        self.db().apply("forget mail address", Self::without_mail(account)).await
    }

    /// The statements that forget it, for the command that deletes the account.
    #[must_use]
    pub fn without_mail(account: &str) -> Changes {
        let mut changes = Changes::new();
        changes.push(sql("DELETE FROM notice_contact WHERE account = ?").bind(account));
        changes.push(sql("DELETE FROM notice_link WHERE account = ?").bind(account));
        changes
    }
}
