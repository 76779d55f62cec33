//! Which modules of its own package a file imports: every path that starts at `crate`, also by way of `super`.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::project::read;

/// The first segments of the paths below the package's root that a file names, with their lines.
///
/// `source` is the package's `src`, which the file lies below.
pub(crate) fn imported_modules(source: &str, path: &Path) -> Vec<(usize, String)> {
    let tokens: TokenStream = read(path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = Vec::new();
    scan(&tokens.into_iter().collect::<Vec<_>>(), &module(source, path), &mut found);
    found
}

/// `sql/rows/mod.rs` is the module `sql::rows`.
fn module(source: &str, path: &Path) -> Vec<String> {
    let below = path.strip_prefix(source).unwrap_or_else(|_| panic!("{} is not below {source}", path.display()));
    let names = below.with_extension("");
    let names = names.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main")).collect()
}

fn scan(tokens: &[TokenTree], module: &[String], found: &mut Vec<(usize, String)>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            // A name behind `::` goes on with a path that was followed from its start.
            TokenTree::Ident(word) if (word == "crate" || word == "super") && !behind_colons(tokens, at) => {
                follow(&tokens[at..], module, found);
            }
            TokenTree::Ident(word) if word == "mod" => {
                if let [TokenTree::Ident(name), TokenTree::Group(body), ..] = &tokens[at + 1..] {
                    let inner = [module, &[name.to_string()]].concat();
                    scan(&body.stream().into_iter().collect::<Vec<_>>(), &inner, found);
                    at += 2;
                }
            }
            TokenTree::Group(group) => scan(&group.stream().into_iter().collect::<Vec<_>>(), module, found),
            _ => {}
        }
        at += 1;
    }
}

fn behind_colons(tokens: &[TokenTree], at: usize) -> bool {
    at > 0 && is_colon(&tokens[at - 1])
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// Follows a path from `base` on: its first segment below the root, or those of each path in braces.
fn follow(tokens: &[TokenTree], base: &[String], found: &mut Vec<(usize, String)>) {
    let line = tokens.first().map_or(0, |token| token.span().start().line);
    let rest = |from: usize| tokens.get(from..).filter(|rest| rest.iter().take(2).filter(|c| is_colon(c)).count() == 2);
    let mut base = base.to_vec();
    let mut at = 0;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(word)) if word == "crate" => base.clear(),
            Some(TokenTree::Ident(word)) if word == "super" => {
                base.pop();
            }
            Some(TokenTree::Ident(word)) if word != "self" => base.push(word.to_string()),
            Some(TokenTree::Group(group)) => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                return inner.split(comma).for_each(|path| follow(path, &base, found));
            }
            _ => {}
        }
        if let Some(first) = base.first().filter(|first| first.starts_with(char::is_lowercase)) {
            // Below the first segment nothing else can be reached, except by a `super` that comes next.
            let goes_up = matches!(tokens.get(at + 3), Some(TokenTree::Ident(word)) if word == "super");
            if !goes_up {
                return found.push((line, first.clone()));
            }
        }
        if rest(at + 1).is_none() {
            return;
        }
        at += 3;
    }
}

#[test]
fn every_way_to_write_an_import_is_seen() {
    let text = "
        use crate::db::{self, Pool};
        use crate::{config::Config, http::{api, error}};
        use super::super::jobs;
        fn f() { crate::auth::check(super::Local); std::crate_like::x(); }
        mod tests { use super::*; use super::super::super::portal; }
    ";
    let mut found = Vec::new();
    let module = ["stripe".to_owned(), "mirror".to_owned()];
    scan(&text.parse::<TokenStream>().expect("tokens").into_iter().collect::<Vec<_>>(), &module, &mut found);
    let names: Vec<_> = found.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["db", "config", "http", "jobs", "auth", "stripe", "stripe", "portal"]);
}
