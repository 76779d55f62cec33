//! What stands below each help text: examples, and what the exit code says.

pub(crate) const ALL: &str = "\
Exit codes:
  0  all is well
  1  problems were found, or something could not be done; the output says what to do
  2  wrong usage

`cargo catalog help COMMAND` shows examples.";

pub(crate) const CHECK: &str = "\
Examples:
  cargo catalog check
  cargo catalog check --json | jq -r '.problems[].message'

Exit codes:
  0  the catalog has no problems
  1  it has, or cannot be read
  2  wrong usage";

pub(crate) const GENERATE: &str = "\
Examples:
  cargo catalog generate            what `cargo build` writes
  cargo catalog generate --check    in CI: is generated/ what the catalog says?

Exit codes:
  0  generated/ is as the catalog says
  1  the catalog has problems, or, with --check, a file differs
  2  wrong usage";

pub(crate) const DIFF: &str = "\
Examples:
  cargo catalog diff                            what is not committed yet
  cargo catalog diff --against main             what this branch changes
  cargo catalog diff --against v1.4 --markdown  as a comment of a pull request

Exit codes:
  0  the comparison was printed, whether or not there are changes
  1  one of the two catalogs has problems, or there is no such commit
  2  wrong usage";

pub(crate) const LINT: &str = "\
Examples:
  cargo catalog lint --against main
  cargo catalog lint --against origin/main --format github   annotations in GitHub Actions
  cargo catalog lint --max-raise 5 --max-cut 20 --strict
  cargo catalog lint --today 2027-01-01                      as on the day for which a change was announced
  cargo catalog explain price-raised                         what a rule means

Where a change is meant, the YAML says why: accept: { price-raised: \"Announced in October.\" }

Exit codes:
  0  no promise is broken without a reason
  1  one is (with --strict also by a warning), a catalog has problems, or there is no such commit
  2  wrong usage";

pub(crate) const MIGRATE: &str = "\
Examples:
  cargo catalog migrate add_invoices --dry-run
  cargo catalog migrate add_invoices
  cargo catalog migrate drop_fax --accept drop-column:plans.fax

Exit codes:
  0  the migration was written, or there is nothing to migrate
  1  it is destructive and not accepted, or the catalog has problems
  2  wrong usage";

pub(crate) const RECORD: &str = "\
Examples:
  cargo catalog record            before each release
  cargo catalog record --check    in CI: does the lock hold everything that is sold?

Exit codes:
  0  the lock holds everything that is sold
  1  the catalog has problems, or, with --check, something is not recorded
  2  wrong usage";

pub(crate) const IMPORT: &str = "\
Examples:
  cargo catalog import src/config/services.config.ts
  cargo catalog import products.json prices.json coupons.json --kind plan --out catalog

What a Stripe account sells, as JSON; each list whole, with all its pages:
  stripe get /v1/products -d limit=100 > products.json
  stripe get /v1/prices -d limit=100 -d 'expand[]=data.tiers' -d 'expand[]=data.currency_options' > prices.json
  stripe get /v1/billing/meters > meters.json
  stripe get /v1/coupons -d 'expand[]=data.applies_to' > coupons.json
  stripe get /v1/promotion_codes > codes.json
  stripe get /v1/entitlements/features > features.json
  stripe get /v1/products/PRODUCT/features > granted.json

Exit codes:
  0  everything that is for sale was imported; notes say what is not as it was
  1  something was NOT imported, or nothing could be
  2  wrong usage";

pub(crate) const EXPLAIN: &str = "\
Examples:
  cargo catalog explain unknown-feature
  cargo catalog explain --list

Exit codes:
  0  it was printed
  2  there is no such code";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  cargo catalog completions bash >> ~/.bash_completion
  cargo catalog completions zsh > ~/.zfunc/_cargo-catalog
  cargo catalog completions fish > ~/.config/fish/conf.d/cargo-catalog.fish

Exit codes:
  0  they were printed
  2  wrong usage";

pub(crate) const MAN: &str = "\
Examples:
  cargo catalog man > ~/.local/share/man/man1/cargo-catalog.1

Exit codes:
  0  it was printed
  2  wrong usage";
