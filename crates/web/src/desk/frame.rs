//! What surrounds a page of the desk: who may come in, and the menu on the left.

use access::policy::Class;
use access::policy::table::allows;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::actor::Role;
use maud::{Markup, html};

use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::frame::Side;
use crate::ui::{Choice, Visit};

/// The visit of somebody who serves: that a handler takes it is the proof. Whoever is not signed in at the
/// desk is led to its door.
#[derive(Debug, Clone)]
pub struct Staff(pub Visit);

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        if visit.principal.is_staff() {
            return Ok(Self(visit));
        }
        Err(Redirect::to("/desk/sign-in").into_response())
    }
}

/// Roles that take down what people bring.
const INTAKE: [Role; 6] =
    [Role::Clerk, Role::HotlineAgent, Role::AidOfficer, Role::Adviser, Role::OfficeHead, Role::Organ];

/// Whether somebody may take down what people bring.
pub fn takes_in(visit: &Visit) -> bool {
    INTAKE.iter().any(|role| visit.principal.has(*role))
}

/// A page of a tool that both sides have: beside the menu at the desk, in one column for the public.
pub fn tool(app: &App, visit: &Visit, body: &Markup) -> Markup {
    let column =
        || html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } };
    if Side::of(visit) == Side::Desk { wide_tool(app, visit, body.clone()) } else { column() }
}

/// The same where the page takes all the width there is.
pub fn wide_tool(app: &App, visit: &Visit, body: Markup) -> Markup {
    if Side::of(visit) == Side::Desk { with_menu(app, visit, super::help::HERE, &body) } else { body }
}

/// The menu beside the page.
pub fn with_menu(app: &App, visit: &Visit, current: &str, body: &Markup) -> Markup {
    let lang = visit.lang;
    // Administrators see no matters: their work is what they administrate.
    let mut places = super::admin::places(visit);
    if places.is_empty() {
        places.push(("desk-work", "/desk"));
    }
    if takes_in(visit) {
        places.push(("desk-intake", "/desk/intake"));
    }
    let administers = visit.principal.grants.iter().any(|grant| grant.role.administers());
    if !administers {
        places.push(("desk-help", super::help::HERE));
        places.push(("keys-search", "/desk/people"));
        places.push(("absence-title", super::absence::PAGE));
    }
    if access::absence::answers_for(&visit.principal, &visit.principal.grants) {
        places.push(("reassign-title", super::reassign::PAGE));
    }
    if visit.principal.grants.iter().any(|grant| allows(grant.role, Class::Supervise)) {
        places.push(("areas-title", super::areas::PAGE));
    }
    if answers::rules::consults(&visit.principal) {
        places.push(("answers-desk-title", super::answers::PAGE));
    }
    places.push(("catalogue-title", super::catalogue::PAGE));
    places.push(("desk-messages", "/desk/messages"));
    if app.config().demo && visit.principal.has(Role::SystemAdmin) {
        places.push(("desk-outbox", "/desk/outbox"));
    }
    places.push(("account-title", "/desk/account"));
    html! {
        div class="hf-desk__columns" {
            // Folded on a phone where scripts run: the work begins on the first screen.
            nav class="moj-side-navigation" aria-label=(t!(lang, "desk-menu")) data-module="govuk-service-navigation" {
                button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle"
                    aria-controls="desk-menu" hidden aria-hidden="true" { (t!(lang, "ui-nav-menu")) }
                ul class="moj-side-navigation__list" id="desk-menu" {
                    @for (key, href) in &places {
                        @let here = *href == current;
                        li class={ "moj-side-navigation__item" (if here { " moj-side-navigation__item--active" } else { "" }) } {
                            a href=(href) aria-current=[here.then_some("location")] { (t!(lang, key)) }
                        }
                    }
                }
            }
            div {
                p class="govuk-inset-text" data-kept hidden {
                    (t!(lang, "desk-kept")) " " a class="govuk-link" href="/desk" { (t!(lang, "desk-kept-go")) }
                }
                (body)
            }
        }
    }
}

/// The people the caller answers for, to choose from.
pub async fn people(app: &App, visit: &Visit) -> Result<Vec<Choice>, Fault> {
    let people = app.access().people_of(&visit.principal).await?;
    Ok(people.iter().map(|(_, login, name)| named(login, name)).collect())
}

/// A colleague to choose, by name and login.
pub fn named(login: &str, name: &str) -> Choice {
    Choice::new(login, format!("{name}（{login}）"))
}

/// The roles somebody holds, as one line.
pub fn roles(visit: &Visit) -> String {
    let mut names: Vec<String> = Vec::new();
    for grant in &visit.principal.grants {
        let name = t!(visit.lang, &role_key(grant.role));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("、")
}

/// Message key of a role.
pub fn role_key(role: Role) -> String {
    format!("role-{role}").replace('_', "-")
}

/// What a task beside the steps is called.
pub fn task_name(lang: Lang, task: &str) -> String {
    let key = format!("desk-task-{task}");
    if crate::lang::knows(&key) { t!(lang, &key) } else { task.to_owned() }
}
