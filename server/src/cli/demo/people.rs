//! Believable people: distinct names, jobs and places, the same ones every time.

mod company;
mod names;

use company::{DEPARTMENTS, OFFICES, department};
use names::{FAMILY, GIVEN, plain};
use serde_json::{Map, Value, json};

/// The number of names without a middle initial.
const PAIRS: usize = GIVEN.len() * FAMILY.len();
/// Has no common divisor with [`PAIRS`], so that steps of this length visit every pair before they repeat one.
const STEP: usize = 4_129;

/// Second profiles have the numbers from this one on.
const SECOND: usize = 1_000_000;

/// Whether a person is in a group.
type Contains = fn(&DemoPerson, &str) -> bool;

pub(super) struct DemoPerson {
    /// The person's number, from 0.
    number: usize,
    given: &'static str,
    middle: Option<char>,
    family: &'static str,
    pub(super) department: &'static str,
    pub(super) office: &'static str,
    /// The jobs of the department, and the person's step on that ladder.
    titles: [&'static str; 3],
    step: usize,
    /// The person has the last job of the ladder.
    pub(super) manages: bool,
}

impl DemoPerson {
    /// A different person for each number, up to more than 200,000.
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
        Self { number, given, middle, family, department, office, titles, step, manages: step == 2 }
    }

    /// The User that an identity provider sends.
    pub(super) fn document(&self, host: &str) -> Map<String, Value> {
        let email = self.user_name(host);
        let (city, country, timezone, locale) =
            OFFICES.into_iter().find(|office| office.0 == self.office).unwrap_or(pick(&OFFICES, 0));
        let display = self.name();
        let mut name = json!({"givenName": self.given, "familyName": self.family, "formatted": display});
        if let (Some(middle), Some(name)) = (self.middle, name.as_object_mut()) {
            name.insert("middleName".to_owned(), format!("{middle}.").into());
        }
        let user = json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": external_id(self.number),
            "userName": email,
            "name": name,
            "displayName": display,
            "title": pick(&self.titles, self.step),
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

    /// The User of a second profile of the same person at the provider.
    pub(super) fn second_document(&self, host: &str) -> Map<String, Value> {
        let mut user = self.document(host);
        user.insert("externalId".to_owned(), external_id(self.number + SECOND).into());
        user.insert("title".to_owned(), "Contractor".into());
        user
    }

    /// The change of the profile after this many earlier ones: an attribute and its new value. Job titles and phone numbers
    /// alternate.
    pub(super) fn change(&self, earlier: usize) -> (&'static str, Value) {
        let turn = earlier / 2 + 1;
        if (self.number + earlier).is_multiple_of(2) {
            return ("title", pick(&self.titles, self.step + turn).into());
        }
        let number = format!("+1 416-555-01{:02}", (self.number + turn) % 100);
        ("phoneNumbers", json!([{"type": "work", "value": number}]))
    }

    pub(super) fn user_name(&self, host: &str) -> String {
        [&self.local(), "@", host].concat()
    }

    pub(super) fn name(&self) -> String {
        let middle = self.middle.map(|middle| format!("{middle}. ")).unwrap_or_default();
        [self.given, " ", &middle, self.family].concat()
    }

    /// The local part of the email.
    fn local(&self) -> String {
        let middle = self.middle.map(|middle| format!(".{middle}")).unwrap_or_default();
        let full_name = [self.given, &middle, ".", self.family].concat();
        full_name.chars().map(plain).collect::<String>().to_lowercase()
    }
}

/// The schemas of people and groups.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The groups: every department, every office, and the managers. `contains`: whether a person is in the group.
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

/// An element of the list, which is treated as a ring.
fn pick<T: Copy + Default>(list: &[T], at: usize) -> T {
    list.get(at % list.len().max(1)).copied().unwrap_or_default()
}

/// An id in Okta's form, different for each number.
fn external_id(number: usize) -> String {
    // Multiplying by an odd number maps different numbers to different numbers.
    let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("00ub4{:0>15}", radix(mixed))
}

/// A number in digits and letters.
fn radix(mut number: u64) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    while number > 0 {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        text.insert(0, pick(DIGITS, digit));
        number /= 36;
    }
    String::from_utf8(text).unwrap_or_default()
}

/// A JSON object's members.
fn into_map(value: Value) -> Map<String, Value> {
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
    fn names_and_addresses_are_unique() {
        let people: Vec<DemoPerson> = (0..60_000).map(DemoPerson::number).collect();
        assert_eq!(people.iter().map(DemoPerson::name).collect::<HashSet<_>>().len(), people.len());
        let locals: HashSet<String> = people.iter().map(DemoPerson::local).collect();
        assert_eq!(locals.len(), people.len());
        assert!(locals.iter().all(|local| local.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'.'))));
        assert_eq!(people[0].middle, None);
        assert_eq!(people[PAIRS].middle, Some('A'));
    }

    #[test]
    fn each_person_is_in_one_group_of_each_kind() {
        assert_eq!(DEPARTMENTS.iter().map(|(_, share, _)| share).sum::<usize>(), 100);
        let groups = groups();
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        for person in (0..1_000).map(DemoPerson::number) {
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
