//! Workflow commands of GitHub Actions, which show problems at their lines.

use std::path::Path;
use std::process::Command;

use pricebook_model::source::Position;

use crate::output::shown;

/// One line: `::error file=catalog/plans.yaml,line=3,col=5,title=price-raised::…`.
pub(super) fn annotation(level: &str, folder: &str, at: Option<&Position>, title: &str, message: &str) -> String {
    let place = at.map_or(String::new(), |Position { file, line, column }| {
        format!("file={},line={line},col={column},", property(&format!("{folder}{file}")))
    });
    let message = shown(message).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("::{level} {place}title={}::{message}\n", property(title))
}

fn property(text: &str) -> String {
    let replaced = [('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C")];
    replaced.iter().fold(text.to_owned(), |text, (char, code)| text.replace(*char, code))
}

/// The package's folder below the repository's root, with a slash behind it, or nothing.
pub(super) fn path_in_repository(root: &Path) -> String {
    let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "--show-prefix"]).output();
    let prefix = output.ok().filter(|output| output.status.success());
    prefix.map_or(String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
