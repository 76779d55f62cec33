//! The currencies that Stripe charges in, with their minor units.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::StaticCurrency;

macro_rules! currencies {
    ($($name:ident $code:literal $digits:literal $title:literal,)*) => {
        /// A currency, named by its ISO 4217 code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Currency {
            $(#[doc = concat!($title, ".")] $name,)*
        }

        impl Currency {
            /// Every currency, by code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The ISO 4217 code in lower case, as Stripe writes it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// How many digits follow the decimal point: 2 for most, 0 for JPY, 3 for KWD.
            ///
            /// As Stripe's API counts them, which differs from ISO 4217 for ISK and UGX: 5 ISK is an amount of 500.
            /// <https://docs.stripe.com/currencies#special-cases>
            pub const fn minor_digits(self) -> u32 {
                match self { $(Self::$name => $digits),* }
            }

            /// The name in English.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }

        impl Currency {
            /// Stripe charges only multiples of this many minor units: whole ISK and UGX, and tens of the currencies
            /// with three digits. <https://docs.stripe.com/currencies#three-decimal>
            pub const fn step_minor(self) -> i64 {
                match self {
                    Self::Isk | Self::Ugx => 100,
                    Self::Bhd | Self::Jod | Self::Kwd | Self::Omr | Self::Tnd => 10,
                    _ => 1,
                }
            }
        }

        /// A type for each currency, for [`crate::Money`] whose currency is known at compile time.
        pub mod code {
            $(
                #[doc = concat!($title, ".")]
                #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
                pub struct $name;

                impl super::StaticCurrency for $name {
                    const CURRENCY: super::Currency = super::Currency::$name;
                }
            )*
        }
    };
}

currencies! {
    Aed "aed" 2 "UAE dirham",
    Afn "afn" 2 "Afghan afghani",
    All "all" 2 "Albanian lek",
    Amd "amd" 2 "Armenian dram",
    Ang "ang" 2 "Netherlands Antillean guilder",
    Aoa "aoa" 2 "Angolan kwanza",
    Ars "ars" 2 "Argentine peso",
    Aud "aud" 2 "Australian dollar",
    Awg "awg" 2 "Aruban florin",
    Azn "azn" 2 "Azerbaijani manat",
    Bam "bam" 2 "Bosnia and Herzegovina convertible mark",
    Bbd "bbd" 2 "Barbadian dollar",
    Bdt "bdt" 2 "Bangladeshi taka",
    Bgn "bgn" 2 "Bulgarian lev",
    Bhd "bhd" 3 "Bahraini dinar",
    Bif "bif" 0 "Burundian franc",
    Bmd "bmd" 2 "Bermudian dollar",
    Bnd "bnd" 2 "Brunei dollar",
    Bob "bob" 2 "Bolivian boliviano",
    Brl "brl" 2 "Brazilian real",
    Bsd "bsd" 2 "Bahamian dollar",
    Bwp "bwp" 2 "Botswana pula",
    Byn "byn" 2 "Belarusian ruble",
    Bzd "bzd" 2 "Belize dollar",
    Cad "cad" 2 "Canadian dollar",
    Cdf "cdf" 2 "Congolese franc",
    Chf "chf" 2 "Swiss franc",
    Clp "clp" 0 "Chilean peso",
    Cny "cny" 2 "Chinese yuan",
    Cop "cop" 2 "Colombian peso",
    Crc "crc" 2 "Costa Rican colón",
    Cve "cve" 2 "Cape Verdean escudo",
    Czk "czk" 2 "Czech koruna",
    Djf "djf" 0 "Djiboutian franc",
    Dkk "dkk" 2 "Danish krone",
    Dop "dop" 2 "Dominican peso",
    Dzd "dzd" 2 "Algerian dinar",
    Egp "egp" 2 "Egyptian pound",
    Etb "etb" 2 "Ethiopian birr",
    Eur "eur" 2 "Euro",
    Fjd "fjd" 2 "Fijian dollar",
    Fkp "fkp" 2 "Falkland Islands pound",
    Gbp "gbp" 2 "Pound sterling",
    Gel "gel" 2 "Georgian lari",
    Gip "gip" 2 "Gibraltar pound",
    Gmd "gmd" 2 "Gambian dalasi",
    Gnf "gnf" 0 "Guinean franc",
    Gtq "gtq" 2 "Guatemalan quetzal",
    Gyd "gyd" 2 "Guyanese dollar",
    Hkd "hkd" 2 "Hong Kong dollar",
    Hnl "hnl" 2 "Honduran lempira",
    Htg "htg" 2 "Haitian gourde",
    Huf "huf" 2 "Hungarian forint",
    Idr "idr" 2 "Indonesian rupiah",
    Ils "ils" 2 "Israeli new shekel",
    Inr "inr" 2 "Indian rupee",
    Isk "isk" 2 "Icelandic króna",
    Jmd "jmd" 2 "Jamaican dollar",
    Jod "jod" 3 "Jordanian dinar",
    Jpy "jpy" 0 "Japanese yen",
    Kes "kes" 2 "Kenyan shilling",
    Kgs "kgs" 2 "Kyrgyz som",
    Khr "khr" 2 "Cambodian riel",
    Kmf "kmf" 0 "Comorian franc",
    Krw "krw" 0 "South Korean won",
    Kwd "kwd" 3 "Kuwaiti dinar",
    Kyd "kyd" 2 "Cayman Islands dollar",
    Kzt "kzt" 2 "Kazakhstani tenge",
    Lak "lak" 2 "Lao kip",
    Lbp "lbp" 2 "Lebanese pound",
    Lkr "lkr" 2 "Sri Lankan rupee",
    Lrd "lrd" 2 "Liberian dollar",
    Lsl "lsl" 2 "Lesotho loti",
    Mad "mad" 2 "Moroccan dirham",
    Mdl "mdl" 2 "Moldovan leu",
    Mga "mga" 0 "Malagasy ariary",
    Mkd "mkd" 2 "Macedonian denar",
    Mmk "mmk" 2 "Myanmar kyat",
    Mnt "mnt" 2 "Mongolian tögrög",
    Mop "mop" 2 "Macanese pataca",
    Mur "mur" 2 "Mauritian rupee",
    Mvr "mvr" 2 "Maldivian rufiyaa",
    Mwk "mwk" 2 "Malawian kwacha",
    Mxn "mxn" 2 "Mexican peso",
    Myr "myr" 2 "Malaysian ringgit",
    Mzn "mzn" 2 "Mozambican metical",
    Nad "nad" 2 "Namibian dollar",
    Ngn "ngn" 2 "Nigerian naira",
    Nio "nio" 2 "Nicaraguan córdoba",
    Nok "nok" 2 "Norwegian krone",
    Npr "npr" 2 "Nepalese rupee",
    Nzd "nzd" 2 "New Zealand dollar",
    Omr "omr" 3 "Omani rial",
    Pab "pab" 2 "Panamanian balboa",
    Pen "pen" 2 "Peruvian sol",
    Pgk "pgk" 2 "Papua New Guinean kina",
    Php "php" 2 "Philippine peso",
    Pkr "pkr" 2 "Pakistani rupee",
    Pln "pln" 2 "Polish złoty",
    Pyg "pyg" 0 "Paraguayan guaraní",
    Qar "qar" 2 "Qatari riyal",
    Ron "ron" 2 "Romanian leu",
    Rsd "rsd" 2 "Serbian dinar",
    Rub "rub" 2 "Russian ruble",
    Rwf "rwf" 0 "Rwandan franc",
    Sar "sar" 2 "Saudi riyal",
    Sbd "sbd" 2 "Solomon Islands dollar",
    Scr "scr" 2 "Seychellois rupee",
    Sek "sek" 2 "Swedish krona",
    Sgd "sgd" 2 "Singapore dollar",
    Shp "shp" 2 "Saint Helena pound",
    Sle "sle" 2 "Sierra Leonean leone",
    Sos "sos" 2 "Somali shilling",
    Srd "srd" 2 "Surinamese dollar",
    Std "std" 2 "São Tomé dobra",
    Szl "szl" 2 "Swazi lilangeni",
    Thb "thb" 2 "Thai baht",
    Tjs "tjs" 2 "Tajikistani somoni",
    Tnd "tnd" 3 "Tunisian dinar",
    Top "top" 2 "Tongan paʻanga",
    Try "try" 2 "Turkish lira",
    Ttd "ttd" 2 "Trinidad and Tobago dollar",
    Twd "twd" 2 "New Taiwan dollar",
    Tzs "tzs" 2 "Tanzanian shilling",
    Uah "uah" 2 "Ukrainian hryvnia",
    Ugx "ugx" 2 "Ugandan shilling",
    Usd "usd" 2 "US dollar",
    Uyu "uyu" 2 "Uruguayan peso",
    Uzs "uzs" 2 "Uzbekistani som",
    Vnd "vnd" 0 "Vietnamese đồng",
    Vuv "vuv" 0 "Vanuatu vatu",
    Wst "wst" 2 "Samoan tālā",
    Xaf "xaf" 0 "Central African CFA franc",
    Xcd "xcd" 2 "East Caribbean dollar",
    Xof "xof" 0 "West African CFA franc",
    Xpf "xpf" 0 "CFP franc",
    Yer "yer" 2 "Yemeni rial",
    Zar "zar" 2 "South African rand",
    Zmw "zmw" 2 "Zambian kwacha",
}

/// A text that is no currency code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCurrency(pub String);

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no ISO 4217 currency code that Stripe charges in", self.0)
    }
}

impl std::error::Error for UnknownCurrency {}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Reads a code in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|currency| currency.code().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCurrency(text.to_owned()))
    }
}

impl fmt::Display for Currency {
    /// The code in upper case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code().chars().try_for_each(|letter| fmt::Write::write_char(f, letter.to_ascii_uppercase()))
    }
}
