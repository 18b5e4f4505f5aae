//! Names of XML: namespaces and identifiers of the specifications.

/// SAML 2.0 protocol messages.
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML 2.0 assertions.
pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML 2.0 metadata.
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// XML Signature.
pub(crate) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// XML Encryption 1.0.
#[cfg(feature = "encryption")]
pub(crate) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
/// XML Encryption 1.1.
#[cfg(feature = "encryption")]
pub(crate) const ENCRYPTION_1_1: &str = "http://www.w3.org/2009/xmlenc11#";
/// Exclusive canonicalization 1.0 without comments: the algorithm and the namespace of `InclusiveNamespaces`.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Canonical XML 1.0 without comments.
pub(crate) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
/// The enveloped signature transform.
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// The HTTP-Redirect binding.
pub(crate) const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// The HTTP-POST binding.
pub(crate) const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// The bearer method of subject confirmation.
pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The top-level status of a successful response.
pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// The format of a name identifier that changes with each sign-in.
pub(crate) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// The format of a name identifier without a format.
pub(crate) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
