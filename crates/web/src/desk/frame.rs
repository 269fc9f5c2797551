//! What surrounds a page of the desk: who may come in, and the menu on the left.

use axum::response::Redirect;
use kernel::actor::Role;
use maud::{Markup, html};

use crate::app::App;
use crate::t;
use crate::ui::Visit;

/// Leads whoever is not signed in at the desk to its door.
pub fn staff(visit: &Visit) -> Result<(), Redirect> {
    if visit.principal.is_staff() { Ok(()) } else { Err(Redirect::to("/desk/sign-in")) }
}

/// Roles that take down what people bring.
const INTAKE: [Role; 6] =
    [Role::Clerk, Role::HotlineAgent, Role::AidOfficer, Role::Adviser, Role::OfficeHead, Role::Organ];

/// Whether somebody may take down what people bring.
pub fn takes_in(visit: &Visit) -> bool {
    INTAKE.iter().any(|role| visit.principal.has(*role))
}

/// The menu beside the page.
pub fn with_menu(app: &App, visit: &Visit, current: &str, body: &Markup) -> Markup {
    let lang = visit.lang;
    let mut places = vec![("desk-work", "/desk")];
    if takes_in(visit) {
        places.push(("desk-intake", "/desk/intake"));
    }
    if app.config().demo && visit.principal.has(Role::SystemAdmin) {
        places.push(("desk-outbox", "/desk/outbox"));
    }
    html! {
        div class="hf-desk__columns" {
            nav class="moj-side-navigation" aria-label=(t!(lang, "desk-menu")) {
                ul class="moj-side-navigation__list" {
                    @for (key, href) in &places {
                        @let here = *href == current;
                        li class={ "moj-side-navigation__item" (if here { " moj-side-navigation__item--active" } else { "" }) } {
                            a href=(href) aria-current=[here.then_some("location")] { (t!(lang, key)) }
                        }
                    }
                }
            }
            div { (body) }
        }
    }
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
