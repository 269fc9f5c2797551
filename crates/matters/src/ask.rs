//! Questions whose choices depend on the register: which office, which lawyer of this firm.

use catalog::form;
use catalog::item::{Choice, Localized, Question, Register as Choices, RegisterOf};
use kernel::refusal::{FieldError, Refusal, Text};
use serde_json::{Map, Value};

use crate::engine::matter::Matter;
use crate::engine::state::Person;
use crate::engine::transition::{Chosen, FIRM};
use crate::register::{Register, broken};

/// Most choices that are inlined into a form.
const MOST_CHOICES: usize = 200;

impl Register {
    /// The input of an item's action, with its register choices checked.
    pub(crate) async fn read_input(
        &self,
        matter: &Matter,
        action: &catalog::item::ActionDef,
        facts: &Map<String, Value>,
        input: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Refusal> {
        let questions = self.with_choices(matter, &action.input).await?;
        let read = form::validate(self.catalog(), &questions, input, facts, self.now().date())
            .map_err(crate::command::wrong_input)?;
        let strangers: Vec<FieldError> = questions
            .iter()
            .filter(|question| question.register.is_some())
            .filter(|question| {
                let given = read.get(&question.fact).and_then(Value::as_str);
                given.is_some_and(|given| !question.choices.iter().any(|choice| choice.id == given))
            })
            .map(|question| {
                FieldError::new(
                    format!("/input/{}", question.fact),
                    "choice",
                    Text::new("error-register-choice"),
                )
            })
            .collect();
        if strangers.is_empty() { Ok(read) } else { Err(crate::command::wrong_input(strangers)) }
    }

    /// Questions with the choices that stand in the register now.
    pub(crate) async fn with_choices(
        &self,
        matter: &Matter,
        questions: &[Question],
    ) -> Result<Vec<Question>, Refusal> {
        let mut ready = Vec::with_capacity(questions.len());
        for question in questions {
            let mut question = question.clone();
            if let Some(register) = question.register.clone() {
                question.choices = self.choices(matter, &register).await?;
            }
            ready.push(question);
        }
        Ok(ready)
    }

    async fn choices(&self, matter: &Matter, register: &Choices) -> Result<Vec<Choice>, Refusal> {
        let choice = |id: &str, name: &str| Choice {
            id: id.to_owned(),
            label: Localized { zh: name.to_owned(), en: name.to_owned() },
        };
        if let Some(duty) = &register.duty {
            let offices = self.offices().await?;
            return Ok(offices
                .serving(Some(duty), matter.area)
                .into_iter()
                .take(MOST_CHOICES)
                .map(|office| choice(office.id.as_str(), &office.name))
                .collect());
        }
        let Some(role) = register.role else { return Ok(Vec::new()) };
        let body = match register.of {
            Some(RegisterOf::Firm) => {
                matter.state.chosen.get(FIRM).cloned().unwrap_or_else(|| matter.office.clone())
            }
            Some(RegisterOf::Office) | None => matter.office.clone(),
        };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let holders = access::account::store::holders(&mut reader, role, &body)
            .await
            .map_err(|error| broken("holders", &error))?;
        Ok(holders.iter().take(MOST_CHOICES).map(|person| choice(&person.login, &person.name)).collect())
    }

    /// Whom an action names as the next to act.
    pub(crate) async fn chosen(
        &self,
        matter: &Matter,
        action: &catalog::item::ActionDef,
        input: &Map<String, Value>,
    ) -> Result<Option<Chosen>, Refusal> {
        let named = action.assign.as_ref().and_then(|field| input.get(field)).and_then(Value::as_str);
        let Some(named) = named else { return Ok(None) };
        if let Some(office) = self.offices().await?.get(named) {
            return Ok(Some(Chosen::Organisation { id: named.to_owned(), name: office.name.clone() }));
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let person = access::account::store::colleague_by_login(&mut reader, named)
            .await
            .map_err(|error| broken("colleague", &error))?;
        let organisation = matter.state.chosen.get(FIRM).cloned();
        Ok(person.map(|person| Chosen::Person {
            organisation: person.organisation.or(organisation),
            person: Person { account: person.id, login: person.login, name: person.name },
        }))
    }
}
