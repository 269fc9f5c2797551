//! Going on with a saved draft, on any device: the code that was written down, and one sent to the phone.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::{Elsewhere, cookie_name, drafts};
use crate::app::App;
use crate::portal::door::{CITIZEN, cookie, enter, private, with_cookie};
use crate::portal::fault::at;
use crate::portal::sign_in::{address, enter_with_code, second};
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values};
use crate::ui::input::{Typed, input};
use crate::ui::phone_code::{self, Step, wrong_phone};
use crate::ui::{Ask, Page, Visit};

/// `GET /resume`.
pub async fn get(visit: Visit) -> Response {
    first(&visit, &Values::default(), &[])
}

fn first(visit: &Visit, values: &Values, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "resume-title");
    let code = Ask::new("code", t!(lang, "save-code"))
        .hint(t!(lang, "resume-code-hint"))
        .error(at(problems, "code"));
    Page::new(visit, title.clone())
        .crumb(title.clone(), "/resume")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "resume-lead")) }
            (phone_code::send(visit, "/resume", &html! {
                (input(lang, &code, values.get("code"), Typed::Code))
                (phone_code::field(visit, "save-phone", None, values.get("phone"), problems))
            }))
        })
        .into_response()
}

/// `POST /resume`: sends a code to the phone, then checks both.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let values = &posted.values;
    let code = values.get("code");
    let phone = phone_code::phone(values);
    let mut problems = Vec::new();
    if code.trim().is_empty() {
        problems.push(Problem::at("code", t!(lang, "resume-code-missing")));
    }
    if phone.is_none() {
        problems.push(wrong_phone(&visit));
    }
    let Some(phone) = phone.filter(|_| problems.is_empty()) else {
        return Ok(first(&visit, values, &problems));
    };
    let kept = [("code", code), ("phone", values.get("phone"))];
    let second = |problems: &[Problem]| second(&visit, "/resume", &kept, "ui-continue", problems);
    if Step::of(values) == Step::Send {
        app.access().send_code(&phone, &address(&headers), visit.now).await?;
        return Ok(second(&[]));
    }
    let opened = match enter_with_code(&app, &visit, &headers, &phone, values).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(second(&[wrong])),
    };
    let today = visit.now.date();
    let resumed = match drafts(&app).resume(&phone, code, today).await? {
        Some(token) => drafts(&app).find(&token, today).await?.map(|draft| (token, draft)),
        None => None,
    };
    let answer = if let Some((token, draft)) = resumed {
        let to = Redirect::to(&format!("/apply/{}", draft.item)).into_response();
        with_cookie(to, cookie(&cookie_name(&draft.item), &token, 30, private(&headers)))
    } else {
        first(&visit, values, &[Problem::at("code", t!(lang, "resume-code-wrong"))])
    };
    Ok(enter(answer, CITIZEN, &opened.token, &headers))
}
