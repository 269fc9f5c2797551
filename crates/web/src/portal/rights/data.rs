//! "My personal data" (我的个人信息): what is kept, how long, and what may be asked of it.

use access::Kind;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::number::MatterNumber;
use matters::rights::{DeletionAsked, GROUNDS};
use maud::{Markup, html};
use serde_json::Value;

use super::is_erased;
use crate::app::App;
use crate::portal::consents;
use crate::portal::door::{CITIZEN, forget, with_cookie};
use crate::portal::fault::{Fault, at, text};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::radios::radios;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Choice, Page, Visit, time};

/// Most matters the page lists; the copy has all of them.
const MOST: usize = 50;

/// `GET /my/data`.
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Fault> {
    match visit.principal.kind {
        Kind::Citizen | Kind::Guest(_) => show(&app, &visit, &Values::default(), &[]).await,
        _ => Ok(Redirect::to("/sign-in").into_response()),
    }
}

async fn show(app: &App, visit: &Visit, typed: &Values, problems: &[Problem]) -> Result<Response, Fault> {
    let lang = visit.lang;
    let mut matters = Vec::new();
    for number in app.register().own_matters(&visit.principal, None).await?.into_iter().take(MOST) {
        let view = app.register().view(&visit.principal, number, lang).await?;
        let kept = app.register().kept_until(&visit.principal, number).await?;
        matters.push((number, view, kept));
    }
    let account = known(app, visit).await?;
    let title = t!(lang, "my-data-title");
    Ok(Page::new(visit, title.clone())
        .current("/my")
        .crumb(t!(lang, "ui-nav-my"), "/my")
        .crumb(title.clone(), "/my/data")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "my-data-lead")) }
            (account)
            h2 class="govuk-heading-m" { (t!(lang, "my-data-matters")) }
            @if matters.is_empty() { p class="govuk-body" { (t!(lang, "my-none")) } }
            @for (number, view, kept) in &matters { (card(app, visit, *number, view, kept.as_ref())) }
            h2 class="govuk-heading-m" { (t!(lang, "my-data-copy")) }
            p class="govuk-body" { (t!(lang, "my-data-copy-text")) }
            (form(visit, "/my/data/copy", &html! {
                div class="govuk-button-group" {
                    (button::submit_as(&t!(lang, "my-data-copy-page"), Weight::Main, "as", "page"))
                    (button::submit_as(&t!(lang, "my-data-copy-json"), Weight::Second, "as", "json"))
                }
            }))
            h2 class="govuk-heading-m" id="delete" { (t!(lang, "my-data-delete")) }
            p class="govuk-body" { (t!(lang, "my-data-delete-text")) }
            (ask(visit, typed, problems))
            p class="govuk-body hf-quiet" { (t!(lang, "my-data-backups")) }
        })
        .into_response())
}

/// The form that asks for deletion.
fn ask(visit: &Visit, typed: &Values, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let grounds: Vec<Choice> = GROUNDS
        .iter()
        .map(|ground| Choice::new(*ground, t!(lang, &format!("my-data-ground-{ground}"))))
        .collect();
    let sure = [Choice::new("yes", t!(lang, "my-data-sure"))];
    let ground = Ask::new("ground", t!(lang, "my-data-ground")).error(at(problems, "ground"));
    let mut more = Ask::new("text", t!(lang, "my-data-more")).error(at(problems, "text"));
    more.optional = true;
    let agree = Ask::new("sure", t!(lang, "my-data-sure-title")).error(at(problems, "sure"));
    form(
        visit,
        "/my/data/delete",
        &html! {
            (radios(lang, &ground, &grounds, typed.get("ground")))
            (textarea(lang, &more, typed.get("text"), 3))
            (checkboxes(lang, &agree, &sure, &typed.all("sure")))
            (button::submit(&t!(lang, "my-data-delete-button"), Weight::Warning))
        },
    )
}

/// What is kept beside matters; nothing for a guest, who has no account.
async fn known(app: &App, visit: &Visit) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let Some(account) = &visit.principal.account else { return Ok(html! {}) };
    let vault = app.access().vault(account).await?;
    let phone = kernel::identity::Phone::parse(&vault.phone).map(|phone| phone.mask()).unwrap_or_default();
    let mut rows = vec![Row::text(t!(lang, "my-data-phone"), phone)];
    if !vault.name.is_empty() {
        rows.insert(0, Row::text(t!(lang, "my-data-name"), matters::party::mask_name(&vault.name)));
    }
    Ok(html! {
        h2 class="govuk-heading-m" { (t!(lang, "my-data-account")) }
        (summary_list(&rows))
    })
}

fn card(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    view: &Value,
    kept: Option<&matters::rights::Kept>,
) -> Markup {
    let lang = visit.lang;
    let item = app.register().catalog().item(text(view, "item"));
    let name = item.map_or_else(|| text(view, "item").to_owned(), |item| item.name.get(lang).to_owned());
    html! {
        div class="hf-card" {
            h3 class="govuk-heading-s" { a class="govuk-link" href={ "/matter/" (number) } { (name) } }
            p class="govuk-body" { span class="hf-number" { (number.grouped()) } }
            p class="govuk-body" {
                @if is_erased(view) {
                    (t!(lang, "rights-erased-title")) " "
                    a class="govuk-link" href={ "/matter/" (number) "/deletion" } { (t!(lang, "rights-certificate-open")) }
                } @else if let Some(kept) = kept {
                    (t!(lang, "my-data-kept", date = time::date(lang, kept.until)))
                } @else {
                    (t!(lang, "my-data-open"))
                }
            }
            @if !is_erased(view) && view["consents"].as_array().is_some_and(|said| !said.is_empty()) {
                (consents::standing(app, lang, view))
                p class="govuk-body" { a class="govuk-link" href={ "/matter/" (number) "/change-consent" } { (t!(lang, "consent-change")) } }
            }
        }
    }
}

/// `POST /my/data/delete`: decided at once, each matter with its reason.
pub async fn delete(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let lang = visit.lang;
    if !matches!(visit.principal.kind, Kind::Citizen | Kind::Guest(_)) {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let typed = &posted.values;
    let asked = DeletionAsked { ground: typed.get("ground").to_owned(), text: typed.get("text").to_owned() };
    let mut problems = Vec::new();
    if !GROUNDS.contains(&typed.get("ground")) {
        problems.push(Problem::at("ground", t!(lang, "error-deletion-ground")));
    }
    if typed.get("text").chars().count() > 1000 {
        problems.push(Problem::at("text", t!(lang, "error-deletion-text")));
    }
    if typed.get("sure") != "yes" {
        problems.push(Problem::at("sure", t!(lang, "my-data-sure-missing")));
    }
    if !problems.is_empty() {
        return show(&app, &visit, typed, &problems).await;
    }
    let answers = app.register().ask_deletion_of_all(&visit.principal, &asked, lang).await?;
    let account = app.delete_account_data(&visit.principal).await?;
    let gone = text(&account, "account") == "deleted";
    let title = t!(lang, "my-data-decided");
    let page = Page::new(&visit, title.clone())
        .crumb(title.clone(), "/my/data")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            @for answer in &answers {
                div class="hf-card" {
                    h2 class="govuk-heading-s hf-number" { (crate::portal::matter::grouped(text(answer, "number"))) }
                    p class="govuk-body" { (text(answer, "text")) }
                    p class="govuk-body hf-quiet" { "《" (text(&answer["rule"], "law")) "》" (text(&answer["rule"], "article")) }
                }
            }
            p class="govuk-body" { (t!(lang, &format!("my-data-account-{}", text(&account, "account")))) }
            p class="govuk-body" { (t!(lang, "my-data-remedy")) }
            p class="govuk-body" { a class="govuk-link hf-tel" href={ "tel:" (visit.site.hotline) } { (t!(lang, "ui-call", tel = visit.site.hotline)) } }
        })
        .into_response();
    // The session ended with the account.
    Ok(if gone { with_cookie(page, forget(CITIZEN)) } else { page })
}
