//! `artifacts()`: everything that the runtime is given, in one value.

use pricebook_model::{Catalog, lock::LockedMigration};
use pricebook_types::Dialect;
use proc_macro2::TokenStream;
use quote::quote;

use super::Texts;
use super::item::{doc, pretty};

/// The static and its function.
pub(super) fn artifacts(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>) -> String {
    let Catalog { name, title, hash, .. } = catalog;
    let stream = stream_value(name, migrations, texts);
    let text = |path: &str| include(texts, path);
    let sync = per_dialect(|dialect| text(&format!("sql/{}/sync.sql", dialect.name())));
    let verify = per_dialect(|dialect| text(&format!("sql/{}/verify.sql", dialect.name())));
    let (stripe, validation) = (text("stripe/catalog.json"), text("validation/catalog.json"));
    let (hash_doc, artifacts_doc) =
        (doc("SHA-256 of the catalog's meaning, as every artifact names it."), doc("What the runtime is given."));
    pretty(quote! {
        #hash_doc
        #[allow(dead_code)]
        pub const CATALOG_HASH: &str = #hash;

        #artifacts_doc
        #[allow(dead_code)]
        pub const fn artifacts() -> &'static ::pricebook_types::Artifacts {
            &ARTIFACTS
        }

        #[allow(dead_code)]
        static ARTIFACTS: ::pricebook_types::Artifacts = ::pricebook_types::Artifacts {
            name: #name,
            title: #title,
            catalog_hash: CATALOG_HASH,
            kinds: &tables::KINDS,
            products: &tables::PRODUCTS,
            features: &tables::FEATURES,
            groups: &tables::GROUPS,
            migrations: #stream,
            sync_sql: #sync,
            verify_sql: #verify,
            stripe_json: #stripe,
            validation_json: #validation,
        };
    })
}

/// The runtime's own migration stream.
pub(super) fn stream(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>) -> String {
    let stream = stream_value(&catalog.name, migrations, texts);
    let text = doc("The migrations of these tables.");
    pretty(quote! {
        #text
        pub const MIGRATIONS: ::pricebook_types::Stream = #stream;
    })
}

fn stream_value(name: &str, migrations: &[LockedMigration], texts: Texts<'_>) -> TokenStream {
    let migrations = migrations.iter().map(|migration| {
        let LockedMigration { number, name, checksums: [sqlite, postgres, mysql] } = migration;
        let sql = per_dialect(|dialect| include(texts, &crate::paths::migration(dialect, *number, name)));
        quote! {
            ::pricebook_types::Migration {
                number: #number,
                name: #name,
                sql: #sql,
                checksum: ::pricebook_types::PerDialect { sqlite: #sqlite, postgres: #postgres, mysql: #mysql },
            }
        }
    });
    quote!(::pricebook_types::Stream { name: #name, migrations: &[#(#migrations),*] })
}

fn per_dialect(text: impl Fn(Dialect) -> TokenStream) -> TokenStream {
    let [sqlite, postgres, mysql] = Dialect::ALL.map(text);
    quote!(::pricebook_types::PerDialect { sqlite: #sqlite, postgres: #postgres, mysql: #mysql })
}

fn include(texts: Texts<'_>, path: &str) -> TokenStream {
    match texts {
        Texts::Included => {
            let path = format!("generated/{path}");
            quote!(::core::include_str!(#path))
        }
        Texts::Inline(artifacts) => {
            let text = artifacts.iter().find(|artifact| artifact.path == path).map_or("", |artifact| &artifact.text);
            quote!(#text)
        }
    }
}
