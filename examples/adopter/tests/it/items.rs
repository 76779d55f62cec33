//! The generated items of a kind that this company made up.

use adopter::catalog::{self, Feature, Pass, PriceId, Terrain, Tour, rows::Repair};
use adopter::tours;
use pricebook_types::{Currency, Limit, Money, code::Eur};

#[test]
fn a_name_in_the_source_is_an_item_of_the_catalog() {
    assert_eq!(tours::FEATURED, Tour::NightRide);
    assert_eq!(tours::FEATURED.name(), "Night ride");
    assert_eq!(Tour::ALL.iter().map(|tour| tour.name()).collect::<Vec<_>>(), ["River loop", "Night ride"]);
}

#[test]
fn attributes_are_typed() {
    assert!(tours::is_for_beginners(Tour::RiverLoop));
    assert!(!tours::is_for_beginners(Tour::NightRide));
    assert_eq!(Tour::NightRide.terrain(), Terrain::Forest);
    assert_eq!(tours::guide(Tour::RiverLoop), "Ada");
}

#[test]
fn prices_are_money_in_their_currencies() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(tours::fare(Tour::NightRide)?, Some(Money::new(4_500, Currency::Eur)));
    assert_eq!(Tour::NightRide.one_time()?.amount_in(Currency::Chf), Some(Money::new(4_400, Currency::Chf)));
    let year = Pass::Commuter.yearly()?.amount().and_then(Money::typed::<Eur>).ok_or("in euros")?;
    let month = Pass::Commuter.monthly()?.amount().and_then(Money::typed::<Eur>).ok_or("in euros")?;
    assert_eq!((year + month).untyped().to_string(), "165.00 EUR");
    let missing = Pass::Rider.monthly().expect_err("riders pay by the year");
    assert_eq!(missing.to_string(), "the pass \"rider\" has no price \"monthly\"");
    Ok(())
}

#[test]
fn features_are_granted_within_limits() {
    assert_eq!(Pass::Rider.limit(Feature::Inspections), Limit::AtMost(1));
    assert_eq!(Pass::Commuter.limit(Feature::Inspections), Limit::Unlimited);
    assert_eq!(Tour::ALL.first().map(|tour| tour.limit(Feature::RepairStand)), Some(Limit::Off));
}

#[test]
fn ids_are_read_written_and_refused() -> Result<(), Box<dyn std::error::Error>> {
    let tour: Tour = "river-loop".parse()?;
    assert_eq!(
        (tour, tour.to_string(), format!("{tour:?}")),
        (Tour::RiverLoop, "river-loop".into(), "Tour(river-loop)".into())
    );
    assert_eq!("moon-loop".parse::<Tour>().expect_err("no such tour").to_string(), "no tour has the id \"moon-loop\"");
    assert_eq!(serde_json::to_string(&PriceId::TourNightRideOneTime)?, "\"tour_night-ride_one_time\"");
    assert_eq!(serde_json::from_str::<Terrain>("\"gravel\"")?, Terrain::Gravel);
    let refused = serde_json::from_str::<Tour>("\"moon-loop\"").expect_err("no such tour").to_string();
    assert!(refused.starts_with("no tour has the id \"moon-loop\"; there are `river-loop`, `night-ride`"), "{refused}");
    Ok(())
}

#[test]
fn ids_lead_to_rows() {
    assert_eq!(catalog::product("tour", "night-ride"), Some(Tour::NightRide.product()));
    assert_eq!(catalog::product("tour", "rider"), None);
    assert_eq!(catalog::price("pass_rider_yearly").map(|price| price.product), Some("rider"));
    assert_eq!(catalog::feature("inspections").and_then(|feature| feature.unit), Some("inspection"));
}

#[test]
fn a_row_of_an_own_table_is_a_struct() -> Result<(), serde_json::Error> {
    let repair: Repair = serde_json::from_str(
        r#"{"id":"1","user_id":"c","frame_number":"F7","terrain":"gravel","due":null,"created_at":"2026-01-02T03:04:05Z"}"#,
    )?;
    assert_eq!((Repair::TABLE, repair.terrain, repair.due), ("repairs", Some(Terrain::Gravel), None));
    assert_eq!(Repair::COLUMNS, ["id", "user_id", "frame_number", "terrain", "due", "created_at"]);
    Ok(())
}
