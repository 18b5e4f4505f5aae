//! A form of the Authentication page that came back.
//!
//! After signing in or verifying, its values are in the query of the page's address. Only the fields named in [`CARRIED`] are:
//! never a secret, and nothing long.

use super::Dialog;
use crate::{error::AppError, form_encoding, return_to};
use domain::{
    Error,
    validation::field_error::{Field, FieldError},
};
use serde::{Deserialize, Serialize};

/// The longest value in a URL, in bytes. A certificate fits. Metadata XML usually does not.
pub const VALUE_MAX: usize = 4 * 1024;

/// The fields that a URL may contain. A client secret and a password are not among them.
const CARRIED: [&str; 16] = [
    Field::Name.name(),
    Field::Provider.name(),
    return_to::PROTOCOL,
    Field::EntityId.name(),
    Field::SignInUrl.name(),
    Field::Certificate.name(),
    Field::Metadata.name(),
    Field::Issuer.name(),
    Field::ClientId.name(),
    Field::Expiry.name(),
    Field::Overlap.name(),
    Field::Confirmation.name(),
    return_to::ID,
    return_to::ENABLED,
    return_to::CONFIRMED,
    return_to::LATER,
];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedForm {
    /// The form's dialog.
    pub dialog: Dialog,
    /// The values by field name, without secrets.
    pub values: Vec<(String, String)>,
    /// The error; `None` if the form only has to be sent again.
    pub failure: Option<AppError>,
}

impl ReturnedForm {
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value.as_str())
    }

    pub fn error(&self, field: Field) -> Option<&FieldError> {
        match &self.failure {
            Some(AppError::Domain(Error::Invalid(errors))) => errors.of(field),
            _ => None,
        }
    }

    /// The Authentication page with a dialog open and filled in.
    pub fn address(slug: &str, dialog: &Dialog, values: &[(String, String)]) -> String {
        let mut path = return_to::authentication_path(slug);
        form_encoding::push(&mut path, return_to::DIALOG, &dialog.id());
        for (name, value) in values.iter().filter(|(name, value)| is_carried(name, value)) {
            form_encoding::push(&mut path, name, value);
        }
        path
    }

    /// Reads the query of the Authentication page (without "?"): a dialog to open, and what to fill in.
    pub fn parse(query: &str) -> Option<Self> {
        let pairs = form_encoding::parse(query);
        let dialog = pairs.iter().find(|(name, _)| name == return_to::DIALOG).and_then(|(_, id)| Dialog::parse(id))?;
        let values = pairs.into_iter().filter(|(name, value)| is_carried(name, value)).collect();
        Some(Self { dialog, values, failure: None })
    }

    /// The values of a form that may be rendered again: no secrets, and only known fields. Values keep their length.
    pub fn without_secrets(values: Vec<(String, String)>) -> Vec<(String, String)> {
        values.into_iter().filter(|(name, _)| CARRIED.contains(&name.as_str())).collect()
    }
}

fn is_carried(name: &str, value: &str) -> bool {
    CARRIED.contains(&name) && !value.is_empty() && value.len() <= VALUE_MAX
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::id::MethodId;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_dialog_comes_back_as_it_was() {
        let dialog = Dialog::EditMethod(MethodId::new("0193-a"));
        let values = pairs(&[
            ("name", "Okta & Söhne = 100 % +1?#"),
            ("certificate", "-----BEGIN CERTIFICATE-----\r\nMIIB+/=\r\n-----END CERTIFICATE-----"),
            ("issuer", "https://idp.example.com/a b"),
        ]);
        let path = ReturnedForm::address("acme", &dialog, &values);
        let (page, query) = path.split_once('?').unwrap();
        assert_eq!(page, "/teams/acme/settings/authentication");
        assert!(path.bytes().all(|byte| byte.is_ascii_graphic()), "{path}");
        assert_eq!(ReturnedForm::parse(query), Some(ReturnedForm { dialog, values, failure: None }));
    }

    #[test]
    fn secrets_long_values_and_strangers_stay_behind() {
        let long = "x".repeat(VALUE_MAX + 1);
        let values = pairs(&[
            ("client_secret", "hush"),
            ("password", "hush"),
            ("key", "hush"),
            ("team", "acme"),
            ("metadata", &long),
            ("entity_id", ""),
            ("name", "Okta"),
        ]);
        let path = ReturnedForm::address("acme", &Dialog::AddMethod, &values);
        assert_eq!(path, "/teams/acme/settings/authentication?dialog=add-method&name=Okta");
        let forged = "dialog=add-method&client_secret=hush&password=hush&name=Okta";
        assert_eq!(ReturnedForm::parse(forged).unwrap().values, pairs(&[("name", "Okta")]));
        let kept = ReturnedForm::without_secrets(values);
        assert_eq!(kept, pairs(&[("metadata", &long), ("entity_id", ""), ("name", "Okta")]));
    }

    #[test]
    fn no_secret_field_is_carried() {
        for field in [Field::ClientSecret, Field::Password] {
            assert!(field.is_secret() && !CARRIED.contains(&field.name()));
        }
    }

    #[test]
    fn a_query_without_a_known_dialog_returns_no_form() {
        for query in ["dialog=", "dialog=nothing", "dialog=edit-method.", "name=x"] {
            assert_eq!(ReturnedForm::parse(query), None, "{query}");
        }
    }
}
