//! The fields of an SSO method, for adding one and for editing one.

use super::state::State;
use crate::{
    components::{
        field::{Kind, TextField},
        form::{FormState, Pairs, value},
    },
    model::Returned,
    resume,
};
use domain::{
    sso::{MethodContext, MethodForm, Protocol, Settings, SsoMethod},
    validation::field_error::{Field, FieldErrors},
};
use leptos::prelude::*;

/// What stands in the fields at first: what came back, else what is stored.
#[derive(Clone)]
pub(super) struct Initial {
    /// The form that came back.
    pub(super) returned: Returned,
    /// The method that is edited.
    pub(super) method: Option<SsoMethod>,
}

impl Initial {
    /// What stands in a field.
    pub(super) fn value(&self, field: Field) -> String {
        self.returned.value(field).or_else(|| self.stored(field)).unwrap_or_default().to_owned()
    }

    /// The protocol that was chosen, if one was.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        let typed = self.returned.typed.iter().find(|(name, _)| name == resume::PROTOCOL);
        typed.and_then(|(_, name)| Protocol::parse(name)).or(self.method.as_ref().map(|method| method.protocol))
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

/// Entity id, sign-in URL and certificate; or metadata XML instead.
#[component]
pub(super) fn SamlFields(form: FormState, #[prop(into)] scope: String, initial: Initial) -> impl IntoView {
    view! {
        <TextField
            state=form
            scope=&scope
            field=Field::EntityId
            label="Entity ID"
            hint="Your provider may call this the issuer."
            value=initial.value(Field::EntityId)
        />
        <TextField
            state=form
            scope=&scope
            field=Field::SignInUrl
            label="Sign-in URL"
            kind=Kind::Url
            value=initial.value(Field::SignInUrl)
        />
        <TextField
            state=form
            scope=&scope
            field=Field::Certificate
            label="Certificate"
            hint="Paste the PEM text, including the BEGIN and END lines."
            kind=Kind::Code
            value=initial.value(Field::Certificate)
        />
        <p class="or hint">"or"</p>
        <TextField
            state=form
            scope=&scope
            field=Field::Metadata
            label="Metadata XML"
            hint="Replaces the three fields above."
            kind=Kind::Code
            value=initial.value(Field::Metadata)
        />
    }
    .into_any()
}

/// Issuer, client id and client secret. The secret is never given back.
#[component]
pub(super) fn OidcFields(form: FormState, #[prop(into)] scope: String, initial: Initial) -> impl IntoView {
    let hint = if initial.has_secret() {
        "Leave blank to keep the current secret."
    } else {
        "Stored encrypted and never shown again."
    };
    view! {
        <TextField
            state=form
            scope=&scope
            field=Field::Issuer
            label="Issuer"
            hint="A URL, such as https://example.okta.com."
            kind=Kind::Url
            value=initial.value(Field::Issuer)
        />
        <TextField
            state=form
            scope=&scope
            field=Field::ClientId
            label="Client ID"
            value=initial.value(Field::ClientId)
        />
        <TextField
            state=form
            scope=&scope
            field=Field::ClientSecret
            label="Client secret"
            hint=hint
            kind=Kind::Secret
        />
    }
    .into_any()
}

/// What is wrong with the form of a method: the same rules as on the server.
pub(super) fn check(state: State, edited: Option<&SsoMethod>, has_secret: bool, pairs: &Pairs) -> FieldErrors {
    let text = |name: &str| value(pairs, name).to_owned();
    let form = MethodForm {
        provider: text(Field::Provider.name()),
        protocol: text(resume::PROTOCOL),
        name: text(Field::Name.name()),
        entity_id: text(Field::EntityId.name()),
        sign_in_url: text(Field::SignInUrl.name()),
        certificate: text(Field::Certificate.name()),
        metadata: text(Field::Metadata.name()),
        issuer: text(Field::Issuer.name()),
        client_id: text(Field::ClientId.name()),
        client_secret: text(Field::ClientSecret.name()),
        later: value(pairs, resume::LATER) == "true",
    };
    state.peek(|known| {
        let data = &known.data;
        let others = data.methods.iter().filter(|method| edited.is_none_or(|edited| edited.id != method.id));
        let other_names: Vec<&str> = others.map(|method| method.name.as_str()).collect();
        form.check(&MethodContext { other_names: &other_names, has_secret, now: data.now }).err().unwrap_or_default()
    })
}
