//! Believable people: distinct names, jobs and places, the same ones every time.

mod company;
mod names;

use company::{DEPARTMENTS, OFFICES, department};
use names::{FAMILY, GIVEN, plain};
use serde_json::{Map, Value, json};

/// So many names there are without a middle initial.
const PAIRS: usize = GIVEN.len() * FAMILY.len();
/// Has no divisor in common with [`PAIRS`]: steps of this length meet every pair once before any comes again.
const STEP: usize = 4_129;

/// In which group who is.
type Contains = fn(&Person, &str) -> bool;

/// Somebody.
pub(super) struct Person {
    /// Which one, from 0.
    number: usize,
    given: &'static str,
    middle: Option<char>,
    family: &'static str,
    pub(super) department: &'static str,
    pub(super) office: &'static str,
    title: &'static str,
    /// On the last step of the ladder.
    pub(super) manages: bool,
}

impl Person {
    /// Somebody else for each number below 200,000 and more.
    pub(super) fn number(number: usize) -> Self {
        let pair = (number % PAIRS) * STEP % PAIRS;
        let given = pick(&GIVEN, pair / FAMILY.len());
        let family = pick(&FAMILY, pair % FAMILY.len());
        let middle = match number / PAIRS {
            0 => None,
            round => u8::try_from(round - 1).ok().filter(|at| *at < 26).map(|at| char::from(b'A' + at)),
        };
        let (department, titles) = department(number * 61 % 100);
        let step = match number % 11 {
            0 => 2,
            1..=4 => 1,
            _ => 0,
        };
        let office = pick(&OFFICES, number * 7 % 13).0;
        Self { number, given, middle, family, department, office, title: pick(&titles, step), manages: step == 2 }
    }

    /// The User that an identity provider would send.
    pub(super) fn document(&self, host: &str) -> Map<String, Value> {
        let email = [self.local(), "@".to_owned(), host.to_owned()].concat();
        let (city, country, timezone, locale) =
            OFFICES.into_iter().find(|office| office.0 == self.office).unwrap_or(pick(&OFFICES, 0));
        let display = self.name();
        let mut name = json!({"givenName": self.given, "familyName": self.family, "formatted": display});
        if let (Some(middle), Some(name)) = (self.middle, name.as_object_mut()) {
            name.insert("middleName".to_owned(), format!("{middle}.").into());
        }
        let user = json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": format!("00u{:0>17}", radix(self.number + 1)),
            "userName": email,
            "name": name,
            "displayName": display,
            "title": self.title,
            "emails": [{"value": email, "type": "work", "primary": true}],
            "addresses": [{"type": "work", "locality": city, "country": country}],
            "locale": locale,
            "preferredLanguage": locale,
            "timezone": timezone,
            "active": true,
            ENTERPRISE: {"department": self.department, "employeeNumber": format!("{:06}", 1_000 + self.number)},
        });
        into_map(user)
    }

    fn name(&self) -> String {
        let middle = self.middle.map(|middle| format!("{middle}. ")).unwrap_or_default();
        [self.given, " ", &middle, self.family].concat()
    }

    /// What stands before the `@`.
    fn local(&self) -> String {
        let middle = self.middle.map(|middle| format!(".{middle}")).unwrap_or_default();
        let whole = [self.given, &middle, ".", self.family].concat();
        whole.chars().map(plain).collect::<String>().to_lowercase()
    }
}

/// The schemas of people and groups.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The groups: every department, every office, and those who manage. `contains`: is somebody in it?
pub(super) fn groups() -> Vec<(String, Contains)> {
    let mut groups: Vec<(String, Contains)> = Vec::new();
    for (department, ..) in DEPARTMENTS {
        groups.push((department.to_owned(), |person, name| person.department == name));
    }
    for (office, ..) in OFFICES {
        groups.push((["Office ", office].concat(), |person, name| name.strip_prefix("Office ") == Some(person.office)));
    }
    groups.push(("Managers".to_owned(), |person, _| person.manages));
    groups
}

/// Goes round the list.
fn pick<T: Copy + Default>(list: &[T], at: usize) -> T {
    list.get(at % list.len().max(1)).copied().unwrap_or_default()
}

/// A number in digits and letters, as Okta's ids look.
fn radix(mut number: usize) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    while number > 0 {
        text.insert(0, pick(DIGITS, number % DIGITS.len()));
        number /= DIGITS.len();
    }
    String::from_utf8(text).unwrap_or_default()
}

/// A JSON object's members.
pub(super) fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn everybody_has_a_name_and_an_address_of_their_own() {
        let people: Vec<Person> = (0..60_000).map(Person::number).collect();
        assert_eq!(people.iter().map(Person::name).collect::<HashSet<_>>().len(), people.len());
        let locals: HashSet<String> = people.iter().map(Person::local).collect();
        assert_eq!(locals.len(), people.len());
        assert!(locals.iter().all(|local| local.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'.'))));
        assert_eq!(people[0].middle, None);
        assert_eq!(people[PAIRS].middle, Some('A'));
    }

    #[test]
    fn the_shares_add_up_and_everybody_is_in_a_group_of_each_kind() {
        assert_eq!(DEPARTMENTS.iter().map(|(_, share, _)| share).sum::<usize>(), 100);
        let groups = groups();
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        for person in (0..1_000).map(Person::number) {
            let mine: Vec<_> = groups.iter().filter(|(name, contains)| contains(&person, name)).collect();
            assert_eq!(mine.len(), if person.manages { 3 } else { 2 });
            for (name, _) in mine {
                *sizes.entry(name).or_default() += 1;
            }
        }
        assert_eq!(sizes.len(), groups.len(), "no group is empty: {sizes:?}");
        assert_eq!((sizes["Engineering"], sizes["Managers"]), (340, 91));
    }
}
