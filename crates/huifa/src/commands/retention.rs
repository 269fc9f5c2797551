//! `huifa retention plan|run|hold|release|certificates`: how long content is kept, and its end.

use jiff::civil::Date;
use kernel::number::MatterNumber;

use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::output;
use crate::settings::Settings;

/// What to do with what is kept.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// What a run would erase, by class and rule. Writes nothing.
    Plan {
        /// As of this day instead of today.
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
    /// Erases the content of ended matters whose time is up; a legal hold keeps its matter. May be stopped and
    /// begun again at any moment.
    Run {
        /// At most so many matters.
        #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
        most: u64,
    },
    /// Keeps the content of a matter until a day, whatever its class says (依法留存).
    Hold {
        /// The matter.
        number: MatterNumber,
        /// Why; lies in the sealed part of the event.
        #[arg(long)]
        reason: String,
        /// The last day of the hold.
        #[arg(long, value_name = "DATE")]
        until: Date,
    },
    /// Ends a legal hold.
    Release {
        /// The matter.
        number: MatterNumber,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// The matters whose content was deleted, one line each.
    Certificates {
        /// Since this day.
        #[arg(long, value_name = "DATE", default_value = "2000-01-01")]
        since: Date,
    },
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        let node = Node::open(context, Settings::read(context.data(), None)?).await?;
        let done = act(&args.what, &node, context.wants_json()).await;
        node.db.close().await;
        done
    })
}

async fn act(what: &What, node: &Node, json: bool) -> Result<(), Failure> {
    let register = &node.register;
    match what {
        What::Plan { as_of } => {
            let day = as_of.unwrap_or_else(|| register.now().date());
            let plan = register.retention_plan(day).await.map_err(Failure::environment)?;
            if json {
                return output::json(&plan);
            }
            for line in &plan.classes {
                let read = if line.verified { "" } else { " (待核)" };
                output::line(&format!(
                    "{}\t{} {}{read}\tdue {}\theld {}\t{}",
                    line.class, line.count, line.unit, line.due, line.held, line.rule
                ))?;
            }
            output::line(&format!(
                "{}: {} matters would be erased, {} are held",
                plan.as_of, plan.due, plan.held
            ))
        }
        What::Run { most } => {
            let ran = register.retention_run(*most).await.map_err(Failure::environment)?;
            if json {
                return output::json(&ran);
            }
            output::line(&format!(
                "{} matters erased, {} held, {} busy, {} lines of the access log removed",
                ran.erased,
                ran.held,
                ran.busy.len(),
                ran.log_lines
            ))
        }
        What::Hold { number, reason, until } => held(node, *number, Some(*until), reason, json).await,
        What::Release { number, reason } => held(node, *number, None, reason, json).await,
        What::Certificates { since } => {
            let mut printed = Ok(());
            let each = |erasure: matters::rights::Erasure| {
                printed = if json {
                    output::json(&erasure)
                } else {
                    output::line(&format!(
                        "{}\t{}\t{}\t{}\tkept until {}\tevent {}",
                        erasure.number,
                        erasure.at,
                        erasure.class,
                        erasure.basis,
                        erasure.kept_until,
                        erasure.seq
                    ))
                };
                printed.is_ok()
            };
            register.erasures(*since, each).await.map_err(Failure::environment)?;
            printed
        }
    }
}

/// A hold that is refused (a day before today, no such matter, no hold to end) is a fault, not the environment's.
async fn held(
    node: &Node,
    number: MatterNumber,
    until: Option<Date>,
    reason: &str,
    json: bool,
) -> Result<(), Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::Usage("--reason must say why".to_owned()));
    }
    node.register
        .hold(number, until, reason.trim())
        .await
        .map_err(|refusal| Failure::Fault(format!("{}: {refusal}", number.grouped())))?;
    let until = until.map(|day| day.to_string());
    if json {
        return output::json(&serde_json::json!({ "number": number, "held_until": until }));
    }
    output::line(&match until {
        Some(day) => format!("{} is held until {day}", number.grouped()),
        None => format!("{} is held no more", number.grouped()),
    })
}
