//! Responses that are accepted, and what is read from them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use saml::{ResponseError, SignatureAlgorithm, SignedElement, canonical::Canonicalization};
use support::{
    ECDSA_SHA256, ENTITY_ID, Facts, IDP, KINDS, Kind, MINUTE, NAME_ID, NOW, Provider, REQUEST_ID, RSA_SHA256, SECOND,
    Shape, assertion_of, at, audience, authn_statement, conditions, confirmation, confirmed, expectation, keys,
    name_id, transform, verify,
};

#[test]
fn every_kind_is_accepted_and_read_whole() {
    let provider = Provider::p256();
    for (kind, elements) in [
        (Kind::A, &[SignedElement::Assertion][..]),
        (Kind::M, &[SignedElement::Response]),
        (Kind::B, &[SignedElement::Response, SignedElement::Assertion]),
    ] {
        let identity = verify(&provider.response(kind), provider.signer).unwrap();
        assert_eq!(identity.issuer, IDP);
        assert_eq!(identity.name_id.value, NAME_ID);
        assert_eq!(identity.name_id.format, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
        assert_eq!((identity.assertion_id.as_str(), identity.request_id.as_str()), ("_a1", REQUEST_ID));
        assert_eq!((identity.authn_instant, identity.session_index.as_deref()), (NOW, Some("_s1")));
        assert_eq!((identity.session_not_on_or_after, identity.clock_difference), (None, 0));
        let [mail, groups] = identity.attributes.as_slice() else { panic!("two attributes") };
        assert_eq!(mail.name, "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress");
        assert_eq!(
            (mail.friendly_name.as_deref(), mail.values.as_slice()),
            (Some("mail"), &["ada@acme.test".to_owned()][..])
        );
        assert_eq!(groups.values, ["admins", "staff & more"]);
        assert_eq!(identity.signatures.iter().map(|facts| facts.element).collect::<Vec<_>>(), elements);
        let certificate = provider.signer.certificate();
        assert!(identity.signatures.iter().all(|facts| facts.fingerprint == certificate.fingerprint()
            && facts.certificate == 0
            && facts.algorithm == ECDSA_SHA256));
    }
}

#[test]
fn every_algorithm_is_accepted_with_every_key_that_fits() {
    for algorithm in SignatureAlgorithm::ALL {
        let signers = match algorithm.scheme {
            saml::Scheme::Ecdsa if algorithm.hash == saml::Hash::Sha256 => vec![keys::p256()],
            saml::Scheme::Ecdsa => vec![keys::p384()],
            _ => vec![keys::rsa()],
        };
        for signer in signers {
            for kind in KINDS {
                let provider = Provider::new(signer, algorithm);
                let identity = verify(&provider.response(kind), signer).unwrap();
                assert!(identity.signatures.iter().all(|facts| facts.algorithm == algorithm));
            }
        }
    }
}

#[test]
fn digest_and_signature_may_use_different_hashes() {
    for hash in [saml::Hash::Sha256, saml::Hash::Sha384, saml::Hash::Sha512] {
        let mut provider = Provider::new(keys::rsa(), RSA_SHA256);
        let other = SignatureAlgorithm { hash, ..RSA_SHA256 };
        provider.algorithm = other;
        provider.shape = Shape::new(other);
        assert!(verify(&provider.response(Kind::B), keys::rsa()).is_ok());
    }
}

#[test]
fn the_certificate_that_verified_is_named() {
    let provider = Provider::p256();
    let certificates = [
        keys::rsa().certificate(),
        keys::other().certificate(),
        keys::p256().certificate(),
        keys::p384().certificate(),
    ];
    let identity = saml::verify(provider.response(Kind::A).as_bytes(), &expectation(&certificates)).unwrap();
    assert_eq!(identity.signatures[0].certificate, 2);
    assert_eq!(identity.signatures[0].fingerprint, certificates[2].fingerprint());
}

#[test]
fn s31_s32_comments_and_cdata_do_not_cut_a_name_identifier() {
    for (written, read) in [
        ("ada@acme.test<!-- -->.evil.test", "ada@acme.test.evil.test"),
        ("<!-- -->ada@acme.test", "ada@acme.test"),
        ("<![CDATA[ada@acme.test]]>.evil.test", "ada@acme.test.evil.test"),
        ("ada&#64;<![CDATA[<acme>]]>", "ada@<acme>"),
    ] {
        for kind in KINDS {
            let mut provider = Provider::p256();
            provider.facts.name_ids = name_id(written);
            assert_eq!(verify(&provider.response(kind), provider.signer).unwrap().name_id.value, read);
        }
    }
}

#[test]
fn comments_added_after_signing_change_nothing() {
    let provider = Provider::p256();
    for kind in KINDS {
        let xml = provider.response(kind).replace("ada@acme.test</saml:NameID>", "ada@<!--x-->acme.test</saml:NameID>");
        assert_eq!(verify(&xml, provider.signer).unwrap().name_id.value, NAME_ID);
    }
}

#[test]
fn namespaces_may_be_declared_anywhere() {
    let kinds: [fn(String) -> String; 3] = [
        // The default namespace instead of the prefix `saml`.
        |xml| {
            xml.replace("<saml:Assertion ", "<saml:Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ")
                .replace("<saml:", "<")
                .replace("</saml:", "</")
                .replace("<Issuer>", "<saml:Issuer>")
                .replace("</Issuer>", "</saml:Issuer>")
        },
        // Declared by the assertion, and again by its child.
        |xml| {
            let uri = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
            xml.replace("<saml:Assertion ", &format!("<saml:Assertion {uri} "))
                .replace("<saml:Subject>", &format!("<saml:Subject {uri} xmlns:unused=\"urn:unused\">"))
        },
        // An unused default namespace at the root.
        |xml| xml.replace("<samlp:Response ", "<samlp:Response xmlns=\"urn:unused\" "),
    ];
    for change in kinds {
        for kind in KINDS {
            let provider = Provider::p256();
            let unsigned = change(provider.facts.response());
            let mut xml = if kind == Kind::M { unsigned } else { provider.sign(&unsigned, "_a1") };
            if kind != Kind::A {
                xml = provider.sign(&xml, "_r1");
            }
            assert_eq!(
                verify(&xml, provider.signer).map(|identity| identity.name_id.value),
                Ok(NAME_ID.to_owned()),
                "{xml}"
            );
        }
    }
}

#[test]
fn the_prefix_list_is_honoured() {
    for list in ["xs", "#default xs xsi", "unknown xs"] {
        let mut provider = Provider::p256();
        let parameters = format!("<ec:InclusiveNamespaces xmlns:ec=\"{}\" PrefixList=\"{list}\"/>", support::EXCLUSIVE);
        provider.shape.transforms = transform(support::ENVELOPED)
            + &format!("<ds:Transform Algorithm=\"{}\">{parameters}</ds:Transform>", support::EXCLUSIVE);
        provider.shape.prefix_list = list.split(' ').map(ToOwned::to_owned).collect();
        provider.shape.canonicalization = format!(
            "<ds:CanonicalizationMethod Algorithm=\"{}\">{parameters}</ds:CanonicalizationMethod>",
            support::EXCLUSIVE
        );
        provider.shape.signed_info_method = Canonicalization::Exclusive(provider.shape.prefix_list.clone());
        for kind in KINDS {
            let xml = provider.response(kind);
            assert!(verify(&xml, provider.signer).is_ok());
            let without =
                xml.replace(&format!("PrefixList=\"{list}\"/></ds:Transform>"), "PrefixList=\"\"/></ds:Transform>");
            assert_eq!(verify(&without, provider.signer).unwrap_err().code(), "saml_signature");
        }
    }
}

#[test]
fn signed_info_may_be_canonicalised_inclusively() {
    let mut provider = Provider::p256();
    provider.shape.canonicalization =
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>".to_owned();
    provider.shape.signed_info_method = Canonicalization::Inclusive;
    for kind in KINDS {
        assert!(verify(&provider.response(kind), provider.signer).is_ok());
    }
}

#[test]
fn a_response_without_destination_or_issuer_is_accepted_if_only_the_assertion_is_signed() {
    let mut provider = Provider::p256();
    provider.facts.destination = String::new();
    provider.facts.response_issuer = String::new();
    assert!(verify(&provider.response(Kind::A), provider.signer).is_ok());
    assert_eq!(verify(&provider.response(Kind::M), provider.signer).unwrap_err().code(), "saml_destination");
}

#[test]
fn clocks_may_differ_by_a_minute() {
    let last_accepted = 60 * SECOND;
    for (from, until, now) in [
        (NOW, NOW + 5 * MINUTE, NOW - last_accepted),
        (NOW - MINUTE, NOW, NOW + last_accepted - 1),
        (NOW, NOW + 5 * MINUTE, NOW + 5 * MINUTE + last_accepted - 1),
    ] {
        let mut provider = Provider::p256();
        provider.facts.conditions = conditions(&at(from), &at(until), &audience(ENTITY_ID));
        provider.facts.confirmations = confirmed(support::ACS, REQUEST_ID, until);
        provider.facts.issue_instant = at(from.max(NOW - MINUTE));
        let certificates = provider.certificates();
        let expectation = saml::Expectation { now, ..expectation(&certificates) };
        let identity = saml::verify(provider.response(Kind::A).as_bytes(), &expectation).unwrap();
        assert_eq!(identity.clock_difference, now - from.max(NOW - MINUTE));
        assert!(now < identity.expires);
    }
}

#[test]
fn an_assertion_is_accepted_until_it_is_ten_minutes_old() {
    let mut provider = Provider::p256();
    let day = 24 * 60 * MINUTE;
    provider.facts.conditions = conditions(&at(NOW - day), &at(NOW + day), &audience(ENTITY_ID));
    provider.facts.confirmations = confirmed(support::ACS, REQUEST_ID, NOW + day);
    let xml = provider.response(Kind::A);
    let certificates = provider.certificates();
    let at = |now| saml::verify(xml.as_bytes(), &saml::Expectation { now, ..expectation(&certificates) });
    let identity = at(NOW + 10 * MINUTE).unwrap();
    assert_eq!(identity.expires, NOW + 10 * MINUTE + 1);
    assert_eq!(at(identity.expires).unwrap_err().code(), "saml_expired");
}

#[test]
fn the_end_of_the_providers_session_is_read() {
    let mut provider = Provider::p256();
    let end = NOW + 60 * MINUTE;
    provider.facts.authn_statement =
        authn_statement(&at(NOW - 30 * MINUTE), &format!(" SessionNotOnOrAfter=\"{}\"", at(end)));
    let identity = verify(&provider.response(Kind::A), provider.signer).unwrap();
    assert_eq!((identity.session_not_on_or_after, identity.authn_instant), (Some(end), NOW - 30 * MINUTE));
}

#[test]
fn other_confirmations_and_several_audiences_are_accepted() {
    let mut provider = Provider::p256();
    provider.facts.confirmations.push_str(
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"><saml:SubjectConfirmationData/>\
         </saml:SubjectConfirmation>",
    );
    let audiences = format!(
        "<saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience><saml:Audience>{ENTITY_ID}</saml:Audience></saml:AudienceRestriction>"
    );
    provider.facts.conditions = conditions(
        "",
        &at(NOW + MINUTE),
        &format!("{audiences}{}<saml:OneTimeUse/><saml:ProxyRestriction Count=\"0\"/>", audience(ENTITY_ID)),
    );
    assert!(verify(&provider.response(Kind::B), provider.signer).is_ok());
}

#[test]
fn a_transient_identifier_is_marked() {
    let mut provider = Provider::p256();
    provider.facts.name_ids = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\" \
        NameQualifier=\"q\" SPNameQualifier=\"s\">_x</saml:NameID>"
        .to_owned();
    let name_id = verify(&provider.response(Kind::A), provider.signer).unwrap().name_id;
    assert!(name_id.is_transient());
    assert_eq!((name_id.name_qualifier.as_deref(), name_id.sp_name_qualifier.as_deref()), (Some("q"), Some("s")));
    provider.facts.name_ids = "<saml:NameID>x</saml:NameID>".to_owned();
    let name_id = verify(&provider.response(Kind::A), provider.signer).unwrap().name_id;
    assert_eq!(name_id.format, "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified");
}

#[test]
fn values_that_are_name_identifiers_are_texts_and_other_elements_are_left_out() {
    let mut provider = Provider::p256();
    provider.facts.attributes = "<saml:AttributeStatement><saml:Attribute Name=\"id\"><saml:AttributeValue>\
        <saml:NameID>p-1</saml:NameID></saml:AttributeValue><saml:AttributeValue><x xmlns=\"urn:x\">y</x>\
        </saml:AttributeValue><saml:AttributeValue/></saml:Attribute></saml:AttributeStatement>"
        .to_owned();
    let attributes = verify(&provider.response(Kind::A), provider.signer).unwrap().attributes;
    assert_eq!(attributes[0].values, ["p-1", ""]);
}

/// The assertion consumer service gets no cookie, so it does not know the request.
#[test]
fn the_request_may_be_compared_later() {
    let provider = Provider::p256();
    let certificates = provider.certificates();
    let unknown = saml::Expectation { request_id: None, ..expectation(&certificates) };
    let identity = saml::verify(provider.response(Kind::A).as_bytes(), &unknown).unwrap();
    assert_eq!(saml::answers(&identity.request_id, REQUEST_ID), Ok(()));
    assert_eq!(saml::answers(&identity.request_id, "_other").unwrap_err().code(), "saml_request");

    let mut unsolicited = Provider::p256();
    unsolicited.facts = Facts {
        response_attributes: "Version=\"2.0\"".to_owned(),
        confirmations: confirmation(&format!("Recipient=\"{}\" NotOnOrAfter=\"{}\"", support::ACS, at(NOW + MINUTE))),
        ..Facts::default()
    };
    let error = saml::verify(unsolicited.response(Kind::A).as_bytes(), &unknown).unwrap_err();
    assert_eq!(error, ResponseError::Unsolicited);
}

#[test]
fn a_new_authentication_is_demanded_and_checked() {
    for (instant, code) in [
        (NOW, None),
        (NOW - 4 * MINUTE, None),
        (NOW - 4 * MINUTE - 1, Some("saml_authentication_age")),
        (NOW + MINUTE + 1, Some("saml_not_yet_valid")),
    ] {
        let mut provider = Provider::p256();
        provider.facts.authn_statement = authn_statement(&at(instant), "");
        let certificates = provider.certificates();
        let since = saml::Expectation { authenticated_since: Some(NOW - 3 * MINUTE), ..expectation(&certificates) };
        let result = saml::verify(provider.response(Kind::A).as_bytes(), &since);
        assert_eq!(result.err().map(|error| error.code()), code, "{instant}");
    }
    assert_eq!(saml::authenticated_since(NOW - MINUTE, NOW), Ok(()));
    assert_eq!(saml::authenticated_since(NOW - MINUTE - 1, NOW).unwrap_err().code(), "saml_authentication_age");
}

#[test]
fn pretty_printed_responses_are_accepted() {
    let provider = Provider::p256();
    let unsigned = provider.facts.response().replace("><", ">\n    <").replace("/>", "\t/>");
    for id in ["_a1", "_r1"] {
        let xml = provider.sign(&unsigned, id).replace("\n", "\r\n");
        assert_eq!(verify(&xml, provider.signer).unwrap().name_id.value, NAME_ID);
        assert!(assertion_of(&xml).contains("\r\n"));
    }
}
