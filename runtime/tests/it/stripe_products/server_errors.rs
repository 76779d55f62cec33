//! Answers 500, which Stripe keeps for their idempotency keys: what was to be made is made, and never twice.

use pricebook_sandbox::{Fault, FaultRule};

use crate::stripe_account::{Account, real};

#[tokio::test]
async fn each_sort_of_object_is_made_once_whether_the_500_came_before_or_after() {
    let wanted = real();
    let paths = [
        "/v1/products",
        "/v1/prices",
        "/v1/billing/meters",
        "/v1/entitlements/features",
        "/v1/coupons",
        "/v1/promotion_codes",
    ];
    for fault in [Fault::ServerError, Fault::ServerErrorAfter] {
        let account = Account::new().await;
        for path in paths {
            let rule =
                FaultRule { method: Some("POST".to_owned()), path: Some(path.to_owned()), ..FaultRule::once(fault) };
            account.stripe.add_fault(FaultRule { times: Some(2), ..rule });
        }
        let (_, applied) = account.sync(&wanted).await;
        assert!(applied.is_done(), "{fault:?}: {applied:#?}");
        let counts = [
            wanted.products.len(),
            wanted.prices.len(),
            wanted.meters.len(),
            wanted.features.len(),
            wanted.coupons.len(),
            wanted.promotion_codes.len(),
        ];
        for (path, count) in paths.iter().zip(counts) {
            assert_eq!(account.list(path).await.len(), count, "{fault:?} {path}");
        }
        assert!(account.plan(&wanted).await.is_equal());
    }
}

#[tokio::test]
async fn one_that_never_ends_fails_its_product_and_the_others_are_made() {
    let (account, wanted) = (Account::new().await, real());
    let rule = FaultRule { path: Some("/v1/prices".to_owned()), times: None, ..FaultRule::once(Fault::ServerError) };
    account.stripe.add_fault(FaultRule { method: Some("POST".to_owned()), ..rule });
    let (_, applied) = account.sync(&wanted).await;
    assert!(!applied.is_done());
    assert!(account.list("/v1/prices").await.is_empty());
    account.delete("/_sandbox/faults").await;
    let (_, applied) = account.sync(&wanted).await;
    assert!(applied.is_done() && account.plan(&wanted).await.is_equal(), "{applied:#?}");
    assert_eq!(account.list("/v1/prices").await.len(), wanted.prices.len());
}
