//! `huifa draft ID --json '{…}'`: a document from answers, as text, PDF or DOCX.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use calculators::Ground;
use catalog::load::Files;
use catalog::words::Words;
use drafting::{Answers, Said, Template};
use kernel::lang::Lang;
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// A document by its id.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which, e.g. complaint-loan; without it all are listed.
    id: Option<String>,
    /// Answers as a JSON object; what is left out stays open.
    #[arg(requires = "id")]
    answers: Option<String>,
    /// What it asks for, as JSON Schema.
    #[arg(long, requires = "id", conflicts_with = "answers")]
    schema: bool,
    /// Writes it as PDF.
    #[arg(long, value_name = "FILE", requires = "id")]
    pdf: Option<PathBuf>,
    /// Writes it for Word.
    #[arg(long, value_name = "FILE", requires = "id")]
    docx: Option<PathBuf>,
    /// Language of names, questions and findings: zh-CN or en. The document is Chinese.
    #[arg(long, default_value = "zh-CN")]
    lang: Lang,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let files = match context.catalog_folder() {
        None => Files::embedded(),
        Some(folder) => Files::read(folder)
            .map_err(|error| Failure::Environment(format!("{}: {error}", folder.display())))?,
    };
    let book = crate::node::drafts(&files)?;
    let Some(id) = &args.id else {
        return book
            .all()
            .try_for_each(|one| output::line(&format!("{} {}", one.id, one.name.get(args.lang))));
    };
    let template = book
        .get(id)
        .ok_or_else(|| Failure::Usage(format!("there is no document {id}; `huifa draft` lists them")))?;
    if args.schema {
        return output::json(&template.schema(args.lang));
    }
    write(args, context, &files, template)
}

fn write(args: &Args, context: &Context, files: &Files, template: &Template) -> Result<(), Failure> {
    let given = args.answers.as_deref().or(context.json_inputs()).unwrap_or("{}");
    let given: BTreeMap<String, Value> = serde_json::from_str(given)
        .map_err(|fault| Failure::Usage(format!("the answers are no JSON object: {fault}")))?;
    if let Some(unknown) = given.keys().find(|name| template.question(name).is_none()) {
        return Err(Failure::Usage(format!("{} does not ask for {unknown}", template.id)));
    }
    let typed = given.into_iter().map(|(name, value)| (name, plain(&value))).collect();
    let broken = |_| Failure::Environment("the catalogue has faults; run `huifa catalog check`".to_owned());
    let parameters = catalog::load::parameters(files).map_err(broken)?;
    let words = Words::from_files(files).map_err(broken)?;
    let today = context.clock().now().date();
    let answers = Answers::read(template, &typed, today);
    let filled = template.fill(&answers, Ground { parameters: &parameters, today });
    let print = filled.print(today);
    if let Some(path) = &args.docx {
        save(path, &press::docx::write(&print).map_err(Failure::environment)?)?;
    }
    if let Some(path) = &args.pdf {
        let printer = crate::prints::printer(files, context.data());
        save(path, &printer.pdf(&print).map_err(Failure::environment)?)?;
    }
    let findings: Vec<Value> = filled
        .findings
        .iter()
        .map(|one| {
            let text = match &one.said {
                Said::Both(text) => text.get(args.lang).to_owned(),
                Said::Key(text) => words.say(args.lang, text),
            };
            json!({ "level": one.level, "text": text, "cites": one.cites, "verified": one.verified })
        })
        .collect();
    let missing: Vec<&str> = filled.missing.iter().map(|one| one.id.as_str()).collect();
    let wrong: Vec<Value> =
        answers.wrong().iter().map(|one| json!({ "question": one.question, "code": one.code })).collect();
    if context.wants_json() {
        let told = json!({ "id": template.id, "text": filled.text, "missing": missing, "wrong": wrong, "findings": findings });
        return output::json(&told);
    }
    output::line(filled.text.trim_end())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Array(rows) => rows.iter().map(plain).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::Environment(format!("{}: {error}", path.display())))
}
