//! 我的消息: what a signed-in citizen was told, and whether they want it by mail too.

use access::Kind;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use maud::{Markup, html};
use notices::inbox::Line;

use super::fault::{Fault, at};
use crate::app::App;
use crate::lang::Lang;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::input::{Typed, input};
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, Visit, time};

/// Whose page it is; a guest has one matter and finds everything there.
fn citizen(visit: &Visit) -> Result<String, Redirect> {
    match (visit.principal.kind, &visit.principal.account) {
        (Kind::Citizen, Some(account)) => Ok(account.as_str().to_owned()),
        (Kind::Guest(number), _) => Err(Redirect::to(&format!("/matter/{number}"))),
        _ => Err(Redirect::to("/sign-in")),
    }
}

/// The messages of an inbox as a list; `matters` is where matters lie on this side.
pub fn lines(app: &App, lang: Lang, lines: &[Line], matters: &str, staff: bool) -> Markup {
    html! {
        @if lines.is_empty() { p class="govuk-body" { (t!(lang, "messages-none")) } }
        @for line in lines {
            div class="hf-card" {
                h2 class="govuk-heading-s" {
                    a class="govuk-link" href={ (matters) "/" (line.number) } { (notices::words::inside(app.words(), lang, line.kind, staff, line.due)) }
                }
                p class="govuk-body" {
                    span class="hf-number" { (line.number.grouped()) } " "
                    span class="hf-quiet" { (time::moment(lang, line.created_at)) } " "
                    @if line.read_at.is_none() { (tag(&t!(lang, "messages-unread"), Tone::Act)) }
                }
            }
        }
    }
}

/// The button that counts all of them as read, where one is not.
pub fn read_button(visit: &Visit, page: &str, lines: &[Line]) -> Markup {
    let newest = lines.iter().map(|line| line.created_at).max();
    html! {
        @if let Some(newest) = newest.filter(|_| lines.iter().any(|line| line.read_at.is_none())) {
            (form(visit, page, &html! {
                input type="hidden" name="upto" value=(newest);
                (button::submit(&t!(visit.lang, "messages-read"), Weight::Second))
            }))
        }
    }
}

/// The moment up to which a page had been read; what is no moment reads nothing.
pub fn upto(posted: &Posted) -> Option<kernel::time::Instant> {
    posted.values.get("upto").parse().ok()
}

/// `GET /my/messages`.
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Fault> {
    match citizen(&visit) {
        Ok(account) => show(&app, &visit, &account, "", &[]).await,
        Err(elsewhere) => Ok(elsewhere.into_response()),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    account: &str,
    typed: &str,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let inbox = app.notices().inbox(&visit.principal).await?;
    let mail = mail(app, visit, account, typed, problems).await?;
    let title = t!(lang, "messages-title");
    Ok(Page::new(visit, title.clone())
        .current("/my")
        .crumb(t!(lang, "ui-nav-my"), "/my")
        .crumb(title.clone(), "/my/messages")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (read_button(visit, "/my/messages", &inbox))
            (lines(app, lang, &inbox, "/matter", false))
            (mail)
        })
        .into_response())
}

/// Whether reminders go by mail too; nothing where no mail server is configured.
async fn mail(
    app: &App,
    visit: &Visit,
    account: &str,
    typed: &str,
    problems: &[Problem],
) -> Result<Markup, Fault> {
    if !app.notices().ways().mail {
        return Ok(html! {});
    }
    let lang = visit.lang;
    let own = app.notices().own_contact(account).await?;
    let ask = Ask::new("mail", t!(lang, "messages-mail"))
        .hint(t!(lang, "messages-mail-hint"))
        .error(at(problems, "mail"));
    Ok(html! {
        h2 class="govuk-heading-m hf-above" { (t!(lang, "messages-also-mail")) }
        @if let Some(own) = &own {
            p class="govuk-body" {
                @if own.proved { (t!(lang, "messages-mail-holds", mail = own.mail)) }
                @else { (t!(lang, "messages-mail-waits", mail = own.mail)) }
            }
            (form(visit, "/my/messages/no-mail", &button::submit(&t!(lang, "messages-mail-forget"), Weight::Second)))
        }
        (form(visit, "/my/messages/mail", &html! {
            (input(lang, &ask, typed, Typed::Text))
            (button::submit(&t!(lang, "messages-mail-save"), Weight::Second))
        }))
    })
}

/// `POST /my/messages`: all counts as read that had come when the page was made.
pub async fn read(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    if let Err(elsewhere) = citizen(&visit) {
        return Ok(elsewhere.into_response());
    }
    if let Some(upto) = upto(&posted) {
        app.notices().read_all(&visit.principal, upto).await?;
    }
    Ok(Redirect::to("/my/messages").into_response())
}

/// `POST /my/messages/mail`: notes an address and writes to it.
pub async fn ask(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let account = match citizen(&visit) {
        Ok(account) => account,
        Err(elsewhere) => return Ok(elsewhere.into_response()),
    };
    let typed = posted.values.get("mail");
    match app.notices().ask_mail(&account, typed, visit.lang).await {
        Ok(()) => Ok(Redirect::to("/my/messages").into_response()),
        Err(refusal) if matches!(refusal.code, Code::FactsWrong | Code::TooMany | Code::Unavailable) => {
            let problem = Problem::at("mail", say(app.words(), visit.lang, &refusal.detail));
            show(&app, &visit, &account, typed, &[problem]).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /my/messages/no-mail`.
pub async fn forget(State(app): State<App>, visit: Visit, _: Posted) -> Result<Response, Fault> {
    match citizen(&visit) {
        Ok(account) => {
            app.notices().forget_mail(&account).await?;
            Ok(Redirect::to("/my/messages").into_response())
        }
        Err(elsewhere) => Ok(elsewhere.into_response()),
    }
}
