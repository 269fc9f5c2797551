//! One account: how it stands, and what this administrator may do with it.

use access::account::model::RoleLine;
use access::admin::AccountView;
use access::admin::service::Granting;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::actor::Role;
use maud::{Markup, html};

use super::accounts::{Names, roles, standing};
use super::keeps_accounts;
use crate::app::App;
use crate::desk::frame::{Staff, role_key, with_menu};
use crate::portal::fault::{Fault, problems, refusal_of};
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::{Ask, Choice};
use crate::ui::form::{Posted, Values, form};
use crate::ui::input::{Typed, input};
use crate::ui::place::{Among, Said, place};
use crate::ui::select::select;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Page, Visit};

const HERE: &str = "/desk/accounts";

/// `GET /desk/accounts/{login}`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(login): Path<String>,
) -> Result<Response, Fault> {
    let view = app.access().see_account(&visit.principal, &login, visit.now).await?;
    show(&app, &visit, &view, &Values::default(), &[]).await
}

/// A form of one act with its reason. `what` tells forms of one page apart in the ids of their fields.
fn act(visit: &Visit, view: &AccountView, what: &str, weight: Weight, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let field = format!("{what}-reason");
    let ask = Ask::new(field.as_str(), t!(lang, "admin-reason")).error(at(problems, &field));
    html! {
        section class="hf-card" {
            h2 class="govuk-heading-s" { (t!(lang, &format!("admin-do-{what}"))) }
            p class="govuk-body" { (t!(lang, &format!("admin-do-{what}-effect"))) }
            (form(visit, &format!("{HERE}/{}", view.login), &html! {
                input type="hidden" name="act" value=(what);
                (input(lang, &ask, "", Typed::Text))
                (button::submit(&t!(lang, &format!("admin-do-{what}")), weight))
            }))
        }
    }
}

fn password(app: &App, visit: &Visit, view: &AccountView, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let rules = app.access().rules();
    let hint = t!(lang, "account-password-hint", least = rules.password_min, kinds = rules.password_kinds);
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    html! {
        section class="hf-card" {
            h2 class="govuk-heading-s" { (t!(lang, "admin-do-password")) }
            p class="govuk-body" { (t!(lang, "admin-do-password-effect")) }
            (form(visit, &format!("{HERE}/{}", view.login), &html! {
                input type="hidden" name="act" value="password";
                (input(lang, &ask("password", "admin-first-password").hint(hint), "", Typed::NewPassword))
                (input(lang, &ask("password-reason", "admin-reason"), "", Typed::Text))
                (button::submit(&t!(lang, "admin-do-password"), Weight::Second))
            }))
        }
    }
}

fn moving(visit: &Visit, view: &AccountView, problems: &[Problem]) -> Markup {
    let lang = visit.lang;
    let ask = Ask::new("organisation", t!(lang, "admin-organisation")).error(at(problems, "organisation"));
    html! {
        section class="hf-card" {
            h2 class="govuk-heading-s" { (t!(lang, "admin-do-move")) }
            p class="govuk-body" { (t!(lang, "admin-do-move-effect")) }
            (form(visit, &format!("{HERE}/{}", view.login), &html! {
                input type="hidden" name="act" value="move";
                (input(lang, &ask.optional(true), view.organisation.as_deref().unwrap_or_default(), Typed::Code))
                (button::submit(&t!(lang, "admin-do-move"), Weight::Second))
            }))
        }
    }
}

/// Any division there is; what is nearer to the site first.
fn anywhere(visit: &Visit) -> Among {
    Among { within: None, ..places::around(visit) }
}

fn granting(
    visit: &Visit,
    view: &AccountView,
    names: &Names,
    typed: &Values,
    area: &Said,
    problems: &[Problem],
) -> Markup {
    let lang = visit.lang;
    let choices: Vec<Choice> = Role::ALL
        .iter()
        .filter(|role| !role.implied())
        .map(|role| Choice::new(role.as_str(), t!(lang, &role_key(*role))))
        .collect();
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    html! {
        section class="hf-card" {
            h2 class="govuk-heading-s" { (t!(lang, "admin-do-grant")) }
            p class="govuk-body" { (t!(lang, "admin-do-grant-effect")) }
            (form(visit, &format!("{HERE}/{}", view.login), &html! {
                input type="hidden" name="act" value="grant";
                (select(lang, &ask("role", "admin-role"), &choices, typed.get("role")))
                (place(lang, &ask("area", "admin-area").hint(t!(lang, "admin-area-hint")), area, &anywhere(visit)))
                (input(lang, &ask("organisation", "admin-organisation").optional(true), typed.get("organisation"), Typed::Code))
                (button::submit(&t!(lang, "admin-do-grant"), Weight::Main))
            }))
        }
        @if !view.roles.is_empty() {
            section class="hf-card" {
                h2 class="govuk-heading-s" { (t!(lang, "admin-do-revoke")) }
                p class="govuk-body" { (t!(lang, "admin-do-revoke-effect")) }
                (form(visit, &format!("{HERE}/{}", view.login), &html! {
                    input type="hidden" name="act" value="revoke";
                    (select(lang, &ask("held", "admin-role"), &held(visit, view, names), typed.get("held")))
                    (input(lang, &ask("revoke-reason", "admin-reason"), "", Typed::Text))
                    (button::submit(&t!(lang, "admin-do-revoke"), Weight::Warning))
                }))
            }
        }
    }
}

/// Roles held, each as one value: `role@area/organisation`, as the command line lists them.
fn held(visit: &Visit, view: &AccountView, names: &Names) -> Vec<Choice> {
    let choice = |line: &RoleLine| {
        let body = line.organisation.as_deref().unwrap_or_default();
        let label = format!("{} {}", t!(visit.lang, &role_key(line.role)), names.held(line));
        Choice::new(format!("{}@{}/{body}", line.role, line.area), label)
    };
    view.roles.iter().map(choice).collect()
}

async fn show(
    app: &App,
    visit: &Visit,
    view: &AccountView,
    typed: &Values,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let area = Said::read(&*places::atlas(app).await?, typed, "area", &anywhere(visit));
    let names = Names::of(app, visit).await?;
    let title = t!(lang, "admin-account", login = view.login);
    let own = visit.principal.login.as_deref() == Some(view.login.as_str());
    let rows = [
        Row::text(t!(lang, "admin-name"), &view.name),
        Row::text(
            t!(lang, "admin-organisation"),
            view.organisation.as_deref().map_or_else(|| "-".to_owned(), |id| names.body(id)),
        ),
        Row::markup(t!(lang, "admin-roles"), roles(lang, view, &names)),
        Row::markup(t!(lang, "admin-standing"), standing(lang, view)),
    ];
    let body = html! {
        a class="govuk-back-link" href=(HERE) { (t!(lang, "admin-accounts")) }
        h1 class="govuk-heading-l" { (title) }
        (summary_list(&rows))
        @if own {
            p class="govuk-body" { (t!(lang, "admin-not-oneself")) }
        } @else if keeps_accounts(visit) {
            @if view.closed {
                (act(visit, view, "reopen", Weight::Main, problems))
            } @else {
                (password(app, visit, view, problems))
                (moving(visit, view, problems))
                (act(visit, view, "close", Weight::Warning, problems))
            }
        } @else {
            (granting(visit, view, &names, typed, &area, problems))
            @if view.locked_until.is_some() { (act(visit, view, "unlock", Weight::Main, problems)) }
            @if view.totp { (act(visit, view, "remove-totp", Weight::Warning, problems)) }
            (act(visit, view, "sign-out", Weight::Second, problems))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, HERE, &body))
        .into_response())
}

/// `POST /desk/accounts/{login}`: the form of one act.
pub async fn post(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(login): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let typed = posted.values;
    let what = typed.get("act");
    let why = typed.get(&format!("{what}-reason"));
    let (access, who, now) = (app.access(), &visit.principal, visit.now);
    let done = match what {
        "close" => access.close_account(who, &login, why, now).await,
        "reopen" => access.reopen_account(who, &login, why, now).await,
        "unlock" => access.unlock(who, &login, why, now).await,
        "sign-out" => access.sign_out(who, &login, why, now).await,
        "remove-totp" => access.remove_totp(who, &login, why, now).await,
        "move" => {
            let body = typed.get("organisation").trim();
            access.move_account(who, &login, Some(body).filter(|body| !body.is_empty()), now).await
        }
        "password" => access.set_password(who, &login, typed.get("password"), why, now).await,
        "grant" | "revoke" => {
            let view = access.see_account(who, &login, now).await?;
            match asked(&app, &visit, &login, what, &typed).await? {
                Ok(granting) if what == "grant" => access.grant_role(who, &granting, now).await,
                Ok(granting) => access.revoke_role(who, &granting, why, now).await,
                Err(problem) => return show(&app, &visit, &view, &typed, &[problem]).await,
            }
        }
        _ => return Err(crate::portal::fault::nothing()),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}/{login}")).into_response()),
        Err(error) => match refusal_of(error) {
            refusal if refusal.errors.is_empty() => Err(refusal.into()),
            refusal => {
                let mut found = problems(app.words(), visit.lang, &refusal);
                for problem in &mut found {
                    if problem.field == "reason" {
                        problem.field = format!("{what}-reason");
                    }
                }
                let view = access.see_account(who, &login, now).await?;
                show(&app, &visit, &view, &typed, &found).await
            }
        },
    }
}

/// What the forms of granting and revoking ask.
async fn asked(
    app: &App,
    visit: &Visit,
    login: &str,
    what: &str,
    typed: &Values,
) -> Result<Result<Granting, Problem>, Fault> {
    let lang = visit.lang;
    let (role, area, organisation) = if what == "grant" {
        let said = Said::read(&*places::atlas(app).await?, typed, "area", &anywhere(visit));
        let Some(area) = said.code else {
            let text = said.problem(lang).unwrap_or_else(|| t!(lang, "error-area"));
            return Ok(Err(Problem::at("area", text)));
        };
        (typed.get("role"), area.to_string(), typed.get("organisation").trim())
    } else {
        let (role, rest) = typed.get("held").split_once('@').unwrap_or_default();
        let (area, organisation) = rest.split_once('/').unwrap_or((rest, ""));
        (role, area.to_owned(), organisation)
    };
    let named = if what == "grant" { "role" } else { "held" };
    let Ok(role) = role.parse() else {
        return Ok(Err(Problem::at(named, t!(lang, "admin-role-unknown"))));
    };
    let Ok(area) = area.parse() else { return Ok(Err(Problem::at("area", t!(lang, "error-area")))) };
    let organisation = (!organisation.is_empty()).then(|| organisation.to_owned());
    Ok(Ok(Granting { login: login.to_owned(), role, area, organisation }))
}
