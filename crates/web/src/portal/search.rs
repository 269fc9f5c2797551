//! One search over services, entrances and offices. What is typed is not kept.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::html;
use serde::Deserialize;

use super::entrance::ENTRANCES;
use super::fault::Fault;
use super::{calculators, danger, home, items, laws, offices};
use crate::app::App;
use crate::t;
use crate::ui::{Page, Visit, page};

/// What is searched for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Search {
    q: String,
}

/// Most hits of a kind on the page.
const MOST: usize = 20;

/// Most articles on the page.
const ARTICLES: usize = 3;

/// How well a text answers a question: two points a shared pair of characters, more for the whole phrase.
/// Chinese has no blanks between words, and pairs of characters stand in for words well enough here.
pub fn score(text: &str, q: &str) -> usize {
    let (text, q) = (text.to_lowercase(), kernel::text::normalise(q).to_lowercase());
    if q.is_empty() {
        return 0;
    }
    let whole = if text.contains(&q) { 100 } else { 0 };
    let letters: Vec<char> = q.chars().filter(|c| c.is_alphanumeric()).collect();
    let pairs = letters.windows(2).filter(|pair| pair.iter().any(|c| !c.is_ascii())).map(String::from_iter);
    let words =
        q.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2).map(str::to_owned);
    whole + 2 * pairs.chain(words).filter(|part| text.contains(part.as_str())).count()
}

/// `GET /search?q=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(search): Query<Search>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let q: String = search.q.chars().take(100).collect();
    let catalog = app.register().catalog();
    let mut found: Vec<_> = catalog
        .items()
        .map(|item| {
            let choices = item.questions().flat_map(|question| &question.choices);
            let more: Vec<&str> =
                choices.flat_map(|choice| [choice.label.zh.as_str(), choice.label.en.as_str()]).collect();
            let more = more.join(" ");
            let text =
                format!("{} {} {} {} {more}", item.name.zh, item.name.en, item.summary.zh, item.summary.en);
            (score(&text, &q), item)
        })
        .filter(|(score, _)| *score > 0)
        .collect();
    found.sort_by_key(|(score, item)| (usize::MAX - score, item.id.clone()));
    let entrances: Vec<_> = ENTRANCES
        .iter()
        .filter(|one| {
            let keys = [format!("entrance-{}", one.slug), format!("entrance-{}-short", one.slug)];
            keys.iter().any(|key| score(&t!(lang, key), &q) > 0)
        })
        .collect();
    let book = app.access().offices().current().await?;
    let mut places: Vec<_> = book
        .all()
        .iter()
        .map(|office| (score(&office.name, &q), office))
        .filter(|(score, _)| *score > 0)
        .collect();
    places.sort_by_key(|(score, office)| (usize::MAX - score, office.area, office.id.clone()));
    let sums = calculators::found(lang, &q, MOST);
    let articles = if q.trim().is_empty() {
        Vec::new()
    } else {
        app.shelf().search(&q, ARTICLES, visit.now.date()).await.map_err(laws::fault)?.0
    };
    let signs = app.triage().dangers().find(&q);
    let nothing = found.is_empty()
        && entrances.is_empty()
        && places.is_empty()
        && sums.is_empty()
        && articles.is_empty();
    let title = if q.trim().is_empty() { t!(lang, "search-label") } else { t!(lang, "search-title", q = q) };
    Ok(Page::new(&visit, title.clone())
        .crumb(t!(lang, "search-button"), "/search")
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            (home::search_box(lang, &q))
            (danger::numbers(lang, &signs))
            div class="govuk-grid-row hf-results" { div class="govuk-grid-column-two-thirds" {
                @if !found.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "ui-nav-items")) }
                    @for (_, item) in found.iter().take(MOST) { (items::card(lang, item)) }
                }
                @if !articles.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "laws-articles")) }
                    @for one in &articles { (laws::list::article(lang, one)) }
                }
                @if !entrances.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "home-entrances")) }
                    ul class="govuk-list" {
                        @for one in &entrances {
                            li { a class="govuk-link" href={ "/entrance/" (one.slug) } { (t!(lang, &format!("entrance-{}", one.slug))) } }
                        }
                    }
                }
                @if !sums.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "calc-title")) }
                    ul class="govuk-list" {
                        @for spec in &sums {
                            li { a class="govuk-link" href={ "/calculators/" (spec.name) } { (calculators::title(lang, spec)) } }
                        }
                    }
                }
                @if !places.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "ui-nav-offices")) }
                    @for (_, office) in places.iter().take(MOST) { (offices::card(lang, office)) }
                }
                @if nothing {
                    p class="govuk-body" { (t!(lang, "search-nothing")) }
                    (page::ways_on(&visit))
                }
            } }
        })
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn questions_find_services() {
        let aid = "法律援助(民事、行政、国家赔偿) Legal aid 请不起律师的 拖欠工资";
        assert!(score(aid, "拖欠工资怎么办") > 0);
        assert!(score(aid, "legal aid") > 100);
        assert!(score(aid, "援助") > score(aid, "请律师"));
        assert_eq!(score(aid, "天气"), 0);
        assert_eq!(score(aid, "  "), 0);
    }
}
