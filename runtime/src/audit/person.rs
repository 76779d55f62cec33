//! Who runs a command.

use std::fs;

/// The user that the system runs this process for: the number, and the list of users that it has.
pub(super) fn of_process() -> (u32, String) {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    (rustix::process::getuid().as_raw(), users)
}

/// What they are called. In a workflow of GitHub the user is the machine's, and the person is who started it. Where no variable
/// tells, as under a timer or in a container, the list of users does, and else the number.
pub(super) fn name(variable: impl Fn(&str) -> Option<String>, (uid, users): (u32, String)) -> String {
    let said = |name: &str| variable(name).filter(|value| !value.is_empty());
    let of_workflow = said("GITHUB_ACTIONS").and_then(|_| said("GITHUB_ACTOR"));
    let of_session = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(said);
    of_workflow.or_else(of_session).or_else(|| listed(uid, &users)).unwrap_or_else(|| format!("uid {uid}"))
}

/// `name:password:number:…`, a line for each.
fn listed(uid: u32, users: &str) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::name;

    const USERS: &str = "root:x:0:0:root:/root:/bin/sh\n# a comment\npricebook:x:998:998::/nonexistent:/bin/false\n";

    #[test]
    fn somebody_is_always_named() {
        for (variables, uid, expected) in [
            (&[("USER", "ana"), ("LOGNAME", "other")][..], 0, "ana"),
            (&[("USER", ""), ("LOGNAME", "ben")], 0, "ben"),
            (&[("USER", "runner"), ("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "ana")], 0, "ana"),
            (&[("USER", "ben"), ("GITHUB_ACTOR", "ana")], 0, "ben"),
            (&[], 998, "pricebook"),
            (&[], 0, "root"),
            (&[], 12345, "uid 12345"),
        ] {
            let variable =
                |asked: &str| variables.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned());
            assert_eq!(name(variable, (uid, USERS.to_owned())), expected, "{variables:?}");
        }
    }
}
