//! The macro [`names!`](crate::names!), which declares an enum together with the stable names of its variants.

/// Declares an enum whose variants have stable names: in the database, in URLs, in forms or on the command line.
///
/// A name is written beside its variant, so a search for it finds the variant, and a renamed variant changes no stored
/// value. A variant without a name does not compile. The order of the variants is the order of `ALL`, in which pages
/// offer the choices. Doc comments and attributes stay where they are in any other enum.
///
/// ```
/// domain::names! {
///     /// The color of a page.
///     #[derive(Clone, Copy, Debug, PartialEq, Eq)]
///     pub enum Color {
///         /// Black text on a white page.
///         Light = "light",
///         /// White text on a black page.
///         Dark = "dark",
///     }
/// }
///
/// assert_eq!(Color::ALL, [Color::Light, Color::Dark]);
/// assert_eq!(Color::Dark.name(), "dark");
/// assert_eq!((Color::from_name("dark"), Color::from_name("Dark")), (Some(Color::Dark), None));
/// ```
#[macro_export]
macro_rules! names {
    (
        $(#[$attribute:meta])*
        $vis:vis enum $Enum:ident {
            $($(#[$variant_attribute:meta])* $Variant:ident = $name:literal),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        $vis enum $Enum {
            $($(#[$variant_attribute])* $Variant),+
        }

        impl $Enum {
            /// Every variant, in the order in which pages offer the choices.
            $vis const ALL: [Self; [$($name),+].len()] = [$(Self::$Variant),+];

            /// The stable name.
            $vis const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name),+
                }
            }

            /// The variant with this name.
            $vis fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|variant| variant.name() == name)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    crate::names! {
        /// An order of names that is neither that of the alphabet nor that of the numbers.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        enum Period {
            /// The empty name is a name, too.
            Ever = "",
            #[default]
            Week = "7d",
            Day = "24h",
        }
    }

    #[test]
    fn all_has_the_order_of_the_variants() {
        assert_eq!(Period::ALL, [Period::Ever, Period::Week, Period::Day]);
        assert_eq!(Period::ALL.map(|period| period as usize), [0, 1, 2]);
    }

    #[test]
    fn each_name_leads_back_to_its_variant() {
        assert_eq!(Period::ALL.map(Period::name), ["", "7d", "24h"]);
        assert_eq!(Period::ALL.map(|period| Period::from_name(period.name())), Period::ALL.map(Some));
    }

    #[test]
    fn an_unknown_name_leads_to_no_variant() {
        for name in ["Week", "7D", " 7d", "7d ", "7d24h", "24"] {
            assert_eq!(Period::from_name(name), None, "{name:?}");
        }
    }

    #[test]
    fn attributes_of_the_enum_and_its_variants_remain() {
        assert_eq!(Period::default(), Period::Week);
    }

    #[test]
    fn a_name_is_known_at_compile_time() {
        const NAME: &str = Period::Day.name();
        assert_eq!(NAME, "24h");
    }
}
