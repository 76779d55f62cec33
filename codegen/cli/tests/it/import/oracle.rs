//! Any modules: what is imported of one is what node has once it has run it, or it is refused.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use pricebook_cli::import::Failure;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{import_one, lines};

/// What node prints of each module: the amounts of its services by their ids, or null where it throws.
const RUN: &str = "
const all = [];
for (let at = 0; at < Number(process.argv[2]); at++) {
  try {
    const { services } = await import(`./m${at}.mjs`);
    all.push(Object.fromEntries(Object.values(services).map(s => [s.id, s.price.value])));
  } catch { all.push(null); }
}
process.stdout.write(JSON.stringify(all));
";

/// A module in the making: expressions that are one of its services, lists of them, and functions that are given one.
struct Module {
    text: String,
    services: Vec<String>,
    lists: Vec<String>,
    functions: Vec<String>,
}

impl Module {
    fn of(declared: u8, steps: &[[u8; 4]]) -> Self {
        let service = |id: &str, value: u8| format!("{{ id: '{id}', name: '{id}', price: {{ value: {value} }} }}");
        let (a, b, c) = (service("a", 10), service("b", 20), service("a", 30));
        let (text, services, list) = match declared % 6 {
            0 => {
                (format!("const a = {a}, b = {b};\nexport const services = {{ a, b }};"), ["a", "services.b"], "[a, b]")
            }
            1 => (
                format!("export const services = {{ a: {a}, b: {b} }};"),
                ["services.a", "services['b']"],
                "Object.values(services)",
            ),
            2 => (
                format!("const base = {{ a: {a} }};\nexport const services = {{ ...base, b: {b} }};"),
                ["base.a", "services.b"],
                "Object.values(base)",
            ),
            3 => (
                format!("export const services = {{ a: {a}, b: {b}, a: {c} }};"),
                ["services.a", "services.b"],
                "Object.values(services)",
            ),
            4 => (format!("export const services = [{a}, {b}];"), ["services[0]", "services[1]"], "services"),
            _ => (
                format!("const one = [{a}];\nexport const services = [...one, Object.freeze({b})];"),
                ["one[0]", "services[1]"],
                "one",
            ),
        };
        let mut module = Self {
            text: format!("{text}\n"),
            services: services.map(str::to_owned).to_vec(),
            lists: vec![list.to_owned()],
            functions: vec!["(() => {})".to_owned()],
        };
        for (number, step) in steps.iter().enumerate() {
            module.step(number, *step);
        }
        module
    }

    fn step(&mut self, number: usize, [kind, first, second, value]: [u8; 4]) {
        let pick = |of: &[String], at: u8| of[usize::from(at) % of.len()].clone();
        let (one, other) = (pick(&self.services, first), pick(&self.services, second));
        let (list, function) = (pick(&self.lists, second), pick(&self.functions, second));
        let changed = |of: &str| match first % 7 {
            0 => format!("{of}.price.value = {value};"),
            1 => format!("{of}.price = {{ value: {value} }};"),
            2 => format!("{of}['price'].value += {value};"),
            3 => format!("Object.assign({of}.price, {{ value: {value} }});"),
            4 => format!("[{of}.price.value] = [{value}];"),
            5 => format!("{of}.price.value++;"),
            _ => format!("const {{ price: part }} = {of}; part.value = {value};"),
        };
        let x = format!("x{number}");
        let line = match kind % 24 {
            0 => format!("const {x} = {one};"),
            1 => format!("let {x}; {x} = {one};"),
            2 => format!("let {x}; [{x}] = {list};"),
            3 => format!("{{ {} }}", changed(&other)),
            4 => format!("function {x}(s) {{ {} }}", changed("s")),
            5 => format!("const {x} = (s, t = {one}) => {{ {} return t; }};", changed("t")),
            6 => format!("function {x}(...all) {{ {function}(all[0]); }}"),
            7 => format!("{function}({one}, {one});"),
            8 => format!("{list}.forEach(s => {function}(s));"),
            9 => format!("for (const s of {list}) {{ {} }}", changed("s")),
            10 => format!("const {x} = {list}.find(s => s.id);"),
            11 => format!("const {x} = () => {one}; {}", changed(&format!("{x}()"))),
            12 | 13 => format!("const {x} = {{ held: {one} }};"),
            14 => format!("const {x} = [{one}, {other}];"),
            15 => format!("const {x} = structuredClone({one}); {{ {} }}", changed(&x)),
            16 => format!("const {x} = {{ ...{one} }}; {x}.price = {{ value: {value} }};"),
            17 => format!("const {x} = {one} ?? {other};"),
            18 => format!("const {x} = {list}.reduce((sum, s) => sum + s.price.value, 0);"),
            19 => format!("const {x} = []; {x}.push({one});"),
            20 => format!("{list}.filter(s => s.price.value > {value}).forEach({function});"),
            21 => format!(
                "class {x}C {{ #s; constructor(s) {{ this.#s = s; }} run() {{ {} }} }} new {x}C({one}).run();",
                changed("this.#s")
            ),
            22 => format!("const {x} = {{ run(s) {{ {} }} }}; {x}.run({one});", changed("s")),
            _ => format!("function {x}(s) {{ {} }} {x}.call({one}); ", changed("this")),
        };
        match kind % 24 {
            0 | 1 | 2 | 10 | 17 => self.services.push(x),
            12 | 13 => self.services.push(format!("{x}.held")),
            14 | 19 => self.lists.push(x),
            4..=6 => self.functions.push(x),
            _ => {}
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }
}

fn cases() -> usize {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

fn evaluated(modules: &[Module]) -> Vec<Option<BTreeMap<String, u32>>> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("run.mjs"), RUN).expect("written");
    for (at, module) in modules.iter().enumerate() {
        fs::write(folder.path().join(format!("m{at}.mjs")), &module.text).expect("written");
    }
    let node = Command::new("node").arg("run.mjs").arg(modules.len().to_string()).current_dir(folder.path()).output();
    let node = node.expect("node runs");
    assert!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
    serde_json::from_slice(&node.stdout).expect("JSON")
}

#[test]
fn a_module_is_imported_as_node_has_it_or_refused() {
    let mut runner = TestRunner::default();
    let strategy = (any::<u8>(), vec(any::<[u8; 4]>(), 0..7));
    let modules: Vec<Module> = (0..cases())
        .map(|_| strategy.new_tree(&mut runner).expect("a module").current())
        .map(|(declared, steps)| Module::of(declared, &steps))
        .collect();
    let (mut imported, mut refused, mut thrown) = (0, 0, 0);
    for (module, node) in modules.iter().zip(evaluated(&modules)) {
        let Some(node) = node else {
            thrown += 1;
            continue;
        };
        match import_one("services.config.ts", &module.text) {
            Ok(found) => {
                let has = |product: &pricebook_model::catalog::Product| {
                    (product.id.clone(), u32::try_from(product.prices[0].amount_minor().unwrap() / 100).unwrap())
                };
                let found_amounts: BTreeMap<_, _> = found.catalog.products.iter().map(has).collect();
                assert_eq!(found_amounts, node, "of:\n{}{}", module.text, lines(&found.notes));
                imported += 1;
            }
            Err(Failure::Source(_)) => refused += 1,
            Err(failure) => panic!("{failure} of:\n{}", module.text),
        }
    }
    assert!(
        imported > cases() / 20 && refused > cases() / 20,
        "{imported} imported, {refused} refused, {thrown} thrown"
    );
    assert!(thrown < cases() / 3, "{thrown} thrown");
}
