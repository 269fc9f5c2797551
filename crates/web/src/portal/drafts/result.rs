//! The document beside its form: what is still open, what the law says to it, and the paper itself.

use drafting::{Answers, Citation, Filled, Finding, Level, Said, Template};
use maud::{Markup, html};

use super::fields;
use crate::lang::{Lang, say};
use crate::t;
use crate::ui::details::details;
use crate::ui::sheet;
use crate::ui::tag::{Tone, tag};

/// Draws it.
pub fn draw(lang: Lang, template: &Template, answers: &Answers, filled: &Filled<'_>) -> Markup {
    let (warnings, notes): (Vec<&Finding>, Vec<&Finding>) =
        filled.findings.iter().partition(|one| one.level == Level::Warn);
    html! {
        div class="hf-no-print" {
            h2 class="govuk-heading-m" { (t!(lang, "draft-preview")) }
            (open(lang, template, answers, filled))
            (findings(lang, &warnings))
        }
        div class="hf-draft__paper" {
            (sheet::draw_beside(&filled.sheet))
        }
        div class="hf-no-print" {
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "document-print")) }
            @if !notes.is_empty() {
                h2 class="govuk-heading-s" { (t!(lang, "draft-checks")) }
                (findings(lang, &notes))
            }
        }
    }
}

fn findings(lang: Lang, all: &[&Finding]) -> Markup {
    html! {
        @if !all.is_empty() {
            ul class="hf-draft__checks" { @for one in all { (finding(lang, one)) } }
        }
    }
}

/// What is open or cannot be read, each with the way to its field.
fn open(lang: Lang, template: &Template, answers: &Answers, filled: &Filled<'_>) -> Markup {
    let wrong = fields::wrong(lang, template, answers);
    let count = filled.missing.len();
    html! {
        @if !wrong.is_empty() {
            ul class="govuk-list" {
                @for one in &wrong {
                    li { (tag(&t!(lang, "draft-level-warn"), Tone::Act)) " " a class="govuk-link" href={ "#" (one.field) } { (one.text) } }
                }
            }
        }
        @if count == 0 {
            p class="govuk-body" { (tag(&t!(lang, "draft-level-good"), Tone::Good)) " " (t!(lang, "draft-whole")) }
        } @else {
            (details(&t!(lang, "draft-missing", n = count), &html! {
                ul class="govuk-list govuk-list--bullet" {
                    @for question in &filled.missing {
                        li { a class="govuk-link" href={ "#" (question.id) } { (question.label.get(lang)) } }
                    }
                }
            }))
        }
    }
}

fn finding(lang: Lang, one: &Finding) -> Markup {
    let (word, tone) = match one.level {
        Level::Warn => ("draft-level-warn", Tone::Act),
        Level::Note => ("draft-level-note", Tone::Quiet),
        Level::Good => ("draft-level-good", Tone::Good),
    };
    html! {
        li {
            (tag(&t!(lang, word), tone)) " "
            (told(lang, &one.said))
            @if !one.cites.is_empty() {
                " " span class="hf-quiet" { (cited(lang, &one.cites)) }
            }
            @if !one.verified { " " (tag(&t!(lang, "calc-unverified"), Tone::Act)) }
        }
    }
}

/// A sentence in the reader's language.
pub fn told(lang: Lang, said: &Said) -> String {
    match said {
        Said::Both(text) => text.get(lang).to_owned(),
        Said::Key(text) => {
            let args: Vec<(&str, String)> =
                text.args.iter().map(|(name, value)| (name.as_ref(), value.clone())).collect();
            say(lang, &text.key, &args)
        }
    }
}

/// Articles, those of one law together: 《民法典》第188条、第201条.
fn cited(lang: Lang, cites: &[Citation]) -> String {
    let mut laws: Vec<(&str, Vec<String>)> = Vec::new();
    for one in cites {
        let number = one.article.bytes().all(|byte| byte.is_ascii_digit());
        let article =
            if number { t!(lang, "calc-article", article = one.article) } else { one.article.clone() };
        match laws.iter_mut().find(|(law, _)| *law == one.law) {
            Some((_, articles)) => articles.push(article),
            None => laws.push((&one.law, vec![article])),
        }
    }
    let joined: Vec<String> =
        laws.into_iter().map(|(law, articles)| format!("《{law}》{}", articles.join("、"))).collect();
    joined.join("；")
}
