//! `artifacts()`: everything that the runtime is given, in one value.

use pricebook_model::catalog::{ColumnSource, Environment};
use pricebook_model::schema::Table;
use pricebook_model::{Catalog, lock::LockedMigration};
use pricebook_types::Dialect;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Texts;
use super::item::{doc, pretty};
use crate::environments;
use crate::synced::synced_tables;

/// The static and its function.
pub(super) fn artifacts(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>) -> String {
    let Catalog { name, title, hash, environments, .. } = catalog;
    let environments = environments.iter().map(environment);
    let coupons = catalog.coupons.iter().map(|coupon| &coupon.id);
    let renamed = catalog.renamed.iter().map(|renamed| (&renamed.what, &renamed.from));
    let ended = catalog.sold_no_more().map(|ended| (&ended.what, &ended.id)).chain(renamed);
    let sold_no_more = ended.map(|(what, id)| quote!(::pricebook_types::SoldNoMore { what: #what, id: #id }));
    let synced_tables = synced_tables(catalog).map(|table| synced(catalog, table));
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
            environments: &[#(#environments),*],
            kinds: &tables::KINDS,
            products: &tables::PRODUCTS,
            features: &tables::FEATURES,
            coupons: &[#(#coupons),*],
            sold_no_more: &[#(#sold_no_more),*],
            groups: &tables::GROUPS,
            migrations: #stream,
            synced_tables: &[#(#synced_tables),*],
            sync_sql: #sync,
            verify_sql: #verify,
            stripe_json: #stripe,
            validation_json: #validation,
        };
    })
}

fn environment(environment: &Environment) -> TokenStream {
    let Environment { id, database, stripe_account, stripe_live, live_url } = environment;
    let database = optional(database.as_ref().map(|name| match environments::is_of_d1(name) {
        true => quote!(::pricebook_types::EnvironmentDatabase::D1(#name)),
        false => quote!(::pricebook_types::EnvironmentDatabase::Variable(#name)),
    }));
    let (stripe_account, live_url) = (optional(stripe_account.as_ref()), optional(live_url.as_ref()));
    quote! {
        ::pricebook_types::Environment {
            id: #id,
            database: #database,
            stripe_account: #stripe_account,
            stripe_live: #stripe_live,
            live_url: #live_url,
        }
    }
}

fn synced(catalog: &Catalog, table: &Table) -> TokenStream {
    let kind = catalog.kinds.iter().find(|kind| !table.base && kind.table == table.name);
    let source = |column: &str| {
        let at = table.columns.iter().position(|other| other.name == column)?;
        kind?.sources.get(at)
    };
    let by_id = matches!(table.primary_key.as_slice(), [key] if source(key) == Some(&ColumnSource::Id));
    let rows = match (kind, table.name.as_str()) {
        (Some(kind), _) if by_id => {
            let id = &kind.id;
            quote!(Products(#id))
        }
        (None, "catalog_prices") => quote!(Prices),
        (None, "catalog_features") => quote!(Features),
        (None, "catalog_coupons") => quote!(Coupons),
        (None, "catalog_price_amounts") => quote!(OfPrices),
        (None, "catalog_product_features") => quote!(OfProducts),
        (None, "catalog_coupon_amounts" | "catalog_promotion_codes") => quote!(OfCoupons),
        _ => quote!(Others),
    };
    let names = || table.columns.iter().map(|column| &column.name);
    let active = optional(match kind {
        Some(_) => names().find(|name| source(name) == Some(&ColumnSource::Active)),
        None => names().find(|name| *name == "active"),
    });
    let touched = table.columns.iter().filter(|column| column.on_update_now).map(|column| &column.name);
    let name = &table.name;
    quote! {
        ::pricebook_types::SyncedTable {
            name: #name,
            rows: ::pricebook_types::SyncedRows::#rows,
            active: #active,
            touched: &[#(#touched),*],
        }
    }
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
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
