//! The runtime's own tables, in the catalog's YAML: a base that every catalog extends.

/// Each file's path, as diagnostics show it, and its text, in the order of the paths.
pub const FILES: &[(&str, &str)] = &[
    ("pricebook/accounts.yaml", include_str!("../accounts.yaml")),
    ("pricebook/audit.yaml", include_str!("../audit.yaml")),
    ("pricebook/catalog.yaml", include_str!("../catalog.yaml")),
    ("pricebook/checks.yaml", include_str!("../checks.yaml")),
    ("pricebook/jobs.yaml", include_str!("../jobs.yaml")),
    ("pricebook/payments.yaml", include_str!("../payments.yaml")),
    ("pricebook/services.yaml", include_str!("../services.yaml")),
    ("pricebook/stripe_data.yaml", include_str!("../stripe_data.yaml")),
    ("pricebook/stripe_products.yaml", include_str!("../stripe_products.yaml")),
];
