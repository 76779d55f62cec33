//! The product sync against the local Stripe: an empty account, what people change in it, and what the catalog changes.

use pricebook::stripe::product_sync::Status;
use pricebook::stripe::product_sync::plan::Sort;
use pricebook_types::stripe::Desired;

use crate::stripe_account::{Account, real};

#[tokio::test]
async fn an_empty_account_is_filled_and_a_second_sync_writes_nothing() {
    let account = Account::new().await;
    let wanted = real();
    let (plan, applied) = account.sync(&wanted).await;
    assert!(
        applied.is_done(),
        "{:#?}",
        applied.results.iter().filter(|r| r.status == Status::Error).collect::<Vec<_>>()
    );
    assert_eq!(applied.count(Status::Created), wanted.products.len());
    assert_eq!(plan.synced(), 0);
    assert_eq!(account.list("/v1/products").await.len(), wanted.products.len());
    assert_eq!(account.list("/v1/prices").await.len(), wanted.prices.len());
    let again = account.plan(&wanted).await;
    assert!(again.is_equal(), "{again:#?}");
    assert_eq!(again.chains().filter(|chain| chain.sort == Sort::Product).count(), wanted.products.len());
    let granted = features_of(&wanted);
    let mut there = 0;
    for product in account.list("/v1/products").await {
        let id = product["id"].as_str().expect("an id");
        there += account.list(&format!("/v1/products/{id}/features")).await.len();
        let local_id = product["metadata"]["pricebook_id"].as_str().expect("whose it is");
        let wanted =
            wanted.products.iter().find(|wanted| wanted.local_id == local_id).expect("a product of the catalog");
        assert_eq!(product["default_price"].is_string(), wanted.default_price.is_some(), "{product}");
    }
    assert_eq!(there, granted);
}

fn features_of(wanted: &Desired<'_>) -> usize {
    wanted.products.iter().map(|product| product.features.len()).sum()
}
