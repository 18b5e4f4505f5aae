//! What can be wrong with something that a person typed, in words that say what to do.

use serde::{Deserialize, Serialize};

/// A field of a form. The name is the same in the HTML, in the server function and here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name of a key or of an SSO method.
    Name,
    /// The kind of SSO method.
    Provider,
    /// SAML: the identity provider's entity id.
    EntityId,
    /// SAML: where sign-in starts.
    SignInUrl,
    /// SAML: the identity provider's signing certificate.
    Certificate,
    /// SAML: metadata XML instead of the three fields above.
    Metadata,
    /// OpenID Connect: the issuer.
    Issuer,
    /// OpenID Connect: the client id.
    ClientId,
    /// OpenID Connect: the client secret.
    ClientSecret,
    /// How long a key works.
    Expiry,
    /// How long a rolled key works on.
    Overlap,
    /// The name typed to confirm.
    Confirmation,
    /// An email address.
    Email,
    /// A password.
    Password,
    /// The password as it is.
    CurrentPassword,
    /// A team's slug.
    Slug,
    /// A role.
    Role,
    /// A member's id.
    Member,
    /// The id of an SSO method or key.
    Id,
}

impl Field {
    /// The `name` attribute of the form's control.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Provider => "provider",
            Field::EntityId => "entity_id",
            Field::SignInUrl => "sign_in_url",
            Field::Certificate => "certificate",
            Field::Metadata => "metadata",
            Field::Issuer => "issuer",
            Field::ClientId => "client_id",
            Field::ClientSecret => "client_secret",
            Field::Expiry => "expiry",
            Field::Overlap => "overlap",
            Field::Confirmation => "confirmation",
            Field::Email => "email",
            Field::Password => "password",
            Field::CurrentPassword => "current_password",
            Field::Slug => "slug",
            Field::Role => "role",
            Field::Member => "member",
            Field::Id => "id",
        }
    }

    /// Must never be given back to the browser.
    pub const fn is_secret(self) -> bool {
        matches!(self, Field::ClientSecret | Field::Password | Field::CurrentPassword)
    }
}

/// What is wrong with one field. `Display` is the sentence that people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FieldError {
    /// Nothing was entered.
    #[error("Enter {0}.")]
    Missing(String),
    /// More characters than allowed.
    #[error("Use {max} characters or fewer. This has {actual}.")]
    TooLong {
        /// The most allowed.
        max: usize,
        /// What was entered.
        actual: usize,
    },
    /// Control characters, or marks that change the direction or hide.
    #[error("Remove invisible characters. Only visible text and spaces are allowed.")]
    InvisibleCharacters,
    /// A usable key of the team has this name.
    #[error("Another active key has this name. Choose a different one.")]
    KeyNameTaken,
    /// An SSO method of the team has this name.
    #[error("Another SSO method has this name. Choose a different one.")]
    MethodNameTaken,
    /// None of the offered choices.
    #[error("Choose one of the options.")]
    NotAnOption,
    /// None of the roles that a group can give.
    #[error("Choose Admin, Billing, Developer, or No role.")]
    NotAGroupRole,
    /// Not a URL at all.
    #[error("Enter a full URL, such as https://idp.example.com/sso.")]
    NotAUrl,
    /// A URL, but not https.
    #[error("The URL must start with https:// because people sign in through it.")]
    NotHttps,
    /// The issuer has a query or fragment (OpenID Connect Discovery 1.0, section 3).
    #[error("Remove everything after the path. An issuer can't contain “?” or “#”.")]
    IssuerNotPlain,
    /// Not PEM.
    #[error(
        "This isn't a PEM certificate. Paste the whole text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
    )]
    NotPem,
    /// PEM, but a private key.
    #[error("This is a private key. Paste your provider's certificate instead, and keep the key secret.")]
    PrivateKey,
    /// PEM around something that is not an X.509 certificate.
    #[error("The PEM text doesn't contain an X.509 certificate. Download the certificate from your provider again.")]
    NotACertificate,
    /// More than one certificate.
    #[error("Paste one certificate. This has {0}.")]
    ManyCertificates(usize),
    /// No longer valid.
    #[error("This certificate expired on {0}. Download the current one from your provider.")]
    CertificateExpired(String),
    /// Not valid yet.
    #[error("This certificate isn't valid until {0}. Check the date, or download the current one.")]
    CertificateNotYetValid(String),
    /// Neither metadata nor the fields.
    #[error("Paste the metadata XML, or fill in the entity ID, sign-in URL, and certificate.")]
    MetadataOrFields,
    /// Not SAML metadata. The text says what is missing.
    #[error("This isn't valid identity provider metadata: {0}.")]
    NotMetadata(String),
    /// Nothing was typed to confirm.
    #[error("Type “{0}” to confirm.")]
    Unconfirmed(String),
    /// The confirmation does not match.
    #[error("That doesn't match. Type “{0}” to confirm.")]
    NotConfirmed(String),
    /// Not an email address.
    #[error("Enter a valid email, such as ada@example.com.")]
    NotAnEmail,
    /// A password that is too short.
    #[error("Use {0} characters or more.")]
    PasswordTooShort(usize),
    /// A password on the list of common ones.
    #[error("This password is too common. Choose a different one.")]
    PasswordCommon,
    /// A password that is the person's own name or email address.
    #[error("Your password can't be your name or email. Choose a different one.")]
    PasswordPersonal,
    /// The password does not match.
    #[error("Incorrect password. Try again.")]
    WrongPassword,
    /// Not a team's slug.
    #[error("Use 1–48 lowercase letters, numbers, or hyphens. Can't start or end with a hyphen.")]
    NotASlug,
    /// No role is left.
    #[error("Select at least one role.")]
    NoRole,
    /// No member is chosen for a change of several.
    #[error("Select at least one member.")]
    NoMember,
    /// More members are chosen than one change may have.
    #[error("Select up to {0} members at a time.")]
    TooManyMembers(usize),
}

/// Was the name typed that confirms a change?
///
/// # Errors
/// [`FieldError::Unconfirmed`] (nothing was typed), [`FieldError::NotConfirmed`] (something else).
pub fn confirm(typed: &str, name: &str) -> Result<(), FieldError> {
    match typed.trim() {
        typed if typed == name.trim() => Ok(()),
        "" => Err(FieldError::Unconfirmed(name.to_owned())),
        _ => Err(FieldError::NotConfirmed(name.to_owned())),
    }
}

/// One choice from a list that depends on the data: only a missing choice is an error of the form.
///
/// # Errors
/// [`FieldError::NotAnOption`].
pub fn choice(value: &str) -> Result<&str, FieldError> {
    if value.is_empty() { Err(FieldError::NotAnOption) } else { Ok(value) }
}

/// What is wrong, field by field; empty when all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<(Field, FieldError)>);

impl FieldErrors {
    /// A single problem.
    pub fn one(field: Field, problem: FieldError) -> Self {
        Self(vec![(field, problem)])
    }

    /// Adds a problem; the first one of a field is the one shown.
    pub fn push(&mut self, field: Field, problem: FieldError) {
        self.0.push((field, problem));
    }

    /// Keeps the value, or notes what is wrong with it.
    pub fn check<T>(&mut self, field: Field, result: Result<T, FieldError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.push(field, problem);
                None
            }
        }
    }

    /// The problem of one field.
    pub fn of(&self, field: Field) -> Option<&FieldError> {
        self.0.iter().find(|(at, _)| *at == field).map(|(_, problem)| problem)
    }

    /// Is all well?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &(Field, FieldError)> {
        self.0.iter()
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (field, problem)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}: {problem}", field.name())?;
        }
        Ok(())
    }
}
