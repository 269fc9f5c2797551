//! `huifa account add|grant|revoke|close|unlock|list`: who signs in, and what they may do where. What is done here
//! stands in the record as done by `system`.

use std::io::Read as _;

use access::account::NewAccount;
use access::admin::service::Granting;
use access::{Access, AccessError, Limits, OrgId, Principal};
use kernel::actor::Role;
use kernel::area::AreaCode;
use store::seal::Keyring;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to do with accounts.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Opens a staff account; the password is read from standard input.
    Add {
        /// Login, e.g. aid.dongchangfu.1.
        login: String,
        /// Name colleagues see.
        #[arg(long)]
        name: String,
        /// The body the person belongs to.
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
        /// Read the password from standard input (there is no other way: arguments are seen by others).
        #[arg(long, required = true)]
        password_stdin: bool,
        /// The person changes it at the first sign-in.
        #[arg(long)]
        must_change: bool,
    },
    /// Grants a role in an area, for one body only when one is named; open sessions of the account end.
    Grant {
        /// Login.
        login: String,
        /// Role, e.g. aid_officer.
        role: Role,
        /// Area of 2, 4, 6, 9 or 12 digits.
        area: AreaCode,
        /// For this body only.
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
    },
    /// Revokes a role; open sessions of the account end.
    Revoke {
        /// Login.
        login: String,
        /// Role, e.g. aid_officer.
        role: Role,
        /// Area of 2, 4, 6, 9 or 12 digits.
        area: AreaCode,
        /// Granted for this body only.
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
        /// Why, for the record.
        #[arg(long, default_value = "command line")]
        reason: String,
    },
    /// Closes an account: its sessions end, its history stays.
    Close {
        /// Login.
        login: String,
        /// Why, for the record.
        #[arg(long, default_value = "command line")]
        reason: String,
    },
    /// Lets a login that was locked by wrong passwords try again.
    Unlock {
        /// Login.
        login: String,
        /// Why, for the record.
        #[arg(long, default_value = "command line")]
        reason: String,
    },
    /// Lists accounts and their roles.
    List,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        let db = context.database().await?;
        let now = context.clock().now();
        let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
        let access = Access::open(db.clone(), keyring, Limits::default(), now).await.map_err(failure)?;
        let system = Principal::system();
        let done = match &args.what {
            What::Add { login, name, organisation, password_stdin: _, must_change } => {
                let new = NewAccount {
                    login: login.clone(),
                    name: name.clone(),
                    organisation: organisation.clone().map(OrgId),
                    password: password()?,
                };
                add(&access, &new, *must_change, now).await
            }
            What::Grant { login, role, area, organisation } => {
                access.grant(login, *role, *area, organisation.as_deref(), now).await.map_err(failure)
            }
            What::Revoke { login, role, area, organisation, reason } => {
                let granting = Granting {
                    login: login.clone(),
                    role: *role,
                    area: *area,
                    organisation: organisation.clone(),
                };
                access.revoke_role(&system, &granting, reason, now).await.map_err(failure)
            }
            What::Close { login, reason } => {
                access.close_account(&system, login, reason, now).await.map_err(failure)
            }
            What::Unlock { login, reason } => {
                access.unlock(&system, login, reason, now).await.map_err(failure)
            }
            What::List => list(&access, context.wants_json()).await,
        };
        db.close().await;
        done
    })
}

/// Opens the account. A password that falls short of the rules for own ones is taken, and said: whoever has this
/// machine decides, and `--must-change` leaves it to the person.
async fn add(
    access: &Access,
    new: &NewAccount,
    must_change: bool,
    now: kernel::time::Instant,
) -> Result<(), Failure> {
    if must_change {
        return access.open_account(&Principal::system(), new, now).await.map_err(failure);
    }
    access.add_account(new, now).await.map_err(failure)?;
    let faults = access.password_faults(&new.password, &new.login, &new.name);
    if !faults.is_empty() {
        let words: Vec<&str> = faults.iter().map(|(code, _)| *code).collect();
        eprintln!("huifa: the password falls short ({}); consider --must-change", words.join(", "));
    }
    Ok(())
}

/// The first line of standard input.
fn password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).map_err(Failure::environment)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

async fn list(access: &Access, json: bool) -> Result<(), Failure> {
    let accounts = access.accounts().await.map_err(failure)?;
    if json {
        return output::json(&accounts);
    }
    for account in accounts {
        let roles: Vec<String> = account
            .roles
            .iter()
            .map(|line| match &line.organisation {
                Some(organisation) => format!("{}@{}/{organisation}", line.role, line.area),
                None => format!("{}@{}", line.role, line.area),
            })
            .collect();
        let login = account.login.as_deref().unwrap_or("-");
        output::line(&format!("{login}\t{}\t{}\t{}", account.kind, account.name, roles.join(" ")))?;
    }
    Ok(())
}

pub(super) fn failure(error: AccessError) -> Failure {
    match error {
        AccessError::Refused(refusal) => {
            // "login: taken", "password: length", "role: separate"
            let faults: Vec<String> = refusal
                .errors
                .iter()
                .map(|error| format!("{}: {}", error.pointer.trim_start_matches('/'), error.code))
                .collect();
            Failure::Fault(if faults.is_empty() {
                refusal.detail.key.into_owned()
            } else {
                faults.join(", ")
            })
        }
        other => Failure::environment(other),
    }
}
