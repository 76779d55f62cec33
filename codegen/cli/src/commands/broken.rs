//! Annotations of GitHub Actions for what keeps two catalogs from being compared.

use pricebook_model::source::Position;
use serde_json::Value;

use super::annotation::annotation;
use crate::outcome::Stop;
use crate::problem::problems;

/// One for each problem, at its place where that is in the package, which is in this folder of its repository.
pub(super) fn annotations(stop: &Stop, folder: &str) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(1);
    let problems = problems(stop).into_iter().map(|problem| {
        let help = problem["help"].as_array().into_iter().flatten().map(text);
        let message = match problem["revision"].as_str() {
            Some(revision) => {
                let place = format!("{}:{}:{}", text(&problem["file"]), problem["line"], problem["column"]);
                format!("at {revision}, {place}: {}", text(&problem["message"]))
            }
            None => text(&problem["message"]),
        };
        let message: Vec<String> = std::iter::once(message).chain(help).collect();
        // A line of another commit is not one of what is reviewed.
        let is_here = problem["file"].is_string() && problem["revision"].is_null();
        let at = is_here.then(|| Position {
            file: text(&problem["file"]),
            line: number(&problem["line"]),
            column: number(&problem["column"]),
        });
        annotation("error", folder, at.as_ref(), &text(&problem["code"]), &message.join("\n"))
    });
    problems.collect()
}
