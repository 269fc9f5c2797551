//! Topics of the catalogue name what there is: calculators and their fields, items and their questions and choices.

use catalog::Catalog;
use triage::room::Room;

#[test]
fn topics_name_what_there_is() {
    let (sources, catalog) = (catalog::load::Files::embedded(), Catalog::embedded().unwrap());
    let room = Room::read(|file| sources.get(file), std::path::PathBuf::new()).unwrap();
    let topics = room.topics();
    let choices = |fact: &str| -> Vec<String> {
        let mut questions = catalog.items().flat_map(|item| item.questions());
        let question = questions.find(|question| question.fact == fact).unwrap();
        question.choices.iter().map(|choice| choice.id.clone()).collect()
    };
    let (consult, disputes) = (choices("consult.topic"), choices("mediation.type"));
    for topic in topics.all() {
        for name in &topic.calculators {
            assert!(calculators::find(name).is_some(), "{}: no calculator {name}", topic.id);
        }
        assert!(consult.contains(&topic.topic), "{}: {}", topic.id, topic.topic);
        if let Some(dispute) = &topic.dispute {
            assert!(disputes.contains(dispute), "{}: {dispute}", topic.id);
        }
    }
    for way in topics.ways() {
        assert!(catalog.item(&way.item).is_some(), "{}", way.item);
    }
}
