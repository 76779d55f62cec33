//! What must hold in a catalog that can be read: one function per rule, named as the statement that it checks.

mod amounts;
mod as_written;
mod attributes;
mod changes;
mod columns;
mod composed;
pub(crate) mod context;
mod coupons;
mod currencies;
mod custom_amounts;
mod deposit_charges;
mod deposits;
mod environments;
mod foreign_keys;
mod groups;
mod history;
mod key_sources;
mod key_values;
mod keys;
mod migrations;
mod names;
mod numbers;
mod patterns;
mod plain_amounts;
mod prices;
mod products;
mod references;
mod relations;
mod row_references;
mod rows;
mod steps;
mod successors;
mod table_parts;
mod tables;
mod texts;
mod tiers;
mod types;
mod unique_columns;
mod unsaid_renames;
mod values;
mod vanished;

use crate::decl::Declarations;
use crate::diagnostic::Diagnostic;
use crate::limits::TargetLimits;
use crate::lock::Lock;
use crate::lower::Lowered;
use crate::side_by_side;
use context::Context;

/// A rule adds what it finds.
type Rule = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// Every rule, by subject; the order does not matter, for reports are sorted by place.
const RULES: &[Rule] = &[
    environments::environments_share_nothing,
    references::meter_events_are_unique,
    // Products.
    products::coming_soon_products_are_not_active,
    products::coming_soon_products_have_no_deposit,
    products::lists_repeat_nothing,
    products::packages_are_shipped,
    products::metadata_has_no_key_features,
    products::metadata_has_no_key_of_ours,
    products::switches_have_no_unit,
    products::grants_fit_their_features,
    attributes::attributes_are_declared,
    attributes::attributes_are_no_default_columns,
    attributes::attribute_bounds_leave_values,
    attributes::required_attributes_are_there,
    groups::products_stand_in_one_group,
    groups::groups_have_several_products,
    // Prices.
    patterns::lookup_keys_are_unique,
    patterns::local_ids_are_unique,
    prices::price_policies_can_be_met,
    products::price_policies_repeat_nothing,
    prices::price_keys_are_allowed,
    prices::required_prices_are_there,
    prices::price_counts_are_within_the_policy,
    prices::sold_products_have_a_price,
    prices::one_time_prices_do_not_recur,
    prices::grandfathered_keys_keep_the_interval,
    prices::metered_prices_have_a_meter,
    prices::primary_prices_are_sold,
    prices::tiers_divide_no_quantity,
    prices::tax_behavior_is_of_currencies_of_the_price,
    changes::changes_are_in_order,
    changes::changes_keep_the_form_of_the_price,
    changes::changes_name_every_currency,
    changes::changes_change_something,
    tiers::tiers_ascend,
    tiers::the_last_tier_never_ends,
    tiers::tiers_agree_between_currencies,
    tiers::tiers_cost_something,
    custom_amounts::bounds_of_amounts_leave_a_choice,
    custom_amounts::amounts_are_chosen_for_one_payment,
    // Money.
    amounts::amounts_are_not_negative,
    amounts::amounts_can_be_charged,
    amounts::amounts_fit_the_table,
    steps::charges_are_multiples_of_the_step,
    amounts::only_free_products_cost_nothing,
    deposits::deposits_have_a_price,
    deposits::deposits_name_every_currency,
    deposits::deposits_are_at_most_the_price,
    deposits::percentages_are_at_most_100,
    deposit_charges::percentages_take_something,
    deposit_charges::fixed_deposits_take_something,
    deposit_charges::deposits_can_be_charged,
    coupons::promotion_codes_are_unique,
    coupons::promotion_codes_end_before_their_coupon,
    coupons::coupons_take_something_off,
    coupons::codes_demand_something,
    coupons::codes_are_redeemed_within_their_coupon,
    coupons::coupons_name_each_product_once,
    // Tables.
    keys::table_names_are_unique,
    relations::names_in_a_database_are_unique,
    keys::every_table_has_a_key,
    keys::keys_name_columns,
    keys::keys_allow_no_null,
    keys::keys_can_be_indexed,
    key_values::products_differ_in_the_keys_of_their_table,
    key_sources::keys_name_products,
    unique_columns::unique_values_can_be_handed_on,
    unique_columns::unique_columns_have_no_default,
    foreign_keys::columns_that_become_null_allow_it,
    columns::defaults_are_values,
    columns::on_update_is_for_timestamps,
    columns::on_delete_is_for_references,
    columns::column_sources_exist,
    columns::every_column_gets_a_value,
    columns::columns_hold_their_sources,
    currencies::amounts_of_a_column_are_in_one_currency,
    columns::enums_hold_their_choices,
    values::texts_fit_their_columns,
    values::decimals_fit_their_columns,
    columns::enums_have_different_values,
    columns::choices_are_different,
    // What targets can express.
    names::names_stay_different_in_every_target,
    types::type_names_are_different,
    types::interface_names_are_different,
    names::names_are_not_reserved,
    names::names_are_short_enough,
    texts::texts_fit_every_target,
    texts::patterns_of_keys_can_be_read,
    composed::texts_are_composed,
    texts::counts_fit_every_target,
    rows::rows_fit_every_target,
    table_parts::tables_are_not_too_wide,
    table_parts::keys_are_not_too_wide,
    table_parts::tables_have_not_too_many_indexes,
    numbers::numbers_fit_every_target,
    numbers::integers_are_exact_in_every_target,
    // What was sold before.
    history::kinds_are_no_other_sort,
    history::retired_ids_are_not_used,
    history::former_ids_are_declared_no_more,
];

/// Rules that miss a name, which may stand where nobody could read it.
const RULES_OF_COMPLETE_CATALOGS: &[Rule] = &[
    references::granted_features_exist,
    references::named_meters_exist,
    references::named_products_exist,
    references::retired_sorts_exist,
    coupons::coupons_can_be_used,
    coupons::coupons_last_as_long_as_something_is_paid,
    foreign_keys::references_lead_to_one_row,
    row_references::references_of_products_lead_to_products,
    row_references::references_of_products_go_in_no_circle,
    row_references::referenced_products_are_there,
    columns::column_types_are_known,
    columns::attribute_types_are_known,
    history::retired_ids_were_sold,
    history::retired_lines_are_different,
    history::former_ids_were_recorded,
    history::former_tables_and_columns_were_migrated,
    attributes::former_attributes_were_migrated,
];

/// Rules about what was recorded and about what patterns give, which only say something about a catalog that is sound in
/// itself.
const RULES_OF_SOUND_CATALOGS: &[Rule] = &[
    patterns::stripe_names_are_unique,
    vanished::what_was_sold_does_not_vanish,
    key_sources::keys_stay_what_they_were,
    migrations::the_schema_is_migrated,
];

/// Checks what of the declarations is sound.
pub(crate) fn check(
    declared: &Declarations,
    lowered: &Lowered<'_>,
    limits: &[TargetLimits],
    lock: Option<&Lock>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let context = Context::new(declared, lowered, limits, lock);
    let mut found = found_by(RULES, &context);
    if declared.is_complete() {
        found.append(&mut found_by(RULES_OF_COMPLETE_CATALOGS, &context));
    }
    // What is wrong with a file that could not be read as a whole may follow from what it lacks.
    found.retain(|one| {
        std::iter::once(&one.primary).chain(&one.secondary).all(|(span, _)| !declared.is_doubtful(*span))
    });
    diagnostics.append(&mut found);
    if diagnostics.is_empty() {
        diagnostics.append(&mut found_by(RULES_OF_SOUND_CATALOGS, &context));
    }
}

/// What rules find, in their order.
fn found_by(rules: &[Rule], context: &Context<'_>) -> Vec<Diagnostic> {
    let found = side_by_side::each(rules.len(), |index| {
        let mut found = Vec::new();
        rules[index](context, &mut found);
        found
    });
    found.into_iter().flatten().collect()
}
