//! Texts of the log in the form for searches: in lower case and without accents, so that "Jose" finds "José".

use crate::member_list;
use domain::{
    activity::{Change, Entry},
    sso::SsoChange,
};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Upper bound of a text's searchable characters.
const MAX: usize = 1_000;

/// The form for comparison.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.trim().nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The pattern that finds a text at any position.
pub(crate) fn pattern(search: &str) -> String {
    member_list::pattern(&folded(search))
}

/// The searchable text of an entry; `None` if only its member finds it.
pub(crate) fn of_entry(entry: &Entry) -> Option<String> {
    let mut words = match &entry.change {
        Change::GroupMembersChanged { name, who, .. } => [name.clone(), who.join("\n")].join("\n"),
        Change::MemberProtected { name, .. } => name.clone(),
        // The person sends an admin the code with the reference, as the page shows it.
        Change::Sso(SsoChange::SsoSignInFailed { method, failure, reference, subject, .. }) => {
            let code = [failure.name(), " ", reference].concat();
            [method.as_str(), &code, subject.as_deref().unwrap_or_default()].join("\n")
        }
        change => change.sentence().1,
    };
    if let Change::MemberUpdated { differences, .. } = &entry.change {
        // A renamed member can also be found by the old name.
        let is_name = |attribute: &str| matches!(attribute, "userName" | "displayName" | "emails");
        for difference in differences.iter().filter(|difference| is_name(&difference.attribute)) {
            for side in [&difference.was, &difference.is].into_iter().flatten() {
                words.push('\n');
                words.push_str(side);
            }
        }
    }
    Some(of_text(&words)).filter(|words| !words.is_empty())
}

/// The searchable form of a name.
pub(crate) fn of_text(text: &str) -> String {
    folded(text).chars().take(MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::{folded, of_entry, of_text};
    use domain::{
        activity::{ActivityActor, Entry},
        id::ActivityId,
        sso::{SsoChange, SsoFailure},
    };

    #[test]
    fn a_failed_sign_in_is_found_by_the_code_of_its_page() {
        let change = SsoChange::SsoSignInFailed {
            method: "Okta".into(),
            failure: SsoFailure::NoMatch,
            reference: "7Q2F-K81D".into(),
            subject: Some("00u1".into()),
            facts: Vec::new(),
        };
        let (id, actor) = (ActivityId::new("019a97b0-0000-7000-8000-000000000000"), ActivityActor::System);
        let entry = Entry { id, at: 1, actor, address: None, request: None, member: None, change: change.into() };
        let text = of_entry(&entry).unwrap_or_default();
        for searched in ["no-match 7Q2F-K81D", "7q2f-k81d", "no-match", "00u1", "okta"] {
            assert!(text.contains(&of_text(searched)), "{searched}: {text}");
        }
    }

    #[test]
    fn accents_and_special_letters_are_folded() {
        for (text, expected) in [
            ("José Núñez", "jose nunez"),
            ("JOSE\u{301}", "jose"),
            ("Łukasz Đorđe", "lukasz dorde"),
            ("Bergström", "bergstrom"),
            ("Straße", "strasse"),
            ("İpek Işık", "ipek isik"),
            ("Nguyễn", "nguyen"),
            ("Æsir Øst", "aesir ost"),
            ("  grace@acme.test ", "grace@acme.test"),
            ("日本", "日本"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }
}
