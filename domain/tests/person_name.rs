//! Names in parts.

use domain::person_name::PersonName;

#[test]
fn a_name_is_split_at_its_last_space() {
    for (name, given, family) in [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("  Tim Berners  Lee ", "Tim Berners", "Lee"),
        ("Ludwig van Beethoven", "Ludwig van", "Beethoven"),
        ("毛 泽东", "毛", "泽东"),
        ("Ada\u{3000}Lovelace", "Ada", "Lovelace"),
        ("Cher", "Cher", "Cher"),
        ("new.person@acme.test", "new.person", "new.person"),
        ("@acme", "@acme", "@acme"),
        ("", "", ""),
    ] {
        assert_eq!(PersonName::split(name), PersonName { given, family }, "{name}");
    }
}
