//! An account that is kept in a file.

use std::fs;
use std::path::Path;

use pricebook_sandbox::{Options, start};

use crate::client::Caller;

fn kept_in(file: &Path) -> Options {
    Options { file: Some(file.to_owned()), ..Options::default() }
}

#[tokio::test]
async fn it_is_there_again_after_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stripe.json");
    let stripe = start(kept_in(&file)).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    let product = caller.post("/v1/products", &[("name", "Kept")]).await;
    let id = product["id"].as_str().expect("an id").to_owned();
    let form = [("currency", "usd"), ("product", &id), ("unit_amount", "100"), ("lookup_key", "kept")];
    let price = caller.post("/v1/prices", &form).await;
    stripe.stop().await;

    let stripe = start(kept_in(&file)).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    assert_eq!(caller.get(&format!("/v1/products/{id}")).await, product);
    let found = caller.get("/v1/prices?lookup_keys[]=kept").await;
    assert_eq!(found["data"][0], price);
    let other = caller.post("/v1/products", &[("name", "New")]).await;
    assert_ne!(other["id"], product["id"]);
    let names = caller.get("/v1/products").await;
    let names: Vec<_> = names["data"].as_array().expect("a list").iter().map(|product| &product["name"]).collect();
    assert_eq!(names, ["New", "Kept"]);
    stripe.stop().await;
    let beside = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(beside, 1, "only the file itself is left");
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stripe.json");
    fs::write(&file, "not ours").expect("a file");
    let refused = start(kept_in(&file)).await.expect_err("it is no saved sandbox");
    assert!(refused.to_string().contains("is no saved sandbox"), "{refused}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "not ours");
}
