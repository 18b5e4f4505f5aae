//! The metadata of the service provider (saml-metadata-2.0-os).
//!
//! It has no dates, because a provider that imports it once would refuse the service provider after them.

use crate::{document::escape, names};
use base64ct::{Base64, Encoding};

/// A service provider: one SSO method.
#[derive(Clone, Copy, Debug)]
pub struct ServiceProvider<'a> {
    /// The entity id.
    pub entity_id: &'a str,
    /// The address of the assertion consumer service.
    pub acs: &'a str,
    /// The certificates of its keys in DER: the current one, and the next one while the key is rolled. Without any,
    /// requests are not signed.
    pub certificates: &'a [Vec<u8>],
    /// The certificate whose key decrypts assertions, in DER. `None`: the provider must not encrypt.
    pub encryption_certificate: Option<&'a [u8]>,
}

impl ServiceProvider<'_> {
    /// The document.
    pub fn metadata(&self) -> String {
        let signing = self.certificates.iter().map(|certificate| key("signing", certificate));
        let encryption = self.encryption_certificate.map(|certificate| key("encryption", certificate));
        let keys: String = signing.chain(encryption).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <md:EntityDescriptor xmlns:md=\"{}\" entityID=\"{}\">\
             <md:SPSSODescriptor AuthnRequestsSigned=\"{}\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"{}\">{keys}\
             <md:AssertionConsumerService Binding=\"{}\" Location=\"{}\" index=\"0\" isDefault=\"true\"/>\
             </md:SPSSODescriptor></md:EntityDescriptor>\n",
            names::METADATA,
            escape(self.entity_id),
            !self.certificates.is_empty(),
            names::PROTOCOL,
            names::POST,
            escape(self.acs),
        )
    }
}

fn key(purpose: &str, certificate: &[u8]) -> String {
    format!(
        "<md:KeyDescriptor use=\"{purpose}\"><ds:KeyInfo xmlns:ds=\"{}\"><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        names::SIGNATURE,
        Base64::encode_string(certificate),
    )
}
