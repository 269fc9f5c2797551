//! What helps somebody who tells what happened: the kind of problem, the articles that speak to it, what it may be
//! worth, the document, the service and the door. One gathering for the page, the API and the desk; nothing is kept.

pub mod panel;
mod sums;

use std::sync::Arc;

use access::office::{Office, Offices};
use catalog::item::Item;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal, Text};
use laws::shelf::{Found, Wanted};
use triage::Answer;
use triage::danger::Sign;
use triage::said::{self, Fact, Said};
use triage::topics::{self, FOLLOWED, Topic};

use crate::app::App;
use crate::portal::offices;
pub use sums::Sum;

/// Longest story that is read, in characters.
pub const LONGEST: usize = 3000;

/// Kinds people are shown, beside "something else".
const KINDS: usize = 3;
/// Articles that are shown.
const ARTICLES: usize = 6;
/// Calculators that are offered.
const SUMS: usize = 4;
/// Offices that are shown.
const OFFICES: usize = 2;

/// What a person wants to know.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// What happened, in their own words.
    pub text: &'a str,
    /// The kind they chose themselves, when they did.
    pub kind: Option<&'a str>,
    /// Where they are; where this is not said, the place the site serves.
    pub area: Option<AreaCode>,
}

/// What was gathered.
#[derive(Debug)]
pub struct Help {
    /// Kinds of problem with how likely each is.
    pub answer: Answer,
    /// Whether kinds were learned; else the hand-written words speak.
    pub kinds_learned: bool,
    /// The kind all the rest goes by; none when it is better to ask.
    pub kind: Option<String>,
    /// What the story is about, the likeliest first.
    pub topics: Vec<Topic>,
    /// Signs of danger.
    pub signs: Vec<Sign>,
    /// What the story says in figures.
    pub said: Vec<Said>,
    /// Articles, the first to read first.
    pub articles: Vec<Found>,
    /// Whether the order of articles was learned.
    pub laws_learned: bool,
    /// Calculators, filled with what was said.
    pub sums: Vec<Sum>,
    /// Services it can be carried into.
    pub ways: Vec<Way>,
    /// Offices to go to, the nearest first, and whether each is open now.
    pub doors: Vec<(Office, Option<bool>)>,
    /// The matter whose story it is, where somebody works on one.
    pub matter: Option<MatterNumber>,
}

/// A service with the answers a story gives to its questions.
#[derive(Debug)]
pub struct Way {
    /// The service.
    pub item: Arc<Item>,
    /// Answers by fact, as they would be typed.
    pub carried: Vec<(String, String)>,
}

impl Help {
    /// Whether there is anything to go by.
    pub fn is_clear(&self) -> bool {
        self.kind.is_some() || !self.topics.is_empty()
    }

    /// What carries the story into a service, by fact.
    pub fn way(&self, item: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.item.id == item)
    }

    /// What a document is filled with, by question.
    pub fn typed(&self, app: &App, story: &str) -> Vec<(String, String)> {
        let value = |what: &str| match what.split_once('/') {
            Some((calculator, result)) => {
                let sum = self.sums.iter().find(|sum| sum.spec.name == calculator)?;
                Some(sum.answer.as_ref()?.result.get(result)?.as_str()?.to_owned())
            }
            None if what == "story" => Some(story.to_owned()),
            None => {
                let said = self.said.iter().find(|said| said.fact.as_str() == what)?;
                Some(if said.fact == Fact::Years { years(&said.value) } else { said.value.clone() })
            }
        };
        let paper = app.triage().topics().paper();
        paper.filter_map(|(what, question)| Some((question.to_owned(), value(what)?))).collect()
    }

    /// Documents that help, each once.
    pub fn drafts(&self) -> Vec<&str> {
        let mut drafts: Vec<&str> = Vec::new();
        for draft in self.topics.iter().flat_map(|topic| &topic.drafts) {
            if !drafts.contains(&draft.as_str()) {
                drafts.push(draft);
            }
        }
        drafts
    }
}

/// Years as they stand in a document: 6年6个月.
fn years(value: &str) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a working life has some hundred months")]
    let months = value.parse::<f64>().map_or(0, |years| (years * 12.0).round() as i64);
    match (months / 12, months % 12) {
        (years, 0) => format!("{years}年"),
        (0, months) => format!("{months}个月"),
        (years, months) => format!("{years}年{months}个月"),
    }
}

/// What triage says of a text.
#[derive(Debug)]
pub struct Sorted {
    /// Kinds of problem with how likely each is.
    pub answer: Answer,
    /// Whether kinds were learned.
    pub learned: bool,
    /// Signs of danger.
    pub signs: Vec<Sign>,
}

/// Sorts a text, off the threads that others wait for: what was learned may have to be read first.
pub async fn sort(app: &App, text: &str) -> Result<Sorted, Refusal> {
    let (room, text) = (Arc::clone(app.triage()), text.to_owned());
    let sorted = tokio::task::spawn_blocking(move || {
        let triage = room.triage()?;
        let (answer, learned) = (triage.answer(&text, KINDS), triage.has_learned());
        Ok::<_, triage::TriageError>(Sorted { answer, learned, signs: room.dangers().find(&text) })
    });
    sorted.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// Gathers what helps. Reads memory, and of the database the articles shown.
pub async fn gather(app: &App, asked: &Asked<'_>) -> Result<Help, Refusal> {
    let now = app.now();
    let text: String = asked.text.chars().take(LONGEST).collect();
    let Sorted { answer, learned: kinds_learned, signs } = sort(app, &text).await?;
    let topics = app.triage().topics();
    let chosen = asked.kind.filter(|kind| app.triage().kinds().find(kind).is_some());
    let mut about: Vec<&Topic> = topics.of(&text, FOLLOWED + 2);
    let first = answer.labels.first().filter(|_| !answer.abstain).map(|guess| guess.label.as_str());
    let kind = chosen.or(about.first().map(|topic| topic.kind.as_str())).or(first).map(str::to_owned);
    if let Some(chosen) = chosen {
        about.retain(|topic| topic.kind == chosen);
    }
    about.truncate(FOLLOWED);
    let said = said::said(&text);
    let cited = topics::in_turn(&about);
    let wanted = Wanted { query: &text, chosen: &cited, category: None, most: ARTICLES };
    let found = app.shelf().search(&wanted, now.date()).await;
    let (articles, laws_learned) = found.map_err(|error| failed(&error))?;
    let area = asked.area.or(app.config().site.area);
    let sums = sums::sums(app, &about, &said, area, now.date(), SUMS);
    let ways = ways(app, &text, kind.as_deref(), about.first().copied(), &said);
    let book = app.access().offices().current().await.map_err(|error| failed(&error))?;
    let doors = doors(app, &book, area);
    let topics = about.into_iter().cloned().collect();
    Ok(Help {
        answer,
        kinds_learned,
        kind,
        topics,
        signs,
        said,
        articles,
        laws_learned,
        sums,
        ways,
        doors,
        matter: None,
    })
}

/// The services a story can be carried into, each with what it answers there.
fn ways(app: &App, text: &str, kind: Option<&str>, topic: Option<&Topic>, said: &[Said]) -> Vec<Way> {
    let way = |id: &str| {
        let item = Arc::clone(app.register().catalog().item(id)?);
        let carried = carried(app, &item, text, topic, said);
        Some(Way { item, carried })
    };
    let offered = app.triage().topics().offered(kind, topic);
    offered.filter_map(|offered| way(&offered.item)).collect()
}

/// What a story answers of an item's questions.
pub fn carried(
    app: &App,
    item: &Item,
    text: &str,
    topic: Option<&Topic>,
    said: &[Said],
) -> Vec<(String, String)> {
    let value = |what: &str| match what {
        "story" => Some(text.trim().to_owned()),
        "topic" => topic.map(|topic| topic.topic.clone()),
        "dispute" => topic.and_then(|topic| topic.dispute.clone()),
        fact => said.iter().find(|said| said.fact.as_str() == fact).map(|said| said.value.clone()),
    };
    let topics = app.triage().topics();
    let questions = item.questions().filter_map(|question| {
        let what = topics.carried(&question.fact)?;
        let value = value(what).filter(|value| !value.is_empty())?;
        // A choice the item does not offer is not carried.
        let fits = question.choices.is_empty() || question.choices.iter().any(|choice| choice.id == value);
        fits.then(|| (question.fact.clone(), value))
    });
    questions.collect()
}

/// Where to go: who answers questions there, the nearest first.
fn doors(app: &App, book: &Offices, area: Option<AreaCode>) -> Vec<(Office, Option<bool>)> {
    let Some(area) = area else { return Vec::new() };
    let near = book.serving(Some("consultation"), area).into_iter().take(OFFICES);
    near.map(|office| (office.clone(), offices::is_open(app, office))).collect()
}

fn failed(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "asking");
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}
