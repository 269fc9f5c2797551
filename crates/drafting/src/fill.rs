//! Writing a document from answers.

use calculators::Ground;
use jiff::civil::Date;
use press::{Block, Paper, Print, Sheet};

use crate::answers::Answers;
use crate::check::{Finding, found};
use crate::model::{Question, Template};
use crate::words::{Counters, Line};

/// A document as far as it was answered.
#[derive(Debug, Clone)]
pub struct Filled<'a> {
    /// What the page, the PDF and the DOCX are made from.
    pub sheet: Sheet,
    /// The same as plain text.
    pub text: String,
    /// Questions without whose answer it is not whole; where they belong there is a line to write on.
    pub missing: Vec<&'a Question>,
    /// What the law says to it, warnings first.
    pub findings: Vec<Finding>,
}

impl Template {
    /// Writes the document.
    pub fn fill(&self, answers: &Answers, ground: Ground<'_>) -> Filled<'_> {
        let mut counters = Counters::default();
        let mut write = |lines: &[Line]| -> Vec<String> {
            let mut all: Vec<String> = Vec::new();
            for line in lines {
                let mut written = line.write(self, answers, &mut counters).into_iter();
                // Nothing goes on in a heading.
                let open =
                    all.last_mut().filter(|last| line.joins() && !last.is_empty() && !last.ends_with('：'));
                if let Some(last) = open {
                    last.extend(written.next());
                }
                all.extend(written);
            }
            all
        };
        let (body, close) = (write(&self.text), write(&self.sign));
        let text = format!("{}\n\n{}", self.title, body.join("\n"));
        let mut sheet = Sheet::read(&text);
        self.id.clone_into(&mut sheet.id);
        // What somebody wrote last may look like a foot; the foot of a draft is its own.
        if !sheet.close.is_empty() {
            let last = std::mem::take(&mut sheet.close);
            sheet.body.push(Block::Lines(last));
        }
        sheet.close.clone_from(&close);
        let missing = self
            .questions()
            .filter(|one| one.required && one.when.holds(answers) && answers.get(&one.id).is_empty());
        Filled {
            text: tidy(&text) + "\n\n" + &close.join("\n") + "\n",
            sheet,
            missing: missing.collect(),
            findings: found(self, answers, ground),
        }
    }
}

impl Filled<'_> {
    /// The document for PDF and DOCX. Nobody issued it, so it names no office.
    pub fn print(&self, today: Date) -> Print {
        Print {
            paper: Paper::A4,
            title: self.sheet.title.clone(),
            office: String::new(),
            made_on: today,
            foot: String::new(),
            sheets: vec![self.sheet.clone()],
            pictures: Vec::new(),
        }
    }
}

/// Groups parted by one blank line each.
fn tidy(text: &str) -> String {
    let groups: Vec<String> = text
        .split("\n\n")
        .map(|group| group.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
        .filter(|group| !group.is_empty())
        .collect();
    groups.join("\n\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Book, Level, Said};
    use catalog::load::Files;
    use catalog::parameters::Parameters;

    fn parameters() -> Parameters {
        catalog::load::parameters(&Files::embedded()).unwrap()
    }

    fn filled<'a>(book: &'a Book, id: &str, said: &[(&str, &str)], parameters: &Parameters) -> Filled<'a> {
        let template = book.get(id).unwrap();
        let typed: BTreeMap<String, String> =
            said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let today = jiff::civil::date(2026, 11, 23);
        template.fill(&Answers::read(template, &typed, today), Ground { parameters, today })
    }

    #[test]
    fn nothing_answered_is_a_form_to_fill_in_by_hand() {
        let (book, parameters) = (Book::from_files(&Files::embedded()).unwrap(), parameters());
        for template in book.all() {
            let empty = filled(&book, &template.id, &[], &parameters);
            assert!(empty.text.contains("________"), "{}", template.id);
            assert!(!empty.text.contains(['{', '}', '[', ']']), "{}: {}", template.id, empty.text);
            let wanted = template.questions().filter(|one| one.always()).count();
            assert!(empty.missing.len() >= wanted && wanted > 0, "{}", template.id);
            assert_eq!(
                empty.sheet.close.len(),
                empty.text.trim_end().lines().rev().take_while(|line| !line.is_empty()).count()
            );
        }
    }

    #[test]
    fn what_is_missing_is_told_by_its_question() {
        let (book, parameters) = (Book::from_files(&Files::embedded()).unwrap(), parameters());
        let half =
            filled(&book, "complaint-loan", &[("my_name", "王芳"), ("interest", "agreed")], &parameters);
        let missing: Vec<&str> = half.missing.iter().map(|one| one.label.zh.as_str()).collect();
        assert!(missing.contains(&"您的住址") && missing.contains(&"年利率（%）"), "{missing:?}");
        assert!(!missing.contains(&"您的姓名"));
        // No interest, no rate to ask for.
        let none = filled(&book, "complaint-loan", &[("interest", "none")], &parameters);
        assert!(none.missing.iter().all(|one| one.id != "rate"));
    }

    #[test]
    fn what_somebody_wrote_can_neither_vanish_nor_change_the_paper() {
        let (book, parameters) = (Book::from_files(&Files::embedded()).unwrap(), parameters());
        let story = "第一段 {my_name} [x]\n\n|a|b|\n〔2026〕某字第1号\n2026年1月2日";
        let one = filled(
            &book,
            "complaint-loan",
            &[("story", story), ("evidence", "@别处\n王芳：\n2026年1月2日")],
            &parameters,
        );
        for words in ["第一段 {my_name} [x]", "｜a｜b｜", "〔2026〕某字第1号", "1. ＠别处"] {
            assert!(one.text.contains(words), "{words}: {}", one.text);
        }
        let told = format!("{:?}", one.sheet.body);
        assert!(!told.contains("Table"), "{told}");
        assert_eq!(told.matches("2026年1月2日").count(), 2, "{told}");
        assert_eq!(one.sheet.close.last().unwrap(), "________年____月____日");
        assert_eq!(one.sheet.no, None);
    }

    #[test]
    fn a_period_that_has_passed_is_said_with_its_article() {
        let (book, parameters) = (Book::from_files(&Files::embedded()).unwrap(), parameters());
        for (due, key, level) in [
            ("2021-06-01", "draft-check-period-over", Level::Warn),
            ("2023-12-20", "draft-check-period-near", Level::Warn),
            ("2025-06-01", "draft-check-period-open", Level::Good),
            ("2015-06-01", "draft-check-period-earlier", Level::Warn),
        ] {
            let one = filled(&book, "complaint-loan", &[("due_on", due)], &parameters);
            let finding =
                one.findings.iter().find(|one| matches!(&one.said, Said::Key(text) if text.key == key));
            let finding = finding.unwrap_or_else(|| panic!("{due}: {:#?}", one.findings));
            assert_eq!(finding.level, level, "{due}");
            if key != "draft-check-period-earlier" {
                assert!(
                    finding.cites.iter().any(|one| one.law == "民法典" && one.article == "188"),
                    "{finding:?}"
                );
            }
        }
        // A demand in time lets it begin anew, one that came too late does not.
        let again = filled(
            &book,
            "complaint-loan",
            &[("due_on", "2021-06-01"), ("asked_on", "2024-05-01")],
            &parameters,
        );
        assert!(again.findings.iter().any(|one| one.level == Level::Good), "{:#?}", again.findings);
        let late = filled(
            &book,
            "complaint-loan",
            &[("due_on", "2021-06-01"), ("asked_on", "2025-05-01")],
            &parameters,
        );
        assert!(
            late.findings
                .iter()
                .any(|one| matches!(&one.said, Said::Key(text) if text.key == "draft-check-period-over"))
        );
    }

    #[test]
    fn a_rate_above_the_cap_warns() {
        let (book, parameters) = (Book::from_files(&Files::embedded()).unwrap(), parameters());
        for (rate, level) in [("12", Level::Note), ("24", Level::Warn)] {
            let said = [("happened_on", "2026-06-01"), ("interest", "agreed"), ("rate", rate)];
            let one = filled(&book, "complaint-loan", &said, &parameters);
            let finding = one
                .findings
                .iter()
                .find(|one| matches!(&one.said, Said::Both(text) if text.zh.contains("四倍")));
            assert_eq!(finding.unwrap().level, level, "{rate}");
        }
    }
}
