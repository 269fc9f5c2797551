//! The demo city's matters: what makes it a city in which people have been at work for months.
//!
//! - `first`: a handful opened just now, one of each example.
//! - `history`: some hundreds that went through their steps by real commands of the people listed, on days of
//!   the last months, so that nearly every step of every item has a matter in it.
//! - `scale`: any number of old ones, through the register's `import`.
//!
//! All people are invented; telephone numbers are of a block that is nobody's.

mod first;
mod history;
mod people;
mod scale;
mod way;

use access::Access;
use access::demo::DemoAccount;

use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::settings::Settings;

/// How much of it there is to be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Matters of the last months.
    pub history: u32,
    /// Old matters besides.
    pub scale: u32,
}

/// Fills the city where it is empty; a second start adds nothing but what `scale` lacks.
pub async fn fill(
    context: &Context,
    settings: &Settings,
    node: &Node,
    accounts: &[DemoAccount],
    size: Size,
) -> Result<(), Failure> {
    debug_assert!(!accounts.is_empty(), "the city has people before it has matters");
    if is_empty(node).await? {
        history::live(context, settings, size.history).await?;
        first::matters(node).await?;
    }
    scale::matters(node, size.scale).await
}

async fn is_empty(node: &Node) -> Result<bool, Failure> {
    let mut reader = node.db.reader().await.map_err(Failure::environment)?;
    let first: Option<(i64,)> = store::sql("SELECT number FROM matter LIMIT 1")
        .optional(&mut reader)
        .await
        .map_err(Failure::environment)?;
    Ok(first.is_none())
}

/// Towns of the city, where people live.
async fn towns(access: &Access, on: jiff::civil::Date) -> Result<Vec<kernel::area::AreaCode>, Failure> {
    access.towns("3715".parse().map_err(Failure::environment)?, on).await.map_err(Failure::environment)
}
