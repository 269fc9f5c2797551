//! `huifa areas [--below CODE]`: how many divisions stand, what became of former ones, and what waits for an official
//! because nobody knows. `huifa areas zone` writes down an area that is no division.

use access::area::handover::Overview;
use access::area::service_area::NewServiceArea;
use access::{Access, Limits, Principal};
use kernel::area::AreaCode;
use store::seal::Keyring;

use super::account::failure;
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to look at.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Only this division and what lies below it.
    #[arg(long, value_name = "CODE")]
    below: Option<AreaCode>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Writes down an area that is served together and is no division (a development zone), or changes it.
    Zone {
        /// Readable id, e.g. zone.liaocheng.economic.
        id: String,
        /// Name, e.g. 聊城经济技术开发区.
        #[arg(long)]
        name: String,
        /// A division it is made of; once for each.
        #[arg(long = "member", value_name = "CODE", required = true)]
        members: Vec<AreaCode>,
        /// A body that serves it; once for each.
        #[arg(long = "office", value_name = "ID")]
        offices: Vec<String>,
    },
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        let db = context.database().await?;
        let now = context.clock().now();
        let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
        let access =
            Access::open(db.clone(), keyring, Limits::default(), now).await.map_err(Failure::environment)?;
        let done = match &args.what {
            Some(What::Zone { id, name, members, offices }) => {
                let zone = NewServiceArea {
                    id: id.clone(),
                    name: name.clone(),
                    members: members.clone(),
                    offices: offices.clone(),
                };
                access.put_service_area(&zone).await.map_err(failure)
            }
            None => {
                let seen = access.area_overview(&Principal::system(), args.below, now).await;
                seen.map_err(failure).and_then(|seen| show(&seen, context.wants_json()))
            }
        };
        db.close().await;
        done
    })
}

fn show(seen: &Overview, json: bool) -> Result<(), Failure> {
    if json {
        return output::json(seen);
    }
    output::line(&format!(
        "{} stand, {} former ones are linked, {} have no known successor and are told with their town",
        seen.standing, seen.linked, seen.unknown
    ))?;
    for orphan in &seen.waiting {
        let (code, name, ended, town) = (orphan.code, &orphan.name, orphan.ended_on, orphan.town);
        output::line(&format!("{code} {name} ended {ended}, told with {town}"))?;
        for (id, name) in &orphan.offices {
            output::line(&format!("  body {id} {name}"))?;
        }
        for (login, name) in &orphan.people {
            output::line(&format!("  role of {login} {name}"))?;
        }
    }
    output::line(&format!("{} wait for their head or supervisor (/desk/areas)", seen.waiting.len()))
}
