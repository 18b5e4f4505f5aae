//! The fields of an SSO method, for a new one and an existing one.

use crate::{
    components::field::{InputKind, TextField},
    model::{ReturnedForm, SubmittedForm},
    return_to,
};
use domain::{
    sso::{Protocol, Settings, SsoMethod},
    validation::field_error::Field,
};
use leptos::prelude::*;

/// The first values of the fields: the submitted ones, or else the stored ones.
#[derive(Clone)]
pub(super) struct Initial {
    /// The submitted form.
    pub(super) returned: ReturnedForm,
    /// The existing method.
    pub(super) method: Option<SsoMethod>,
}

impl Initial {
    pub(super) fn value(&self, field: Field) -> String {
        self.returned.value(field).or_else(|| self.stored(field)).unwrap_or_default().to_owned()
    }

    /// The selected protocol, if there is one.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        let submitted_value = self.returned.values.iter().find(|(name, _)| name == return_to::PROTOCOL);
        submitted_value
            .and_then(|(_, name)| Protocol::from_name(name))
            .or(self.method.as_ref().map(|method| method.protocol))
    }

    /// Is a client secret stored?
    pub(super) fn has_secret(&self) -> bool {
        matches!(self.method, Some(SsoMethod { settings: Some(Settings::Oidc { .. }), .. }))
    }

    fn stored(&self, field: Field) -> Option<&str> {
        let method = self.method.as_ref()?;
        match (field, method.settings.as_ref()) {
            (Field::Name, _) => Some(&method.name),
            (Field::EntityId, Some(Settings::Saml { entity_id, .. })) => Some(entity_id),
            (Field::SignInUrl, Some(Settings::Saml { sign_in_url, .. })) => Some(sign_in_url),
            (Field::Certificate, Some(Settings::Saml { certificate, .. })) => Some(certificate),
            (Field::Issuer, Some(Settings::Oidc { issuer, .. })) => Some(issuer),
            (Field::ClientId, Some(Settings::Oidc { client_id, .. })) => Some(client_id),
            _ => None,
        }
    }
}

/// Entity id, sign-in URL and certificate, or metadata XML instead.
#[component]
pub(super) fn SamlFields(#[prop(into)] scope: String, initial: Initial, submission: SubmittedForm) -> impl IntoView {
    view! {
        <TextField
            scope=&scope
            name=Field::EntityId.name()
            label="Entity ID"
            hint="Your provider may call this the issuer."
            value=initial.value(Field::EntityId)
            submission=submission.clone()
        />
        <TextField
            scope=&scope
            name=Field::SignInUrl.name()
            label="Sign-in URL"
            kind=InputKind::Url
            value=initial.value(Field::SignInUrl)
            submission=submission.clone()
        />
        <TextField
            scope=&scope
            name=Field::Certificate.name()
            label="Certificate"
            hint="Paste the PEM text, including the BEGIN and END lines."
            kind=InputKind::Code
            value=initial.value(Field::Certificate)
            submission=submission.clone()
        />
        <p class="field-or hint">"or"</p>
        <TextField
            scope=&scope
            name=Field::Metadata.name()
            label="Metadata XML"
            hint="Replaces the three fields above."
            kind=InputKind::Code
            value=initial.value(Field::Metadata)
            submission=submission.clone()
        />
    }
    .into_any()
}

/// Issuer, client id and client secret. The secret is never rendered.
#[component]
pub(super) fn OidcFields(#[prop(into)] scope: String, initial: Initial, submission: SubmittedForm) -> impl IntoView {
    let hint = if initial.has_secret() {
        "Leave blank to keep the current secret."
    } else {
        "Stored encrypted and never shown again."
    };
    view! {
        <TextField
            scope=&scope
            name=Field::Issuer.name()
            label="Issuer"
            hint="A URL, such as https://example.okta.com."
            kind=InputKind::Url
            value=initial.value(Field::Issuer)
            submission=submission.clone()
        />
        <TextField
            scope=&scope
            name=Field::ClientId.name()
            label="Client ID"
            value=initial.value(Field::ClientId)
            submission=submission.clone()
        />
        <TextField
            scope=&scope
            name=Field::ClientSecret.name()
            label="Client secret"
            hint=hint
            kind=InputKind::Secret
            submission=submission
        />
    }
    .into_any()
}
