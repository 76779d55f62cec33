//! One ES module in the three forms that the package ships: source, built code and declarations.

use pricebook_model::Catalog;

use super::literal::{Object, doc};
use crate::{Artifact, header};

/// A module under construction; each addition goes to every form that shows it.
pub(super) struct Module {
    name: String,
    source: String,
    code: String,
    declarations: String,
    exports_values: bool,
}

impl Module {
    /// An empty module: `products/plans`.
    pub(super) fn new(catalog: &Catalog, name: impl Into<String>) -> Self {
        let header = format!("{}\n", header::comment(&header::lines(catalog), "//"));
        Self {
            name: name.into(),
            source: header.clone(),
            code: header.clone(),
            declarations: header,
            exports_values: false,
        }
    }

    /// Imports names that are only types.
    pub(super) fn import_types(&mut self, names: &[&str], from: &str) -> &mut Self {
        self.types(&format!("import type {{ {} }} from '{from}';\n", names.join(", ")))
    }

    /// Imports values that no declaration mentions.
    pub(super) fn import_values(&mut self, names: &[&str], from: &str) -> &mut Self {
        let line = format!("import {{ {} }} from '{from}';\n", names.join(", "));
        self.source.push_str(&line);
        self.code.push_str(&line);
        self
    }

    /// Adds interfaces and type aliases, complete with their comments.
    pub(super) fn types(&mut self, text: &str) -> &mut Self {
        self.source.push_str(text);
        self.declarations.push_str(text);
        self
    }

    /// Adds an exported constant.
    pub(super) fn constant(&mut self, about: &str, name: &str, ty: &str, value: &str) -> &mut Self {
        self.constant_of(about, name, ty, |out| out.push_str(value))
    }

    /// Adds an exported constant that is an object, which grows with the catalog.
    pub(super) fn table(
        &mut self,
        about: &str,
        name: &str,
        ty: &str,
        fields: impl FnOnce(&mut Object<'_>),
    ) -> &mut Self {
        self.constant_of(about, name, ty, |out| Object::write(out, 0, fields))
    }

    fn constant_of(&mut self, about: &str, name: &str, ty: &str, value: impl FnOnce(&mut String)) -> &mut Self {
        let about = doc(about, 0);
        self.source.extend([&about, "export const ", name, ": ", ty, " = "]);
        let start = self.source.len();
        value(&mut self.source);
        self.source.push_str(";\n");
        self.code.extend([&about, "export const ", name, " = ", &self.source[start..]]);
        self.declarations.push_str(&format!("{about}export declare const {name}: {ty};\n"));
        self.exports_values = true;
        self
    }

    /// Adds hand-written functions in the three forms of a module.
    pub(super) fn behaviour(&mut self, source: &str, code: &str, declarations: &str) -> &mut Self {
        self.source.push_str(source);
        self.code.push_str(code);
        self.declarations.push_str(declarations);
        self.exports_values = true;
        self
    }

    /// Adds an exported function that tells whether a value is of the type `ty`.
    pub(super) fn guard(&mut self, about: &str, name: &str, ty: &str, condition: &str) -> &mut Self {
        let about = doc(about, 0);
        let signature = format!("function {name}(value: unknown): value is {ty}");
        self.source.push_str(&format!("{about}export {signature} {{\n    return {condition};\n}}\n"));
        self.code.push_str(&format!("{about}export function {name}(value) {{\n    return {condition};\n}}\n"));
        self.declarations.push_str(&format!("{about}export declare {signature};\n"));
        self.exports_values = true;
        self
    }

    /// Exports everything of another module again, under one name if it is given.
    pub(super) fn export_all(&mut self, from: &str, under: Option<&str>) -> &mut Self {
        let alias = under.map(|name| format!(" as {name}")).unwrap_or_default();
        let line = format!("export *{alias} from '{from}';\n");
        self.exports_values = true;
        self.source.push_str(&line);
        self.code.push_str(&line);
        self.declarations.push_str(&line);
        self
    }

    /// The module's three files.
    pub(super) fn into_artifacts(mut self) -> [Artifact; 3] {
        if !self.exports_values {
            self.code.push_str("export {};\n");
        }
        let name = &self.name;
        [
            Artifact::new(format!("typescript/src/{name}.ts"), self.source),
            Artifact::new(format!("typescript/dist/{name}.js"), self.code),
            Artifact::new(format!("typescript/dist/{name}.d.ts"), self.declarations),
        ]
    }
}
