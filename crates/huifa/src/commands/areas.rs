//! `huifa areas [--below CODE]`: how many divisions stand, what became of former ones, and what waits for an official
//! because nobody knows.

use access::{Access, Limits, Principal};
use kernel::area::AreaCode;
use store::seal::Keyring;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to look at.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this division and what lies below it.
    #[arg(long, value_name = "CODE")]
    below: Option<AreaCode>,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        let db = context.database().await?;
        let now = context.clock().now();
        let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
        let access =
            Access::open(db.clone(), keyring, Limits::default(), now).await.map_err(Failure::environment)?;
        let seen = access.area_overview(&Principal::system(), args.below, now).await;
        db.close().await;
        let seen = seen.map_err(Failure::environment)?;
        if context.wants_json() {
            return output::json(&seen);
        }
        output::line(&format!(
            "{} stand, {} former ones are linked, {} have no known successor and are told with their town",
            seen.standing, seen.linked, seen.unknown
        ))?;
        for orphan in &seen.waiting {
            output::line(&format!(
                "{} {} ended {}, told with {}",
                orphan.code, orphan.name, orphan.ended_on, orphan.town
            ))?;
            for (id, name) in &orphan.offices {
                output::line(&format!("  body {id} {name}"))?;
            }
            for (login, name) in &orphan.people {
                output::line(&format!("  role of {login} {name}"))?;
            }
        }
        output::line(&format!("{} wait for their head or supervisor (/desk/areas)", seen.waiting.len()))
    })
}
