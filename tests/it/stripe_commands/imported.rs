//! An account that is imported as a catalog, and then planned: nothing is to be done, once what was made by hand is taken over.

use std::time::Duration;

use pricebook::stripe::product_sync::plan::{Action, Adoption, Known, Options, Plan, text};
use pricebook::stripe::product_sync::{apply, desired, look};
use pricebook::stripe::{Pace, Requests, SecretKey, StripeClient};
use pricebook_cli::import::{Imported, Input, Options as ImportOptions, import};
use serde_json::json;

use super::{KEY, Shop};

/// Before the coupons of the catalog are over.
const NOW: i64 = 1_790_000_000;

/// Every list of the account, as somebody saves them.
fn saved(shop: &Shop) -> Vec<Input> {
    let prices = "&expand[]=data.tiers&expand[]=data.currency_options&expand[]=data.currency_options.tiers";
    let coupons = "&expand[]=data.applies_to&expand[]=data.currency_options";
    let lists = [
        ("products", ""),
        ("prices", prices),
        ("billing/meters", ""),
        ("entitlements/features", ""),
        ("coupons", coupons),
        ("promotion_codes", ""),
    ];
    let input = |path: &str, more: &str| {
        let list = shop.ask("GET", &format!("/v1/{path}?limit=100{more}"), "");
        assert_eq!(list["has_more"], false, "{list}");
        Input { name: format!("{}.json", path.replace('/', "_")), text: list.to_string() }
    };
    let granted = shop.products().into_iter().map(|product| {
        let id = product["id"].as_str().expect("an id").to_owned();
        input(&format!("products/{id}/features"), "")
    });
    lists.into_iter().map(|(path, more)| input(path, more)).chain(granted).collect()
}

fn imported(shop: &Shop) -> Imported {
    let imported = import(&saved(shop), &ImportOptions { stripe: true, ..ImportOptions::default() });
    imported.unwrap_or_else(|failure| panic!("{failure}"))
}

/// What the imported catalog's artifact says of the account.
async fn plan(shop: &Shop, imported: &Imported, adoption: Option<Adoption>) -> (Requests, Plan) {
    let client = StripeClient::new(shop.url.parse().expect("a URL"), SecretKey::parse(KEY).expect("a key"));
    let pace = Pace { per_second: 10_000, retries: 0, first_delay: Duration::ZERO };
    let requests = Requests::new(client.expect("a client"), pace);
    let wanted = json!(pricebook_emit::stripe::desired(&imported.catalog)).to_string();
    let wanted = desired(&wanted, "2026-06-01").expect("a desired state");
    let options = Options { now: NOW, adoption, ..Options::default() };
    let plan = look(&requests, &wanted, &Known::new(), &options, "acct_1", true).await.expect("a plan");
    (requests, plan)
}

fn shown(plan: &Plan) -> String {
    text::lines(plan).join("\n")
}

#[tokio::test]
async fn an_account_that_pricebook_filled_is_planned_empty() {
    let shop = Shop::new();
    shop.stripe(0, &["sync", "local"]);
    let imported = imported(&shop);
    let notes: Vec<_> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, Vec::<String>::new());
    let (_, plan) = plan(&shop, &imported, None).await;
    assert!(plan.is_equal(), "{}", shown(&plan));
    let kinds: Vec<_> = imported.files.iter().map(|(path, _)| path.as_str()).collect();
    for file in ["plans.yaml", "addons.yaml", "roles.yaml", "organizations.yaml", "fees.yaml", "services.yaml"] {
        assert!(kinds.contains(&file), "{kinds:?}");
    }
}

#[tokio::test]
async fn an_account_with_a_history_is_planned_empty() {
    let shop = Shop::new();
    shop.stripe(0, &["sync", "local"]);
    let starter = shop.ask("GET", "/v1/prices?lookup_keys[]=plan_starter_monthly", "")["data"][0].clone();
    let of = starter["product"].as_str().expect("a product").to_owned();
    // A price that another one has replaced, as a sync leaves it, and a product that the catalog has retired.
    let marks = |id: &str, product: &str| {
        format!(
            "metadata[pricebook_catalog]=stratiqx&metadata[pricebook_id]={id}&metadata[pricebook_product]={product}&metadata[pricebook_hash]=0"
        )
    };
    let replaced = format!(
        "product={of}&currency=usd&unit_amount=2500&recurring[interval]=month&active=false&metadata[pricebook_price]=monthly&{}",
        marks("plan_starter_monthly", "plan/starter")
    );
    assert_eq!(shop.ask("POST", "/v1/prices", &replaced)["active"], false);
    let retired = shop.ask("POST", "/v1/products", &format!("name=Fax&{}", marks("addon_fax", "addon/fax")));
    let retired = retired["id"].as_str().expect("an id").to_owned();
    shop.ask(
        "POST",
        "/v1/prices",
        &format!("product={retired}&currency=usd&unit_amount=500&lookup_key=addon_fax_monthly"),
    );
    shop.ask("POST", &format!("/v1/products/{retired}"), "active=false");
    let imported = imported(&shop);
    assert_eq!(imported.notes.iter().filter(|note| note.left_out).count(), 0, "{:?}", imported.notes);
    assert_eq!(imported.notes.len(), 2, "{:?}", imported.notes);
    let (_, plan) = plan(&shop, &imported, None).await;
    assert!(plan.is_equal(), "{}", shown(&plan));
}

#[tokio::test]
async fn an_account_that_was_filled_by_hand_is_taken_over_as_a_whole_and_then_planned_empty() {
    let shop = Shop::new();
    let made = |path: &str, form: &str| {
        let made = shop.ask("POST", path, form);
        made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    };
    let tea = made("/v1/products", "name=Green%20tea&description=From%20the%20hills&metadata[origin]=Uji");
    made(
        "/v1/prices",
        &format!(
            "product={tea}&currency=usd&unit_amount=900&recurring[interval]=month&lookup_key=tea-monthly&nickname=Every%20month"
        ),
    );
    made(
        "/v1/prices",
        &format!(
            "product={tea}&currency=usd&unit_amount=9000&recurring[interval]=year&currency_options[eur][unit_amount]=8000"
        ),
    );
    let old = made(
        "/v1/prices",
        &format!("product={tea}&currency=usd&unit_amount=700&recurring[interval]=month&lookup_key=tea-old"),
    );
    shop.ask("POST", &format!("/v1/prices/{old}"), "active=false");
    let cup = made("/v1/products", "name=Cup");
    made("/v1/prices", &format!("product={cup}&currency=usd&unit_amount=1200"));
    let feature = made("/v1/entitlements/features", "name=Refills&lookup_key=refills");
    shop.ask("POST", &format!("/v1/products/{tea}/features"), &format!("entitlement_feature={feature}"));
    made("/v1/coupons", &format!("id=SPRING&name=Spring&percent_off=10&duration=once&applies_to[products][0]={tea}"));
    made("/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=SPRING&code=SPRING10&max_redemptions=5");
    let imported = imported(&shop);
    assert_eq!(imported.notes.iter().filter(|note| note.left_out).count(), 0, "{:?}", imported.notes);
    let (_, before) = plan(&shop, &imported, None).await;
    assert!(before.problems().next().is_some(), "nothing of others is touched without a word: {}", shown(&before));
    let (requests, adoption) = plan(&shop, &imported, Some(Adoption::All)).await;
    let other = adoption.steps().find(|step| step.action != Action::Update);
    assert!(other.is_none() && adoption.problems().next().is_none(), "{}", shown(&adoption));
    let applied = apply(&requests, &adoption, "run", |_| {}).await;
    assert!(applied.is_done(), "{applied:#?}");
    let (_, after) = plan(&shop, &imported, None).await;
    assert!(after.is_equal(), "{}", shown(&after));
}

#[test]
fn a_command_takes_over_all_that_is_exactly_the_catalogs_and_says_what_is_not() {
    let shop = Shop::new();
    // The account as pricebook would fill it, of which nobody knows any more whose it is.
    shop.stripe(0, &["sync", "local"]);
    let marks = ["catalog", "id", "product", "price", "hash"].map(|mark| format!("metadata[pricebook_{mark}]="));
    let without = marks.join("&");
    for path in ["products", "prices", "entitlements/features", "coupons", "promotion_codes"] {
        let list = shop.ask("GET", &format!("/v1/{path}?limit=100"), "");
        for object in list["data"].as_array().expect("a list") {
            let id = object["id"].as_str().expect("an id");
            assert_eq!(shop.ask("POST", &format!("/v1/{path}/{id}"), &without)["id"], id);
        }
    }
    let fee = shop.ask("GET", "/v1/prices?lookup_keys[]=org_starter_setup", "")["data"][0]["product"].clone();
    let fee = fee.as_str().expect("an id");
    shop.ask("POST", &format!("/v1/products/{fee}"), "name=Set-up");
    let (out, _) = shop.stripe(1, &["adopt-all", "local"]);
    assert!(out.contains(&format!("{fee} is left, for it is not exactly org_starter_setup")), "{out}");
    shop.ask("POST", &format!("/v1/products/{fee}"), "name=Starter%20Setup%20Fee%20(one-time)");
    shop.stripe(0, &["adopt-all", "local"]);
    shop.stripe(0, &["plan", "local"]);
    assert_eq!(shop.products().len(), 27);
}
