//! Authentication requests, and the bindings that send them (saml-core-2.0-os, section 3.4; saml-bindings-2.0-os,
//! sections 3.4 and 3.5).
//!
//! A request names no `RequestedAuthnContext` and no `NameIDPolicy`, because both break sign-ins: the first with multi-factor
//! authentication, the second with providers that have another format.

use crate::{
    canonical::{Canonicalization, canonicalize},
    document::{escape, parse_trusted},
    instant, names,
    request_key::{RequestKey, RequestKeyError},
};
use base64ct::{Base64, Encoding};
use domain::UnixMs;
use ring::rand::SecureRandom;

/// Compression level of the HTTP-Redirect binding.
const LEVEL: u8 = 9;

/// An authentication request.
#[derive(Clone, Copy, Debug)]
pub struct AuthnRequest<'a> {
    /// Its id, from [`request_id`].
    pub id: &'a str,
    /// The time.
    pub issue_instant: UnixMs,
    /// The sign-in URL of the provider.
    pub destination: &'a str,
    /// The entity id of the service provider.
    pub entity_id: &'a str,
    /// The address of the assertion consumer service.
    pub acs: &'a str,
    /// Whether the member must authenticate again.
    pub force_authn: bool,
}

/// The id of a request from random bytes. An id does not start with a digit.
pub fn request_id(random: [u8; 20]) -> String {
    random.iter().fold("_".to_owned(), |id, byte| id + &format!("{byte:02x}"))
}

/// A key with the source of random numbers for its signatures.
#[derive(Clone, Copy)]
pub struct RequestSigner<'a> {
    /// The key.
    pub key: &'a RequestKey,
    /// The source of random numbers.
    pub random: &'a dyn SecureRandom,
}

impl AuthnRequest<'_> {
    /// The URL of the HTTP-Redirect binding. The signature covers the parameters exactly as the URL has them.
    ///
    /// # Errors
    /// [`RequestKeyError`].
    pub fn redirect_url(
        &self,
        relay_state: &str,
        signer: Option<RequestSigner<'_>>,
    ) -> Result<String, RequestKeyError> {
        let deflated = miniz_oxide::deflate::compress_to_vec(self.xml("").as_bytes(), LEVEL);
        let mut query =
            format!("SAMLRequest={}&RelayState={}", encode(&Base64::encode_string(&deflated)), encode(relay_state));
        if let Some(RequestSigner { key, random }) = signer {
            query.push_str("&SigAlg=");
            query.push_str(&encode(key.algorithm().uri()));
            let signature = key.sign(query.as_bytes(), random)?;
            query.push_str("&Signature=");
            query.push_str(&encode(&Base64::encode_string(&signature)));
        }
        let location = self.destination.split('#').next().unwrap_or_default();
        let separator = if location.contains('?') { '&' } else { '?' };
        Ok(format!("{location}{separator}{query}"))
    }

    /// The parameter `SAMLRequest` of the HTTP-POST binding. The signature is inside of the request.
    ///
    /// # Errors
    /// [`RequestKeyError`].
    pub fn post_parameter(&self, signer: Option<RequestSigner<'_>>) -> Result<String, RequestKeyError> {
        let signature = signer.map(|signer| self.signature(signer)).transpose()?.unwrap_or_default();
        Ok(Base64::encode_string(self.xml(&signature).as_bytes()))
    }

    /// The document, with a signature or "".
    fn xml(&self, signature: &str) -> String {
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"{}\" xmlns:saml=\"{}\" ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" \
             Destination=\"{}\" AssertionConsumerServiceURL=\"{}\" ProtocolBinding=\"{}\"{}>\
             <saml:Issuer>{}</saml:Issuer>{signature}</samlp:AuthnRequest>",
            names::PROTOCOL,
            names::ASSERTION,
            escape(self.id),
            instant::format(self.issue_instant),
            escape(self.destination),
            escape(self.acs),
            names::POST,
            if self.force_authn { " ForceAuthn=\"true\"" } else { "" },
            escape(self.entity_id),
        )
    }

    /// An enveloped signature.
    fn signature(&self, RequestSigner { key, random }: RequestSigner<'_>) -> Result<String, RequestKeyError> {
        let algorithm = key.algorithm();
        let digest = Base64::encode_string(algorithm.hash.digest(canonical(&self.xml(""))?.as_bytes()).as_ref());
        let signed_info = format!(
            "<ds:SignedInfo xmlns:ds=\"{}\"><ds:CanonicalizationMethod Algorithm=\"{exclusive}\"/>\
             <ds:SignatureMethod Algorithm=\"{}\"/><ds:Reference URI=\"#{}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{}\"/><ds:Transform Algorithm=\"{exclusive}\"/></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            names::SIGNATURE,
            algorithm.uri(),
            escape(self.id),
            names::ENVELOPED,
            algorithm.hash.uri(),
            exclusive = names::EXCLUSIVE,
        );
        let value = Base64::encode_string(&key.sign(canonical(&signed_info)?.as_bytes(), random)?);
        Ok(format!(
            "<ds:Signature xmlns:ds=\"{}\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>",
            names::SIGNATURE,
        ))
    }
}

fn canonical(xml: &str) -> Result<String, RequestKeyError> {
    let document = parse_trusted(xml).map_err(|_| RequestKeyError)?;
    Ok(canonicalize(document.root_element(), &Canonicalization::Exclusive(Vec::new()), None))
}

fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
