//! Questions whose choices depend on the register: which office, which lawyer of this firm.

use access::account::store::Colleague;
use catalog::form;
use catalog::item::{ActionDef, Choice, Localized, MatterList, Question, Register as Choices, RegisterOf};
use kernel::lang::Lang;
use kernel::refusal::{FieldError, Refusal};
use serde_json::{Map, Value};

use crate::command::wrong_input;
use crate::engine::matter::Matter;
use crate::engine::state::Person;
use crate::engine::transition::{Chosen, FIRM};
use crate::party::mask_name;
use crate::register::{Register, broken};

/// Most choices that are inlined into a form.
const MOST_CHOICES: usize = 200;

/// Questions with the choices that stand in the register now, and the people among them.
pub(crate) struct Ready {
    /// The questions.
    pub questions: Vec<Question>,
    pub people: Vec<Colleague>,
    /// Accounts of those among them who were found to be there today.
    pub present: Vec<String>,
}

/// An input that was read, and whom it names as the next to act.
pub(crate) struct Read {
    /// Values, by fact.
    pub input: Map<String, Value>,
    /// Whom.
    pub chosen: Option<Chosen>,
    /// Accounts found to be there today.
    pub present: Vec<String>,
}

impl Register {
    /// The input of an item's action, with its register choices checked.
    pub(crate) async fn read_input(
        &self,
        matter: &Matter,
        action: &ActionDef,
        facts: &Map<String, Value>,
        input: &Map<String, Value>,
    ) -> Result<Read, Refusal> {
        let ready = self.with_choices(matter, &action.input).await?;
        let input = form::validate(self.catalog(), &ready.questions, input, facts, self.now().date())
            .map_err(wrong_input)?;
        let strangers: Vec<FieldError> = ready
            .questions
            .iter()
            .filter(|question| question.register.is_some())
            .filter(|question| {
                let given = input.get(&question.fact).and_then(Value::as_str);
                given.is_some_and(|given| !question.choices.iter().any(|choice| choice.id == given))
            })
            .map(|question| {
                FieldError::new(form::pointer("/input", &question.fact), "choice", "error-register-choice")
            })
            .collect();
        if !strangers.is_empty() {
            return Err(wrong_input(strangers));
        }
        let chosen = self.chosen(matter, action, &input, ready.people).await?;
        Ok(Read { input, chosen, present: ready.present })
    }

    /// Questions with the choices that stand in the register now.
    pub(crate) async fn with_choices(
        &self,
        matter: &Matter,
        questions: &[Question],
    ) -> Result<Ready, Refusal> {
        let mut ready =
            Ready { questions: Vec::with_capacity(questions.len()), people: Vec::new(), present: Vec::new() };
        for question in questions {
            let mut question = question.clone();
            if let Some(register) = question.register.clone() {
                question.choices = self.choices(matter, &register, &mut ready).await?;
            }
            ready.questions.push(question);
        }
        Ok(ready)
    }

    async fn choices(
        &self,
        matter: &Matter,
        register: &Choices,
        ready: &mut Ready,
    ) -> Result<Vec<Choice>, Refusal> {
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
        if register.peers {
            let offices = self.offices().await?;
            let peer = |office: &&access::office::Office| {
                office.duties.iter().any(|duty| *duty == matter.item.duty)
                    && office.id.as_str() != matter.office
            };
            return Ok(offices
                .all()
                .iter()
                .filter(peer)
                .take(MOST_CHOICES)
                .map(|office| choice(office.id.as_str(), &office.name))
                .collect());
        }
        if register.neighbours {
            let offices = self.offices().await?;
            let other = |office: &&&access::office::Office| office.id.as_str() != matter.office;
            return Ok(offices
                .serving(None, matter.area)
                .iter()
                .filter(other)
                .take(MOST_CHOICES)
                .map(|office| choice(office.id.as_str(), &office.name))
                .collect());
        }
        if let Some(list) = register.matter {
            return self.listed(matter, list).await;
        }
        let Some(role) = register.role else { return Ok(Vec::new()) };
        let body = match register.of {
            Some(RegisterOf::Firm) => {
                matter.state.chosen.get(FIRM).cloned().unwrap_or_else(|| matter.office.clone())
            }
            Some(RegisterOf::Office) | None => matter.office.clone(),
        };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let today = self.now().date();
        let mut holders = access::account::store::on_duty(&mut reader, role, &body, today)
            .await
            .map_err(|error| broken("holders", &error))?;
        // Who is away and has nobody to stand in cannot be given anything; with a substitute it is said so.
        holders.retain(|person| person.until.is_none() || person.substitute.is_some());
        holders.truncate(MOST_CHOICES);
        let choices = holders
            .iter()
            .map(|person| match (&person.until, &person.substitute) {
                (Some(until), Some(substitute)) => {
                    let until = until.to_string();
                    let args = [
                        ("name", person.name.as_str()),
                        ("substitute", substitute.as_str()),
                        ("until", until.as_str()),
                    ];
                    let say = |lang| self.words().get(lang, "absence-choice", &args);
                    Choice {
                        id: person.login.clone(),
                        label: Localized { zh: say(Lang::Zh), en: say(Lang::En) },
                    }
                }
                _ => choice(&person.login, &person.name),
            })
            .collect();
        ready.present.extend(holders.iter().filter(|one| one.until.is_none()).map(|one| one.id.clone()));
        ready.people.extend(holders.into_iter().map(|one| Colleague {
            id: one.id,
            login: one.login,
            name: one.name,
            organisation: one.organisation,
        }));
        Ok(choices)
    }

    /// What this matter has of a kind: documents to serve, parties to sign, materials to come.
    async fn listed(&self, matter: &Matter, list: MatterList) -> Result<Vec<Choice>, Refusal> {
        let state = &matter.state;
        let choice = |id: String, label: Localized| Choice { id, label };
        let parties = |wanted: Vec<u32>| async move {
            let key = self.key_of(matter)?;
            let known = self.parties_of(matter, &key).await?;
            Ok((0_u32..)
                .zip(&known)
                .filter(|(pos, _)| wanted.contains(pos))
                .map(|(pos, party)| {
                    let name = mask_name(&party.name);
                    let role = |lang| self.words().get(lang, &format!("party-role-{}", party.role), &[]);
                    choice(
                        pos.to_string(),
                        Localized {
                            zh: format!("{} {name}", role(Lang::Zh)),
                            en: format!("{} {name}", role(Lang::En)),
                        },
                    )
                })
                .collect())
        };
        match list {
            MatterList::Unserved => Ok(state
                .unserved()
                .into_iter()
                .map(|(id, paper, copy)| {
                    let name = matter.item.document(&paper.kind).map(|document| document.name.clone());
                    let name = name.unwrap_or_default();
                    let to = |lang| self.words().get(lang, &format!("party-role-{}", copy.to), &[]);
                    choice(
                        id,
                        Localized {
                            zh: format!("{} → {}", name.zh, to(Lang::Zh)),
                            en: format!("{} → {}", name.en, to(Lang::En)),
                        },
                    )
                })
                .collect()),
            MatterList::Unsigned => parties(state.unsigned()).await,
            MatterList::Parties => parties((0..state.parties).collect()).await,
            MatterList::Awaited => Ok(state
                .awaited()
                .filter_map(|mark| matter.item.material(&mark.id))
                .map(|material| choice(material.id.clone(), material.name.clone()))
                .collect()),
        }
    }

    /// Whom an action names as the next to act: one of the offices or people it let choose from.
    async fn chosen(
        &self,
        matter: &Matter,
        action: &ActionDef,
        input: &Map<String, Value>,
        people: Vec<Colleague>,
    ) -> Result<Option<Chosen>, Refusal> {
        let named = action.assign.as_ref().and_then(|field| input.get(field)).and_then(Value::as_str);
        match named {
            Some(named) => self.named(matter, named, people).await,
            None => Ok(None),
        }
    }

    /// An office by id, or one of these people by login.
    pub(crate) async fn named(
        &self,
        matter: &Matter,
        named: &str,
        people: Vec<Colleague>,
    ) -> Result<Option<Chosen>, Refusal> {
        if let Some(person) = people.into_iter().find(|person| person.login == named) {
            let organisation = matter.state.chosen.get(FIRM).cloned();
            return Ok(Some(Chosen::Person {
                organisation: person.organisation.or(organisation),
                person: Person { account: person.id, login: person.login, name: person.name },
            }));
        }
        let offices = self.offices().await?;
        let office = offices.get(named);
        Ok(office.map(|office| Chosen::Organisation { id: named.to_owned(), name: office.name.clone() }))
    }
}
