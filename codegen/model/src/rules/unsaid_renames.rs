//! What a migration would drop and make anew, where it probably only has another name and no `was:` says so.

use super::context::Context;
use crate::lock::Lock;
use crate::lower::DEFAULT_COLUMNS;
use crate::migrate::{ColumnShape, Step, TableShape};
use crate::nearest;
use crate::source::Span;

/// A table or column that is gone, with the new one that it probably is.
pub(super) struct UnsaidRename {
    /// The positions of the two steps: what drops it, and what makes it anew.
    pub(super) steps: [usize; 2],
    /// The name of the new one.
    pub(super) span: Span,
    /// The former name, as `was:` would say it.
    pub(super) was: String,
    /// The new name.
    pub(super) now: String,
}

/// How much speaks for a pair; the greatest is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    same_place: bool,
    near_name: bool,
    /// Of tables, how many columns in a hundred they share.
    shared_percent: usize,
}

/// Every such pair, in the order of the steps; nothing stands in two.
pub(super) fn unsaid_renames(context: &Context<'_>, lock: &Lock, steps: &[Step]) -> Vec<UnsaidRename> {
    let mut pairs: Vec<UnsaidRename> = Vec::new();
    for (gone, drop) in steps.iter().enumerate() {
        let free = steps.iter().enumerate().filter(|(new, _)| pairs.iter().all(|pair| pair.steps[1] != *new));
        let mut alike: Vec<(Likeness, usize)> = match drop {
            Step::DropTable { table } => free
                .filter_map(|(new, step)| match step {
                    Step::CreateTable { table: made } => Some((table_likeness(context, lock, table, made)?, new)),
                    _ => None,
                })
                .collect(),
            Step::DropColumn { table, column } => free
                .filter_map(|(new, step)| match step {
                    Step::AddColumn { table: of, column: added } if of == table => {
                        Some((column_likeness(context, lock, table, column, added)?, new))
                    }
                    _ => None,
                })
                .collect(),
            _ => continue,
        };
        // Of equals the first one in the order of declaration.
        alike.sort_by(|(a, at_a), (b, at_b)| b.cmp(a).then(at_a.cmp(at_b)));
        let Some((_, new)) = alike.first() else { continue };
        pairs.extend(pair(context, steps, [gone, *new]));
    }
    pairs
}

fn pair(context: &Context<'_>, steps: &[Step], at: [usize; 2]) -> Option<UnsaidRename> {
    let (was, now, span) = match at.map(|at| &steps[at]) {
        [Step::DropTable { table }, Step::CreateTable { table: made }] => {
            (&table.name, &made.name, context.table(&made.name)?.span)
        }
        [Step::DropColumn { column, .. }, Step::AddColumn { table, column: added }] => {
            (&column.name, &added.name, context.table(table)?.column(&added.name)?.span)
        }
        _ => return None,
    };
    Some(UnsaidRename { steps: at, span, was: was.clone(), now: now.clone() })
}

/// Tables are alike that share half of their columns.
fn table_likeness(context: &Context<'_>, lock: &Lock, gone: &TableShape, made: &TableShape) -> Option<Likeness> {
    let shared = gone.columns.iter().filter(|column| made.columns.contains(column)).count();
    let shared_percent = 200 * shared / (gone.columns.len() + made.columns.len()).max(1);
    let locked = lock.schema.tables.iter().map(|table| &*table.name);
    let own = || context.tables.iter().filter(|table| !table.base).map(|table| table.name);
    (shared_percent >= 50).then(|| Likeness {
        same_place: have_one_place(locked, &gone.name, own(), &made.name),
        near_name: nearest::is_near(&gone.name, &made.name),
        shared_percent,
    })
}

/// Columns are alike that are of one type, and have one place or similar names.
fn column_likeness(
    context: &Context<'_>,
    lock: &Lock,
    table: &str,
    gone: &ColumnShape,
    added: &ColumnShape,
) -> Option<Likeness> {
    let now = context.table(table)?;
    let names = [Some(table), now.was.map(|was| &*was.value)];
    let locked = lock.schema.tables.iter().find(|locked| names.contains(&Some(&*locked.name)))?;
    let is_compared = |name: &str| !now.has_default_columns() || !DEFAULT_COLUMNS.contains(&name);
    let mut declared: Vec<_> = now.columns.iter().filter(|column| is_compared(column.name)).collect();
    // In a kind's default table new attributes stand last, wherever they are written.
    declared.sort_by_key(|column| column.span);
    let before = locked.columns.iter().map(|column| &*column.name).filter(|name| is_compared(name));
    let likeness = Likeness {
        same_place: have_one_place(before, &gone.name, declared.iter().map(|column| column.name), &added.name),
        near_name: nearest::is_near(&gone.name, &added.name),
        shared_percent: 0,
    };
    (gone.ty == added.ty && (likeness.same_place || likeness.near_name)).then_some(likeness)
}

/// Whether two names stand behind or before the same name of their lists, or each is all of its list.
fn have_one_place<'a>(
    before: impl Iterator<Item = &'a str>,
    gone: &str,
    now: impl Iterator<Item = &'a str>,
    new: &str,
) -> bool {
    fn neighbours<'a>(all: impl Iterator<Item = &'a str>, name: &str) -> Option<[Option<&'a str>; 2]> {
        let all: Vec<&str> = all.collect();
        let at = all.iter().position(|one| *one == name)?;
        Some([at.checked_sub(1).map(|at| all[at]), all.get(at + 1).copied()])
    }
    let Some((before, now)) = neighbours(before, gone).zip(neighbours(now, new)) else { return false };
    [before, now] == [[None; 2]; 2] || (0..2).any(|side| before[side].is_some() && before[side] == now[side])
}
