//! Figures of the verifier: `cargo run --release --package saml --example figures`.
//!
//! The first lines are medians of a typical response: verified and read. The others are hostile responses of 256 KiB, with
//! the median and the longest time of a refusal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};
use support::{KINDS, Provider, expectation, keys};

const RUNS: usize = 500;

fn durations(runs: usize, mut run: impl FnMut()) -> Vec<Duration> {
    let mut all: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    all
}

fn main() {
    for (name, signer, algorithm) in
        [("RSA 2048", keys::rsa(), support::RSA_SHA256), ("ECDSA P-256", keys::p256(), support::ECDSA_SHA256)]
    {
        for kind in KINDS {
            let xml = Provider::new(signer, algorithm).response(kind);
            let certificates = [signer.certificate()];
            let all = durations(RUNS, || {
                saml::verify(xml.as_bytes(), &expectation(&certificates)).unwrap();
            });
            println!("{name} {kind:?}, {} bytes: {:?}", xml.len(), all[RUNS / 2]);
        }
    }
    let certificates = [keys::p256().certificate()];
    for (name, xml) in hostile() {
        let mut code = "";
        let all = durations(20, || {
            code = saml::verify(xml.as_bytes(), &expectation(&certificates))
                .map_or_else(|error| error.code(), |_| "accepted");
        });
        println!("{name}, {} bytes: {code}, {:?}, at most {:?}", xml.len(), all[10], all[19]);
    }
}

/// Responses that are as expensive as their limits allow, and responses beyond a limit.
fn hostile() -> Vec<(&'static str, String)> {
    let max = saml::MAX_RESPONSE;
    let signed = Provider::p256().response(support::Kind::B);
    let room = max - signed.len() - 100;
    let fill = |piece: &str| piece.repeat(room / piece.len());
    let in_status = |inner: &str| signed.replacen("</samlp:Status>", &format!("{inner}</samlp:Status>"), 1);
    let in_subject = |inner: &str| signed.replacen("<saml:Subject>", &format!("{inner}<saml:Subject>"), 1);
    let declarations: String = (0..32).map(|i| format!(" xmlns:n{i}='u:'")).collect();
    let other_declarations: String = (0..32).map(|i| format!(" xmlns:m{i}='u:{i}'")).collect();
    let attributes: String = (0..64).map(|i| format!(" a{i}=''")).collect();
    let in_scope = format!(
        "{}{}{}",
        (0..1).map(|i| format!("<x{}>", declarations.replace(":n", &format!(":n{i}-")))).collect::<String>(),
        format!("<y{}/>", &other_declarations[..other_declarations.find(" xmlns:m28").unwrap()]).repeat(280),
        "</x>"
    );
    vec![
        ("depth beyond the limit", fill("<x>")),
        ("elements beyond the limit", in_status(&fill("<x/>"))),
        ("attributes beyond the limit", format!("<x{}", fill(" a=''"))),
        ("namespaces beyond the limit", format!("<x{}", fill(" xmlns:a='u:'"))),
        ("namespaces at the limit", in_subject(&in_scope)),
        ("attributes at the limit", in_subject(&format!("<x{attributes}/>").repeat(124))),
        ("comments", in_subject(&fill("<!---->"))),
        ("references", in_subject(&fill("&#9;"))),
        ("text that is escaped", in_subject(&fill("&gt;"))),
        ("text in CDATA", in_subject(&fill("<![CDATA[]]>"))),
        ("ids", in_status(&(0..1_900).map(|i| format!("<x ID='{i}'/>")).collect::<String>())),
        ("a long prefix list", with_prefix_list(&signed, &"a ".repeat(room / 2 - 200))),
        ("one long name", in_status(&format!("<{}/>", fill("x")))),
        ("no end of a tag", format!("<{}", fill("x "))),
        ("no end of a comment", format!("<!--{}", fill("- "))),
        ("quotes", format!("<x {}", fill("a=\"' "))),
    ]
}

fn with_prefix_list(xml: &str, list: &str) -> String {
    let parameters = format!("<ec:InclusiveNamespaces xmlns:ec=\"{0}\" PrefixList=\"{list}\"/>", support::EXCLUSIVE);
    let method = format!("<ds:CanonicalizationMethod Algorithm=\"{}\"", support::EXCLUSIVE);
    xml.replacen(&format!("{method}/>"), &format!("{method}>{parameters}</ds:CanonicalizationMethod>"), 1)
}
