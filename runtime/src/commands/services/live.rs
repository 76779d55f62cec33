//! Looking at a live API, for `validate` and for the end of a sync: which address, what is found, and how it is told.

use std::time::Duration;

use pricebook_types::EnvironmentDatabase;
use pricebook_types::validation::Validation;
use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::commands::{Context, Failure, show};
use crate::config::DatabaseUrl;
use crate::db::{self, Database};
use crate::services::live::{
    self, Checked, KindChecked, LiveApi, LiveDifference, LiveError, Patience, PaymentTests, Sound,
};
use crate::{Artifacts, clock};

/// The API of an environment, or at an address.
pub(in crate::commands) struct Live {
    /// The environment, where it is one of the catalog.
    pub(super) environment: Option<&'static str>,
    pub(in crate::commands) api: LiveApi,
    artifacts: &'static Artifacts,
    validation: Validation<'static>,
    /// What it serves from, where that is known.
    database: Option<DatabaseUrl>,
}

/// What one look has found.
#[derive(Serialize)]
pub(in crate::commands) struct Found {
    environment: Option<&'static str>,
    url: String,
    catalog_hash: &'static str,
    pub(super) checked_at: String,
    /// `equal`, `different`, `failed`, or `not_seen` where the API limits how often it reads anew
    pub(super) result: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) checked: Option<Checked>,
    /// The database whose rows were compared, those of prices among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price_tables: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payments: Option<PaymentTests>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

impl Live {
    pub(in crate::commands) fn new(
        context: &Context<'_>,
        environment: Option<&'static str>,
        url: Url,
        timeout: Duration,
    ) -> Result<Self, Failure> {
        let artifacts = context.artifacts;
        let validation = serde_json::from_str(artifacts.validation_json)
            .map_err(|cause| Failure::failed(format!("the validation tables cannot be read: {cause}"), ""))?;
        Ok(Self { environment, api: LiveApi::new(url, Patience::of(timeout))?, artifacts, validation, database: None })
    }

    /// With the database that the API serves from: the one of `--database`, or of the environment's variable where it is set.
    pub(super) fn with_database(self, context: &Context<'_>) -> Result<Self, Failure> {
        let environments = self.artifacts.environments.iter();
        let environment = environments.clone().find(|environment| Some(environment.id) == self.environment);
        let database = match environment.and_then(|environment| environment.database) {
            _ if context.database_is_named => Some(context.database.clone()),
            Some(EnvironmentDatabase::Variable(variable)) => DatabaseUrl::of_variable(variable)?,
            _ => None,
        };
        Ok(Self { database, ..self })
    }

    /// The same, which tells of each time for which the API has us wait.
    pub(super) fn telling(self, waits: UnboundedSender<Duration>) -> Self {
        Self { api: self.api.telling(waits), ..self }
    }

    /// Looks at every kind, and, where asked for, at payments for every product.
    pub(in crate::commands) async fn look(&self, payments: bool) -> (Found, Option<LiveError>) {
        let now = clock::now();
        let checked = live::check(&self.api, self.artifacts, &self.validation, now.timestamp(), clock::today).await;
        let mut found = Found {
            environment: self.environment,
            url: self.api.shown(),
            catalog_hash: self.artifacts.catalog_hash,
            checked_at: clock::iso(now),
            result: "failed",
            checked: None,
            price_tables: None,
            payments: None,
            error: None,
        };
        let error = match checked {
            Ok(mut checked) => {
                if let Some(database) = &self.database {
                    checked.differences.extend(self.price_tables(database).await);
                    found.price_tables = Some(database.to_string());
                }
                found.result = if checked.differences.is_empty() { "equal" } else { "different" };
                found.checked = Some(checked);
                None
            }
            Err(error) => {
                if error.is_limited() {
                    found.result = "not_seen";
                }
                found.error = Some(error.to_string());
                Some(error)
            }
        };
        if let Some(checked) = found.checked.as_ref().filter(|_| payments) {
            let rules = self.validation.payments.iter();
            let all: Vec<_> = rules.map(|rule| (rule.kind.to_string(), rule.id.to_string())).collect();
            let done = self.test_payments(checked, &all).await;
            if done.tests.iter().any(|test| !test.passed) {
                found.result = "different";
            }
            found.payments = Some(done);
        }
        (found, error)
    }

    /// What differs in the rows of a database; that it cannot be read is a difference, too.
    async fn price_tables(&self, url: &DatabaseUrl) -> Vec<LiveDifference> {
        let read = async {
            let Some(database) = Database::open_read_only(url).await? else {
                return Ok(vec![live::unread(&format!("there is no file {url}"))]);
            };
            let mut session = database.session().await?;
            let found = live::price_tables(&mut session, self.artifacts, &self.validation).await;
            drop(session);
            database.close().await;
            Ok::<_, db::Error>(found)
        };
        read.await.unwrap_or_else(|error| vec![live::unread(&error.to_string())])
    }

    /// Asks for payments for those of these products, each a kind and an id, whose kind the API has.
    pub(super) async fn test_payments(&self, checked: &Checked, products: &[(String, String)]) -> PaymentTests {
        let has = |kind: &str| checked.kinds.iter().any(|known| known.kind == kind && known.answered.is_some());
        let products: Vec<_> = products.iter().filter(|(kind, _)| has(kind)).cloned().collect();
        live::test_payments(&self.api, self.artifacts, &self.validation, &products, &clock::today()).await
    }

    /// What the API is compared with.
    pub(super) fn validation(&self) -> &Validation<'static> {
        &self.validation
    }
}

impl Found {
    pub(super) fn is_equal(&self) -> bool {
        self.result == "equal"
    }

    /// Everything that is wrong, a line each.
    pub(in crate::commands) fn issues(&self) -> Vec<String> {
        let differences = self.checked.iter().flat_map(|checked| &checked.differences);
        let mut lines: Vec<_> = differences.map(|difference| difference.message.clone()).collect();
        let tests = self.payments.iter().flat_map(|payments| &payments.tests);
        lines.extend(tests.filter(|test| !test.passed).map(|test| format!("{}: {}", test.id, test.message)));
        lines
    }
}

/// What is right, kind by kind, and a table of how much was looked at.
pub(super) fn told(checked: &Checked) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, kind) in checked.kinds.iter().enumerate() {
        let Some(answered) = kind.answered else { continue };
        lines.push(format!("API returned {answered} {}", kind.plural));
        let of = if at == 0 { String::new() } else { format!("{} ", kind.kind) };
        lines.extend(kind.sound.iter().map(|sound| format!("{of}{}", of_product(sound))));
        lines.push(String::new());
    }
    lines.extend(table(&checked.kinds));
    lines
}

fn of_product(Sound { id, price, deposit }: &Sound) -> String {
    let price = price.as_ref().map_or_else(|| "no plain price".to_owned(), |price| format!("Price {price}"));
    let deposit = deposit.as_ref().map_or_else(|| "no deposit".to_owned(), |deposit| format!("Deposit {deposit}"));
    format!("{id}: {price}, {deposit}")
}

fn table(kinds: &[KindChecked]) -> Vec<String> {
    let width = kinds.iter().map(|kind| kind.plural.len()).max().unwrap_or(0).max("kind".len());
    let head = format!("{:width$}  answered  in sync  differences", "kind");
    let row = |kind: &KindChecked| match kind.answered {
        Some(answered) => {
            format!("{:width$}  {answered:8}  {:7}  {:11}", kind.plural, kind.sound.len(), kind.differences)
        }
        None => format!("{:width$}  the API does not have this kind: not compared", kind.plural),
    };
    std::iter::once(head).chain(kinds.iter().map(row)).collect()
}

/// `pricebook services sync production`
pub(super) fn sync_command(environment: Option<&str>) -> String {
    format!("pricebook services sync {}", environment.unwrap_or("ENVIRONMENT"))
}

/// Of payments that were not asked for.
pub(super) fn left_out(products: usize) -> String {
    format!("{} not asked for, to stay below the limits of the API", show::counted(products, "more product"))
}

/// `3 differences`
pub(super) fn counted(issues: usize) -> String {
    show::counted(issues, "difference")
}
