//! What people call those whom the register knows by an id or a login.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use access::account::store::colleague_by_login;
use access::office::Offices;
use catalog::item::{Item, Kind, Question};
use matters::command::note;
use serde_json::Value;

use crate::app::App;
use crate::portal::fault::{Fault, text};

/// Offices by their id, colleagues by their login.
pub struct Names {
    offices: Arc<Offices>,
    colleagues: HashMap<String, String>,
}

impl Names {
    /// Looks up everybody the matter and its events speak of, each person once.
    pub async fn of(app: &App, item: Option<&Item>, view: &Value, events: &[Value]) -> Result<Self, Fault> {
        let offices = app.access().offices().current().await?;
        let mut logins: BTreeSet<&str> =
            view["waiting_for"].as_array().into_iter().flatten().map(|wait| text(wait, "login")).collect();
        logins.remove("");
        for (fact, value) in events.iter().filter_map(|event| event["facts"].as_object()).flatten() {
            if question_of(item, fact).is_some_and(|question| question.kind == Kind::Account) {
                logins.extend(value.as_str());
            }
        }
        let mut colleagues = HashMap::new();
        if !logins.is_empty() {
            let mut reader = app.db().reader().await?;
            for login in logins {
                if let Some(person) = colleague_by_login(&mut reader, login).await? {
                    colleagues.insert(login.to_owned(), person.name);
                }
            }
        }
        Ok(Self { offices, colleagues })
    }

    /// The name of a colleague; the login where the account is closed.
    pub fn colleague<'a>(&'a self, login: &'a str) -> &'a str {
        self.colleagues.get(login).map_or(login, String::as_str)
    }

    /// The name behind an answer that chose an office or a colleague.
    pub fn chosen<'a>(&'a self, question: &Question, value: &'a Value) -> Option<&'a str> {
        let word = value.as_str()?;
        match question.kind {
            Kind::Organisation => self.offices.get(word).map(|office| office.name.as_str()),
            Kind::Account => Some(self.colleague(word)),
            _ => None,
        }
    }
}

/// What a note asks for, in every item.
static NOTE: LazyLock<Vec<Question>> = LazyLock::new(note::questions);

/// The question a fact answers: of the form, of some act, or of a note.
pub fn question_of<'a>(item: Option<&'a Item>, fact: &str) -> Option<&'a Question> {
    let acts = |item: &'a Item| item.steps.iter().flat_map(|step| &step.actions).flat_map(|act| &act.input);
    let own = item.and_then(|item| item.question(fact).or_else(|| acts(item).find(|q| q.fact == fact)));
    own.or_else(|| NOTE.iter().find(|question| question.fact == fact))
}
