//! `services verify`: whether every row is as the catalog says.

use super::{DIFFERENT, EQUAL, Environment, plan};
use crate::commands::{Context, Failure};

pub(super) async fn run(context: Context<'_>, environment: &Environment) -> Result<u8, Failure> {
    let (target, found) = plan::find(&context, environment).await?;
    plan::print(context, &target, &found)?;
    Ok(if found.differences.is_empty() { EQUAL } else { DIFFERENT })
}
