//! `migrate`: the next migration and its hazards.

use crate::scratch::Scratch;

const COLUMN: (&str, &str) = (
    "        billing_type: { type: text?, from: billing_type }\n",
    "        billing_type: { type: text?, from: billing_type }\n        region: { type: text(20)?, default: world }\n",
);

#[test]
fn a_changed_table_stops_the_build_until_its_migration_is_written() {
    let scratch = Scratch::new();
    let before = scratch.generated();
    scratch.edit("catalog/kinds.yaml", COLUMN.0, COLUMN.1);
    let ran = scratch.run(&["generate"]);
    assert!(ran.code == 1 && ran.stderr.contains("cargo catalog migrate"), "{}", ran.stderr);
    assert_eq!(scratch.generated(), before);

    let ran = scratch.run(&["migrate", "add_region"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for dialect in ["sqlite", "postgres", "mysql"] {
        let path = format!("generated/sql/{dialect}/migrations/0002_add_region.sql");
        assert!(scratch.read(&path).contains("region"), "{path}");
        let name = format!("generated/sql/{dialect}/schema.sql");
        assert!(scratch.read(&name).contains("region"), "{name} follows at once");
    }
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0);
    let ran = scratch.run(&["migrate", "again"]);
    assert!(ran.code == 0 && ran.stdout.contains("nothing to write"), "{}", ran.stdout);
}

#[test]
fn a_dry_run_prints_the_migration_and_writes_nothing() {
    let scratch = Scratch::new();
    scratch.edit("catalog/kinds.yaml", COLUMN.0, COLUMN.1);
    let before = scratch.generated();
    let ran = scratch.run(&["migrate", "add_region", "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("ALTER TABLE") && ran.stdout.contains("0002_add_region.sql"), "{}", ran.stdout);
    assert_eq!(scratch.generated(), before);
}

#[test]
fn a_destructive_step_must_be_accepted_by_its_name() {
    let scratch = Scratch::new();
    scratch.edit("catalog/kinds.yaml", COLUMN.0, "");
    let before = scratch.generated();
    let ran = scratch.run(&["migrate", "drop_billing"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stderr);
    let ran = scratch.run(&["migrate", "drop_billing", "--accept", "drop-column:services.biling_type"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr, @r"
    error: invalid value 'drop-column:services.biling_type' for '--accept <HAZARD>': the migration has no such hazard
      = help: did you mean `--accept drop-column:services.billing_type`?
    ");
    let nothing = Scratch::new().run(&["migrate", "nothing", "--accept", "drop-column:services.billing_type"]);
    assert!(nothing.code == 2 && nothing.stderr.contains("nothing needs to be accepted"), "{}", nothing.stderr);
    assert_eq!(scratch.generated(), before);
    let ran = scratch.run(&["migrate", "drop_billing", "--accept", "drop-column:services.billing_type"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(scratch.run(&["check"]).code, 0);
}

#[test]
fn a_reference_from_rows_that_are_there_must_be_accepted_by_its_name() {
    let scratch = Scratch::new();
    let things = |column: &str| {
        let text = format!("records:\n  things:\n    columns:\n      id: {{ type: text(255), key: true }}\n{column}");
        scratch.write("catalog/things.yaml", &text);
    };
    things("      plan: text(255)\n");
    assert_eq!(scratch.run(&["migrate", "things"]).code, 0);
    things("      plan: { type: text(255), references: plans.id }\n");
    let ran = scratch.run(&["migrate", "refer"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("require-reference:things.plan"), "{}", ran.stderr);
    assert!(ran.stderr.contains("(plan) is that of no row of plans make the migration fail"), "{}", ran.stderr);
    assert_eq!(scratch.run(&["migrate", "refer", "--accept", "require-reference:things.plan"]).code, 0);
    // What happens to its rows is another matter, and a new column that may be NULL refers to nothing yet.
    things(
        "      plan: { type: text(255), references: plans.id, on_delete: cascade }\n      other: { type: text(255)?, references: plans.id }\n",
    );
    let ran = scratch.run(&["migrate", "cascade"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // A reference of another column is a new one, whatever is renamed beside it.
    let other = "      another: { type: text(255)?, was: other }\n";
    things(&format!("      plan: text(255)\n{other}"));
    assert_eq!(scratch.run(&["migrate", "apart"]).code, 0);
    things("      plan: { type: text(255), references: plans.id }\n      third: { type: text(255)?, was: another }\n");
    let ran = scratch.run(&["migrate", "again"]);
    assert!(ran.code == 1 && ran.stderr.contains("require-reference:things.plan"), "{}", ran.stderr);
    let both =
        "      plan: { type: text(255), references: plans.id }\n      third: { type: text(255)?, was: another }\n";
    things(both);
    assert_eq!(scratch.run(&["migrate", "again", "--accept", "require-reference:things.plan"]).code, 0);
    things("      plan: text(255)\n      fourth: { type: text(255)?, was: third, references: plans.id }\n");
    let ran = scratch.run(&["migrate", "moved"]);
    assert!(ran.code == 1 && ran.stderr.contains("require-reference:things.fourth"), "{}", ran.stderr);
}

#[test]
fn a_required_column_is_no_choice_where_a_sync_has_written_rows() {
    let scratch = Scratch::new();
    let region = COLUMN.1.replace("text(20)?, default: world", "text(255), from: name");
    scratch.edit("catalog/kinds.yaml", COLUMN.0, &region);
    let before = scratch.generated();
    let accept = ["migrate", "add_region", "--accept", "add-required-column:services.region"];
    for arguments in [&accept[..2], &accept] {
        let ran = scratch.run(arguments);
        assert!(ran.code == 1 && ran.stderr.contains("fails on databases that were synced"), "{}", ran.stderr);
        assert!(ran.stderr.contains("make the column `region` of `services` nullable, or give it a default"));
        assert!(!ran.stderr.contains("--accept"), "{}", ran.stderr);
    }
    assert_eq!(scratch.generated(), before);
    scratch.edit("catalog/kinds.yaml", "text(255), from: name", "text(255)?, from: name");
    let ran = scratch.run(&["migrate", "add_region"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "what the help says is a way");
}

#[test]
fn a_name_is_in_snake_case() {
    for name in ["Add", "../../x", "1st", "", "a-b"] {
        assert_eq!(Scratch::new().run(&["migrate", name]).code, 2, "{name}");
    }
}

#[test]
fn a_renamed_attribute_is_a_renamed_column_and_nothing_else() {
    let scratch = Scratch::new();
    scratch.edit("catalog/kinds.yaml", "      seats: {", "      users: { was: seats,");
    let text = scratch.read("catalog/organizations.yaml").replace("attributes: { seats:", "attributes: { users:");
    scratch.write("catalog/organizations.yaml", &text);
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Attribute users of Organization plan has a new id (was seats)
    Table organization_plans: rename column organization_plans.seats to users

    Stripe: nothing. Database: 0 rows. TypeScript: 5 files.
    ");
    let ran = scratch.run(&["lint", "--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let ran = scratch.run(&["migrate", "rename_seats"]);
    assert_eq!((ran.code, ran.stdout.lines().next()), (0, Some("rename column organization_plans.seats to users")));
    assert_eq!(scratch.run(&["check"]).code, 0);
    // What was renamed may stay said, and be said no more.
    scratch.edit("catalog/kinds.yaml", "was: seats, ", "");
    assert_eq!(scratch.run(&["check"]).code, 0);
}

#[test]
fn a_value_cannot_be_required_of_rows_that_no_sync_writes() {
    let scratch = Scratch::new();
    scratch.edit(
        "catalog/kinds.yaml",
        "        billing_type: { type: text?, from",
        "        billing_type: { type: text(20)?, from",
    );
    assert_eq!(scratch.run(&["migrate", "short", "--accept", "narrow-type:services.billing_type"]).code, 0);
    scratch.edit("catalog/kinds.yaml", "type: text(20)?, from", "type: text(20), from");
    let retire = |id: &str| {
        let text = scratch.read("catalog/services.yaml");
        let start = text.find(&format!("  {id}:\n")).expect("the service");
        let next = text[start + 3..].find("\n\n  ").map_or(text.len(), |at| start + 3 + at + 2);
        scratch
            .write("catalog/services.yaml", &format!("retired: [service/{id}]\n{}{}", &text[..start], &text[next..]));
    };
    retire("market-essentials");
    let accept = ["migrate", "require", "--accept", "require-column:services.billing_type"];
    insta::assert_snapshot!(scratch.run(&accept).stderr, @r"
    error: the migration fails on databases that were synced, so nothing was written
      require-column:services.billing_type: rows whose services.billing_type is NULL make the migration fail; give it a default
      = help: give the column `billing_type` of `services` a default, which the row of `market-essentials` gets, for no sync writes it any more; another migration can take the default away
    ");
    scratch.edit("catalog/kinds.yaml", "type: text(20), from", "type: text(20), default: one-time, from");
    let ran = scratch.run(&["migrate", "require"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "what the help says is a way");
}

#[test]
fn a_column_beside_an_attribute_of_its_name_is_what_needs_a_default() {
    let scratch = Scratch::new();
    let table = "    table:\n      name: services\n";
    scratch.edit(
        "catalog/kinds.yaml",
        table,
        &format!("    attributes:\n      grade: {{ type: integer, default: 5 }}\n{table}"),
    );
    let column = "        grade: { type: integer, from: attribute.grade }\n";
    scratch.edit("catalog/kinds.yaml", COLUMN.0, &format!("{column}{}", COLUMN.0));
    let ran = scratch.run(&["migrate", "grade"]);
    insta::assert_snapshot!(ran.stderr, @r"
    error: the migration fails on databases that were synced, so nothing was written
      add-required-column:services.grade: rows that services already has get no value for services.grade; give it a default or allow NULL
      = help: make the column `grade` of `services` nullable, or give it a default; once every database is synced, another migration can require it
    ");
    scratch.edit("catalog/kinds.yaml", "from: attribute.grade }", "from: attribute.grade, default: 0 }");
    let ran = scratch.run(&["migrate", "grade"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "what the help says is a way");
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0, "though a column stands before those that were there");
}

#[test]
fn a_mistyped_former_name_drops_no_column() {
    let scratch = Scratch::new();
    let before = scratch.generated();
    scratch.edit("catalog/kinds.yaml", "      popular: {", "      featured: { was: populr,");
    scratch.edit("catalog/plans.yaml", "popular: true", "featured: true");
    let ran = scratch.run(&["migrate", "rename_popular", "--accept", "drop-column:plans.popular"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("there never was an attribute `populr`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `popular`?"), "{}", ran.stderr);
    assert_eq!(scratch.generated(), before);
    scratch.edit("catalog/kinds.yaml", "was: populr", "was: popular");
    let ran = scratch.run(&["migrate", "rename_popular"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stdout.contains("drop"), "{}", ran.stdout);
}

#[test]
fn a_text_with_a_default_needs_a_length_before_its_column_takes_it() {
    let scratch = Scratch::new();
    scratch.edit(
        "catalog/kinds.yaml",
        "      popular: {",
        "      slogan: { type: text, default: Hello }\n      popular: {",
    );
    let ran = scratch.run(&["migrate", "add_slogan"]);
    assert_eq!(ran.code, 1);
    let help = "optional, or say its `max:`, with which its default becomes the column's";
    assert!(ran.stderr.contains(help) && !ran.stderr.contains("give it a default"), "{}", ran.stderr);
    scratch.edit("catalog/kinds.yaml", "slogan: { type: text, default", "slogan: { type: text, max: 50, default");
    let ran = scratch.run(&["migrate", "add_slogan"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "what the help says is a way");
}

#[test]
fn no_migration_gives_rows_other_keys_unseen() {
    let scratch = Scratch::new();
    let key = "id: { type: text(255), from: id, key: true }";
    scratch.edit("catalog/kinds.yaml", key, "id: { type: text(200), from: local_id, key: true }");
    let before = scratch.generated();
    let ran = scratch.run(&["migrate", "shorter", "--accept", "narrow-type:services.id"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("error[key-of-another-source]"), "{}", ran.stderr);
    assert_eq!(scratch.generated(), before);
    scratch.edit("catalog/kinds.yaml", "      name: services\n", "      name: offered_services\n");
    let ran = scratch.run(&["migrate", "offered", "--accept", "drop-table:services"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "what the help says is a way");
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0);
}

#[test]
fn a_key_stays_the_attribute_that_gets_another_id() {
    let scratch = Scratch::new();
    let seats = "      name: org_seats
      columns:
        seats: { type: integer, from: attribute.seats, key: true }
        active: { type: boolean, from: active }
";
    scratch.edit("catalog/kinds.yaml", "      name: organization_plans\n", seats);
    let ran = scratch.run(&["migrate", "org_seats", "--accept", "drop-table:organization_plans"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    scratch.edit(
        "catalog/kinds.yaml",
        "      seats: { type: integer, min",
        "      users: { was: seats, type: integer, min",
    );
    scratch.edit("catalog/kinds.yaml", "from: attribute.seats", "from: attribute.users");
    let text = scratch.read("catalog/organizations.yaml").replace("attributes: { seats:", "attributes: { users:");
    scratch.write("catalog/organizations.yaml", &text);
    let ran = scratch.run(&["record"]);
    assert!(ran.stdout.contains("key org_seats.seats: attribute.users\n"), "{} {}", ran.stdout, ran.stderr);
    scratch.edit("catalog/kinds.yaml", "was: seats, ", "");
    assert_eq!(scratch.run(&["check"]).stderr, "");
}
