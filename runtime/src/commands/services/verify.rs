//! `services verify`: whether every row is as the catalog says.

use super::{DIFFERENT, EQUAL, plan, unless_unread};
use crate::commands::target::Choice;
use crate::commands::{Context, Failure};

pub(super) async fn run(context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    let (target, found) = plan::find(&context, chosen).await?;
    let new_rows = plan::new_rows(&context, &found).await?;
    unless_unread(plan::print(context, &target, &found, &new_rows, None))?;
    Ok(if found.differences.is_empty() { EQUAL } else { DIFFERENT })
}
