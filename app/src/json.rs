//! Reads JSON in the browser: what Rollcall itself wrote.
//!
//! `serde_json` does so too, but would be a tenth of what the browser loads: it words every mistake, and here nobody
//! reads the words.

use domain::Error;
use serde::de::DeserializeOwned;

/// This is not the JSON that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotIt;

/// Reads one value.
///
/// # Errors
/// [`NotIt`].
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, NotIt> {
    // Where a string holds escapes, it is written anew: one is never longer than the text around it.
    let mut room = vec![0; text.len()];
    match serde_json_core::from_str_escaped(text, &mut room) {
        Ok((value, read)) if read == text.len() => Ok(value),
        _ => Err(NotIt),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        error::AppError,
        model::{Authentication, Dialog, Me, Notice, Returned, Shell, SignedInTeam, Team},
    };
    use domain::{
        Conflict, Denial, Unchanged,
        group_role::MappingDenial,
        id::{MemberId, MethodId},
        key::{KeyId, ScimKey},
        member::{
            MemberDenial,
            self_service::{SelfServiceAction, SelfServiceDenial},
        },
        plan::Plan,
        provisioning::{EnabledMethod, review},
        role::Role,
        sso::{Protocol, Settings, SsoMethod, SsoProvider},
        validation::field_error::{Field, FieldError, FieldErrors},
    };

    const NASTY: &str = "\"\\/\u{8}\u{C}\n\r\t\0\u{1F}</script>é\u{2028}\u{1F600}";

    fn agrees<T: serde::Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        for text in [serde_json::to_string(value).unwrap(), serde_json::to_string_pretty(value).unwrap()] {
            assert_eq!(read::<T>(&text).as_ref(), Ok(value), "{text}");
        }
    }

    fn page() -> (Shell, Authentication) {
        let team = Team { name: NASTY.into(), slug: "acme".into(), plan: Plan::Enterprise };
        let me = Me { name: "Ada".into(), email: "ada@acme.test".into(), role: Role::SuperAdmin };
        let signed_in = SignedInTeam { team: team.clone(), email: me.email.clone(), role: Role::Billing };
        let shell = Shell { team, members: 100_000, groups: -1, me, teams: vec![signed_in], version: "1.0.0".into() };
        let method = |id: &str, protocol, settings| SsoMethod {
            id: MethodId::new(id),
            name: NASTY.into(),
            provider: SsoProvider::CustomSaml,
            protocol,
            enabled: id == "1",
            settings,
        };
        let saml = Settings::Saml {
            entity_id: "e".into(),
            sign_in_url: "https://x".into(),
            certificate: "-----BEGIN\n".into(),
            certificate_expires: i64::MAX,
        };
        let oidc = Settings::Oidc { issuer: "i".into(), client_id: "c".into() };
        let key = ScimKey {
            id: KeyId::new("k"),
            name: "CI".into(),
            tail: "abcd".into(),
            created_by: None,
            created_at: i64::MIN,
            expires_at: Some(0),
            revoked_at: None,
            last_used_at: Some(-1),
            replaced_by: Some(KeyId::new("l")),
        };
        let data = Authentication {
            methods: vec![
                method("1", Protocol::Saml, Some(saml)),
                method("2", Protocol::Oidc, Some(oidc)),
                method("3", Protocol::Oidc, None),
            ],
            scim_on: true,
            base_url: "https://x/scim/v2".into(),
            keys: vec![key],
            health: "<p class=\"x\">\u{e9}\n</p>".into(),
            contact: None,
            now: 1,
            returned: Some(Returned {
                dialog: Dialog::EditMethod(MethodId::new("1")),
                typed: vec![("name".into(), NASTY.into()), (String::new(), String::new())],
                failure: Some(AppError::Domain(Error::Invalid(FieldErrors::one(
                    Field::Name,
                    FieldError::TooLong { max: 64, actual: 65 },
                )))),
            }),
            notice: Some(Notice::MethodSaved),
            done_about: None,
        };
        (shell, data)
    }

    #[test]
    fn what_the_server_writes_is_read() {
        agrees(&page());
        agrees(&Authentication { methods: Vec::new(), keys: Vec::new(), returned: None, ..page().1 });
    }

    #[test]
    fn every_kind_of_failure_is_read() {
        let many = ["1", "2"].map(|id| EnabledMethod { id: MethodId::new(id), name: NASTY.into() });
        let denial = review(Plan::Free, &many, Role::Developer).unwrap_err();
        for failure in [
            AppError::Domain(Error::SignedOut),
            AppError::Domain(denial.into()),
            AppError::Domain(Denial::Member { name: NASTY.into(), denial: MemberDenial::Ceiling }.into()),
            AppError::Domain(SelfServiceDenial::ScimOn(SelfServiceAction::Leave).into()),
            AppError::Domain(
                Denial::Mapping {
                    denial: MappingDenial::Member(2, MemberDenial::BreakGlass),
                    member: Some(NASTY.into()),
                }
                .into(),
            ),
            AppError::Domain(Unchanged::TeamName.into()),
            AppError::Domain(Conflict::SlugTaken.into()),
            AppError::Domain(
                Conflict::MemberExists { id: MemberId::new("1"), name: NASTY.into(), invited: true, by_email: false }
                    .into(),
            ),
            AppError::TooManyAttempts(7),
            AppError::Domain(Error::Invalid(FieldErrors::one(Field::Provider, FieldError::NotAnOption))),
            AppError::Domain(Error::Invalid(FieldErrors::one(Field::Metadata, FieldError::NotMetadata(NASTY.into())))),
            AppError::Domain(Error::ConfirmSecondMethod(many.to_vec())),
            AppError::Domain(Error::TooManyKeys(5)),
        ] {
            agrees(&failure);
        }
    }

    #[test]
    fn what_is_unknown_is_passed_over() {
        let text = r#"{"new":[{"a":[1,{"b":null}],"c":"]}"},true,-1],"id":"1","name":"x","also":{}}"#;
        let read = read::<EnabledMethod>(text);
        assert_eq!(read, Ok(EnabledMethod { id: MethodId::new("1"), name: "x".into() }));
    }

    #[test]
    fn mistakes_are_noticed() {
        for text in ["", "[", "[1", "[1,", "[1 2]", "[1]]", "[1.5]", "[-]", "[tru]", "[\"]", "{}", "<html>", "null"] {
            assert_eq!(read::<Vec<i64>>(text), Err(NotIt), "{text}");
        }
        for text in [r#""\x""#, r#""\u12""#, "\"a", "\"\\"] {
            assert_eq!(read::<String>(text), Err(NotIt), "{text}");
        }
        assert_eq!(read::<EnabledMethod>(r#"{"id":"1"}"#), Err(NotIt));
        assert_eq!(read::<EnabledMethod>(r#"["1","x"]"#), Err(NotIt));
        assert_eq!(read::<AppError>(r#""something_else""#), Err(NotIt));
    }
}
