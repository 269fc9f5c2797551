//! 法律法规: the statutes that are kept, found by title or by a question in one's own words.

pub mod list;
pub mod text;

use std::sync::Arc;

use laws::store::Law;
use maud::{Markup, html};

use super::fault::Fault;
use crate::api::law_refusal;
use crate::lang::Lang;
use crate::t;
use crate::ui::tag::{Tone, tag};

/// The address of a version, or of one of its articles.
fn href(law: &Law, anchor: Option<&str>) -> String {
    let id: String =
        law.id.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { encoded(c) }).collect();
    match anchor {
        Some(anchor) => format!("/laws/{id}#a{anchor}"),
        None => format!("/laws/{id}"),
    }
}

/// The address of an article as it is cited, in the version that holds today.
pub fn cited_href(law: &str, article: &str) -> String {
    let title = laws::citation::title(law);
    let id: String =
        title.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { encoded(c) }).collect();
    let anchor = match laws::citation::number(article) {
        Some((number, 0)) => number.to_string(),
        Some((number, inserted)) => format!("{number}-{inserted}"),
        None => return format!("/laws/{id}"),
    };
    format!("/laws/{id}#a{anchor}")
}

fn encoded(c: char) -> String {
    use std::fmt::Write as _;
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

/// Whether it is law today, and who says so.
fn standing(lang: Lang, law: &Law) -> Markup {
    let tone = match law.status {
        laws::model::Status::InForce => Tone::Good,
        laws::model::Status::Unknown => Tone::Quiet,
        _ => Tone::Act,
    };
    html! { (tag(&t!(lang, &format!("laws-status-{}", law.status)), tone)) }
}

/// An error of the statutes as a page.
pub fn fault(error: ::laws::LawError) -> Fault {
    Fault(Arc::new(*law_refusal(error).refusal))
}

#[cfg(test)]
mod tests {
    use super::{cited_href, encoded};

    #[test]
    fn a_citation_leads_to_its_article() {
        assert_eq!(cited_href("中华人民共和国民法典", "第一百八十八条"), "/laws/民法典#a188");
        assert_eq!(cited_href("《刑法》", "第一百二十条之一"), "/laws/刑法#a120-1");
    }

    #[test]
    fn addresses_hold_no_sign_with_a_meaning() {
        assert_eq!(encoded('@'), "%40");
        assert_eq!(encoded('（'), "%EF%BC%88");
    }
}
