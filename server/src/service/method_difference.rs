//! The difference that an edit of an SSO method makes, as text for the log, without a secret.

use domain::{
    activity::AttributeChange,
    format::date,
    sso::{CheckedMethod, CheckedSettings, Settings, SsoMethod},
};

/// The placeholder of a secret value.
const HIDDEN: &str = "•••";

/// The settings of a method in a fixed order, to compare the old with the new.
const LABELS: [&str; 5] = ["Entity ID", "Sign-in URL", "Certificate", "Issuer", "Client ID"];

/// A value to compare, and its text.
type Value<'a> = Option<(&'a str, String)>;

/// The old and new values, with the labels of the form. `new_secret`: a client secret was submitted. It counts as new, because
/// it is not compared with the old one.
pub(super) fn between(old: &SsoMethod, new: &CheckedMethod, new_secret: bool) -> Vec<AttributeChange> {
    let before = values_of(old.settings.as_ref());
    let after = checked_values_of(new.settings.as_ref());
    let had_secret = matches!(old.settings, Some(Settings::Oidc { .. }));
    let attributes = [
        ("Name", same(&old.name), same(&new.name)),
        ("Provider", same(old.provider.label()), same(new.provider.label())),
        ("Protocol", same(old.protocol.label()), same(new.protocol.label())),
    ];
    let configured = LABELS.into_iter().zip(before).zip(after).map(|((label, was), is)| (label, was, is));
    let mut differences: Vec<AttributeChange> = attributes
        .into_iter()
        .chain(configured)
        .filter(|(_, was, is)| raw(was) != raw(is))
        .map(|(label, was, is)| difference(label, words(was), words(is)))
        .collect();
    if new_secret {
        differences.push(difference("Client secret", had_secret.then(|| HIDDEN.to_owned()), Some(HIDDEN.to_owned())));
    }
    differences
}

fn difference(label: &str, was: Option<String>, is: Option<String>) -> AttributeChange {
    AttributeChange { attribute: label.to_owned(), was, is }
}

fn raw<'a>(value: &Value<'a>) -> Option<&'a str> {
    value.as_ref().map(|(raw, _)| *raw)
}

fn words(value: Value<'_>) -> Option<String> {
    value.map(|(_, words)| words)
}

fn same(text: &str) -> Value<'_> {
    Some((text, text.to_owned()))
}

/// A certificate, whose text is its expiry date.
fn certificate(pem: &str, expires: domain::UnixMs) -> Value<'_> {
    Some((pem, ["Expires ", &date::date(expires)].concat()))
}

fn values_of(settings: Option<&Settings>) -> [Value<'_>; 5] {
    match settings {
        Some(Settings::Saml { entity_id, sign_in_url, certificate: pem, certificate_expires }) => {
            [same(entity_id), same(sign_in_url), certificate(pem, *certificate_expires), None, None]
        }
        Some(Settings::Oidc { issuer, client_id }) => [None, None, None, same(issuer), same(client_id)],
        None => [const { None }; 5],
    }
}

fn checked_values_of(settings: Option<&CheckedSettings>) -> [Value<'_>; 5] {
    match settings {
        Some(CheckedSettings::Saml { entity_id, sign_in_url, certificate: pem, certificate_expires }) => {
            [same(entity_id), same(sign_in_url), certificate(pem, *certificate_expires), None, None]
        }
        Some(CheckedSettings::Oidc { issuer, client_id, .. }) => [None, None, None, same(issuer), same(client_id)],
        None => [const { None }; 5],
    }
}
