//! Materials: upload now, bring later (容缺受理), declare (告知承诺), or leave for the office to say.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalog::item::Material;
use matters::draft::Paper;
use maud::html;

use super::{Elsewhere, Going, going};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::at;
use crate::portal::upload::take;
use crate::portal::{items, places};
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice, LabelSize};
use crate::ui::form::Posted;
use crate::ui::task_list::{State as Done, Task, task_list};
use crate::ui::{Page, Visit, file, radios};

/// What a chosen way is called.
pub fn word(lang: Lang, paper: Option<&Paper>) -> String {
    match paper {
        None => t!(lang, "paper-open"),
        Some(Paper::File { name, .. }) => t!(lang, "paper-given", name = name),
        Some(Paper::Declared) => t!(lang, "paper-declared"),
        Some(Paper::Deferred) => t!(lang, "paper-deferred"),
        Some(Paper::Left) => t!(lang, "paper-left"),
    }
}

/// `GET /apply/{item}/papers`: all of them with their state.
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let going = going(&app, &visit, &id).await?;
    let catalog = app.register().catalog();
    let today = visit.now.date();
    let tasks: Vec<Task> = going
        .papers(catalog, today)
        .map(|material| {
            let paper = going.draft.answers.papers.get(&material.id);
            let text = word(lang, paper);
            Task {
                name: material.name.get(lang).to_owned(),
                href: Some(going.at(&format!("papers/{}", material.id))),
                hint: (!material.required).then(|| t!(lang, "guide-if-you-have")),
                state: if paper.is_some() { Done::Done(text) } else { Done::Open(text) },
            }
        })
        .collect();
    let open =
        going.papers(catalog, today).find(|material| !going.draft.answers.papers.contains_key(&material.id));
    let title = t!(lang, "papers-title");
    Ok(Page::new(&visit, title.clone())
        .sensitive(going.sensitive(&app))
        .back(going.at("applicant"))
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "papers-lead")) }
            (task_list(&tasks))
            @if let Some(open) = open {
                (button::link(&t!(lang, "ui-continue"), &going.at(&format!("papers/{}", open.id)), Weight::Main))
            } @else {
                (button::link(&t!(lang, "ui-continue"), &going.next(catalog, today), Weight::Main))
            }
        })
        .into_response())
}

/// `GET /apply/{item}/papers/{paper}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    let material = material(&app, &visit, &going, &paper)?;
    Ok(show(&app, &visit, &going, &material, None, &[]))
}

fn material(app: &App, visit: &Visit, going: &Going, id: &str) -> Result<Material, Elsewhere> {
    let found =
        going.papers(app.register().catalog(), visit.now.date()).find(|material| material.id == id).cloned();
    found.ok_or_else(|| Elsewhere::To(going.at("papers")))
}

fn show(
    app: &App,
    visit: &Visit,
    going: &Going,
    material: &Material,
    chosen: Option<&str>,
    problems: &[Problem],
) -> Response {
    let lang = visit.lang;
    let kept = going.draft.answers.papers.get(&material.id);
    let chosen = chosen.unwrap_or(match kept {
        None => "",
        Some(Paper::File { .. }) => "file",
        Some(Paper::Declared) => "declare",
        Some(Paper::Deferred) => "defer",
        Some(Paper::Left) => "leave",
    });
    let mut ways = vec![Choice::new("file", t!(lang, "paper-way-file"))];
    if let Some(declare) = &material.may_declare {
        ways.push(Choice::new("declare", t!(lang, "paper-way-declare")).hint(format!(
            "“{}” {}",
            declare.text.get(lang),
            declare.consequence.get(lang)
        )));
    }
    if let Some(defer) = &material.may_defer {
        let limit =
            items::limits(app.register().catalog(), &defer.rule, places::home(visit), visit.now.date());
        let days = limit.first().map(|limit| items::period(lang, limit)).unwrap_or_default();
        ways.push(Choice::new("defer", t!(lang, "paper-way-defer", days = days)).hint(defer.then.get(lang)));
    }
    let leave = if material.required { "paper-way-leave" } else { "paper-way-none" };
    ways.push(
        Choice::new("leave", t!(lang, leave))
            .hint(t!(lang, if material.required { "paper-leave-hint" } else { "paper-none-hint" })),
    );
    let megabytes = app.config().limits.upload_bytes >> 20;
    let name = material.name.get(lang);
    Page::new(visit, name)
        .sensitive(going.sensitive(app))
        .back(going.at("papers"))
        .problems(problems)
        .column(&html! {
            span class="govuk-caption-l" { (t!(lang, "papers-title")) }
            h1 class="govuk-heading-l" { (name) }
            p class="govuk-body" { (t!(lang, "guide-issuer")) (t!(lang, "ui-colon")) (material.issuer.get(lang)) }
            @if let Some(note) = &material.note { p class="govuk-body" { (note.get(lang)) } }
            @if let Some(Paper::File { name, .. }) = kept {
                div class="govuk-inset-text" { (t!(lang, "paper-given", name = name)) }
            }
            form method="post" action=(going.at(&format!("papers/{}", material.id))) enctype="multipart/form-data" novalidate {
                (visit.csrf_field())
                (radios::radios(lang, &Ask::new("how", t!(lang, "paper-how")).size(LabelSize::Section).error(at(problems, "how")), &ways, chosen))
                (file::file(lang, &Ask::new("file", t!(lang, "paper-file")).hint(t!(lang, "paper-file-hint", n = megabytes)).error(at(problems, "file")).optional(true), &file::taken()))
                (button::submit(&t!(lang, "ui-continue"), Weight::Main))
            }
        })
        .into_response()
}

/// `POST /apply/{item}/papers/{paper}`.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let mut going = going(&app, &visit, &id).await?;
    let material = material(&app, &visit, &going, &paper)?;
    let upload = posted.files.into_iter().find(|file| file.field == "file");
    // Whoever picked a file meant to hand it in, whichever button stands ticked.
    let how = if upload.is_some() { "file".to_owned() } else { posted.values.get("how").to_owned() };
    let kept = going.draft.answers.papers.get(&material.id).cloned();
    let given = match how.as_str() {
        "declare" if material.may_declare.is_some() => Paper::Declared,
        "defer" if material.may_defer.is_some() => Paper::Deferred,
        "leave" => Paper::Left,
        "file" => match (upload, kept) {
            // It belongs to no account: the draft alone knows its id.
            (Some(upload), _) => match take(&app, &visit, None, &upload).await {
                Ok(stored) => Paper::File { file: stored.id, name: stored.name },
                Err(files::FileError::Refused(refusal)) => {
                    let problems = [Problem::at("file", say(app.words(), lang, &refusal.detail))];
                    return Ok(show(&app, &visit, &going, &material, Some("file"), &problems));
                }
                Err(error) => return Err(error.into()),
            },
            (None, Some(kept @ Paper::File { .. })) => kept,
            (None, _) => {
                let problems = [Problem::at("file", t!(lang, "paper-file-missing"))];
                return Ok(show(&app, &visit, &going, &material, Some("file"), &problems));
            }
        },
        _ => {
            let problems =
                [Problem::at("how", t!(lang, "ui-required-choice", label = t!(lang, "paper-how")))];
            return Ok(show(&app, &visit, &going, &material, None, &problems));
        }
    };
    going.draft.answers.papers.insert(material.id.clone(), given);
    going.save(&app, &visit).await
}
