//! What a story is about, finer than a kind, and what helps on: the hand-written start of everything that is offered.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::TriageError;
use crate::kinds::{Both, Kinds};
use crate::said::Fact;

/// The file within the catalogue.
pub const FILE: &str = "triage/topics.toml";

/// Topics of a text that are followed.
pub const FOLLOWED: usize = 2;

/// Articles of the first topic that stand before those of the second, and how many of the second follow them.
const LEAD: usize = 4;
const BESIDE: usize = 2;

/// How much a strong word counts, and from how much on a topic answers.
const STRONG: usize = 3;

/// The last day of work: nobody says it, it follows from the others.
pub const ENDED_ON: &str = "ended_on";

/// What somebody's story is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its id.
    pub id: String,
    /// The kind it belongs to.
    pub kind: String,
    /// Its name.
    pub name: Both,
    /// Words that all but settle it.
    pub strong: Vec<String>,
    /// Words that speak for it beside those.
    pub words: Vec<String>,
    /// Articles that answer first, as `law#article`.
    pub articles: Vec<String>,
    /// Calculators that help.
    #[serde(default)]
    pub calculators: Vec<String>,
    /// Documents to draft.
    #[serde(default)]
    pub drafts: Vec<String>,
    /// The choice of the fact `consult.topic`.
    pub topic: String,
    /// The choice of the fact `mediation.type`, where a committee may mediate it.
    pub dispute: Option<String>,
}

/// All topics.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topics {
    topic: Vec<Topic>,
    /// Which fields of calculators what was said goes into.
    #[serde(default)]
    fill: BTreeMap<String, Vec<String>>,
    /// What local figures nobody entered are supposed to be, by `family/field`.
    #[serde(default)]
    suppose: BTreeMap<String, String>,
    /// Which questions of items a story answers.
    #[serde(default)]
    carry: BTreeMap<String, String>,
    /// Which questions of documents are filled with what.
    #[serde(default)]
    paper: BTreeMap<String, String>,
    /// The services a story can be carried into.
    #[serde(default)]
    way: Vec<Way>,
}

/// A service a story can be carried into, and when it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The service item.
    pub item: String,
    /// Only for these kinds, when some are named.
    #[serde(default)]
    kinds: Vec<String>,
    /// Not for these.
    #[serde(default)]
    unless: Vec<String>,
    /// Only where a committee may mediate.
    #[serde(default)]
    disputes: bool,
}

impl Way {
    fn fits(&self, kind: Option<&str>, topic: Option<&Topic>) -> bool {
        let among = |kinds: &[String]| kind.is_some_and(|kind| kinds.iter().any(|one| one == kind));
        (self.kinds.is_empty() || among(&self.kinds))
            && !among(&self.unless)
            && (!self.disputes || topic.is_some_and(|topic| topic.dispute.is_some()))
    }
}

impl Topics {
    /// Reads the file and refuses what cannot be meant.
    pub fn parse(text: &str, kinds: &Kinds) -> Result<Self, TriageError> {
        let wrong = |why: String| TriageError::Content(format!("{FILE}: {why}"));
        let topics: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut ids = HashSet::new();
        for topic in &topics.topic {
            if !ids.insert(topic.id.as_str()) {
                return Err(wrong(format!("{}: it stands there twice", topic.id)));
            }
            if kinds.find(&topic.kind).is_none() {
                return Err(wrong(format!("{}: `{}` is no kind", topic.id, topic.kind)));
            }
            if topic.strong.is_empty() || topic.articles.is_empty() {
                return Err(wrong(format!("{}: it needs words and articles", topic.id)));
            }
            if let Some(cited) = topic.articles.iter().find(|cited| !cited.contains('#')) {
                return Err(wrong(format!("{}: `{cited}` is no `law#article`", topic.id)));
            }
        }
        for kind in topics.way.iter().flat_map(|way| way.kinds.iter().chain(&way.unless)) {
            if kinds.find(kind).is_none() {
                return Err(wrong(format!("way: `{kind}` is no kind")));
            }
        }
        for what in
            topics.carry.values().filter(|what| !["story", "topic", "dispute"].contains(&what.as_str()))
        {
            if !Fact::ALL.iter().any(|known| known.as_str() == what) {
                return Err(wrong(format!("carry: nothing in a story is called `{what}`")));
            }
        }
        for fact in topics.fill.keys().filter(|fact| *fact != ENDED_ON) {
            if !Fact::ALL.iter().any(|known| known.as_str() == fact) {
                return Err(wrong(format!("fill: nothing in a story is called `{fact}`")));
            }
        }
        Ok(topics)
    }

    /// All of them, in file order.
    pub fn all(&self) -> &[Topic] {
        &self.topic
    }

    /// The topic of this id.
    pub fn find(&self, id: &str) -> Option<&Topic> {
        self.topic.iter().find(|topic| topic.id == id)
    }

    /// The topics a text speaks of, the one with most to say for it first. Of two alike the earlier in the file.
    pub fn of(&self, text: &str, most: usize) -> Vec<&Topic> {
        let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let count = |words: &[String]| words.iter().filter(|word| text.contains(word.as_str())).count();
        let mut found: Vec<(usize, &Topic)> = self
            .topic
            .iter()
            .filter_map(|topic| {
                let strong = count(&topic.strong);
                (strong > 0).then(|| (STRONG * strong + count(&topic.words), topic))
            })
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        // A topic with far less for it than the first would only be in the way.
        let first = found.first().map_or(0, |(score, _)| *score);
        found.into_iter().filter(|(score, _)| *score * 2 > first).take(most).map(|(_, topic)| topic).collect()
    }

    /// The articles people chose for what a text is about, as `law#article`.
    pub fn articles(&self, text: &str) -> Vec<&str> {
        in_turn(&self.of(text, FOLLOWED))
    }

    /// The topics of a kind, in file order.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Topic> {
        self.topic.iter().filter(move |topic| topic.kind == kind)
    }

    /// What a local figure nobody entered is supposed to be, so that it changes nothing: a fact, or a number.
    pub fn supposed(&self, family: &str, field: &str) -> Option<&str> {
        self.suppose.get(&format!("{family}/{field}")).map(String::as_str)
    }

    /// What of a story answers a question, by its fact: `story`, `topic`, `dispute` or a figure.
    pub fn carried(&self, fact: &str) -> Option<&str> {
        self.carry.get(fact).map(String::as_str)
    }

    /// What goes into which question of a document: `story`, a figure, or `calculator/result`.
    pub fn paper(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paper.iter().map(|(what, question)| (what.as_str(), question.as_str()))
    }

    /// The services a story of this kind and topic can be carried into.
    pub fn offered<'a>(
        &'a self,
        kind: Option<&'a str>,
        topic: Option<&'a Topic>,
    ) -> impl Iterator<Item = &'a Way> {
        self.way.iter().filter(move |way| way.fits(kind, topic))
    }

    /// Every service a story can be carried into.
    pub fn ways(&self) -> &[Way] {
        &self.way
    }

    /// The fields that a fact goes into, of calculators of a family.
    pub fn fields<'a>(&'a self, fact: &str, family: &'a str) -> impl Iterator<Item = &'a str> {
        self.fill.get(fact).into_iter().flatten().filter_map(move |field| match field.split_once('/') {
            Some((of, field)) => (of == family).then_some(field),
            None => Some(field.as_str()),
        })
    }
}

/// The articles of topics, the first topic speaking at length before the next is heard.
pub fn in_turn<'a>(topics: &[&'a Topic]) -> Vec<&'a str> {
    let Some((first, others)) = topics.split_first() else { return Vec::new() };
    let (lead, rest) = first.articles.split_at(first.articles.len().min(LEAD));
    let others = others.iter().flat_map(|topic| topic.articles.iter().take(BESIDE));
    lead.iter().chain(others).chain(rest).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../catalog/triage/topics.toml");

    fn topics() -> Topics {
        Topics::parse(TEXT, &kinds()).unwrap()
    }

    fn kinds() -> Kinds {
        Kinds::parse(crate::kinds::tests::TEXT).unwrap()
    }

    #[test]
    fn stories_lead_to_what_they_are_about() {
        let topics = topics();
        for (text, id) in [
            ("被公司辞退没有给补偿，工作了六年半，月薪八千", "dismissal"),
            ("包工头拖欠工资三个月了", "unpaid-wages"),
            ("上班一年公司没签劳动合同", "no-written-contract"),
            ("在工地干活受伤，老板不管", "work-injury"),
            ("老公出轨我要离婚", "divorce"),
            ("离婚后孩子归谁，抚养费怎么给", "children-after-divorce"),
            ("老公经常打我，家暴怎么办", "domestic-violence"),
            ("父亲去世没有遗嘱，房子怎么继承", "inheritance-by-law"),
            ("朋友借钱不还，没有借条", "loan"),
            ("房东不退押金", "lease"),
            ("楼上漏水，邻居不修", "neighbours"),
            ("村里拆迁补偿款太低", "expropriation"),
            ("健身房跑路，会员卡的钱退不了", "prepaid-card"),
            ("被狗咬伤，主人不赔", "animal"),
            ("骑电动车被车撞，对方全责", "traffic"),
            ("我弟弟被刑拘了，能取保候审吗", "detention"),
            ("不服行政处罚，怎么复议", "administrative-act"),
            ("儿子不管我，我要赡养费", "elder-support"),
        ] {
            assert_eq!(topics.of(text, 3).first().map(|topic| topic.id.as_str()), Some(id), "{text}");
        }
        for text in ["今天天气怎么样", "", "你好"] {
            assert_eq!(topics.of(text, 3), Vec::<&Topic>::new(), "{text}");
        }
    }

    #[test]
    fn every_kind_has_a_topic() {
        let topics = topics();
        for kind in kinds().all() {
            assert!(topics.of_kind(&kind.label).next().is_some(), "{}", kind.label);
        }
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused() {
        let refused = |from: &str, to: &str| Topics::parse(&TEXT.replacen(from, to, 1), &kinds()).is_err();
        assert!(refused("id = \"unpaid-wages\"", "id = \"dismissal\""));
        assert!(refused("kind = \"劳动争议\"", "kind = \"天气\""));
        assert!(refused("劳动合同法#47", "劳动合同法"));
        assert!(refused("wage = [", "salary = ["));
    }
}
