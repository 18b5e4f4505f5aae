//! The errors of form fields. Their sentences tell the person what to do.

use serde::{Deserialize, Serialize};

crate::names! {
    /// A field of a form. The name is the `name` attribute of the form's control, and the same on the server.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Field {
        /// The name of a key or of an SSO method.
        Name = "name",
        /// The provider of an SSO method.
        Provider = "provider",
        /// SAML: the identity provider's entity id.
        EntityId = "entity_id",
        /// SAML: where sign-in starts.
        SignInUrl = "sign_in_url",
        /// SAML: the identity provider's signing certificate.
        Certificate = "certificate",
        /// SAML: metadata XML instead of the three fields above.
        Metadata = "metadata",
        /// OpenID Connect: the issuer.
        Issuer = "issuer",
        /// OpenID Connect: the client id.
        ClientId = "client_id",
        /// OpenID Connect: the client secret.
        ClientSecret = "client_secret",
        /// The lifetime of a key.
        Expiry = "expiry",
        /// The overlap of a rolled key.
        Overlap = "overlap",
        /// The name entered as a confirmation.
        Confirmation = "confirmation",
        /// An email address.
        Email = "email",
        /// A password.
        Password = "password",
        /// The current password.
        CurrentPassword = "current_password",
        /// A team's slug.
        Slug = "slug",
        /// A role.
        Role = "role",
        /// A member's id.
        Member = "member",
        /// The claim or SAML attribute that an SSO method compares at a first sign-in.
        Claim = "claim",
        /// The member's attribute that it is compared with.
        Attribute = "attribute",
        /// The claim or SAML attribute that identifies a person.
        Identifier = "identifier",
        /// The id of an SSO method or key.
        Id = "id",
    }
}

impl Field {
    /// Is the value secret, so that it must never be sent back to the browser?
    pub const fn is_secret(self) -> bool {
        matches!(self, Field::ClientSecret | Field::Password | Field::CurrentPassword)
    }
}

/// The error of one field. `Display` is the sentence for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FieldError {
    /// The field is empty.
    #[error("Enter {0}.")]
    Missing(String),
    /// The value has too many characters.
    #[error("Use {max} characters or fewer. This has {actual}.")]
    TooLong {
        /// The limit.
        max: usize,
        /// The number of characters in the value.
        actual: usize,
    },
    /// The value has control characters, or marks that change the direction or are invisible.
    #[error("Remove invisible characters. Only visible text and spaces are allowed.")]
    InvisibleCharacters,
    /// A usable key of the team has this name already.
    #[error("Another active key has this name. Choose a different one.")]
    KeyNameTaken,
    /// An SSO method of the team has this name already.
    #[error("Another SSO method has this name. Choose a different one.")]
    MethodNameTaken,
    /// The value is not one of the choices.
    #[error("Choose one of the options.")]
    NotAnOption,
    /// None of the roles that a group can give.
    #[error("Choose Admin, Billing, Developer, or No role.")]
    NotAGroupRole,
    /// Not value is not a URL.
    #[error("Enter a full URL, such as https://idp.example.com/sso.")]
    NotAUrl,
    /// The URL is not https.
    #[error("The URL must start with https:// because people sign in through it.")]
    NotHttps,
    /// The issuer has a query or fragment (OpenID Connect Discovery 1.0, section 3).
    #[error("Remove everything after the path. An issuer can't contain “?” or “#”.")]
    IssuerNotPlain,
    /// The value is not PEM.
    #[error(
        "This isn't a PEM certificate. Paste the whole text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
    )]
    NotPem,
    /// The PEM is a private key.
    #[error("This is a private key. Paste your provider's certificate instead, and keep the key secret.")]
    PrivateKey,
    /// The PEM is not an X.509 certificate.
    #[error("The PEM text doesn't contain an X.509 certificate. Download the certificate from your provider again.")]
    NotACertificate,
    /// The value has more than one certificate.
    #[error("Paste one certificate. This has {0}.")]
    ManyCertificates(usize),
    /// The certificate is no longer valid.
    #[error("This certificate expired on {0}. Download the current one from your provider.")]
    CertificateExpired(String),
    /// The certificate is not valid yet.
    #[error("This certificate isn't valid until {0}. Check the date, or download the current one.")]
    CertificateNotYetValid(String),
    /// Neither metadata nor the fields have a value.
    #[error("Paste the metadata XML, or fill in the entity ID, sign-in URL, and certificate.")]
    MetadataOrFields,
    /// The value is not SAML metadata. The text is the reason.
    #[error("This isn't valid identity provider metadata: {0}.")]
    NotMetadata(String),
    /// The confirmation is empty.
    #[error("Type “{0}” to confirm.")]
    Unconfirmed(String),
    /// The confirmation does not match.
    #[error("That doesn't match. Type “{0}” to confirm.")]
    NotConfirmed(String),
    /// The value is not an email address.
    #[error("Enter a valid email, such as ada@example.com.")]
    NotAnEmail,
    /// The password is too short.
    #[error("Use {0} characters or more.")]
    PasswordTooShort(usize),
    /// The password is on the list of common ones.
    #[error("This password is too common. Choose a different one.")]
    PasswordCommon,
    /// The password is the person's own name or email address.
    #[error("Your password can't be your name or email. Choose a different one.")]
    PasswordPersonal,
    /// The password does not match.
    #[error("Incorrect password. Try again.")]
    WrongPassword,
    /// The value is not a team's slug.
    #[error("Use 1–48 lowercase letters, numbers, or hyphens. Can't start or end with a hyphen.")]
    NotASlug,
    /// No role is left.
    #[error("Select at least one role.")]
    NoRole,
    /// No member is selected for a bulk change.
    #[error("Select at least one member.")]
    NoMember,
    /// A new identifier would break the links of this many people.
    #[error("{} linked by the current identifier. Confirm that these links are removed.", linked(*links))]
    LinksWouldBreak {
        /// The number of links.
        links: i64,
    },
    /// More members are selected than one bulk change may have.
    #[error("Select up to {0} members at a time.")]
    TooManyMembers(usize),
}

fn linked(people: i64) -> String {
    match people {
        1 => "1 person is".to_owned(),
        _ => format!("{people} people are"),
    }
}

/// Checks the name that a person entered to confirm a change.
///
/// # Errors
/// [`FieldError::Unconfirmed`] (empty), [`FieldError::NotConfirmed`] (another text).
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

/// What errors of a form by field. Empty if the form is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<(Field, FieldError)>);

impl FieldErrors {
    /// The error of a single field.
    pub fn one(field: Field, error: FieldError) -> Self {
        Self(vec![(field, error)])
    }

    /// Adds an error. The page shows the first one of a field.
    pub fn push(&mut self, field: Field, error: FieldError) {
        self.0.push((field, error));
    }

    /// Returns the value, or records the error.
    pub fn check<T>(&mut self, field: Field, result: Result<T, FieldError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(field, error);
                None
            }
        }
    }

    /// The first error of a field.
    pub fn of(&self, field: Field) -> Option<&FieldError> {
        self.0.iter().find(|(at, _)| *at == field).map(|(_, error)| error)
    }

    /// Is the form valid?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every error.
    pub fn iter(&self) -> impl Iterator<Item = &(Field, FieldError)> {
        self.0.iter()
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (field, error)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}: {error}", field.name())?;
        }
        Ok(())
    }
}
