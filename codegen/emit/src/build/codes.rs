//! The codes of problems that are not the catalog's, with their explanations.

/// Code and explanation, in the order of the codes; the catalog's own are in [`pricebook_model::codes`].
pub const CODES: &[(&str, &str)] = &[
    (
        "lock-missing",
        "There are migrations, but not the lock that lists them.\n\n`generated/catalog.lock` remembers what was migrated \
         and what was sold. Without it ids could vanish and migrations be written a second time. Take it from the last \
         commit.",
    ),
    (
        "lock-unreadable",
        "`generated/catalog.lock` is not the JSON that `cargo catalog migrate` and `cargo catalog record` write.\n\n\
         Take it from the last commit. After a merge conflict, keep the lock and the migrations of the branch that was \
         merged first, remove the other branch's new migration files, and run `cargo catalog migrate NAME` again.",
    ),
    (
        "migration-edited",
        "A migration's file no longer has the checksum that the lock holds.\n\nDatabases that ran it will never run it \
         again, so an edit would reach only new ones. Take the file from the last commit and write another migration \
         with `cargo catalog migrate NAME`.",
    ),
    (
        "migration-missing",
        "A migration that the lock lists has no file.\n\nNew databases need every migration. Take the file from the \
         last commit.",
    ),
    (
        "migration-not-in-lock",
        "A file stands among the migrations that `cargo catalog migrate` did not write.\n\nIt would never run. Remove \
         it, and write what it does into the catalog; `cargo catalog migrate NAME` then makes the migration.",
    ),
    (
        "stale-artifact",
        "A file of `generated/` is not what the catalog says: somebody edited it, or changed the catalog without \
         building.\n\n`cargo catalog generate` (or `cargo build`) writes it; commit the result with its cause. `cargo catalog \
         generate --check` also names files that the catalog does not make: move them elsewhere.",
    ),
    (
        "unreadable-catalog",
        "A file or folder of the catalog cannot be read.\n\nThe catalog is every `*.yaml` file below `catalog/` in the \
         package.",
    ),
];
