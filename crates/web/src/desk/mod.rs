//! Pages for everybody who serves: my work, one matter with every act the engine offers, one-window intake.

pub mod absence;
pub mod account;
pub mod admin;
pub mod answers;
pub mod areas;
pub mod catalogue;
pub mod frame;
pub mod help;
pub mod intake;
pub mod matter;
pub mod messages;
pub mod outbox;
pub mod people;
pub mod reassign;
pub mod sign_in;
mod tools;
pub mod work;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::portal::{documents, rights};

/// Pages under `/desk` whose forms may bring files.
pub fn with_files() -> Router<App> {
    Router::new().route("/desk/matters/{number}/{action}", get(matter::ask).post(matter::act))
}

/// The other pages under `/desk`.
pub fn router(app: &App) -> Router<App> {
    let router = Router::new()
        .route("/desk", get(work::get))
        .route("/desk/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/desk/sign-out", post(sign_in::out))
        .route("/desk/account", get(account::get))
        .route("/desk/account/devices", post(account::devices))
        .route("/desk/account/password", get(account::password::get).post(account::password::post))
        .route("/desk/account/totp", get(account::totp::get).post(account::totp::post))
        .route("/desk/accounts", get(admin::accounts::get))
        .route("/desk/accounts/new", get(admin::accounts::new).post(admin::accounts::open))
        .route("/desk/accounts/{login}", get(admin::one::get).post(admin::one::post))
        .route("/desk/audit", get(admin::audit::get))
        .route("/desk/settings", get(admin::settings::get))
        .route("/desk/open", get(work::open))
        .route("/desk/batch", post(work::batch))
        .route("/desk/export", get(work::export))
        .route("/desk/lists", post(work::keep))
        .route("/desk/lists/forget", post(work::forget))
        .route("/desk/absence", get(absence::get).post(absence::post))
        .route("/desk/absence/{id}/end", post(absence::end))
        .route("/desk/answers", get(answers::list))
        .route("/desk/answers/new", get(answers::new).post(answers::new_post))
        .route("/desk/answers/for/{number}", get(answers::using).post(answers::draft))
        .route("/desk/answers/{id}/{version}", get(answers::one).post(answers::decide))
        .route("/desk/answers/{id}/{version}/edit", get(answers::edit).post(answers::edit_post))
        .route("/desk/areas", get(areas::get).post(areas::post))
        .route("/desk/catalogue", get(catalogue::list))
        .route("/desk/catalogue/{item}", get(catalogue::show))
        .route("/desk/reassign", get(reassign::get).post(reassign::post))
        .route("/desk/reassign/{order}/undo", post(reassign::undo))
        .route("/desk/people", get(people::get).post(people::post))
        .route("/desk/matters/{number}", get(matter::get))
        .route("/desk/help", get(help::get).post(help::post))
        .route("/desk/matters/{number}/help", get(help::of_matter))
        .route("/desk/calculators", get(tools::calculators))
        .route("/desk/calculators/{calculator}", get(tools::calculator).post(tools::compute))
        .route("/desk/drafts", get(tools::drafts))
        .route("/desk/drafts/{draft}", get(tools::draft).post(tools::write))
        .route("/desk/matters/{number}/reveal", get(matter::reveal_form).post(matter::reveal))
        .route("/desk/matters/{number}/files/{file}", get(matter::file))
        .route("/desk/matters/{number}/documents/{id}", get(documents::desk))
        .route("/desk/matters/{number}/deletion", get(rights::desk))
        .route("/desk/matters/{number}/notices/{id}/called", post(matter::called))
        .route("/desk/messages", get(messages::get).post(messages::read))
        .route("/desk/intake", get(intake::who::get).post(intake::who::post))
        .route("/desk/intake/{item}", get(intake::get).post(intake::post));
    // Codes sent to phones are shown in the demo city only, where no phone is reached.
    if app.config().demo { router.route("/desk/outbox", get(outbox::get)) } else { router }
}
