//! What a name stands for that is no constant of the module, and what to write instead.

use oxc_ast::ast::{Declaration, Program, Statement};

/// Why the value of a name is not known.
pub(super) fn why(program: &Program<'_>, name: &str) -> String {
    let found = program.body.iter().find_map(|statement| match statement {
        Statement::ExportDeclaration(export) => of_declaration(&export.declaration, name),
        Statement::ImportDeclaration(import) => {
            let names = import.specifiers.iter().flatten();
            let is_named = names.into_iter().any(|specifier| specifier.local().name == name);
            is_named.then(|| {
                format!(
                    "`{name}` stands in another file, `{}`, which is not read; write the value itself",
                    import.source.value
                )
            })
        }
        statement => of_declaration(statement.as_declaration()?, name),
    });
    found.unwrap_or_else(|| format!("the file declares no constant `{name}`; write the value itself"))
}

fn of_declaration(declaration: &Declaration<'_>, name: &str) -> Option<String> {
    let constant = format!("make it a constant, `const {name} = {{ … }}`, or write the value itself");
    match declaration {
        Declaration::TSEnumDeclaration(known) if known.id.name == name => {
            Some(format!("`{name}` is an enum, which is not read; {constant}"))
        }
        Declaration::TSNamespaceDeclaration(_) | Declaration::TSImportEqualsDeclaration(_) => {
            let is_named = declaration.id().is_some_and(|id| id.name == name);
            is_named.then(|| format!("`{name}` is a namespace, which is not read; {constant}"))
        }
        Declaration::ClassDeclaration(class) if class.id.as_ref().is_some_and(|id| id.name == name) => {
            Some(format!("`{name}` is a class, which is not run; write the value itself"))
        }
        Declaration::FunctionDeclaration(function) if function.id.as_ref().is_some_and(|id| id.name == name) => {
            Some(format!("`{name}` is a function, which is not run; write the value itself"))
        }
        Declaration::VariableDeclaration(variables) => {
            let mut declared = variables.declarations.iter();
            let declared = declared.find(|one| one.id.get_binding_identifiers().iter().any(|id| id.name == name))?;
            Some(match declared.init {
                Some(_) => format!("`{name}` is taken out of another value; declare it by itself, or write the value"),
                None => format!("`{name}` has no value where it is declared; write it there"),
            })
        }
        _ => None,
    }
}
