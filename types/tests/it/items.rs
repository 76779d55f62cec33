//! What every generated enum can do.

use pricebook_types::Item;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    Red,
    DarkBlue,
}

impl Colour {
    const ALL: &'static [Self] = &[Self::Red, Self::DarkBlue];

    fn id(self) -> &'static str {
        ["red", "dark-blue"][self as usize]
    }

    fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|colour| colour.id() == id)
    }
}

pricebook_types::item_traits!(Colour, "colour");

#[test]
fn an_item_is_its_id_wherever_it_is_written() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!((format!("{}", Colour::Red), format!("{:?}", Colour::Red)), ("red".into(), "Colour(red)".into()));
    assert_eq!(format!("[{:<10}]", Colour::DarkBlue), "[dark-blue ]");
    assert_eq!(serde_json::to_string(&Colour::DarkBlue)?, "\"dark-blue\"");
    assert_eq!(serde_json::from_str::<Colour>(r#""dark\u002dblue""#)?, Colour::DarkBlue);
    assert_eq!("red".parse(), Ok(Colour::Red));
    assert_eq!(<Colour as Item>::find("green"), None);
    Ok(())
}

#[test]
fn an_unknown_id_is_refused_with_the_valid_ones() {
    let error = serde_json::from_str::<Colour>("\"green\"").expect_err("no such colour");
    let expected = "no colour has the id \"green\"; there are `red`, `dark-blue`";
    assert_eq!(error.to_string(), expected);
    assert_eq!("green".parse::<Colour>().expect_err("as above").to_string(), "no colour has the id \"green\"");
    assert!(serde_json::from_str::<Colour>("7").is_err());
}
