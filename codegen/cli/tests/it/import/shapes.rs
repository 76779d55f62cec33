//! Shapes of a module: services of constants, of spread constants, of keys that stand twice.

use pricebook_cli::import::Failure;

use super::{import_one, imported, lines};

const A: &str = "{ id: 'a', name: 'A', price: { value: 5 }, billingType: 'one-time' }";
const B: &str = "{ id: 'b', name: 'B', price: { value: 7 }, billingType: 'one-time' }";

/// The kind, and each product with its amount.
fn products(text: &str) -> String {
    let imported = imported("services.config.ts", text);
    assert_eq!(lines(&imported.notes), "", "{text}");
    let products = imported.catalog.products.iter();
    let products = products.map(|product| format!("{} {:?}", product.id, product.prices[0].amount_minor().unwrap()));
    format!("{}: {}", imported.catalog.kinds[0].id, products.collect::<Vec<_>>().join(", "))
}

fn refused(text: &str) -> String {
    match import_one("services.config.ts", text) {
        Ok(_) => panic!("imported: {text}"),
        Err(Failure::Source(notes)) => lines(&notes),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn services_of_constants_are_services() {
    for text in [
        format!("const a = {A}; const b = {B}; export const services = {{ a, b }};"),
        format!("const a = {A}; const b = {B}; export const services = [a, b];"),
        format!("const a = {A}; export const services = {{ a, b: {B} }};"),
        format!("const base = {{ a: {A} }}; export const services = {{ ...base, b: {B} }};"),
        format!("const base = [{A}]; export const services = [...base, {B}];"),
        format!("export const base = {{ a: {A}, b: {B} }}; export const services = {{ ...base }};"),
        format!("const a = {A}; const b = {B}; export const services = {{ a, b }}; export const featured = [b];"),
        format!(
            "const one = {{ id: 'a', name: 'A' }}; export const services = [{{ ...one, price: {{ value: 5 }} }}, {B}];"
        ),
        format!(
            "const PRICES = {{ a: 5, list: [7] }}; export const services = [{{ ...{A}, price: {{ value: PRICES.a }} }}, \
                 {{ ...{B}, price: {{ value: PRICES['list'][0] }} }}];"
        ),
        format!("export const services = {{ note: {A}, b: {B} }}; export default services;"),
    ] {
        assert_eq!(products(&text), "service: a 500, b 700", "{text}");
    }
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts() {
    assert_eq!(products(&format!("export const services = {{ x: {A}, x: {B} }};")), "service: b 700");
    assert_eq!(
        products(&format!("const base = {{ x: {A} }}; export const services = {{ ...base, x: {B} }};")),
        "service: b 700"
    );
    assert_eq!(
        products(
            "export const services = [{ id: 'a', name: 'A', price: { value: 5, value: 6 }, metadata: { k: 1, k: 2 } }];"
        ),
        "service: a 600"
    );
}

#[test]
fn services_that_cannot_be_read_are_refused_at_their_place() {
    insta::assert_snapshot!(refused("import { list } from './list';\nexport const services = Object.fromEntries(list);"), @r"
    services.config.ts: services: no constant holds services: objects with `id`, `name` and `price`, in an object or a list
    services.config.ts:2:25: services: `services` is made when the module runs; write objects with `id`, `name` and `price`, in an object or a list, instead
    ");
    insta::assert_snapshot!(refused(&format!("export const services = {{}};\nservices.a = {A};\nexport const more = [];\nmore.push({B});")), @r"
    services.config.ts: services: no constant holds services: objects with `id`, `name` and `price`, in an object or a list
    services.config.ts:2:1: services: `services` is filled when the module runs; write objects with `id`, `name` and `price`, in an object or a list, where it is declared
    services.config.ts:4:1: services: `more` is filled when the module runs; write objects with `id`, `name` and `price`, in an object or a list, where it is declared
    ");
    insta::assert_snapshot!(refused("export { services } from './services';\nexport * from './plans';"), @r"
    services.config.ts: services: no constant holds services: objects with `id`, `name` and `price`, in an object or a list
    services.config.ts:1:26: services: what `./services` exports stands in another file; import that one
    services.config.ts:2:15: services: what `./plans` exports stands in another file; import that one
    ");
    insta::assert_snapshot!(refused(&format!("export const services = [{A}, b];\nconst b = {B};")), @"services.config.ts:1:96: value: this constant is declared further down; declare it before it is used");
    insta::assert_snapshot!(refused("export const services = [{ id: 'a', name: 'A', price: { value: 9007199254740993 } }];"), @"services.config.ts:1:64: value: this number cannot be kept exactly");
    insta::assert_snapshot!(refused(&format!("export const services = [{{ ...{A}, __proto__: {{ name: 'B' }} }}];")), @"services.config.ts:1:101: value: this sets what the object inherits; write the fields themselves");
    insta::assert_snapshot!(refused("const P = { a: 5 }; export const services = [{ id: 'a', name: 'A', price: { value: P.b } }];"), @"services.config.ts:1:84: value: there is no such field; write the value itself");
}

#[test]
fn constants_that_double_one_another_end() {
    let mut text = format!("const c0 = [{A}];\n");
    for at in 1..60 {
        text.push_str(&format!("const c{at} = [...c{0}, ...c{0}];\n", at - 1));
    }
    text.push_str("export const services = [...c59];\n");
    let said = refused(&text);
    assert!(said.contains("grow too large"), "{said}");
    let texts: String = (1..60).map(|at| format!("const t{at} = t{0} + t{0};\n", at - 1)).collect();
    let said = refused(&format!("const t0 = 'xx';\n{texts}export const services = [{{ ...{A}, name: t59 }}];\n"));
    assert!(said.contains("grow too large"), "{said}");
}
