//! What an edit of an SSO method changes: in words, as the log keeps them, without a secret.

use domain::{
    activity::AttributeChange,
    format::date,
    sso::{CheckedMethod, CheckedSettings, Settings, SsoMethod},
};

/// Stands in for what is not kept.
const HIDDEN: &str = "•••";

/// What a method is configured with, in one order, to compare the old with the new.
const LABELS: [&str; 5] = ["Entity ID", "Sign-in URL", "Certificate", "Issuer", "Client ID"];

/// A value to compare, and the words for it.
type Value<'a> = Option<(&'a str, String)>;

/// What was and what is, by the labels of the form. `new_secret`: a client secret was typed, which counts as new: the old one
/// is not compared.
pub(super) fn between(old: &SsoMethod, new: &CheckedMethod, new_secret: bool) -> Vec<AttributeChange> {
    let before = stored(old.settings.as_ref());
    let after = checked(new.settings.as_ref());
    let had_secret = matches!(old.settings, Some(Settings::Oidc { .. }));
    let named = [
        ("Name", same(&old.name), same(&new.name)),
        ("Provider", same(old.provider.label()), same(new.provider.label())),
        ("Protocol", same(old.protocol.label()), same(new.protocol.label())),
    ];
    let configured = LABELS.into_iter().zip(before).zip(after).map(|((label, was), is)| (label, was, is));
    let mut found: Vec<AttributeChange> = named
        .into_iter()
        .chain(configured)
        .filter(|(_, was, is)| raw(was) != raw(is))
        .map(|(label, was, is)| difference(label, words(was), words(is)))
        .collect();
    if new_secret {
        found.push(difference("Client secret", had_secret.then(|| HIDDEN.to_owned()), Some(HIDDEN.to_owned())));
    }
    found
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

/// A certificate is known by when it ends.
fn certificate(pem: &str, expires: domain::UnixMs) -> Value<'_> {
    Some((pem, ["Expires ", &date::date(expires)].concat()))
}

fn stored(settings: Option<&Settings>) -> [Value<'_>; 5] {
    match settings {
        Some(Settings::Saml { entity_id, sign_in_url, certificate: pem, certificate_expires }) => {
            [same(entity_id), same(sign_in_url), certificate(pem, *certificate_expires), None, None]
        }
        Some(Settings::Oidc { issuer, client_id }) => [None, None, None, same(issuer), same(client_id)],
        None => [const { None }; 5],
    }
}

fn checked(settings: Option<&CheckedSettings>) -> [Value<'_>; 5] {
    match settings {
        Some(CheckedSettings::Saml { entity_id, sign_in_url, certificate: pem, certificate_expires }) => {
            [same(entity_id), same(sign_in_url), certificate(pem, *certificate_expires), None, None]
        }
        Some(CheckedSettings::Oidc { issuer, client_id, .. }) => [None, None, None, same(issuer), same(client_id)],
        None => [const { None }; 5],
    }
}
