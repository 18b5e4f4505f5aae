//! The form for an SSO method.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    role::Role,
    sso::{
        self, CertificateWarning, CheckedMethod, CheckedSettings, LinkAttribute, LinkRule, LinkRuleForm, METADATA_MAX,
        MethodContext, MethodForm, Protocol, SsoMethod, SsoProvider, metadata_shape, method_name,
    },
    validation::field_error::{Field, FieldError, FieldErrors},
};

/// 18 November 2025, 14:02:11 UTC.
const NOW: i64 = 1_763_474_531_000;
const CERTIFICATE: &str = include_str!("fixtures/valid.pem");
const EXPIRED: &str = include_str!("fixtures/expired.pem");
const METADATA: &str =
    "<?xml version=\"1.0\"?><md:EntityDescriptor entityID=\"x\"><md:IDPSSODescriptor/></md:EntityDescriptor>";
const NEW: MethodContext<'static> = MethodContext { other_names: &["Google", "Entra ID"], has_secret: false, now: NOW };

fn saml() -> MethodForm {
    MethodForm {
        provider: "okta".into(),
        protocol: "saml".into(),
        name: " Okta prod ".into(),
        entity_id: " http://www.okta.com/exk1 ".into(),
        sign_in_url: "https://acme.okta.com/app/exk1/sso/saml".into(),
        certificate: CERTIFICATE.into(),
        ..MethodForm::default()
    }
}

fn oidc() -> MethodForm {
    MethodForm {
        provider: "google".into(),
        protocol: "oidc".into(),
        name: "Workspace".into(),
        issuer: "https://accounts.google.com".into(),
        client_id: "123.apps".into(),
        client_secret: "s3cret-s3cret".into(),
        ..MethodForm::default()
    }
}

fn errors_of(form: &MethodForm) -> Vec<(Field, FieldError)> {
    form.check(&NEW).unwrap_err().iter().cloned().collect()
}

#[test]
fn a_saml_form_with_all_fields() {
    assert_eq!(
        saml().check(&NEW).unwrap(),
        CheckedMethod {
            provider: SsoProvider::Okta,
            protocol: Protocol::Saml,
            name: "Okta prod".into(),
            settings: Some(CheckedSettings::Saml {
                entity_id: "http://www.okta.com/exk1".into(),
                sign_in_url: "https://acme.okta.com/app/exk1/sso/saml".into(),
                certificate: CERTIFICATE.into(),
                certificate_expires: 2_524_607_999_000,
            }),
        }
    );
}

#[test]
fn an_oidc_form_with_all_fields() {
    assert_eq!(
        oidc().check(&NEW).unwrap(),
        CheckedMethod {
            provider: SsoProvider::Google,
            protocol: Protocol::Oidc,
            name: "Workspace".into(),
            settings: Some(CheckedSettings::Oidc {
                issuer: "https://accounts.google.com".into(),
                client_id: "123.apps".into(),
                client_secret: Some("s3cret-s3cret".into()),
            }),
        }
    );
}

#[test]
fn every_field_gets_its_own_error() {
    let missing = |what: &str| FieldError::Missing(what.into());
    let cases: [(MethodForm, &[(Field, FieldError)]); 14] = [
        (MethodForm { name: "".into(), ..saml() }, &[(Field::Name, missing("a name"))]),
        (MethodForm { name: "GOOGLE".into(), ..saml() }, &[(Field::Name, FieldError::MethodNameTaken)]),
        (MethodForm { provider: "".into(), ..saml() }, &[(Field::Provider, FieldError::NotAnOption)]),
        (MethodForm { provider: "myspace".into(), ..saml() }, &[(Field::Provider, FieldError::NotAnOption)]),
        (MethodForm { protocol: "ldap".into(), ..saml() }, &[(Field::Provider, FieldError::NotAnOption)]),
        (MethodForm { provider: "adfs".into(), ..oidc() }, &[(Field::Provider, FieldError::NotAnOption)]),
        (MethodForm { entity_id: "".into(), ..saml() }, &[(Field::EntityId, missing("the entity ID"))]),
        (
            MethodForm { entity_id: "e".repeat(1025), ..saml() },
            &[(Field::EntityId, FieldError::TooLong { max: 1024, actual: 1025 })],
        ),
        (
            MethodForm { sign_in_url: "http://idp.example".into(), certificate: EXPIRED.into(), ..saml() },
            &[
                (Field::SignInUrl, FieldError::NotHttps),
                (Field::Certificate, FieldError::CertificateExpired("5 Jan 2024".into())),
            ],
        ),
        (MethodForm { certificate: "MIID".into(), ..saml() }, &[(Field::Certificate, FieldError::NotPem)]),
        (
            MethodForm { issuer: "https://a.example/?x".into(), ..oidc() },
            &[(Field::Issuer, FieldError::IssuerNotPlain)],
        ),
        (
            MethodForm { client_id: "".into(), client_secret: "".into(), ..oidc() },
            &[(Field::ClientId, missing("the client ID")), (Field::ClientSecret, missing("the client secret"))],
        ),
        (
            MethodForm { entity_id: " ".into(), sign_in_url: "".into(), certificate: "\n".into(), ..saml() },
            &[(Field::EntityId, FieldError::MetadataOrFields)],
        ),
        (
            MethodForm { metadata: "entity".into(), ..saml() },
            &[(Field::Metadata, FieldError::NotMetadata("it isn't XML".into()))],
        ),
    ];
    for (form, expected) in cases {
        assert_eq!(errors_of(&form), expected, "{form:?}");
    }
}

#[test]
fn configure_later_needs_only_type_and_name() {
    for provider in SsoProvider::ALL {
        let form =
            MethodForm { provider: provider.name().into(), name: "New".into(), later: true, ..MethodForm::default() };
        let checked = form.check(&NEW).unwrap();
        assert_eq!((checked.provider, checked.protocol), (provider, provider.protocols()[0]));
        assert!(checked.settings.is_none());
    }
    let form = MethodForm { later: true, ..MethodForm::default() };
    assert_eq!(
        errors_of(&form),
        [(Field::Provider, FieldError::NotAnOption), (Field::Name, FieldError::Missing("a name".into()))]
    );
}

#[test]
fn while_editing_an_empty_secret_keeps_the_stored_one() {
    let context = MethodContext { has_secret: true, ..NEW };
    for (typed, secret) in [("", None), ("  ", None), (" new ", Some("new".to_owned()))] {
        let form = MethodForm { client_secret: typed.into(), ..oidc() };
        let Some(CheckedSettings::Oidc { client_secret, .. }) = form.check(&context).unwrap().settings else {
            panic!("no settings");
        };
        assert_eq!(client_secret, secret);
    }
}

#[test]
fn metadata_takes_the_place_of_the_fields_and_is_read_by_the_server() {
    let form = MethodForm { entity_id: "".into(), certificate: "junk".into(), metadata: METADATA.into(), ..saml() };
    assert!(form.uses_metadata());
    assert!(form.check(&NEW).unwrap().settings.is_none());
    for other in [
        saml(),
        oidc(),
        MethodForm { metadata: METADATA.into(), ..oidc() },
        MethodForm { metadata: METADATA.into(), later: true, ..saml() },
        MethodForm { metadata: " \n".into(), ..saml() },
    ] {
        assert!(!other.uses_metadata());
    }
}

#[test]
fn metadata_is_checked_by_its_outer_shape() {
    let why = |text: &str| Err(FieldError::NotMetadata(text.into()));
    for (xml, result) in [
        (METADATA, Ok(())),
        (&format!("\u{FEFF} \n{METADATA}"), Ok(())),
        ("https://idp.example.com/metadata", why("it isn't XML")),
        ("{}", why("it isn't XML")),
        ("<html></html>", why("it has no EntityDescriptor")),
        ("<EntityDescriptor><SPSSODescriptor/></EntityDescriptor>", why("it has no IDPSSODescriptor")),
        (&format!("<!DOCTYPE x>{METADATA}"), why("it has a DOCTYPE, which isn't allowed")),
    ] {
        assert_eq!(metadata_shape(xml), result, "{xml}");
    }
    let large = METADATA.to_owned() + &" ".repeat(METADATA_MAX);
    assert_eq!(metadata_shape(&large), Err(FieldError::TooLong { max: METADATA_MAX, actual: large.len() }));
}

#[test]
fn a_method_name_is_unique_in_its_team() {
    assert_eq!(method_name(" Okta ", &["Google"]).as_deref(), Ok("Okta"));
    assert_eq!(method_name(" google", &["Okta", "Google"]), Err(FieldError::MethodNameTaken));
    assert_eq!(method_name(&"n".repeat(65), &[]), Err(FieldError::TooLong { max: 64, actual: 65 }));
    assert_eq!(method_name("Ok\u{202E}ta", &[]), Err(FieldError::InvisibleCharacters));
}

#[test]
fn providers_and_protocols() {
    use Protocol::{Oidc, Saml};
    for (provider, name, label, protocols) in [
        (SsoProvider::Okta, "okta", "Okta", &[Saml, Oidc][..]),
        (SsoProvider::Entra, "entra", "Microsoft Entra ID", &[Saml, Oidc]),
        (SsoProvider::Adfs, "adfs", "AD FS", &[Saml]),
        (SsoProvider::Google, "google", "Google Workspace", &[Saml, Oidc]),
        (SsoProvider::Onelogin, "onelogin", "OneLogin", &[Saml, Oidc]),
        (SsoProvider::Ping, "ping", "Ping Identity", &[Saml, Oidc]),
        (SsoProvider::Duo, "duo", "Duo", &[Saml]),
        (SsoProvider::Jumpcloud, "jumpcloud", "JumpCloud", &[Saml, Oidc]),
        (SsoProvider::CustomSaml, "custom_saml", "Custom SAML", &[Saml]),
        (SsoProvider::CustomOidc, "custom_oidc", "Custom OpenID Connect", &[Oidc]),
    ] {
        assert_eq!((provider.name(), provider.label(), provider.protocols()), (name, label, protocols));
        assert_eq!(SsoProvider::from_name(name), Some(provider));
        assert_eq!(serde_json::to_value(provider).unwrap(), name);
    }
    for (protocol, name) in [(Saml, "saml"), (Oidc, "oidc")] {
        assert_eq!(Protocol::from_name(name), Some(protocol));
        assert_eq!(serde_json::to_value(protocol).unwrap(), name);
    }
    assert_eq!((SsoProvider::from_name("Okta"), Protocol::from_name("SAML")), (None, None));
}

#[test]
fn only_enabled_methods_count_for_the_rule() {
    let method = |name: &str, enabled| SsoMethod {
        id: domain::id::MethodId::new(name),
        name: name.into(),
        provider: SsoProvider::Okta,
        protocol: Protocol::Saml,
        enabled,
        settings: None,
    };
    let enabled = sso::enabled(&[method("a", true), method("b", false), method("c", true)]);
    assert_eq!(enabled.iter().map(|method| method.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn configure_later_is_read_from_forms_and_programs() {
    for (json, later) in [
        ("{}", false),
        (r#"{"later":"true"}"#, true),
        (r#"{"later":"on"}"#, true),
        (r#"{"later":""}"#, false),
        (r#"{"later":"false"}"#, false),
        (r#"{"later":true}"#, true),
        (r#"{"later":false}"#, false),
    ] {
        assert_eq!(serde_json::from_str::<MethodForm>(json).unwrap().later, later, "{json}");
    }
}

#[test]
fn no_secret_is_in_debug() {
    let form = oidc();
    let checked = form.check(&NEW).unwrap();
    for debug in [format!("{form:?}"), format!("{checked:?}")] {
        assert!(debug.contains("Workspace") && !debug.contains("s3cret"), "{debug}");
    }
}

#[test]
fn errors_of_a_form_are_listed_by_field() {
    let mut errors = FieldErrors::one(Field::Name, FieldError::Missing("a name".into()));
    errors.push(Field::SignInUrl, FieldError::NotHttps);
    errors.push(Field::Name, FieldError::InvisibleCharacters);
    assert_eq!(errors.of(Field::Name), Some(&FieldError::Missing("a name".into())));
    assert_eq!(errors.of(Field::Issuer), None);
    assert!(errors.to_string().starts_with("name: Enter a name. sign_in_url: The URL must start with https://"));
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::{NEW, SsoProvider};
    use domain::sso::MethodForm;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_form_never_panics(
            provider in prop_oneof![any::<String>(), prop::sample::select(SsoProvider::ALL.map(SsoProvider::name).to_vec()).prop_map(String::from)],
            protocol in prop_oneof![any::<String>(), Just(String::new()), Just("saml".into()), Just("oidc".into())],
            fields in prop::collection::vec(any::<String>(), 8),
            later in any::<bool>(),
        ) {
            let mut fields = fields.into_iter();
            let mut next = || fields.next().unwrap();
            let form = MethodForm {
                provider, protocol, later,
                name: next(), entity_id: next(), sign_in_url: next(), certificate: next(), metadata: next(),
                issuer: next(), client_id: next(), client_secret: next(),
            };
            match form.check(&NEW) {
                Ok(checked) => prop_assert!(later || form.uses_metadata() || checked.settings.is_some()),
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }
}

#[test]
fn a_certificate_has_a_warning_from_60_days_before_its_end() {
    const DAY: i64 = domain::DAY;
    for (left, warning) in [
        (60 * DAY + 1, None),
        (60 * DAY, Some("60-days")),
        (30 * DAY, Some("30-days")),
        (7 * DAY, Some("7-days")),
        (DAY, Some("1-day")),
        (1, Some("1-day")),
        (0, Some("expired")),
        (-400 * DAY, Some("expired")),
    ] {
        assert_eq!(CertificateWarning::of(NOW + left, NOW).map(CertificateWarning::name), warning, "{left}");
    }
}

#[test]
fn the_form_of_the_link_rule_has_an_error_for_each_field() {
    let form = LinkRuleForm { attribute: "email".into(), ..LinkRuleForm::default() };
    assert_eq!(form.check(), Ok(LinkAttribute::Email));
    let long = "x".repeat(256);
    let wrong = LinkRuleForm { claim: "a\u{202E}".into(), attribute: "name".into(), identifier: long, ..form };
    let errors = wrong.check().unwrap_err();
    assert_eq!(errors.of(Field::Claim), Some(&FieldError::InvisibleCharacters));
    assert_eq!(errors.of(Field::Attribute), Some(&FieldError::NotAnOption));
    assert_eq!(errors.of(Field::Identifier), Some(&FieldError::TooLong { max: 255, actual: 256 }));
    assert_eq!((sso::claim("  "), sso::claim(" mail ")), (Ok(None), Ok(Some("mail".to_owned()))));
}

#[test]
fn a_rule_without_a_claim_compares_the_default_of_the_protocol() {
    let rule = |claim: Option<&str>, attribute| LinkRule {
        claim: claim.map(str::to_owned),
        attribute,
        trusts_email: false,
        creates_members: false,
        max_role: Role::Admin,
    };
    for (protocol, attribute, claim) in [
        (Protocol::Saml, LinkAttribute::Email, "NameID"),
        (Protocol::Oidc, LinkAttribute::UserName, "preferred_username"),
        (Protocol::Oidc, LinkAttribute::Email, "email"),
        (Protocol::Oidc, LinkAttribute::ExternalId, "sub"),
    ] {
        assert_eq!(rule(None, attribute).claim_name(protocol), claim);
        assert_eq!(rule(Some("mail"), attribute).claim_name(protocol), "mail");
    }
}
