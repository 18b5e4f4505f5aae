//! The facts of a change beyond its sentence.

use crate::{
    components::{number::thousands, provider_text::provider_text},
    pages::members::labels,
};
use domain::{
    UnixMs,
    activity::Change,
    role::{Role, Roles},
    sso::{SUBJECT_MAX, SsoChange},
    team::TeamChange,
};

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntryFact {
    Text(String),
    Moment(UnixMs),
    Hint(String),
    HintUntil(String, UnixMs),
}

/// The facts with their labels.
pub(super) fn facts(change: Change) -> Vec<(&'static str, EntryFact)> {
    match change {
        Change::MemberAdded { role, .. } => vec![("Role", text(role.label()))],
        Change::MemberRolesChanged { from, to, .. } => {
            vec![("Before", EntryFact::Text(labels(from))), ("Now", EntryFact::Text(labels(to)))]
        }
        Change::MemberInvited { role, restored: true, was, .. } => {
            let mut facts = vec![("Role", text(role.label())), ("ID", text("Unchanged"))];
            facts.extend(roles_before(was));
            facts
        }
        Change::MemberInvited { role, restored: false, .. } => vec![("Role", text(role.label()))],
        Change::InviteAccepted { email } => vec![("Invited as", EntryFact::Text(email))],
        Change::MemberRestored { was, .. } => {
            let mut facts = vec![("ID", text("Unchanged"))];
            facts.extend(roles_before(was));
            facts
        }
        Change::MemberSignInKept { attributes, why, .. } => {
            vec![("Left out", EntryFact::Text(attributes.join(", "))), ("Why", EntryFact::Text(why))]
        }
        Change::MemberTakenOver { .. } => {
            vec![("Now", text("Managed by the provider. Roles and password are unchanged"))]
        }
        // The differences are more precise.
        Change::MemberUpdated { differences, .. } | Change::SsoEdited { differences, .. }
            if !differences.is_empty() =>
        {
            Vec::new()
        }
        Change::MemberUpdated { changed, .. } => changed_attributes(&changed),
        Change::MemberDeleted { sessions, was, .. } | Change::MemberLeft { sessions, was } => {
            let mut facts = vec![("Sessions", EntryFact::Text(sessions_ended(sessions)))];
            facts.extend(roles_before(was));
            facts
        }
        Change::MemberDeactivated { sessions, .. }
        | Change::PasswordChanged { sessions }
        | Change::SessionsEnded { sessions }
        | Change::Team(TeamChange::EveryoneSignedOut { sessions }) => {
            vec![("Sessions", EntryFact::Text(sessions_ended(sessions)))]
        }
        Change::ProfileChanged { from, to, .. } => {
            vec![("Before", EntryFact::Text(from)), ("Now", EntryFact::Text(to))]
        }
        Change::MemberProtected { why, .. } => vec![
            ("Why", EntryFact::Text(why)),
            (
                "How to fix",
                text(
                    "Nothing was changed. If the change is intended, remove the protection first or ask a Super Admin to make it",
                ),
            ),
        ],
        Change::SignInFailed { .. } => vec![
            ("Why", text("Incorrect password")),
            ("Counted", text("All within 15 minutes of the first. The address is the last one")),
        ],
        Change::GroupCreated { members, .. } => vec![("Members", EntryFact::Text(number(members)))],
        Change::GroupUpdated { was: Some(was), .. } => vec![("Before", EntryFact::Text(was))],
        Change::GroupMembersChanged { added, removed, who, .. } => membership_changes(added, removed, &who),
        Change::GroupDeleted { members: 0, .. } => vec![("Members", text("None"))],
        Change::GroupDeleted { members, .. } => {
            vec![("Members", EntryFact::Text([&number(members), " (still in the team)"].concat()))]
        }
        Change::GroupMapped { from, to, .. } => {
            let role = |role: Option<Role>| text(role.map_or("No role", Role::label));
            vec![("Before", role(from)), ("Now", role(to))]
        }
        Change::SsoAdded { provider, protocol, .. } => {
            vec![("Type", EntryFact::Text([provider.label(), ", ", protocol.label()].concat()))]
        }
        Change::SsoEdited { changed, .. } if !changed.is_empty() => {
            vec![("Changed", EntryFact::Text(changed.join(", ")))]
        }
        Change::KeyGenerated { hint, expires_at, .. } => {
            let expires = expires_at.map_or_else(|| text("Never"), EntryFact::Moment);
            vec![("Key", EntryFact::Hint(hint)), ("Expires", expires)]
        }
        Change::KeyRolled { old, new, until, .. } => {
            vec![("New key", EntryFact::Hint(new)), ("Old key", EntryFact::HintUntil(old, until))]
        }
        Change::KeyOverlapChanged { hint, until, .. } => vec![("Old key", EntryFact::HintUntil(hint, until))],
        Change::KeyRevoked { hint, .. } => vec![("Key", EntryFact::Hint(hint))],
        Change::Sso(change) => sso_facts(change),
        _ => Vec::new(),
    }
}

fn sso_facts(change: SsoChange) -> Vec<(&'static str, EntryFact)> {
    let account = |subject: String| ("Account ID", EntryFact::Hint(provider_text(&subject, SUBJECT_MAX)));
    let method = |method: String| ("SSO method", EntryFact::Text(method));
    match change {
        SsoChange::SsoSignedIn { method: name }
        | SsoChange::SsoMemberCreated { method: name, .. }
        | SsoChange::SsoSteppedUp { method: name }
        | SsoChange::SsoAllUnlinked { method: name, .. }
        | SsoChange::SsoSignedOut { method: name, .. } => vec![method(name)],
        SsoChange::SsoLinked { method: name, subject, .. } | SsoChange::SsoUnlinked { method: name, subject, .. } => {
            vec![method(name), account(subject)]
        }
        SsoChange::SsoSignInFailed { method: name, failure, reference, subject, .. } => {
            let code = ("Code", EntryFact::Hint([failure.name(), " ", &reference].concat()));
            [method(name), code].into_iter().chain(subject.map(account)).collect()
        }
    }
}

fn text(words: &str) -> EntryFact {
    EntryFact::Text(words.to_owned())
}

/// The manual roles of a removed member.
fn roles_before(was: Option<Roles>) -> Option<(&'static str, EntryFact)> {
    Some(("Roles before", EntryFact::Text([&labels(was?), " (ended with the membership)"].concat())))
}

fn number(count: u64) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The effect on the member's sessions.
fn sessions_ended(sessions: u64) -> String {
    match sessions {
        0 => "No open sessions".to_owned(),
        1 => "1 session ended".to_owned(),
        more => [&number(more), " sessions ended"].concat(),
    }
}

fn changed_attributes(names: &[String]) -> Vec<(&'static str, EntryFact)> {
    if names.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = names.iter().map(|name| attribute(name)).collect();
    vec![("Changed", EntryFact::Text(names.join(", ")))]
}

/// The new and removed members. The log contains the names of the first few of both together.
fn membership_changes(added: u64, removed: u64, names: &[String]) -> Vec<(&'static str, EntryFact)> {
    match (added, removed) {
        (added, 0) => vec![("Joined", EntryFact::Text(names_and_count(names, added)))],
        (0, removed) => vec![("Left", EntryFact::Text(names_and_count(names, removed)))],
        (added, removed) => vec![
            ("Joined", EntryFact::Text(number(added))),
            ("Left", EntryFact::Text(number(removed))),
            ("Who", EntryFact::Text(names_and_count(names, added.saturating_add(removed)))),
        ],
    }
}

/// "Ada, Grace and 3 more".
fn names_and_count(names: &[String], all: u64) -> String {
    let named = names.get(..usize::try_from(all).unwrap_or(usize::MAX).min(names.len())).unwrap_or_default();
    let more = all.saturating_sub(u64::try_from(named.len()).unwrap_or(u64::MAX));
    match (named, more) {
        ([], more) => number(more),
        ([rest @ .., last], 0) if !rest.is_empty() => [&rest.join(", "), " and ", last].concat(),
        (named, 0) => named.join(", "),
        (named, more) => [&named.join(", "), " and ", &number(more), " more"].concat(),
    }
}

/// The label of a User's attribute; the name of an unknown attribute.
pub(super) fn attribute(name: &str) -> &str {
    const WORDS: [(&str, &str); 31] = [
        ("active", "active"),
        ("addresses", "addresses"),
        ("costCenter", "cost center"),
        ("department", "department"),
        ("displayName", "display name"),
        ("division", "division"),
        ("emails", "emails"),
        ("employeeNumber", "employee number"),
        ("entitlements", "entitlements"),
        ("externalId", "external ID"),
        ("familyName", "family name"),
        ("formatted", "full name"),
        ("givenName", "given name"),
        ("honorificPrefix", "name prefix"),
        ("honorificSuffix", "name suffix"),
        ("ims", "instant messaging"),
        ("locale", "locale"),
        ("manager", "manager"),
        ("middleName", "middle name"),
        ("name", "name"),
        ("nickName", "nickname"),
        ("organization", "organization"),
        ("phoneNumbers", "phone numbers"),
        ("photos", "photos"),
        ("preferredLanguage", "language"),
        ("profileUrl", "profile URL"),
        ("timezone", "time zone"),
        ("title", "title"),
        ("userName", "user name"),
        ("userType", "user type"),
        ("x509Certificates", "certificates"),
    ];
    WORDS.iter().find(|(known, _)| *known == name).map_or(name, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sso::SsoFailure;

    fn texts(change: Change) -> String {
        let facts = facts(change).into_iter().map(|(label, fact)| match fact {
            EntryFact::Text(text) => [label, ": ", &text].concat(),
            other => format!("{label}: {other:?}"),
        });
        facts.collect::<Vec<_>>().join("; ")
    }

    fn names(count: usize) -> Vec<String> {
        ["Ada", "Grace", "Alan", "Luca", "Mary"].into_iter().take(count).map(str::to_owned).collect()
    }

    #[test]
    fn the_facts_of_a_members_change() {
        let name = || "Ada".to_owned();
        let changed = ["title", "emails", "x-unknown"].map(str::to_owned).to_vec();
        for (change, expected) in [
            (
                Change::MemberUpdated { name: name(), changed, differences: Vec::new() },
                "Changed: title, emails, x-unknown",
            ),
            (Change::MemberUpdated { name: name(), changed: Vec::new(), differences: Vec::new() }, ""),
            (Change::MemberDeactivated { name: name(), sessions: 0 }, "Sessions: No open sessions"),
            (Change::MemberDeactivated { name: name(), sessions: 1 }, "Sessions: 1 session ended"),
            (Change::MemberDeleted { name: name(), sessions: 1_200, was: None }, "Sessions: 1,200 sessions ended"),
            (
                Change::MemberLeft { sessions: 0, was: Some(Roles::from_bits(40)) },
                "Sessions: No open sessions; Roles before: Admin, Billing (ended with the membership)",
            ),
            (
                Change::MemberSignInKept { name: name(), attributes: vec!["emails".into()], why: "Last one".into() },
                "Left out: emails; Why: Last one",
            ),
            (
                Change::MemberProtected { name: name(), why: "Last one".into() },
                "Why: Last one; How to fix: Nothing was changed. If the change is intended, remove the protection first or ask a Super Admin to make it",
            ),
            (Change::MemberRestored { name: name(), was: None }, "ID: Unchanged"),
            (Change::MemberProvisioned { name: name() }, ""),
        ] {
            assert_eq!(texts(change), expected);
        }
    }

    #[test]
    fn the_facts_of_a_sign_in_through_an_sso_method() {
        let (name, method, subject) = ("Ada".to_owned(), "Okta".to_owned(), "00u1\u{202E}".to_owned());
        let failed = |subject| SsoChange::SsoSignInFailed {
            method: "Okta".into(),
            failure: SsoFailure::NoMatch,
            reference: "7Q2F-K81D".into(),
            subject,
            facts: Vec::new(),
        };
        for (change, expected) in [
            (SsoChange::SsoSignedIn { method: method.clone() }, "SSO method: Okta"),
            (SsoChange::SsoSteppedUp { method: method.clone() }, "SSO method: Okta"),
            (SsoChange::SsoMemberCreated { name: name.clone(), method: method.clone() }, "SSO method: Okta"),
            (SsoChange::SsoAllUnlinked { method: method.clone(), links: 2 }, "SSO method: Okta"),
            (
                SsoChange::SsoUnlinked { name: name.clone(), method: method.clone(), subject: "00u1".into() },
                "SSO method: Okta; Account ID: Hint(\"00u1\")",
            ),
            (SsoChange::SsoLinked { name, method, subject }, "SSO method: Okta; Account ID: Hint(\"00u1\u{FFFD}\")"),
            (
                failed(Some("00u1".into())),
                "SSO method: Okta; Code: Hint(\"no-match 7Q2F-K81D\"); Account ID: Hint(\"00u1\")",
            ),
            (failed(None), "SSO method: Okta; Code: Hint(\"no-match 7Q2F-K81D\")"),
        ] {
            assert_eq!(texts(change.into()), expected);
        }
    }

    #[test]
    fn the_facts_of_a_groups_change_name_new_and_removed_members() {
        let membership_changes = |added, removed, names: Vec<String>| {
            texts(Change::GroupMembersChanged { name: "IT".into(), added, removed, who: names })
        };
        assert_eq!(membership_changes(1, 0, names(1)), "Joined: Ada");
        assert_eq!(membership_changes(2, 0, names(2)), "Joined: Ada and Grace");
        assert_eq!(membership_changes(0, 3, names(3)), "Left: Ada, Grace and Alan");
        assert_eq!(membership_changes(1_205, 0, names(5)), "Joined: Ada, Grace, Alan, Luca, Mary and 1,200 more");
        assert_eq!(membership_changes(1, 1, names(2)), "Joined: 1; Left: 1; Who: Ada and Grace");
        assert_eq!(membership_changes(7, 0, Vec::new()), "Joined: 7");
        // There are more names than new members, because some were in the group already.
        assert_eq!(membership_changes(1, 0, names(3)), "Joined: Ada");
        let renamed =
            |was: Option<&str>| texts(Change::GroupUpdated { name: "IT".into(), was: was.map(str::to_owned) });
        assert_eq!((renamed(Some("Old IT")), renamed(None)), ("Before: Old IT".into(), String::new()));
        let deleted = |members| texts(Change::GroupDeleted { name: "IT".into(), members });
        assert_eq!((deleted(0), deleted(12)), ("Members: None".into(), "Members: 12 (still in the team)".into()));
    }
}
