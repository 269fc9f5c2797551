//! One box for a word and for a whole story: the kind of problem and all that helps, then whatever bears the words in
//! its name. What is typed is not kept.

use std::cmp::Reverse;

use access::office::Office;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use catalog::item::Item;
use maud::{Markup, html};
use serde::Deserialize;

use super::entrance::{ENTRANCES, Entrance};
use super::fault::Fault;
use super::{answers, calculators, danger, drafts, home, items, laws, offices, places, tools};
use crate::app::App;
use crate::ask::{self, Asked, Help, panel};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, Values, form};
use crate::ui::place::{Said, place};
use crate::ui::{Page, Visit, page, textarea};

/// What is searched for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Search {
    q: String,
}

/// Most hits of a kind on the page.
const MOST: usize = 10;

/// From this length on, in characters, what is typed is a story rather than a name.
const STORY: usize = 8;

/// Most answers on the page.
const ANSWERS: usize = 3;

/// How many pairs of characters of a story a name must share with it.
const PAIRS: usize = 3;

/// What a name shares with a question: pairs of characters, and whether it holds the whole of it. Chinese has no blanks
/// between words, and pairs of characters stand in for words well enough here.
struct Question {
    whole: String,
    parts: Vec<String>,
}

impl Question {
    fn new(q: &str) -> Self {
        let whole = kernel::text::normalise(q).trim().to_lowercase();
        let letters: Vec<char> = whole.chars().filter(|c| c.is_alphanumeric()).collect();
        let pairs =
            letters.windows(2).filter(|pair| pair.iter().any(|c| !c.is_ascii())).map(String::from_iter);
        let words = whole
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() > 2)
            .map(str::to_owned);
        let parts = pairs.chain(words).collect();
        Self { whole, parts }
    }

    /// Two points a shared part, a hundred for the whole; nothing where too little is shared.
    fn score(&self, text: &str) -> usize {
        if self.whole.is_empty() {
            return 0;
        }
        let text = text.to_lowercase();
        let whole = if text.contains(&self.whole) { 100 } else { 0 };
        let shared = self.parts.iter().filter(|part| text.contains(part.as_str())).count();
        let enough = self.parts.len().div_ceil(2).clamp(1, PAIRS);
        if whole > 0 || shared >= enough { whole + 2 * shared } else { 0 }
    }
}

/// What bears the words of a question in its name, the best first.
pub fn hits<T>(q: &str, named: impl IntoIterator<Item = (String, T)>, most: usize) -> Vec<T> {
    let question = Question::new(q);
    let scored = named.into_iter().map(|(text, one)| (question.score(&text), one));
    let mut found: Vec<(usize, T)> = scored.filter(|(score, _)| *score > 0).collect();
    found.sort_by_key(|(score, _)| Reverse(*score));
    found.into_iter().take(most).map(|(_, one)| one).collect()
}

/// `GET /search?q=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(search): Query<Search>,
) -> Result<Response, Fault> {
    let values = Values(vec![("q".to_owned(), search.q)]);
    show(&app, &visit, &values).await
}

/// `POST /search`: a longer story, another kind, a place. Nothing of it stands in the address.
pub async fn post(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    show(&app, &visit, &posted.values).await
}

async fn show(app: &App, visit: &Visit, values: &Values) -> Result<Response, Fault> {
    let lang = visit.lang;
    let text: String = values.get("q").chars().take(ask::LONGEST).collect();
    let q = text.trim();
    if q.is_empty() {
        let title = t!(lang, "search-label");
        return Ok(Page::new(visit, title.clone())
            .crumb(t!(lang, "search-button"), "/search")
            .column(&html! {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "ask-lead")) }
                (story(visit, "", &Said::default()))
                (page::ways_on(visit))
            })
            .into_response());
    }
    let atlas = places::atlas(app).await?;
    let said = Said::read(&atlas, values, "area", &places::around(visit));
    let area = said.code.or_else(|| places::home(visit));
    let place = area.map(|area| atlas.full_name(area, visit.now.date())).unwrap_or_default();
    let kind = Some(values.get("kind")).filter(|kind| !kind.is_empty());
    let help = ask::gather(app, &Asked { text: q, kind, area }).await?;
    let answered = app.library().search(q, help.kind.as_deref(), ANSWERS).await?;
    let is_story = help.is_clear() || q.chars().count() >= STORY;
    let named = Named::find(app, visit, q, &help, is_story).await?;
    let title = if is_story { t!(lang, "ask-title") } else { t!(lang, "search-title", q = q) };
    let nothing = !is_story && named.is_empty() && answered.is_empty() && help.articles.is_empty();
    Ok(Page::new(visit, title.clone())
        .crumb(t!(lang, "search-button"), "/search")
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            (danger::numbers(lang, &help.signs))
            div class="govuk-grid-row hf-results" {
                div class="govuk-grid-column-two-thirds" {
                    @if is_story {
                        div class="govuk-inset-text" { (q) }
                        (panel::kinds(visit, &help, q, "/search"))
                        (panel::said(lang, &help))
                        (panel::sums(visit, &help, &place))
                        (panel::articles(lang, &help))
                        (answers::beside(lang, &answered))
                        (panel::drafts(app, visit, &help, q))
                        (panel::ways(visit, &help))
                        (named.draw(visit))
                        (tools::tools(visit))
                    } @else {
                        (home::search_box(lang, q))
                        (named.draw(visit))
                        (answers::beside(lang, &answered))
                        @if !help.articles.is_empty() {
                            h2 class="govuk-heading-m" { (t!(lang, "laws-articles")) }
                            @for one in help.articles.iter().take(PAIRS) { (laws::list::article(lang, one)) }
                        }
                    }
                    @if nothing {
                        p class="govuk-body" { (t!(lang, "search-nothing")) }
                        (page::ways_on(visit))
                    }
                }
                div class="govuk-grid-column-one-third" {
                    @if is_story { (panel::doors(lang, &help)) }
                    section aria-labelledby="ask-more" {
                        h2 class="govuk-heading-m" id="ask-more" { (t!(lang, "ask-more")) }
                        (story(visit, q, &said))
                    }
                }
            }
        })
        .into_response())
}

/// The box for a whole story, and where it happened.
fn story(visit: &Visit, q: &str, said: &Said) -> Markup {
    let lang = visit.lang;
    let around = places::around(visit);
    form(
        visit,
        "/search",
        &html! {
            (textarea::textarea(lang, &Ask::new("q", t!(lang, "ask-story")).hint(t!(lang, "ask-story-hint")), q, 6))
            (place(lang, &Ask::new("area", t!(lang, "ask-where")).optional(true).error(said.problem(lang)), said, &around))
            (button::submit(&t!(lang, "ask-again"), Weight::Main))
            p class="govuk-hint" { (t!(lang, "ask-not-kept")) }
        },
    )
}

/// What bears the words in its name.
struct Named<'a> {
    items: Vec<&'a Item>,
    entrances: Vec<&'static Entrance>,
    sums: Vec<&'static ::calculators::Spec>,
    papers: Vec<&'a drafting::Template>,
    places: Vec<(Office, Option<bool>)>,
}

impl<'a> Named<'a> {
    /// For a story only what it does not offer anyway, and no office that merely shares a word with it.
    async fn find(app: &'a App, visit: &Visit, q: &str, help: &Help, is_story: bool) -> Result<Self, Fault> {
        let lang = visit.lang;
        let catalog = app.register().catalog();
        let offered = |item: &Item| is_story && help.ways.iter().any(|way| way.item.id == item.id);
        // What complains of us comes last, unless it is what was asked for.
        let items = items::in_order(catalog).into_iter().map(AsRef::as_ref).filter(|item| !offered(item));
        let book = app.access().offices().current().await?;
        let places = if is_story { &[][..] } else { book.all() };
        let entrance = |one: &'static Entrance| {
            let keys = [format!("entrance-{}", one.slug), format!("entrance-{}-short", one.slug)];
            (keys.map(|key| t!(lang, &key)).join(" "), one)
        };
        Ok(Self {
            items: hits(q, items.map(|item| (names(item, is_story), item)), MOST),
            entrances: hits(q, ENTRANCES.iter().map(entrance), MOST),
            sums: if is_story { Vec::new() } else { calculators::found(lang, q, MOST) },
            papers: if is_story { Vec::new() } else { drafts::list::found(app, lang, q, MOST) },
            places: hits(q, places.iter().map(|office| (office.name.clone(), office)), MOST)
                .into_iter()
                .map(|office| (office.clone(), offices::is_open(app, office)))
                .collect(),
        })
    }

    fn is_empty(&self) -> bool {
        self.items.is_empty()
            && self.entrances.is_empty()
            && self.sums.is_empty()
            && self.papers.is_empty()
            && self.places.is_empty()
    }

    fn draw(&self, visit: &Visit) -> Markup {
        let lang = visit.lang;
        html! {
            @if !self.items.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "ui-nav-items")) }
                @for item in &self.items { (items::card(lang, item)) }
            }
            @if !self.entrances.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "home-entrances")) }
                ul class="govuk-list" {
                    @for one in &self.entrances {
                        li { a class="govuk-link" href={ "/entrance/" (one.slug) } { (t!(lang, &format!("entrance-{}", one.slug))) } }
                    }
                }
            }
            @if !self.sums.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "calc-title")) }
                ul class="govuk-list" {
                    @for spec in &self.sums {
                        li { a class="govuk-link" href={ "/calculators/" (spec.name) } { (calculators::title(lang, spec)) } }
                    }
                }
            }
            @if !self.papers.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "draft-title")) }
                ul class="govuk-list" {
                    @for one in &self.papers {
                        li { a class="govuk-link" href={ "/drafts/" (one.id) } { (one.name.get(lang)) } }
                    }
                }
            }
            @if !self.places.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "ui-nav-offices")) }
                @for (office, open) in &self.places { (offices::card(lang, office, *open)) }
            }
        }
    }
}

/// What an item is found by: its name and summary, and for a word also the choices of its questions.
fn names(item: &Item, is_story: bool) -> String {
    let name = format!("{} {} {} {}", item.name.zh, item.name.en, item.summary.zh, item.summary.en);
    if is_story {
        return name;
    }
    let choices = item.questions().flat_map(|question| &question.choices);
    let labels: Vec<&str> =
        choices.flat_map(|choice| [choice.label.zh.as_str(), choice.label.en.as_str()]).collect();
    format!("{name} {}", labels.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{Question, hits};

    #[test]
    fn questions_find_services() {
        let aid = "法律援助(民事、行政、国家赔偿) Legal aid 请不起律师的 拖欠工资";
        let score = |q: &str| Question::new(q).score(aid);
        assert!(score("拖欠工资怎么办") > 0);
        assert!(score("legal aid") > 100);
        assert!(score("援助") > score("请律师"));
        assert_eq!(score("天气"), 0);
        assert_eq!(score("  "), 0);
    }

    #[test]
    fn a_story_does_not_find_all_that_share_one_word_with_it() {
        let named = ["投诉公共法律服务", "古楼街道公共法律服务工作站", "解除劳动合同经济补偿"];
        let found = hits("被公司辞退没有给经济补偿", named.map(|name| (name.to_owned(), name)), 9);
        assert_eq!(found, ["解除劳动合同经济补偿"]);
    }
}
