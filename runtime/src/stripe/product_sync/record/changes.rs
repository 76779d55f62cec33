//! `product_change_log`: a row for each product that a sync has changed in Stripe.

use std::collections::HashMap;

use sea_query::Query;
use serde_json::{Map, Value, json};

use super::Run;
use crate::db::{self, Session};
use crate::stripe::product_sync::desired::reference;
use crate::stripe::product_sync::plan::{Action, Chain, Sort, Step};
use crate::stripe::product_sync::{Applied, ChainResult};

pub(super) async fn write(session: &mut Session, run: Run<'_>, applied: &Applied) -> Result<(), sqlx::Error> {
    let products: HashMap<&str, &str> =
        run.desired.products.iter().map(|product| (&*product.local_id, reference(product))).collect();
    let results = run.plan.chains().zip(&applied.results);
    let changed = results.filter(|(chain, result)| chain.sort == Sort::Product && result.done > 0);
    for (chain, result) in changed {
        // One that is archived has no place in the catalog any more.
        let product = products.get(chain.subject.as_str()).copied().unwrap_or(&chain.subject);
        let kind = product.split_once('/').map_or("product", |(kind, _)| kind);
        let done = &chain.steps[..result.done];
        let mut insert = Query::insert();
        let columns =
            ["id", "event_type", "product_id", "changes", "triggered_sync", "sync_run_id", "actor", "catalog_hash"];
        insert.into_table("product_change_log").columns(columns).values_panic([
            uuid::Uuid::now_v7().to_string().into(),
            format!("{kind}.{}", event(chain, result)).into(),
            product.into(),
            db::json(session.dialect(), &changes(done)),
            true.into(),
            run.id.into(),
            run.actor.shown().into(),
            run.plan.catalog_hash.as_str().into(),
        ]);
        session.execute(&insert).await?;
    }
    Ok(())
}

/// `created`, `retired`, `price_changed` or `updated`.
fn event(chain: &Chain, result: &ChainResult) -> &'static str {
    let done = &chain.steps[..result.done];
    let has =
        |sort: Sort, actions: &[Action]| done.iter().any(|step| step.sort == sort && actions.contains(&step.action));
    match () {
        () if has(Sort::Product, &[Action::Create]) => "created",
        () if has(Sort::Product, &[Action::Archive]) => "retired",
        () if has(Sort::Price, &[Action::Create, Action::Reactivate]) => "price_changed",
        () => "updated",
    }
}

/// `{"plan_starter_monthly amount": {"from": "USD 29.00 / month", "to": "USD 35.00 / month"}}`
fn changes(done: &[Step]) -> Value {
    let mut changes = Map::new();
    for step in done {
        for change in &step.changes {
            let name = format!("{} {}", step.subject, change.field);
            changes.entry(name).or_insert_with(|| json!({ "from": change.from, "to": change.to }));
        }
    }
    Value::Object(changes)
}
