//! The filters in the RFC and of identity providers, and rejected ones.

use super::*;
use crate::{Normalizations, ResourceType, ScimType};

/// The filter in canonical form, and the notes about it.
fn read(text: &str, kind: ResourceType) -> (String, String) {
    let mut notes = Normalizations::new();
    let filter = Filter::parse(text, kind, &mut notes).unwrap_or_else(|error| panic!("{text}: {error}"));
    (filter.to_string(), notes.iter().collect::<Vec<_>>().join("; "))
}

fn refused(text: &str, kind: ResourceType) -> String {
    let error = Filter::parse(text, kind, &mut Normalizations::new()).expect_err(text);
    assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::InvalidFilter)), "{text}");
    error.to_string()
}

#[test]
fn the_rfcs_examples() {
    const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";
    for text in [
        r#"userName eq "bjensen""#,
        r#"name.familyName co "O'Malley""#,
        r#"userName sw "J""#,
        &format!(r#"{CORE}userName sw "J""#),
        "title pr",
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
        r#"title pr and userType eq "Employee""#,
        r#"title pr or userType eq "Intern""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType eq "Employee" and (emails.type eq "work")"#,
        r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
    ] {
        let expected = text
            .replace(CORE, "")
            .replace("emails co", "emails.value co")
            .replace(r#"(emails.type eq "work")"#, r#"emails.type eq "work""#);
        assert_eq!(read(text, ResourceType::User), (expected, String::new()));
    }
}

#[test]
fn filters_of_identity_providers_are_read() {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (kind, text, expected, noted) in [
        (
            ResourceType::User,
            r#"userName eq "test.user@okta.local""#,
            r#"userName eq "test.user@okta.local""#.to_owned(),
            "",
        ),
        (ResourceType::Group, r#"displayName eq "Test SCIMv2""#, r#"displayName eq "Test SCIMv2""#.into(), ""),
        (ResourceType::User, r#"userName eq "Test_User_00aa""#, r#"userName eq "Test_User_00aa""#.into(), ""),
        (ResourceType::User, r#"externalId eq "0a21f0f2""#, r#"externalId eq "0a21f0f2""#.into(), ""),
        (ResourceType::User, "externalId eq jyoung", r#"externalId eq "jyoung""#.into(), "externalId: unquoted value"),
        (
            ResourceType::User,
            r#"emails[type eq "work"].value eq "user@contoso.com""#,
            r#"emails[type eq "work" and value eq "user@contoso.com"]"#.into(),
            "",
        ),
        (
            ResourceType::User,
            r#"id eq "2819" and manager eq "2611""#,
            format!(r#"id eq "2819" and {ENTERPRISE}:manager.value eq "2611""#),
            "",
        ),
        (
            ResourceType::User,
            r#"manager eq "2611" and id eq "2819""#,
            format!(r#"{ENTERPRISE}:manager.value eq "2611" and id eq "2819""#),
            "",
        ),
        (
            ResourceType::Group,
            r#"id eq "e9e3" and members eq "2819""#,
            r#"id eq "e9e3" and members.value eq "2819""#.into(),
            "",
        ),
        (ResourceType::Group, r#"members[value eq "2819"]"#, r#"members[value eq "2819"]"#.into(), ""),
        (ResourceType::User, r#"DisplayName eq "Ada""#, r#"displayName eq "Ada""#.into(), ""),
        (
            ResourceType::User,
            "name.FamilyName eq Employee and (emails.Value co example.com or emails.Value co example.org)",
            r#"name.familyName eq "Employee" and (emails.value co "example.com" or emails.value co "example.org")"#
                .into(),
            "name.familyName: unquoted value; emails.value: unquoted value",
        ),
        (ResourceType::User, "userName sw O", r#"userName sw "O""#.into(), "userName: unquoted value"),
        (
            ResourceType::User,
            "meta.Created gt 2015-10-10T14:38:21.8617979-07:00",
            r#"meta.created gt "2015-10-10T14:38:21.8617979-07:00""#.into(),
            "meta.created: unquoted value",
        ),
        (ResourceType::User, r#"active eq "True""#, "active eq true".into(), "active: string converted to boolean"),
        (ResourceType::User, "active eq FALSE", "active eq false".into(), ""),
        (
            ResourceType::User,
            "employeeNumber eq 701984",
            format!(r#"{ENTERPRISE}:employeeNumber eq "701984""#),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber: unquoted value",
        ),
        (ResourceType::User, "title EQ Null OR NOT(title PR)", "title eq null or not (title pr)".into(), ""),
    ] {
        assert_eq!(read(text, kind), (expected, noted.to_owned()), "{text}");
    }
}

#[test]
fn filters_are_printed_flat() {
    for (text, expected) in [
        ("((id pr))", "id pr"),
        ("(id pr and title pr) and active pr", "id pr and title pr and active pr"),
        ("id pr or (title pr or active pr)", "id pr or title pr or active pr"),
        ("id pr or (title pr and active pr)", "id pr or title pr and active pr"),
        ("(id pr or title pr) and active pr", "(id pr or title pr) and active pr"),
        ("not (not(id pr))", "not (not (id pr))"),
        ("emails[type pr or display pr].value pr", "emails[(type pr or display pr) and value pr]"),
        ("emails[type pr and display pr].value pr", "emails[type pr and display pr and value pr]"),
        (" emails [ type\tpr ] ", "emails[type pr]"),
        ("emails[type pr]and(id pr)or title pr", "emails[type pr] and id pr or title pr"),
        ("manager[value pr]", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value pr]"),
        (r#"title eq "\u0041\"\\\/\n""#, r#"title eq "A\"\\/\n""#),
    ] {
        assert_eq!(read(text, ResourceType::User).0, expected);
    }
}

#[test]
fn syntax_errors_are_rejected_with_their_position() {
    for (text, expected) in [
        ("", "filter, character 1: expected an attribute name"),
        (" ", "filter, character 2: expected an attribute name"),
        ("()", "filter, character 2: expected an attribute name"),
        ("\"userName\" eq \"a\"", "filter, character 1: expected an attribute name"),
        ("and id pr", "filter, character 1: expected an attribute name"),
        ("id pr and", "filter, character 10: expected an attribute name"),
        ("id pr and or id pr", "filter, character 11: expected an attribute name"),
        ("id", "filter, character 3: expected an operator after id"),
        ("id \"a\"", "filter, character 4: expected an operator after id"),
        ("id (", "filter, character 4: expected an operator after id"),
        ("id = \"a\"", "filter, character 4: “=” isn't an operator. Use pr, eq, ne, co, sw, ew, gt, ge, lt, le"),
        ("id eq", "filter, character 6: expected a value after “eq”"),
        ("id eq )", "filter, character 7: expected a value after “eq”"),
        ("id eq \"é\" \"b\"", "filter, character 11: expected “and” or “or”"),
        ("id pr id pr", "filter, character 7: expected “and” or “or”"),
        ("id pr (id pr)", "filter, character 7: expected “and” or “or”"),
        ("id eq \"a", "filter, character 7: unclosed string"),
        ("id eq 'a'", "filter, character 7: use double quotes around strings"),
        ("id eq \"\\x\"", "filter, character 7: invalid JSON escape"),
        ("id eq \"a\nb\"", "filter, character 9: unescaped control character"),
        ("id pr\nand id pr", "filter, character 6: unexpected control character"),
        ("not id pr", "filter, character 5: expected “(” after “not”"),
        ("(id pr", "filter, character 1: unclosed bracket"),
        ("id pr)", "filter, character 6: unmatched “)”"),
        ("id pr]", "filter, character 6: unmatched “]”"),
        ("(id pr]", "filter, character 7: mismatched “]”"),
        ("emails[type pr", "filter, character 7: unclosed bracket"),
        ("emails[(type pr])", "filter, character 16: mismatched “]”"),
        ("emails[type pr].value", "filter, character 22: expected an operator after emails.value"),
        (
            "emails[type pr].",
            "filter, character 16: emails has no sub-attribute “”. It has value, display, type, primary",
        ),
        (
            "emails[type pr].foo pr",
            "filter, character 16: emails has no sub-attribute “foo”. It has value, display, type, primary",
        ),
    ] {
        assert_eq!(refused(text, ResourceType::User), expected, "{text}");
    }
}

#[test]
fn filters_that_do_not_fit_the_schema_are_rejected() {
    for (text, expected) in [
        (
            "emails[emails.type pr]",
            "character 8: emails has no sub-attribute “emails.type”. It has value, display, type, primary",
        ),
        ("emails[type[value pr]]", "character 12: emails.type isn't complex, so it can't take a value filter"),
        ("userName[value pr]", "character 9: userName isn't complex, so it can't take a value filter"),
        ("emails.value[type pr]", "character 13: emails.value isn't complex, so it can't take a value filter"),
        (
            "name.first pr",
            "character 1: name has no sub-attribute “first”. It has formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix",
        ),
        (
            "name eq \"Ada\"",
            "character 9: name is complex. Compare one of its sub-attributes: formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix",
        ),
        ("active gt true", "character 11: active is a boolean: use eq, ne, not gt"),
        ("active co \"tr\"", "character 11: active is a boolean: use eq, ne, not co"),
        ("active eq 1", "character 11: active must be compared with true or false"),
        ("active eq \"yes\"", "character 11: active must be compared with true or false"),
        ("x509Certificates.value ge \"MIIB\"", "character 27: x509Certificates.value is a binary: use eq, ne, not ge"),
        ("meta.created sw \"2015\"", "character 17: meta.created is a dateTime: use eq, ne, gt, ge, lt, le, not sw"),
        (
            "meta.created gt \"yesterday\"",
            "character 17: meta.created must be compared with a dateTime such as 2011-05-13T04:42:34Z",
        ),
        ("title gt null", "character 10: null can only be used with eq and ne"),
        ("password eq \"a\"", "character 1: password can't be used in a filter"),
        ("password pr", "character 1: password can't be used in a filter"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:PASSWORD pr", "character 1: password can't be used in a filter"),
    ] {
        assert_eq!(refused(text, ResourceType::User), format!("filter, {expected}"), "{text}");
    }
}

#[test]
fn an_unknown_attribute_is_answered_with_the_known_ones() {
    assert_eq!(
        refused(r#"id pr and mail eq "a""#, ResourceType::User),
        "filter, character 11: Users have no attribute “mail”. Filterable attributes: schemas, id, externalId, meta, userName, \
         name, displayName, nickName, profileUrl, title, userType, preferredLanguage, locale, timezone, active, emails, \
         phoneNumbers, ims, photos, addresses, groups, entitlements, roles, x509Certificates, employeeNumber, \
         costCenter, organization, division, department, manager"
    );
    assert_eq!(
        refused(r#"userName eq "a""#, ResourceType::Group),
        "filter, character 1: Groups have no attribute “userName”. Filterable attributes: schemas, id, externalId, meta, \
         displayName, members"
    );
}

#[test]
fn limits() {
    let terms = |n| vec!["id pr"; n].join(" or ");
    assert!(Filter::parse(&terms(MAX_TERMS), ResourceType::User, &mut Normalizations::new()).is_ok());
    assert_eq!(refused(&terms(MAX_TERMS + 1), ResourceType::User), "filter, character 292: more than 32 comparisons");

    let long = |bytes: usize| format!("id eq \"{}\"", "a".repeat(bytes - 8));
    assert!(Filter::parse(&long(MAX_LENGTH), ResourceType::User, &mut Normalizations::new()).is_ok());
    assert_eq!(refused(&long(MAX_LENGTH + 1), ResourceType::User), "filter, character 8193: longer than 8192 bytes");

    for (open, close) in [("(", ")"), ("not(", ")"), ("(not (", "))")] {
        let levels = open.matches('(').count();
        let deep = |n: usize| format!("{}id pr{}", open.repeat(n / levels), close.repeat(n / levels));
        assert!(Filter::parse(&deep(MAX_DEPTH), ResourceType::User, &mut Normalizations::new()).is_ok(), "{open}");
        assert!(
            refused(&deep(MAX_DEPTH + levels), ResourceType::User).ends_with(": nested more than 16 levels deep"),
            "{open}"
        );
    }
    let in_brackets = |n: usize| format!("emails[{}type pr{}]", "(".repeat(n), ")".repeat(n));
    assert!(Filter::parse(&in_brackets(MAX_DEPTH - 1), ResourceType::User, &mut Normalizations::new()).is_ok());
    assert!(refused(&in_brackets(MAX_DEPTH), ResourceType::User).ends_with(": nested more than 16 levels deep"));
}

#[test]
fn any_depth_is_rejected_early() {
    for part in ["(", "not (", "emails[", "emails[(", "[", "]", ")", "\"", "\\", "a", "é", "id pr and ", "("] {
        for text in [part.repeat(100_000), part.repeat(MAX_LENGTH / part.len())] {
            refused(&text, ResourceType::User);
            let path = crate::Path::parse(&text, ResourceType::User, &mut Normalizations::new());
            assert_eq!(path.unwrap_err().status(), 400);
            let path = crate::Path::parse(&format!("emails[{text}"), ResourceType::User, &mut Normalizations::new());
            assert_eq!(path.unwrap_err().status(), 400);
        }
    }
}
