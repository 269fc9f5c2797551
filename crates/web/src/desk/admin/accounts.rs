//! Accounts within reach, and opening one.

use std::sync::Arc;

use access::OrgId;
use access::account::NewAccount;
use access::account::model::RoleLine;
use access::admin::{AccountView, Wanted};
use access::area::Atlas;
use access::office::Offices;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::keeps_accounts;
use crate::app::App;
use crate::desk::frame::{Staff, role_key, with_menu};
use crate::lang::Lang;
use crate::portal::fault::{Fault, problems, refusal_of};
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, Values, form};
use crate::ui::input::{Typed, input};
use crate::ui::pagination::pagination;
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Icon, Page, Visit, icon, time};

const HERE: &str = "/desk/accounts";
/// Rows of a page.
const ROWS: i64 = 25;

/// What is asked of the list.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
    cursor: Option<String>,
}

/// How an account stands, in tags.
pub(super) fn standing(lang: Lang, view: &AccountView) -> Markup {
    html! {
        @if view.closed { (tag(&t!(lang, "admin-closed"), Tone::Bad)) " " }
        @if let Some(until) = view.locked_until {
            (tag(&t!(lang, "admin-locked"), Tone::Act)) " "
            span class="hf-quiet" { (t!(lang, "admin-locked-until", at = time::moment(lang, until))) } " "
        }
        @if view.must_change { (tag(&t!(lang, "admin-must-change"), Tone::Going)) " " }
        @if view.totp { (tag(&t!(lang, "account-totp"), Tone::Good)) }
    }
}

/// What places and bodies are called.
pub(super) struct Names {
    atlas: Arc<Atlas>,
    book: Arc<Offices>,
    on: Date,
}

impl Names {
    pub(super) async fn of(app: &App, visit: &Visit) -> Result<Self, Fault> {
        let book = app.access().offices().current().await?;
        Ok(Self { atlas: places::atlas(app).await?, book, on: visit.now.date() })
    }

    /// The name of a body, or its id when nobody keeps one.
    pub(super) fn body(&self, id: &str) -> String {
        self.book.get(id).map_or_else(|| id.to_owned(), |office| office.name.clone())
    }

    /// Where a role is held: the body, else the place.
    pub(super) fn held(&self, line: &RoleLine) -> String {
        match &line.organisation {
            Some(id) => self.body(id),
            None => Some(self.atlas.full_name(line.area, self.on))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| line.area.to_string()),
        }
    }
}

/// Roles with where they are held.
pub(super) fn roles(lang: Lang, view: &AccountView, names: &Names) -> Markup {
    html! {
        @if view.roles.is_empty() { "-" }
        @for role in &view.roles {
            (t!(lang, &role_key(role.role))) " " span class="hf-quiet" { (names.held(role)) }
            br;
        }
    }
}

/// `GET /desk/accounts?q=&cursor=`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let q = asked.q.trim().to_owned();
    let wanted = Wanted {
        q: (!q.is_empty()).then(|| q.clone()),
        organisation: None,
        after: asked.cursor.clone(),
        limit: ROWS,
    };
    let listed = app.access().list_accounts(&visit.principal, &wanted, visit.now).await?;
    let names = Names::of(&app, &visit).await?;
    let address = |cursor: Option<&str>| {
        let mut query: Vec<(&str, &str)> = Vec::new();
        if !q.is_empty() {
            query.push(("q", &q));
        }
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        super::with_query(HERE, &query)
    };
    let heads = ["desk-login", "admin-name", "admin-organisation", "admin-roles", "admin-standing"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = listed
        .items
        .iter()
        .map(|view| {
            vec![
                html! { a class="govuk-link" href={ (HERE) "/" (view.login) } { (view.login) } },
                html! { (view.name) },
                html! { (view.organisation.as_deref().map_or_else(|| "-".to_owned(), |id| names.body(id))) },
                roles(lang, view, &names),
                standing(lang, view),
            ]
        })
        .collect();
    let title = t!(lang, "admin-accounts");
    let next = listed.next.as_deref().map(|cursor| address(Some(cursor)));
    let first = asked.cursor.is_some().then(|| address(None));
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if keeps_accounts(&visit) {
            (button::link(&t!(lang, "admin-open"), "/desk/accounts/new", Weight::Main))
        }
        form class="hf-search hf-above" method="get" action=(HERE) role="search" {
            div class="hf-search__field" {
                label class="govuk-visually-hidden" for="q" { (t!(lang, "admin-search")) }
                input class="govuk-input" id="q" name="q" type="search" value=(q) placeholder=(t!(lang, "admin-search")) autocomplete="off";
            }
            button class="govuk-button govuk-button--secondary" type="submit" { (icon(Icon::Search)) (t!(lang, "search-button")) }
        }
        p class="govuk-body hf-quiet" { (t!(lang, "admin-count", count = listed.total)) }
        @if rows.is_empty() { p class="govuk-body" { (t!(lang, "admin-none")) } } @else { (table(&title, &heads, &rows)) }
        (pagination(lang, first.as_deref(), next.as_deref()))
    };
    Ok(Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, HERE, &body)).into_response())
}

/// `GET /desk/accounts/new`.
pub async fn new(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    access::admin::may(&visit.principal, access::admin::Power::KeepAccounts)?;
    Ok(show_new(&app, &visit, &Values::default(), &[]))
}

fn show_new(app: &App, visit: &Visit, typed: &Values, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "admin-open");
    let rules = app.access().rules();
    let hint = t!(lang, "account-password-hint", least = rules.password_min, kinds = rules.password_kinds);
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    Page::desk(visit, title.clone())
        .back(HERE)
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (form(visit, "/desk/accounts/new", &html! {
                (input(lang, &ask("login", "desk-login").hint(t!(lang, "access-login-form")), typed.get("login"), Typed::Code))
                (input(lang, &ask("name", "admin-name"), typed.get("name"), Typed::Text))
                (input(lang, &ask("organisation", "admin-organisation").optional(true), typed.get("organisation"), Typed::Code))
                (input(lang, &ask("password", "admin-first-password").hint(hint), "", Typed::NewPassword))
                (button::submit(&t!(lang, "admin-open"), Weight::Main))
            }))
            p class="govuk-body" { (t!(lang, "admin-open-effect")) }
        })
        .into_response()
}

/// `POST /desk/accounts/new`.
pub async fn open(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let typed = posted.values;
    let organisation = typed.get("organisation").trim();
    let new = NewAccount {
        login: typed.get("login").trim().to_owned(),
        name: typed.get("name").trim().to_owned(),
        organisation: (!organisation.is_empty()).then(|| OrgId(organisation.to_owned())),
        password: typed.get("password").to_owned(),
    };
    match app.access().open_account(&visit.principal, &new, visit.now).await {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}/{}", new.login)).into_response()),
        Err(error) => match refusal_of(error) {
            refusal if refusal.errors.is_empty() => Err(refusal.into()),
            refusal => Ok(show_new(&app, &visit, &typed, &problems(app.words(), visit.lang, &refusal))),
        },
    }
}
