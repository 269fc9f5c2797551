//! Calculators filled with what a story says: computed where that is enough, offered with what is still missing else.

use calculators::{Answer, Kind, Need, Spec};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::area::AreaCode;
use serde_json::{Map, Value};
use triage::said::{Fact, Said};
use triage::topics::{ENDED_ON, Topic};

use crate::api::calculators::ground;
use crate::app::App;

/// A calculator with what a story says for it.
#[derive(Debug)]
pub struct Sum {
    /// Which.
    pub spec: &'static Spec,
    /// What was said, by field.
    pub inputs: Map<String, Value>,
    /// Whether days were counted back from today, because nobody said when.
    pub assumed: bool,
    /// Local figures nobody entered, supposed not to change the result.
    pub supposed: Vec<&'static str>,
    /// What must still be told.
    pub missing: Vec<&'static str>,
    /// What comes out, when nothing is missing.
    pub answer: Option<Answer>,
}

/// The calculators of the topics, each once, those with a result first.
pub fn sums(
    app: &App,
    topics: &[&Topic],
    said: &[Said],
    area: Option<AreaCode>,
    today: Date,
    most: usize,
) -> Vec<Sum> {
    let mut names: Vec<&str> = Vec::new();
    for name in topics.iter().flat_map(|topic| &topic.calculators) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let specs = names.into_iter().filter_map(calculators::find);
    let mut sums: Vec<Sum> = specs.map(|spec| sum(app, spec, said, area, today)).collect();
    sums.sort_by_key(|sum| (sum.answer.is_none(), sum.inputs.is_empty()));
    sums.truncate(most);
    sums
}

fn sum(app: &App, spec: &'static Spec, said: &[Said], area: Option<AreaCode>, today: Date) -> Sum {
    let topics = app.triage().topics();
    let (days, assumed) = service(said, today);
    let told = said.iter().map(|said| (said.fact.as_str(), said.value.clone()));
    let told: Vec<(&str, String)> = told.chain(days).collect();
    let mut inputs = Map::new();
    for (fact, value) in &told {
        for field in topics.fields(fact, spec.family.as_str()) {
            let Some(of) = spec.fields.iter().find(|known| known.name == field) else { continue };
            let value = match of.kind {
                Kind::Whole(..) => {
                    value.parse::<i64>().map_or_else(|_| Value::from(value.clone()), Value::from)
                }
                _ => Value::from(value.clone()),
            };
            inputs.entry(field).or_insert(value);
        }
    }
    let used_days = assumed && ["start", "last_day"].iter().any(|field| inputs.contains_key(*field));
    if let Some(area) = area.filter(|_| !inputs.is_empty()) {
        let asks = spec.fields.iter().any(|field| matches!(field.kind, Kind::Area) && field.name == "area");
        if asks {
            inputs.insert("area".into(), Value::from(area.to_string()));
        }
    }
    let must = spec.fields.iter().filter(|field| field.need == Need::Must);
    let missing: Vec<&str> =
        must.map(|field| field.name).filter(|name| !inputs.contains_key(*name)).collect();
    let mut sum = Sum { spec, inputs, assumed: used_days, supposed: Vec::new(), missing, answer: None };
    if sum.missing.is_empty() && !sum.inputs.is_empty() {
        compute(app, &mut sum, &told);
    }
    sum
}

/// Computes; a local figure nobody entered is supposed where the catalogue says how, else it is still to be told.
fn compute(app: &App, sum: &mut Sum, told: &[(&str, String)]) {
    let topics = app.triage().topics();
    let mut inputs = sum.inputs.clone();
    loop {
        let refusal = match calculators::run(sum.spec.name, &Value::Object(inputs.clone()), ground(app)) {
            Ok(answer) => {
                sum.answer = Some(answer);
                return;
            }
            Err(refusal) => refusal,
        };
        let field = sum.spec.fields.iter().find(|field| field.name == refusal.field).map(|field| field.name);
        // What the story gave and the calculator does not take is left to the person.
        let Some(field) = field.filter(|field| !inputs.contains_key(*field)) else { return };
        let Some(supposed) = topics.supposed(sum.spec.family.as_str(), field) else {
            sum.missing.push(field);
            return;
        };
        let said = told.iter().find(|(fact, _)| *fact == supposed).map(|(_, value)| value.as_str());
        inputs.insert(field.to_owned(), Value::from(said.unwrap_or(supposed)));
        sum.supposed.push(field);
    }
}

/// First and last day of work: as said, or counted back from today by the years that were said. Whether they were.
fn service(said: &[Said], today: Date) -> (Vec<(&'static str, String)>, bool) {
    let value = |fact: Fact| said.iter().find(|said| said.fact == fact).map(|said| said.value.as_str());
    if value(Fact::StartedOn).is_some() {
        return (vec![(ENDED_ON, today.to_string())], true);
    }
    let Some(years) = value(Fact::Years).and_then(|years| years.parse::<f64>().ok()) else {
        return (Vec::new(), false);
    };
    #[expect(clippy::cast_possible_truncation, reason = "a working life has some hundred months")]
    let months = (years * 12.0).round() as i64;
    let start = today.tomorrow().ok().and_then(|day| day.checked_sub(months.months()).ok());
    let days =
        start.map(|start| vec![(Fact::StartedOn.as_str(), start.to_string()), (ENDED_ON, today.to_string())]);
    (days.unwrap_or_default(), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn said(fact: Fact, value: &str) -> Said {
        Said { fact, value: value.into(), words: String::new() }
    }

    #[test]
    fn six_years_and_a_half_are_counted_back_from_today() {
        let (days, assumed) = service(&[said(Fact::Years, "6.5")], date(2026, 11, 30));
        assert_eq!(days, [("started_on", "2020-06-01".to_owned()), ("ended_on", "2026-11-30".to_owned())]);
        assert!(assumed);
    }

    #[test]
    fn a_day_that_was_said_stays() {
        let told = [said(Fact::StartedOn, "2020-03-15"), said(Fact::Years, "6")];
        assert_eq!(service(&told, date(2026, 11, 30)).0, [("ended_on", "2026-11-30".to_owned())]);
        assert_eq!(service(&[], date(2026, 11, 30)), (Vec::new(), false));
    }
}
