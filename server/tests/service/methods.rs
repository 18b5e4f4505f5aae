//! SSO methods.

use crate::{
    db::{Db, on_both_engines},
    world::{World, oidc, rejection},
};
use domain::{Conflict, Error};
use domain::{
    activity::{AttributeChange, Change},
    id::MethodId,
    provisioning::EnabledMethod,
    sso::{MethodForm, Protocol, Settings, SsoProvider},
    validation::field_error::{Field, FieldError},
};
use secrecy::ExposeSecret as _;

const CERTIFICATE: &str = include_str!("../../../domain/tests/fixtures/valid.pem");

fn saml(name: &str) -> MethodForm {
    MethodForm {
        provider: "adfs".into(),
        protocol: "saml".into(),
        name: name.into(),
        entity_id: "https://adfs.acme.test/adfs/services/trust".into(),
        sign_in_url: "https://adfs.acme.test/adfs/ls".into(),
        certificate: CERTIFICATE.into(),
        ..MethodForm::default()
    }
}

fn later(name: &str) -> MethodForm {
    MethodForm { provider: "okta".into(), name: name.into(), later: true, ..MethodForm::default() }
}

fn metadata(location: &str) -> String {
    let certificate: String = CERTIFICATE.lines().filter(|line| !line.starts_with("-----")).collect();
    format!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.acme.test/saml">
        <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
        <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{location}"/>
        </IDPSSODescriptor></EntityDescriptor>"#
    )
}

fn problem<T>(result: Result<T, Error>, field: Field) -> FieldError {
    match rejection(result) {
        Error::Invalid(problems) => problems.of(field).unwrap_or_else(|| panic!("{problems:?}")).clone(),
        other => panic!("{other:?}"),
    }
}

fn differs(label: &str, was: Option<&str>, is: &str) -> AttributeChange {
    AttributeChange { attribute: label.to_owned(), was: was.map(str::to_owned), is: Some(is.to_owned()) }
}

on_both_engines! {
    async fn a_new_method_is_disabled(db: Db) {
        let world = World::new(db).await;
        world.ada().sso_add("acme", saml("AD FS"), false).await.unwrap();
        world.ada().sso_add("acme", oidc("Okta"), false).await.unwrap();
        let methods = world.methods().await;
        assert_eq!(methods.iter().map(|one| (one.name.as_str(), one.enabled)).collect::<Vec<_>>(), [
            ("AD FS", false),
            ("Okta", false)
        ]);
        let Some(Settings::Saml { entity_id, certificate, .. }) = &methods[0].settings else { panic!() };
        assert_eq!(entity_id, "https://adfs.acme.test/adfs/services/trust");
        assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        let issuer = "https://acme.okta.test".to_owned();
        assert_eq!(methods[1].settings, Some(Settings::Oidc { issuer, client_id: "rollcall".into() }));
        let (name, provider, protocol) = ("Okta".to_owned(), SsoProvider::Okta, Protocol::Oidc);
        assert_eq!(world.log().await[0].change, Change::SsoAdded { name, provider, protocol });
    }

    async fn the_client_secret_is_stored_encrypted(db: Db) {
        let world = World::new(db).await;
        let id = world.ada().sso_add("acme", oidc("Okta"), false).await.unwrap();
        let sealed = world.db.text("SELECT client_secret FROM sso_methods").await.unwrap();
        assert!(!sealed.contains("hunter2"));
        let secret_text = world.secrets.open(&format!("sso_methods.client_secret:{id}"), &sealed).unwrap();
        assert_eq!(secret_text.expose_secret(), "hunter2-hunter2");
        assert!(world.secrets.open("sso_methods.client_secret:other", &sealed).is_err());
        let json = serde_json::to_string(&world.methods().await).unwrap();
        assert!(!json.contains("hunter2") && !json.contains(&sealed));
    }

    async fn a_method_can_be_configured_later(db: Db) {
        let world = World::new(db).await;
        let id = world.ada().sso_add("acme", later("Okta"), false).await.unwrap();
        assert_eq!(world.methods().await[0].settings, None);
        assert_eq!(rejection(world.ada().sso_set_enabled("acme", &id, true, false).await), Error::Conflict(Conflict::MethodNotConfigured));
        assert_eq!(rejection(world.operator().sso_add("acme", later("x"), true).await), Error::Conflict(Conflict::MethodNotConfigured));
        // The name can be changed without settings.
        world.ada().sso_edit("acme", &id, later("Okta EU")).await.unwrap();
        assert_eq!(world.methods().await[0].settings, None);
        world.ada().sso_edit("acme", &id, oidc("Okta")).await.unwrap();
        world.ada().sso_set_enabled("acme", &id, true, false).await.unwrap();
        // Once it is configured, "configure later" removes nothing.
        let field_error = problem(world.ada().sso_edit("acme", &id, later("Okta")).await, Field::EntityId);
        assert_eq!(field_error, FieldError::MetadataOrFields);
        assert!(world.methods().await[0].settings.is_some());
    }

    async fn each_invalid_field_has_its_own_error(db: Db) {
        let world = World::new(db).await;
        world.ada().sso_add("acme", oidc("Okta"), false).await.unwrap();
        let add = async |form| world.ada().sso_add("acme", form, false).await;
        assert_eq!(problem(add(oidc("okta ")).await, Field::Name), FieldError::MethodNameTaken);
        let form = MethodForm { issuer: "http://x.test".into(), ..oidc("New") };
        assert_eq!(problem(add(form).await, Field::Issuer), FieldError::NotHttps);
        let form = MethodForm { client_secret: String::new(), ..oidc("New") };
        assert!(matches!(problem(add(form).await, Field::ClientSecret), FieldError::Missing(_)));
        let form = MethodForm { certificate: "nonsense".into(), ..saml("New") };
        assert_eq!(problem(add(form).await, Field::Certificate), FieldError::NotPem);
        let form = MethodForm { provider: "nobody".into(), ..saml("New") };
        assert_eq!(problem(add(form).await, Field::Provider), FieldError::NotAnOption);
        assert_eq!(world.methods().await.len(), 1);
        assert_eq!(world.log().await.len(), 3);
    }

    async fn metadata_fills_the_saml_fields(db: Db) {
        let world = World::new(db).await;
        let form = |xml: String| MethodForm {
            provider: "custom_saml".into(),
            name: "IdP".into(),
            metadata: xml,
            ..MethodForm::default()
        };
        let add = async |xml| world.ada().sso_add("acme", form(xml), false).await;
        assert!(matches!(problem(add("<html/>".into()).await, Field::Metadata), FieldError::NotMetadata(_)));
        assert!(matches!(problem(add("<EntityDescriptor/>".into()).await, Field::Metadata), FieldError::NotMetadata(_)));
        assert_eq!(problem(add(metadata("http://idp.acme.test/sso")).await, Field::Metadata), FieldError::NotHttps);
        add(metadata("https://idp.acme.test/sso")).await.unwrap();
        let Some(Settings::Saml { entity_id, sign_in_url, .. }) = &world.methods().await[0].settings else { panic!() };
        assert_eq!((entity_id.as_str(), sign_in_url.as_str()), (
            "https://idp.acme.test/saml",
            "https://idp.acme.test/sso"
        ));
    }

    async fn an_edit_logs_the_changed_attributes(db: Db) {
        let world = World::new(db).await;
        let id = world.ada().sso_add("acme", oidc("Okta"), false).await.unwrap();
        let log = world.log().await.len();
        let same = MethodForm { client_secret: String::new(), ..oidc("Okta") };
        world.ada().sso_edit("acme", &id, same.clone()).await.unwrap();
        assert_eq!(world.log().await.len(), log, "nothing new, no entry");
        let form = MethodForm { client_id: "other".into(), ..same };
        world.ada().sso_edit("acme", &id, MethodForm { name: "Okta EU".into(), ..form }).await.unwrap();
        let attributes = vec!["Name".to_owned(), "Client ID".to_owned()];
        let differences = vec![
            differs("Name", Some("Okta"), "Okta EU"),
            differs("Client ID", Some(&oidc("Okta").client_id), "other"),
        ];
        assert_eq!(world.log().await[0].change, Change::SsoEdited { name: "Okta EU".into(), changed: attributes, differences });
        world.ada().sso_edit("acme", &id, oidc("Okta EU")).await.unwrap();
        let attributes = vec!["Client ID".to_owned(), "Client secret".to_owned()];
        let differences = vec![
            differs("Client ID", Some("other"), &oidc("Okta").client_id),
            differs("Client secret", Some("•••"), "•••"),
        ];
        assert_eq!(world.log().await[0].change, Change::SsoEdited { name: "Okta EU".into(), changed: attributes, differences });
        let unknown = MethodId::new("nothing");
        assert_eq!(rejection(world.ada().sso_edit("acme", &unknown, oidc("x")).await), Error::NotFound);
        world.ada().sso_add("acme", oidc("Second"), false).await.unwrap();
        let field_error = problem(world.ada().sso_edit("acme", &id, oidc("SECOND")).await, Field::Name);
        assert_eq!(field_error, FieldError::MethodNameTaken);
    }

    async fn a_stored_secret_is_never_used_for_another_issuer(db: Db) {
        let world = World::new(db).await;
        let id = world.ada().sso_add("acme", oidc("Okta"), false).await.unwrap();
        let sealed_secret = async || world.db.text("SELECT client_secret FROM sso_methods").await;
        let before = sealed_secret().await;
        let foreign =
            MethodForm { issuer: "https://evil.test".into(), client_secret: String::new(), ..oidc("Okta") };
        let field_error = problem(world.ada().sso_edit("acme", &id, foreign.clone()).await, Field::ClientSecret);
        assert!(matches!(field_error, FieldError::Missing(_)));
        assert_eq!(sealed_secret().await, before);
        // Not by way of SAML either.
        world.ada().sso_edit("acme", &id, MethodForm { provider: "okta".into(), ..saml("Okta") }).await.unwrap();
        assert_eq!(sealed_secret().await, None);
        let back = MethodForm { client_secret: String::new(), ..oidc("Okta") };
        assert!(matches!(
            problem(world.ada().sso_edit("acme", &id, back).await, Field::ClientSecret),
            FieldError::Missing(_)
        ));
        let form = MethodForm { client_secret: "new-secret".into(), ..foreign };
        world.ada().sso_edit("acme", &id, form).await.unwrap();
        assert!(sealed_secret().await.is_some());
    }

    async fn enabling_a_second_method_needs_consent_while_scim_is_on(db: Db) {
        let world = World::on(db).await;
        let first = world.method("Okta").await;
        let second = world.ada().sso_add("acme", saml("AD FS"), false).await.unwrap();
        let enabled_methods = vec![EnabledMethod { id: first.clone(), name: "Okta".into() }];
        assert_eq!(
            rejection(world.ada().sso_set_enabled("acme", &second, true, false).await),
            Error::ConfirmSecondMethod(enabled_methods)
        );
        world.ada().sso_set_enabled("acme", &second, true, true).await.unwrap();
        assert_eq!(world.last_entry().await, "enabled SSO method AD FS");
        let log = world.log().await.len();
        world.ada().sso_set_enabled("acme", &second, true, false).await.unwrap();
        assert_eq!(world.log().await.len(), log, "already on");
        assert!(world.is_on().await);
        // The last one may also be disabled and deleted.
        world.ada().sso_set_enabled("acme", &second, false, false).await.unwrap();
        world.ada().sso_set_enabled("acme", &first, false, false).await.unwrap();
        assert_eq!(world.last_entry().await, "disabled SSO method Okta");
        world.ada().sso_set_enabled("acme", &second, true, false).await.unwrap();
    }

    async fn all_methods_except_one_can_be_disabled(db: Db) {
        let world = World::new(db).await;
        for name in ["One", "Two", "Three"] {
            world.operator().sso_add("acme", oidc(name), true).await.unwrap();
        }
        world.ada().sso_add("acme", oidc("Off"), false).await.unwrap();
        let (two, off) = (world.method("Two").await, world.method("Off").await);
        assert_eq!(rejection(world.ada().sso_keep_only("acme", &off).await), Error::NotFound);
        let log = world.log().await.len();
        world.ada().sso_keep_only("acme", &two).await.unwrap();
        let enabled: Vec<_> = world.methods().await.into_iter().filter(|one| one.enabled).map(|one| one.name).collect();
        assert_eq!(enabled, ["Two"]);
        assert_eq!(world.log().await.len(), log + 2, "an entry for each that went off");
        world.ada().sso_keep_only("acme", &two).await.unwrap();
        assert_eq!(world.log().await.len(), log + 2);
    }

    async fn deleting_a_method_deletes_its_secret(db: Db) {
        let world = World::on(db).await;
        let id = world.method("Okta").await;
        world.ada().sso_delete("acme", &id).await.unwrap();
        assert_eq!(world.methods().await, []);
        assert_eq!(world.last_entry().await, "deleted SSO method Okta");
        assert_eq!(rejection(world.ada().sso_delete("acme", &id).await), Error::NotFound);
        assert!(world.is_on().await, "an enabled method stays enabled");
    }

    async fn a_team_has_at_most_twenty_methods(db: Db) {
        let world = World::new(db).await;
        for index in 0..20 {
            world.ada().sso_add("acme", later(&format!("Method {index}")), false).await.unwrap();
        }
        assert_eq!(rejection(world.ada().sso_add("acme", later("x"), false).await), Error::TooManyMethods(20));
    }
}
