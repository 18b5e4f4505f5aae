//! The HTTP-POST binding, receiving (saml-bindings-2.0-os, section 3.5).

use crate::{response::MAX_RESPONSE, response_error::ResponseError};
use base64ct::{Base64, Encoding};

/// Upper bound of the parameter `SAMLResponse` in bytes.
pub const MAX_PARAMETER: usize = 384 * 1024;
/// Upper bound of a relay state in bytes (saml-bindings-2.0-os, section 3.5.3).
const MAX_RELAY_STATE: usize = 80;

/// The parameters of a posted response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedResponse {
    /// The decoded message. Nothing is verified.
    pub octets: Vec<u8>,
    /// The relay state, if it is one of ours by its form.
    pub relay_state: Option<String>,
}

/// Reads a body of the type `application/x-www-form-urlencoded`.
///
/// # Errors
/// [`ResponseError::Form`], [`ResponseError::TooLong`] and [`ResponseError::NotBase64`].
pub fn read(body: &[u8]) -> Result<PostedResponse, ResponseError> {
    let (mut response, mut relay_state) = (None, None);
    for (name, value) in form_urlencoded::parse(body) {
        let parameter = match &*name {
            "SAMLResponse" => &mut response,
            "RelayState" => &mut relay_state,
            _ => return Err(ResponseError::Form),
        };
        if parameter.replace(value).is_some() {
            return Err(ResponseError::Form);
        }
    }
    let octets = decode(&response.ok_or(ResponseError::Form)?)?;
    // A changed relay state is no error, because providers lose it. It is never a URL.
    let relay_state = relay_state.filter(|state| is_relay_state(state)).map(|state| state.into_owned());
    Ok(PostedResponse { octets, relay_state })
}

/// Decodes base64 with any white space in it.
///
/// # Errors
/// [`ResponseError::TooLong`] and [`ResponseError::NotBase64`].
pub fn decode(parameter: &str) -> Result<Vec<u8>, ResponseError> {
    if parameter.len() > MAX_PARAMETER {
        return Err(ResponseError::TooLong { max: MAX_PARAMETER });
    }
    let base64: String = parameter.split_ascii_whitespace().collect();
    let octets = Base64::decode_vec(&base64).map_err(|_| ResponseError::NotBase64)?;
    if octets.len() > MAX_RESPONSE { Err(ResponseError::TooLong { max: MAX_RESPONSE }) } else { Ok(octets) }
}

/// Whether a text has the form of a relay state of ours: at most 80 characters of base64 for URLs. No URL has it.
pub fn is_relay_state(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=MAX_RELAY_STATE).contains(&text.len()) && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(parameters: &[(&str, &str)]) -> Vec<u8> {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish().into_bytes()
    }

    #[test]
    fn white_space_in_base64_is_accepted() {
        let posted = read(&form(&[("SAMLResponse", "PGEv\r\nPg =\t="), ("RelayState", "abc_-9")])).unwrap();
        assert_eq!(posted, PostedResponse { octets: b"<a/>".to_vec(), relay_state: Some("abc_-9".to_owned()) });
    }

    #[test]
    fn each_parameter_is_accepted_once() {
        let response = ("SAMLResponse", "PGEvPg==");
        let relay_state = ("RelayState", "abc");
        for parameters in [
            &[][..],
            &[relay_state],
            &[response, response],
            &[response, relay_state, relay_state],
            &[response, ("SAMLRequest", "")],
        ] {
            assert_eq!(read(&form(parameters)), Err(ResponseError::Form), "{parameters:?}");
        }
    }

    #[test]
    fn other_relay_states_are_ignored() {
        for other in
            ["", "https://evil.test/", "//evil.test", "javascript:alert(1)", "a b", "ä", "a".repeat(81).as_str()]
        {
            let posted = read(&form(&[("SAMLResponse", "PGEvPg=="), ("RelayState", other)])).unwrap();
            assert_eq!(posted.relay_state, None, "{other}");
        }
    }

    #[test]
    fn lengths_are_bounded_before_and_after_decoding() {
        let response = |length: usize| Base64::encode_string(&vec![b'a'; length]);
        assert_eq!(decode(&response(MAX_RESPONSE)).unwrap().len(), MAX_RESPONSE);
        assert_eq!(decode(&response(MAX_RESPONSE + 1)), Err(ResponseError::TooLong { max: MAX_RESPONSE }));
        assert_eq!(decode(&" ".repeat(MAX_PARAMETER + 1)), Err(ResponseError::TooLong { max: MAX_PARAMETER }));
        for text in ["PGEvPg=", "PGEv-g==", "PGE.Pg==", "%3Ca/%3E"] {
            assert_eq!(decode(text), Err(ResponseError::NotBase64), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body: Vec<u8>) {
            let _ = read(&body);
        }
    }
}
