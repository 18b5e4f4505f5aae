//! Comparisons with xmlsec1 and xmllint (libxml2). Tests without their program are ignored, and counted as such: therefore
//! this program writes its lines itself, in the form of libtest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod support;

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use saml::{
    Hash, Scheme, SignatureAlgorithm,
    canonical::{Canonicalization, canonicalize},
};
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::{Command, ExitCode},
};
use support::{
    EXCLUSIVE, KINDS, Kind, Provider, RSA_SHA256, Shape, documents,
    keys::{self, Signer},
    oracle, transform, verify,
};

const TESTS: &[(&str, &str, fn())] = &[
    ("exclusive_canonicalization_is_that_of_libxml2", "xmllint", exclusive_is_that_of_libxml2),
    ("inclusive_canonicalization_is_that_of_libxml2", "xmllint", inclusive_is_that_of_libxml2),
    ("elements_in_random_documents_verify_with_xmlsec1", "xmlsec1", elements_verify_with_xmlsec1),
    ("xmlsec1_verifies_what_is_accepted", "xmlsec1", xmlsec1_verifies_what_is_accepted),
    ("what_xmlsec1_signs_is_accepted", "xmlsec1", what_xmlsec1_signs_is_accepted),
    ("xmlsec1_verifies_posted_requests", "xmlsec1", xmlsec1_verifies_posted_requests),
    #[cfg(feature = "encryption")]
    ("what_xmlsec1_encrypts_is_accepted", "xmlsec1", what_xmlsec1_encrypts_is_accepted),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |options: &[&str]| {
        let pairs = arguments.windows(2).filter(|pair| options.contains(&pair[0].as_str()));
        pairs.map(|pair| pair[1].clone()).collect::<Vec<_>>()
    };
    let skipped = after(&["--skip"]);
    let values = after(&["--skip", "--test-threads", "--format", "--color", "--logfile", "-Z"]);
    let filter = arguments.iter().find(|argument| !argument.starts_with('-') && !values.contains(argument));
    let is_chosen = |name: &str| {
        filter.is_none_or(|filter| name.contains(filter.as_str()))
            && !skipped.iter().any(|skip| name.contains(skip.as_str()))
    };
    let chosen: Vec<_> = TESTS.iter().filter(|(name, ..)| is_chosen(name)).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        chosen.iter().for_each(|(name, ..)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let (mut passed, mut failed, mut ignored) = (0, 0, 0);
    println!("\nrunning {} tests", chosen.len());
    for (name, program, test) in chosen {
        let result = if !oracle::is_installed(program) {
            ignored += 1;
            "ignored"
        } else if catch_unwind(AssertUnwindSafe(test)).is_ok() {
            passed += 1;
            "ok"
        } else {
            failed += 1;
            "FAILED"
        };
        println!("test {name} ... {result}");
    }
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {result}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn exclusive_is_that_of_libxml2() {
    compare_with_xmllint("--exc-c14n", &Canonicalization::Exclusive(Vec::new()));
}

fn inclusive_is_that_of_libxml2() {
    compare_with_xmllint("--c14n", &Canonicalization::Inclusive);
}

/// 2,000 documents, 100 to a process. xmllint keeps comments, so it gets the documents without them.
fn compare_with_xmllint(option: &str, method: &Canonicalization) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let mut files = Vec::new();
        let mut expected = Vec::new();
        for index in 0..100 {
            let element = documents::element().new_tree(&mut runner).unwrap().current();
            let file = keys::folder().join(format!("c14n-{index}.xml"));
            fs::write(&file, element.render(false)).unwrap();
            let xml = element.render(true);
            let xml = support::line_ends(&xml);
            let document = roxmltree::Document::parse(&xml).unwrap();
            expected.push((xml.clone(), canonicalize(document.root_element(), method, None)));
            files.push(file);
        }
        let run = |files: &[PathBuf]| {
            let output = Command::new("xmllint").arg(option).args(files).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let all: String = expected.iter().map(|(_, canonical)| canonical.as_str()).collect();
        if run(&files) == all {
            continue;
        }
        for (file, (xml, canonical)) in files.iter().zip(expected) {
            assert_eq!(canonical, run(std::slice::from_ref(file)), "{xml}");
        }
        panic!("documents differ only together");
    }
}

/// 400 random documents around a signed element: with and without PrefixList, with both canonicalizations of `SignedInfo`.
fn elements_verify_with_xmlsec1() {
    let mut runner = TestRunner::deterministic();
    let lists = ["", "a", "#default b", "saml unknown #default a", "xml a"];
    for batch in 0..8 {
        let mut files = Vec::new();
        for index in 0..50 {
            let content = documents::element().new_tree(&mut runner).unwrap().current().render(true);
            let around = documents::element().new_tree(&mut runner).unwrap().current();
            let xml = support::line_ends(
                &around.render_around(&format!("<t:target xmlns:t=\"urn:t\" ID=\"_t\" a=\"b\">{content}</t:target>")),
            );
            let mut provider = Provider::p256();
            let list = lists[(batch + index) % lists.len()];
            if !list.is_empty() {
                let parameters = format!("<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{list}\"/>");
                provider.shape.transforms = transform(support::ENVELOPED)
                    + &format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\">{parameters}</ds:Transform>");
                provider.shape.prefix_list = list.split(' ').map(ToOwned::to_owned).collect();
            }
            if index % 2 == 0 {
                provider.shape.canonicalization = "<ds:CanonicalizationMethod Algorithm=\
                    \"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>"
                    .to_owned();
                provider.shape.signed_info_method = Canonicalization::Inclusive;
            }
            let file = keys::folder().join(format!("target-{index}.xml"));
            fs::write(&file, provider.sign(&xml, "_t")).unwrap();
            files.push(file);
        }
        let output = oracle::xmlsec1_verify(&files, "urn:t:target", &keys::p256().certificate_file);
        // xmlsec1 ends at the first file that it does not verify.
        assert!(output.status.success(), "batch {batch}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn xmlsec1_verifies_what_is_accepted() {
    let cases: [(&'static Signer, Scheme, Hash); 5] = [
        (keys::rsa(), Scheme::RsaPkcs1, Hash::Sha256),
        (keys::rsa(), Scheme::RsaPkcs1, Hash::Sha384),
        (keys::rsa(), Scheme::RsaPkcs1, Hash::Sha512),
        (keys::p256(), Scheme::Ecdsa, Hash::Sha256),
        (keys::p384(), Scheme::Ecdsa, Hash::Sha384),
    ];
    for (signer, scheme, hash) in cases {
        for kind in KINDS {
            let xml = Provider::new(signer, SignatureAlgorithm { scheme, hash }).response(kind);
            assert!(verify(&xml, signer).is_ok());
            let file = keys::folder().join("accepted.xml");
            fs::write(&file, &xml).unwrap();
            let changed = keys::folder().join("changed.xml");
            fs::write(&changed, xml.replace("ada@acme.test", "adb@acme.test")).unwrap();
            let element = if kind == Kind::A { ASSERTION } else { RESPONSE };
            // xmlsec1 verifies the first signature of the document.
            assert!(oracle::xmlsec1_verify(&[file], element, &signer.certificate_file).status.success());
            assert!(!oracle::xmlsec1_verify(&[changed], element, &signer.certificate_file).status.success());
        }
    }
}

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
const RESPONSE: &str = "urn:oasis:names:tc:SAML:2.0:protocol:Response";

fn what_xmlsec1_signs_is_accepted() {
    let all = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let rsa = all.map(|hash| (keys::rsa(), SignatureAlgorithm { scheme: Scheme::RsaPkcs1, hash }));
    // ring signs the pairs of another length only in DER, so these are tested by xmlsec1 alone.
    let ecdsa = [keys::p256(), keys::p384()].into_iter().flat_map(|signer| {
        [Hash::Sha256, Hash::Sha384].map(|hash| (signer, SignatureAlgorithm { scheme: Scheme::Ecdsa, hash }))
    });
    for (signer, algorithm) in rsa.into_iter().chain(ecdsa) {
        for kind in KINDS {
            let provider = Provider::new(signer, algorithm);
            let mut xml = provider.facts.response();
            if kind != Kind::M {
                xml = sign_with_xmlsec1(&xml, "_a1", signer, algorithm);
            }
            if kind != Kind::A {
                xml = sign_with_xmlsec1(&xml, "_r1", signer, algorithm);
            }
            let identity = verify(&xml, signer).unwrap();
            assert!(identity.signatures.iter().all(|facts| facts.algorithm == algorithm));
        }
    }
}

fn sign_with_xmlsec1(xml: &str, id: &str, signer: &Signer, algorithm: SignatureAlgorithm) -> String {
    let shape = Shape::new(algorithm);
    let template = format!(
        "</saml:Issuer><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>{}{}\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>{}</ds:Transforms>{}<ds:DigestValue/></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>",
        shape.canonicalization, shape.signature_method, shape.transforms, shape.digest_method
    );
    let at = xml.find(&format!("ID=\"{id}\"")).unwrap();
    let signed = format!("{}{}", &xml[..at], xml[at..].replacen("</saml:Issuer>", &template, 1));
    let (input, output) = (keys::folder().join("template.xml"), keys::folder().join("signed.xml"));
    fs::write(&input, signed).unwrap();
    let result = Command::new("xmlsec1")
        .args(["--sign", "--id-attr:ID", ASSERTION, "--id-attr:ID", RESPONSE])
        .arg("--privkey-pem")
        .arg(format!("{},{}", signer.key_file.display(), signer.certificate_file.display()))
        .arg("--output")
        .args([&output, &input])
        .output()
        .unwrap();
    assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
    fs::read_to_string(output).unwrap()
}

#[cfg(feature = "encryption")]
fn what_xmlsec1_encrypts_is_accepted() {
    let random = ring::rand::SystemRandom::new();
    let pkcs8 = keys::pem_body(&fs::read_to_string(&keys::rsa().key_file).unwrap());
    let decryption_keys = [saml::DecryptionKey::from_pkcs8(&pkcs8).unwrap()];
    let certificates = [keys::p256().certificate()];
    for (content, session_key) in [("aes128-cbc", "aes-128"), ("aes256-cbc", "aes-256")] {
        // xmlsec1 writes the assertion without the declarations of its ancestors.
        let declarations = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
            xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ";
        let provider = Provider::p256();
        let xml = provider.sign(&provider.facts.response().replace("<saml:Assertion ", declarations), "_a1");
        let assertion = support::assertion_of(&xml).to_owned();
        let xml = xml.replace(&assertion, &format!("<saml:EncryptedAssertion>{assertion}</saml:EncryptedAssertion>"));
        let template = format!(
            "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
             xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
             <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#{content}\"/><ds:KeyInfo>\
             <xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"/>\
             <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData>\
             <xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>"
        );
        let folder = keys::folder();
        let (plain, template_file, output) =
            (folder.join("plain.xml"), folder.join("encryption.xml"), folder.join("encrypted.xml"));
        fs::write(&plain, xml).unwrap();
        fs::write(&template_file, template).unwrap();
        let result = Command::new("xmlsec1")
            .args(["--encrypt", "--session-key", session_key, "--node-xpath", "//*[local-name()='Assertion']"])
            .arg("--pubkey-cert-pem")
            .arg(&keys::rsa().certificate_file)
            .arg("--xml-data")
            .arg(&plain)
            .arg("--output")
            .args([&output, &template_file])
            .output()
            .unwrap();
        assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
        let encrypted = fs::read_to_string(output).unwrap();
        assert!(!encrypted.contains(support::NAME_ID));
        let decryption = Some(saml::Decryption { keys: &decryption_keys, random: &random });
        let expectation = saml::Expectation { decryption, ..support::expectation(&certificates) };
        assert_eq!(saml::verify(encrypted.as_bytes(), &expectation).unwrap().name_id.value, support::NAME_ID);
    }
}

fn xmlsec1_verifies_posted_requests() {
    use base64ct::{Base64, Encoding};
    let random = ring::rand::SystemRandom::new();
    for signer in [keys::rsa(), keys::p256()] {
        let pkcs8 = keys::pem_body(&fs::read_to_string(&signer.key_file).unwrap());
        let key = saml::RequestKey::from_pkcs8(&pkcs8, &random).unwrap();
        assert_eq!(key.algorithm().hash, RSA_SHA256.hash);
        let request = saml::AuthnRequest {
            id: "_5f0c1a",
            issue_instant: support::NOW,
            destination: "https://idp.test/sso?a=1&b=2",
            entity_id: support::ENTITY_ID,
            acs: support::ACS,
            force_authn: true,
        };
        let parameter = request.post_parameter(Some(saml::RequestSigner { key: &key, random: &random })).unwrap();
        let file = keys::folder().join("request.xml");
        fs::write(&file, Base64::decode_vec(&parameter).unwrap()).unwrap();
        let element = "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest";
        let output = oracle::xmlsec1_verify(&[file], element, &signer.certificate_file);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
