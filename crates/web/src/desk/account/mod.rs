//! My account (我的账号): password, second factor, devices.

pub mod password;
pub mod totp;

use access::session::{Device, Signed};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, nothing};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::form::Posted;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Page, Visit, time};

/// Who is signed in; a page of the desk is reached by nobody else.
pub(super) fn signed(visit: &Visit) -> Result<Signed, Fault> {
    visit.signed().ok_or_else(nothing)
}

/// `GET /desk/account`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    let lang = visit.lang;
    let signed = signed(&visit)?;
    let standing = app.access().totp_standing(&signed).await?;
    let devices = app.access().my_devices(&signed, visit.now).await?;
    let title = t!(lang, "account-title");
    let change = t!(lang, "account-change");
    let factor = if standing.on {
        Row::text(t!(lang, "account-totp"), t!(lang, "account-totp-on", left = standing.recovery_left))
    } else {
        Row::text(t!(lang, "account-totp"), t!(lang, "account-totp-off"))
            .change("/desk/account/totp", t!(lang, "account-totp-set-up"))
    };
    let rows = [
        Row::text(t!(lang, "desk-login"), visit.principal.login.as_deref().unwrap_or_default()),
        Row::text(t!(lang, "admin-name"), &visit.principal.name),
        Row::text(t!(lang, "admin-roles"), super::frame::roles(&visit)),
        Row::text(t!(lang, "desk-password"), "••••••••").change("/desk/account/password", change),
        factor,
    ];
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        (summary_list(&rows))
        (list(&visit, &devices, "/desk/account/devices"))
    };
    Ok(Page::desk(&visit, title.clone())
        .body(with_menu(&app, &visit, "/desk/account", &body))
        .into_response())
}

/// The signed-in devices, each with its button, and the one for all.
pub fn list(visit: &Visit, devices: &[Device], action: &str) -> Markup {
    let lang = visit.lang;
    html! {
        h2 class="govuk-heading-m" id="devices" { (t!(lang, "account-devices")) }
        p class="govuk-body" { (t!(lang, "account-devices-lead")) }
        form method="post" action=(action) {
            (visit.csrf_field())
            ul class="govuk-list govuk-list--spaced" {
                @for device in devices {
                    @let here = visit.device.as_ref() == Some(&device.id);
                    li class="hf-card" {
                        p class="govuk-body" {
                            strong { @if here { (t!(lang, "account-device-here")) } @else { (t!(lang, "account-device-other")) } }
                            br;
                            span class="hf-quiet" {
                                (device.agent.as_deref().unwrap_or("-")) br;
                                (t!(lang, "account-device-times", signed = time::moment(lang, device.created_at), seen = time::moment(lang, device.seen_at)))
                            }
                        }
                        (button::submit_as(&t!(lang, "account-device-end"), Weight::Second, "device", &device.id))
                    }
                }
            }
            (button::submit_as(&t!(lang, "account-devices-end"), Weight::Warning, "device", "all"))
        }
    }
}

/// Signs out what the form named; answers whether this device is still signed in.
pub async fn end(app: &App, visit: &Visit, posted: &Posted) -> Result<bool, Fault> {
    let signed = signed(visit)?;
    match posted.values.get("device") {
        "all" => {
            app.access().end_my_devices(&signed, visit.now).await?;
            Ok(false)
        }
        device => {
            app.access().end_my_device(&signed, device, visit.now).await?;
            Ok(device != signed.session)
        }
    }
}

/// `POST /desk/account/devices`.
pub async fn devices(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let still = end(&app, &visit, &posted).await?;
    Ok(Redirect::to(if still { "/desk/account#devices" } else { "/desk/sign-in" }).into_response())
}
