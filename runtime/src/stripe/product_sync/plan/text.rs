//! A plan for people: like a diff, with amounts and reasons.

use super::step::{Action, Change, Sort, Step};
use super::{Chain, Plan};

/// Longer values are cut.
const WIDTH: usize = 100;

/// The lines of a plan: what changes, what cannot, and what stays as it is, counted.
pub fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for chain in plan.chains().filter(|chain| !chain.steps.is_empty() || chain.problem.is_some()) {
        lines.push(head(chain));
        if let Some(problem) = &chain.problem {
            lines.push(format!("    ! {}", problem.message));
            lines.push(format!("      {}", problem.help));
        }
        for step in &chain.steps {
            lines.push(format!("    {} {} {}: {}", mark(step.action), step.sort.noun(), step.subject, step.reason));
            lines.extend(step.changes.iter().map(|change| format!("        {}", changed(change))));
            let payers = step.id.as_ref().and_then(|id| plan.subscriptions.get(id));
            lines.extend(payers.map(|payers| format!("        {}", kept_by(*payers))));
        }
    }
    lines.extend(plan.notes.iter().map(|note| format!("note: {note}")));
    lines.push(summary(plan));
    lines
}

/// `2 to create, 1 to change, 0 to archive, 24 products as they should be`
pub fn summary(plan: &Plan) -> String {
    let count = |wanted: &[Action]| plan.steps().filter(|step| wanted.contains(&step.action)).count();
    let problems = plan.problems().count();
    let problems = if problems == 0 { String::new() } else { format!(", {problems} in the way") };
    format!(
        "{} to create, {} to change, {} to archive or take away{problems}; {} products are as the catalog says",
        count(&[Action::Create]),
        count(&[Action::Update, Action::Reactivate]),
        count(&[Action::Archive, Action::Delete]),
        plan.synced()
    )
}

fn kept_by(subscriptions: Option<u64>) -> String {
    match subscriptions {
        None => "how many subscriptions have it cannot be read".to_owned(),
        Some(0) => "no live subscription has it".to_owned(),
        Some(1) => "1 live subscription keeps it".to_owned(),
        Some(count) => format!("{count} live subscriptions keep it"),
    }
}

fn head(chain: &Chain) -> String {
    let id = chain.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let mark = match chain.steps.first() {
        _ if chain.problem.is_some() => '!',
        Some(Step { action: Action::Create, sort, .. }) if *sort == chain.sort => '+',
        Some(Step { action: Action::Archive, sort, .. }) if *sort == chain.sort => '-',
        _ => '~',
    };
    let title = if chain.title.is_empty() || chain.sort == Sort::PromotionCode {
        String::new()
    } else {
        format!(" \"{}\"", short(&chain.title))
    };
    format!("{mark} {} {}{title}{id}", chain.sort.noun(), chain.subject)
}

const fn mark(action: Action) -> char {
    match action {
        Action::Create => '+',
        Action::Update | Action::Reactivate => '~',
        Action::Archive | Action::Delete => '-',
    }
}

/// `name: "A" → "B"`
pub fn changed(change: &Change) -> String {
    let quoted = |text: &Option<String>| match text {
        None => "nothing".to_owned(),
        Some(text) if change.field == "amount" => text.clone(),
        Some(text) => format!("\"{}\"", short(text)),
    };
    match (&change.from, &change.to) {
        (None, Some(_)) if change.field == "amount" => quoted(&change.to),
        (Some(_), None) if change.field == "amount" => quoted(&change.from),
        (from, to) => format!("{}: {} → {}", change.field, quoted(from), quoted(to)),
    }
}

fn short(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
