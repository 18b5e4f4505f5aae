//! Properties: what holds for every document, every change and every input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use proptest::prelude::*;
use saml::canonical::{Canonicalization, canonicalize};
use support::{KINDS, Provider, documents, expectation, keys, line_ends, verify};

fn canonical(xml: &str, method: &Canonicalization) -> String {
    canonicalize(roxmltree::Document::parse(xml).unwrap().root_element(), method, None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn canonicalization_is_idempotent(element in documents::element()) {
        let xml = line_ends(&element.render(true));
        for method in [
            Canonicalization::Exclusive(Vec::new()),
            Canonicalization::Exclusive(vec!["#default".to_owned(), "a".to_owned()]),
            Canonicalization::Inclusive,
        ] {
            let once = canonical(&xml, &method);
            prop_assert_eq!(&canonical(&once, &method), &once);
        }
    }

    #[test]
    fn comments_change_no_canonical_form(element in documents::element()) {
        let method = Canonicalization::Exclusive(Vec::new());
        let (with, without) = (line_ends(&element.render(true)), line_ends(&element.render(false)));
        prop_assert_eq!(canonical(&with, &method), canonical(&without, &method));
    }

    #[test]
    fn no_octets_panic(octets: Vec<u8>) {
        let certificates = [keys::p256().certificate()];
        prop_assert!(saml::verify(&octets, &expectation(&certificates)).is_err());
        prop_assert!(!saml::report(&octets, &expectation(&certificates)).passed());
        prop_assert!(saml::metadata::import(&octets, 1_000_000, support::NOW).is_err());
    }

    #[test]
    fn no_piece_of_a_response_panics(
        pieces in proptest::collection::vec((0usize..7_000, 0usize..200), 1..5),
        kind in 0usize..3,
    ) {
        let xml = Provider::p256().response(KINDS[kind]);
        let mixed: Vec<u8> = pieces
            .iter()
            .flat_map(|(start, length)| xml.bytes().skip(start % xml.len()).take(*length).collect::<Vec<_>>())
            .collect();
        let certificates = [keys::p256().certificate()];
        prop_assert!(saml::verify(&mixed, &expectation(&certificates)).is_err());
        let _ = saml::report(&mixed, &expectation(&certificates));
        let cut = &xml.as_bytes()[..pieces[0].0 % xml.len()];
        prop_assert!(saml::verify(cut, &expectation(&certificates)).is_err());
    }
}

/// A response with one changed bit: in each byte of an A response, in every fifth byte of the others. The identity is the
/// original one, or there is none.
#[test]
fn a_changed_byte_never_changes_the_identity() {
    let provider = Provider::p256();
    let certificates = provider.certificates();
    for kind in KINDS {
        let xml = provider.response(kind);
        let original = verify(&xml, provider.signer).unwrap();
        let (start, end) = match kind {
            support::Kind::A => {
                let assertion = support::assertion_of(&xml);
                let start = xml.find(assertion).unwrap();
                (start, start + assertion.len())
            }
            _ => (0, xml.len()),
        };
        // No name uses this prefix, only the value of `xsi:type`. So exclusive canonicalization leaves it out.
        let unused = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
        let unused = xml.find(unused).map(|start| start..start + unused.len()).unwrap();
        let mut accepted = Vec::new();
        for index in (0..xml.len()).step_by(if kind == support::Kind::A { 1 } else { 5 }) {
            let mut octets = xml.clone().into_bytes();
            octets[index] ^= 1 << (index % 7);
            if let Ok(identity) = saml::verify(&octets, &expectation(&certificates)) {
                assert_eq!(identity, original, "byte {index}");
                if (start..end).contains(&index) && !unused.contains(&index) {
                    accepted.push(
                        String::from_utf8_lossy(&octets[index.saturating_sub(20)..(index + 20).min(octets.len())])
                            .into_owned(),
                    );
                }
            }
        }
        // One bit never makes another white space of a blank, so nothing else may change.
        assert!(accepted.is_empty(), "{kind:?}: {accepted:#?}");
    }
}
