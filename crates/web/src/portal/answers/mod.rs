//! 常见问题解答: published answers for everybody, found by question or by kind of problem.

mod list;
mod one;

pub use list::{card, get as list};
pub use one::get as one;

use answers::cites::{Cited, Held};
use answers::model::Published;
use kernel::refusal::Refusal;
use maud::{Markup, html};

use super::laws::cited_href;
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::question::paragraphs;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Visit, time};

/// Address of the list.
pub const PAGE: &str = "/answers";

/// Articles as links to the statutes that are kept; what is not kept is told.
pub fn cited(lang: Lang, cited: &[Cited]) -> Markup {
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for one in cited {
                @let name = format!("《{}》{}", laws::citation::title(&one.citation.law), one.citation.article);
                li {
                    @if matches!(one.held, Held::NotKept) { (name) } @else {
                        a class="govuk-link" href=(cited_href(&one.citation.law, &one.citation.article)) { (name) }
                    }
                    @if one.held != Held::Good {
                        " " (tag(&t!(lang, &format!("answers-held-{}", one.held.as_str())), tone(one.held)))
                    }
                }
            }
        }
    }
}

fn tone(held: Held) -> Tone {
    match held {
        Held::Good => Tone::Good,
        Held::NotKept => Tone::Quiet,
        Held::NoArticle | Held::NotInForce => Tone::Bad,
    }
}

/// Answers that fit what somebody asked, beside whatever else was found.
pub fn beside(lang: Lang, found: &[Published]) -> Markup {
    html! {
        @if !found.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "answers-title")) }
            @for one in found { (card(lang, one)) }
        }
    }
}

/// Who answers for an answer, as it is shown.
pub async fn owner(app: &App, lang: Lang, one: &Published) -> Result<String, Refusal> {
    let Some(id) = &one.office else { return Ok(t!(lang, "answers-owner-catalogue")) };
    let offices = app.register().offices().await?;
    Ok(offices.get(id).map_or_else(|| id.clone(), |office| office.name.clone()))
}

/// The text of an answer, what it rests on, and who answers for it since when.
pub async fn whole(app: &App, visit: &Visit, one: &Published) -> Result<Markup, Refusal> {
    let lang = visit.lang;
    let rests = app.library().cited(&one.cites, visit.now.date()).await?;
    let owner = owner(app, lang, one).await?;
    Ok(html! {
        @if one.is_due(visit.now.date()) {
            div class="govuk-inset-text" { (t!(lang, "answers-is-due")) }
        }
        p class="govuk-body" { (paragraphs(&one.answer)) }
        h2 class="govuk-heading-m" { (t!(lang, "answers-cites")) }
        (cited(lang, &rests))
        p class="govuk-body hf-quiet" {
            (t!(lang, "answers-by", owner = owner, day = time::date(lang, one.reviewed_on)))
        }
    })
}
