//! Modules that change their constants: never a price that the module itself would not have.

use pricebook_cli::import::Failure;

use super::{import_one, imported, lines};

/// A service of this id whose price has this value.
fn service(id: &str, value: &str) -> String {
    format!("{{ id: '{id}', name: 'Service {id}', price: {{ value: {value} }}, billingType: 'one-time' }}")
}

/// What is said of a module that declares `services` with `a`, whose price is `amount`, and then does this.
fn refused(then: &str) -> String {
    let a = service("a", "amount");
    let text = format!("let amount = 1495;\nexport const services = {{ a: {a} }};\n{then}\n");
    match import_one("services.config.ts", &text) {
        Ok(imported) => panic!("{then}: imported {:?}", imported.catalog.products[0].prices),
        Err(Failure::Source(notes)) => lines(&notes),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn a_constant_that_is_changed_is_none() {
    insta::assert_snapshot!(refused("amount = 1995;"), @"services.config.ts:3:1: value: this changes `amount`, so that its value cannot be known without running the module; write the value itself");
    insta::assert_snapshot!(refused("services.a.price.value = 99;"), @"services.config.ts:3:1: value: this changes `services`, so that its value cannot be known without running the module; write the value itself");
    for then in [
        "amount += 5;",
        "amount++;",
        "[amount] = [3];",
        "({ amount } = { amount: 3 });",
        "if (process.env.SALE) { amount = 3; }",
        "services.a = { ...services.a, price: { value: 3 } };",
        "services[key] = services.a;",
        "services['a'].price.value *= 0.9;",
        "services.a!.price!.value = 3;",
        "(services as any).a.price.value = 3;",
        "delete services.a;",
        "Object.assign(services.a.price, { value: 3 });",
        "Object.assign(services, { a: null });",
        "const alias = services.a; alias.price.value = 3;",
        "const { a } = services; a.price.value = 3;",
        "for (const service of Object.values(services)) { service.price.value *= 0.9; }",
        "for (const [, service] of Object.entries(services)) service.price.value--;",
        "Object.values(services).forEach(service => { service.price.value *= 0.9; });",
        "Object.values(services)[0].price.value = 3;",
        "const all = Object.values(services); all[0].price.value = 3;",
        "function reprice() { services.a.price.value = 3; } reprice();",
    ] {
        let said = refused(then);
        assert!(said.contains("this changes `"), "{then}: {said}");
    }
}

#[test]
fn what_only_reads_the_services_changes_none() {
    let a = service("a", "amount");
    let imported = imported(
        "services.config.ts",
        &format!(
            "const amount = 1495;
             export const services = {{ a: {a} }};
             export const list = Object.values(services).filter(service => service.price.value > 0);
             list.push(services.a);
             export const byName = list.reduce((all, service) => {{ all[service.name] = service; return all; }}, {{}});
             export function total(ids) {{
                 let amount = 0;
                 const found = {{}};
                 for (const id of ids) {{ amount += services[id].price.value; found[id] = services[id]; }}
                 return amount;
             }}"
        ),
    );
    assert_eq!(lines(&imported.notes), "");
    assert_eq!(imported.catalog.products[0].prices[0].amount_minor(), Some(149_500));
}

#[test]
fn services_that_are_added_later_are_left_out_by_name() {
    let (a, b) = (service("a", "1495"), service("b", "5"));
    let keyed = imported(
        "services.config.ts",
        &format!("export const services = {{ a: {a} }};\nservices['b'] = {b};\nservices.c = {b};\n"),
    );
    insta::assert_snapshot!(lines(&keyed.notes), @r"
    services.config.ts:2:1: service b: it is added to `services` when the module runs; write it where `services` is declared
    services.config.ts:3:1: service c: it is added to `services` when the module runs; write it where `services` is declared
    ");
    assert!(keyed.notes.iter().all(|note| note.left_out));
    let listed = imported("services.config.ts", &format!("export const services = [{a}];\nservices.push({b});\n"));
    insta::assert_snapshot!(lines(&listed.notes), @"services.config.ts:2:1: service: it is added to `services` when the module runs; write it where `services` is declared");
    assert!(listed.notes.iter().all(|note| note.left_out));
}
