//! What was renamed stays one thing: in the lock, in what Stripe is told, and on the rows of the database.

use pricebook_emit::sql;
use pricebook_emit::stripe::desired;
use pricebook_model::migrate::own_schema;
use pricebook_model::{Catalog, Lock};

use crate::catalogs::{small, small_after};

/// What a sync is told of one product, under this id and with these other lines of the catalog.
fn shop(id: &str, was: &str, rest: &str) -> String {
    let feature = format!("features: {{ {id}: {{ name: Calls, type: switch{was} }} }}");
    format!(
        "catalog: {{ name: shop, title: Shop, currency: usd }}\nkinds: {{ plan: {{ title: Plan }} }}\n\
         plans: {{ {id}: {{ name: A{was}, prices: {{ monthly: 5.00 }} }}, z: {{ name: Z, prices: {{ monthly: 7.00 }} }} }}\n{feature}\n{rest}"
    )
}

/// The former ids of the product, its price and its feature, and what is to be archived.
fn history_of(catalog: &Catalog) -> (Vec<String>, Vec<String>) {
    let desired = desired(catalog);
    let was = [&desired.products[0].was, &desired.prices[0].was, &desired.features[0].was];
    let retired = desired.retired.iter().map(|item| format!("{}/{}", item.what, item.id)).collect();
    (was.into_iter().flatten().map(ToString::to_string).collect(), retired)
}

#[test]
fn what_was_renamed_is_known_by_all_its_former_ids_and_never_archived() {
    let migrated = small(&shop("a", "", ""));
    let mut lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() }.recorded(&migrated);
    let expected = [
        ("b", ", was: a", vec!["plan/a", "plan_a_monthly", "a"]),
        ("c", ", was: b", vec!["plan/b", "plan/a", "plan_b_monthly", "plan_a_monthly", "b", "a"]),
    ];
    for (id, was, former) in expected {
        let renamed = small_after(&shop(id, was, ""), &lock);
        assert_eq!(history_of(&renamed), (former.iter().map(ToString::to_string).collect(), vec![]), "{id}");
        lock = lock.recorded(&renamed);
        assert_eq!(lock.unrecorded(&renamed), [], "it is recorded once");
        for was in [was, ""] {
            let later = small_after(&shop(id, was, ""), &lock);
            assert_eq!(history_of(&later), history_of(&renamed), "the lock keeps what `was:` said");
        }
        let rows = &sql::emit(&renamed).into_iter().find(|file| file.path == "sql/sqlite/sync.sql").expect("it").text;
        assert!(
            rows.contains("'plan_a_monthly'") && rows.contains("\"product_id\" IN ("),
            "former rows are not for sale"
        );
    }
    let gone = "retired: [plan/c, feature/c]";
    let text = shop("d", "", gone);
    let (was, retired) = history_of(&small_after(&text, &lock));
    assert_eq!(was, Vec::<String>::new());
    for what in ["plan", "feature"] {
        for id in ["a", "b", "c"] {
            assert!(retired.contains(&format!("{what}/{id}")), "{what} {id}: {retired:?}");
        }
    }
    assert!(retired.contains(&"price/plan_a_monthly".to_owned()), "{retired:?}");
}

#[test]
fn a_coupon_stays_the_same_one_where_its_products_are_renamed() {
    let with_coupon = |id: &str, was: &str, of: &str| {
        let coupon = format!("{{ name: Ten, percent_off: 10, duration: once, applies_to: [plan/{of}] }}");
        shop(id, was, &format!("coupons: {{ ten: {coupon} }}"))
    };
    let coupon = |catalog: &Catalog| {
        let coupon = &desired(catalog).coupons[0];
        (coupon.applies_to[0].to_string(), coupon.params.metadata["pricebook_hash"].to_string())
    };
    let migrated = small(&with_coupon("first", "", "first"));
    let lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() }.recorded(&migrated);
    let second = small_after(&with_coupon("second", ", was: first", "second"), &lock);
    let third = small_after(&with_coupon("third", ", was: second", "third"), &lock.recorded(&second));
    let [before, renamed, again] = [&migrated, &second, &third].map(coupon);
    assert_eq!([&before.0, &renamed.0, &again.0], ["plan_first", "plan_second", "plan_third"]);
    assert_eq!((&renamed.1, &again.1), (&before.1, &before.1));
    let other = coupon(&small_after(&with_coupon("second", ", was: first", "z"), &lock));
    assert_ne!(other.1, before.1, "for another product");
}

#[test]
fn a_coupon_stays_the_same_one_whatever_its_local_ids_are_made_of() {
    // The id stands in the local ids within the name of the kind or an attribute, too; a Stripe product may be a price's.
    let with_coupon = |id: &str, was: &str, per: &str| {
        format!(
            "catalog: {{ name: shop, title: Shop, currency: usd }}\n\
             kinds:\n  admin:\n    attributes: {{ role: {{ type: text, required: true }} }}\n    \
             local_id: \"admin_{{attribute.role}}_{{id}}_{{price}}\"\n    stripe: {{ product_per: {per}, name: \"{{name}} {{price.label}}\" }}\n\
             admins:\n  {id}: {{ name: A{was}, attributes: {{ role: admin }}, prices: {{ monthly: 5.00, yearly: 50.00 }} }}\n\
             coupons: {{ ten: {{ name: Ten, percent_off: 10, duration: once, applies_to: [admin/{id}] }} }}"
        )
    };
    for per in ["price", "product"] {
        let with_coupon = |id: &str, was: &str| {
            let text = with_coupon(id, was, per);
            if per == "price" { text } else { text.replace("_{price}", "").replace(" {price.label}", "") }
        };
        let hash = |catalog: &Catalog| desired(catalog).coupons[0].params.metadata["pricebook_hash"].to_string();
        let migrated = small(&with_coupon("admin_elite", ""));
        let lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() }.recorded(&migrated);
        let renamed = small_after(&with_coupon("admin", ", was: admin_elite"), &lock);
        assert_ne!(desired(&renamed).coupons[0].applies_to, desired(&migrated).coupons[0].applies_to);
        assert_eq!(hash(&renamed), hash(&migrated), "per {per}");
    }
}

#[test]
fn a_price_that_a_renamed_product_no_longer_has_is_archived() {
    let two = shop("a", "", "").replace("monthly: 5.00", "monthly: 5.00, yearly: 50.00");
    let migrated = small(&two);
    let lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() }.recorded(&migrated);
    let (_, retired) = history_of(&small_after(&shop("b", ", was: a", ""), &lock));
    assert_eq!(retired, ["price/plan_a_yearly"]);
}

#[test]
fn a_lock_of_before_learns_of_a_rename_that_the_catalog_still_tells() {
    let migrated = small(&shop("a", "", ""));
    let lock = Lock { version: 1, schema: own_schema(&migrated), ..Lock::default() }.recorded(&migrated);
    let text = shop("b", ", was: a", "");
    let mut old = lock.recorded(&small_after(&text, &lock));
    old.items.iter_mut().for_each(|item| item.renamed_to.clear());
    let json = serde_json::to_string(&old).expect("JSON");
    assert!(!json.contains("renamed_to"), "as locks were written before");
    let old: Lock = serde_json::from_str(&json).expect("an old lock");
    let catalog = small_after(&text, &old);
    assert_eq!(old.unrecorded(&catalog).len(), 3);
    let recorded = old.recorded(&catalog);
    assert_eq!(history_of(&small_after(&shop("b", "", ""), &recorded)), history_of(&catalog));
}
