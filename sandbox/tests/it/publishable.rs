//! The key that everybody can read confirms the one payment whose client secret comes with it.

use pricebook_sandbox::{Options, start};
use reqwest::{Client, Method};
use serde_json::Value;

use crate::client::Caller;

#[tokio::test]
async fn a_page_confirms_its_payment_and_touches_no_other() {
    let stripe = start(Options::default()).await.expect("it starts");
    let company = Caller::of(&stripe);
    let order = [("amount", "29900"), ("currency", "usd"), ("automatic_payment_methods[enabled]", "true")];
    let (ours, other) =
        (company.post("/v1/payment_intents", &order).await, company.post("/v1/payment_intents", &order).await);
    let (id, secret) = (ours["id"].as_str().expect("an id"), ours["client_secret"].as_str().expect("a secret"));
    let page = async |method: Method, path: String, form: &[(&str, &str)]| {
        let request = Client::new().request(method, format!("{}{path}", stripe.url())).form(form);
        let answer = request.bearer_auth("pk_test_page").send().await.expect("an answer");
        let origin = answer.headers().get("access-control-allow-origin").cloned();
        assert_eq!(origin.expect("any page may ask"), "*");
        let status = answer.status().as_u16();
        let body: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        (status, body)
    };
    let confirm = format!("/v1/payment_intents/{id}/confirm");
    let card = [("payment_method", "pm_card_visa"), ("return_url", "https://shop.example/payment")];
    let with = |secret| [&card[..], &[("client_secret", secret)]].concat();

    assert_eq!(page(Method::POST, confirm.clone(), &card).await.1["error"]["param"], "client_secret");
    let wrong = other["client_secret"].as_str().expect("a secret");
    assert_eq!(page(Method::POST, confirm.clone(), &with(wrong)).await.0, 400);
    assert_eq!(page(Method::GET, format!("/v1/payment_intents/{id}?client_secret={wrong}"), &[]).await.0, 400);
    assert_eq!(page(Method::POST, "/v1/payment_intents".to_owned(), &order).await.0, 403);
    assert_eq!(page(Method::GET, "/v1/customers".to_owned(), &[]).await.0, 403);

    let (status, confirmed) = page(Method::POST, confirm, &with(secret)).await;
    assert_eq!((status, &confirmed["status"]), (200, &"succeeded".into()), "{confirmed}");
    let (_, seen) = page(Method::GET, format!("/v1/payment_intents/{id}?client_secret={secret}"), &[]).await;
    assert_eq!(seen["status"], "succeeded");
    let untouched = company.get(&format!("/v1/payment_intents/{}", other["id"].as_str().expect("an id"))).await;
    assert_eq!(untouched["status"], "requires_payment_method");
    stripe.stop().await;
}
