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
        "function f(s) { s.price.value = 3; } f(services.a);",
        "f(services.a); function f(s) { s.price = { value: 3 }; }",
        "const f = s => { s.price.value = 3; }; f(services.a);",
        "const f = function (s) { s.price.value = 3; }; const g = f; g(services['a']);",
        "function f(services) { services.a.price.value = 3; } f(services);",
        "function f({ price }) { price.value = 3; } f(services.a);",
        "function f(first, ...more) { more[0].price.value = 3; } f(1, services.a);",
        "function f() { arguments[0].price.value = 3; } f(services.a);",
        "function f(first, second) { second.price.value = 3; } f(...[1, services.a]);",
        "function f(s = services.a) { s.price.value = 3; } f();",
        "function f(s) { g(s.price); } function g(p) { p.value = 3; } f(services.a);",
        "(s => { s.price.value = 3; })(services.a);",
        "function f() { this.price.value = 3; } f.call(services.a);",
        "function f(s) { s.price.value = 3; } f.apply(null, [services.a]);",
        "function f(s) { s.price.value = 3; } f.bind(null, services.a)();",
        "function f(s) { s.price.value = 3; } Object.values(services).forEach(f);",
        "function each(f) { for (const s of Object.values(services)) f(s); } each(s => { s.price.value = 3; });",
        "function of(id) { return services[id]; } of('a').price.value = 3;",
        "const of = id => services[id]; const a = of('a'); a.price.value = 3;",
        "let alias; alias = services.a; alias.price.value = 3;",
        "let alias; [alias] = Object.values(services); alias.price.value = 3;",
        "let alias; ({ a: alias } = services); alias.price.value = 3;",
        "let s; for (s of Object.values(services)) { s.price.value = 3; }",
        "const [first] = Object.values(services); first.price = { value: 3 };",
        "const [first = services.a] = []; first.price.value = 3;",
        "const list = [services.a]; list[0].price.value = 3;",
        "const list = []; list.push(services.a); list[0].price.value = 3;",
        "const held = {}; held.a = services.a; held.a.price.value = 3;",
        "const copy = { ...services }; copy.a.price.value = 3;",
        "const found = services.b ?? services.a; found.price.value = 3;",
        "(services.b ? services.b : services.a).price.value = 3;",
        "const repricer = { reprice(s) { s.price.value = 3; } }; repricer.reprice(services.a);",
        "const held = { a: services.a, reprice() { this.a.price.value = 3; } }; held.reprice();",
        "class Repricer { reprice(s) { s.price.value = 3; } } new Repricer().reprice(services.a);",
        "class Repricer { constructor(s) { this.s = s; } run() { this.s.price.value = 3; } } new Repricer(services.a).run();",
        "class Repricer { #set(s) { s.price.value = 3; } run() { this.#set(services.a); } } new Repricer().run();",
        "class Holder { static a = services.a; } Holder.a.price.value = 3;",
        "function* all() { yield services.a; } for (const s of all()) s.price.value = 3;",
        "const tag = (texts, s) => { s.price.value = 3; }; tag`${services.a}`;",
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
fn what_the_modules_own_functions_only_read_is_not_changed() {
    let a = service("a", "1495");
    for then in [
        "function total(list) { let sum = 0; for (const s of list) sum += s.price.value; return sum; } total(Object.values(services));",
        "function label(s) { const copy = { ...s }; copy.name = 'x'; return copy; } label(services.a);",
        "const copy = structuredClone(services); copy.a.price.value = 3;",
        "const copy = JSON.parse(JSON.stringify(services)); copy.a.price.value = 3;",
        "const ids = new Set(Object.keys(services)); ids.add('b');",
        "console.log(services); export const count = Object.keys(services).length;",
        "function f(s) { s.price.value = 3; } f({ price: { value: 1 } });",
        "function f(services) { services.a = 3; } f({});",
        "Object.freeze(services.a);",
        "export default services;",
    ] {
        let imported = imported("services.config.ts", &format!("export const services = {{ a: {a} }};\n{then}\n"));
        assert_eq!(lines(&imported.notes), "", "{then}");
    }
}

#[test]
fn what_functions_of_other_files_are_given_is_said() {
    let a = service("a", "1495");
    let said = |then: &str| {
        let text = format!("import {{ register }} from './registry';\nexport const services = {{ a: {a} }};\n{then}\n");
        let imported = imported("services.config.ts", &text);
        assert_eq!(imported.catalog.products[0].prices[0].amount_minor(), Some(149_500));
        assert!(imported.notes.iter().all(|note| !note.left_out));
        lines(&imported.notes)
    };
    insta::assert_snapshot!(said("register(services.a);"), @"services.config.ts:3:1: services: a function that is not in this file is given `services`, and might change it; compare the prices");
    for then in [
        "register({ services });",
        "register.all(Object.values(services));",
        "Object.values(services).forEach(register);",
        "function f(s) { register(s); } f(services.a);",
        "new Registry(services);",
        "register`${services}`;",
    ] {
        let said = said(then);
        assert!(said.contains("a function that is not in this file is given `services`"), "{then}: {said}");
    }
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
