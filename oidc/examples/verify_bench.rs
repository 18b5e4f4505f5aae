//! Prints the median time of the verification of an ID token: `cargo run --release --package oidc --example verify_bench`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "the tests' provider")]
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[path = "../tests/relying_party/provider.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod provider;

use oidc::SignatureAlgorithm;
use provider::{Expected, PROVIDER, Token};
use std::time::Instant;

const RUNS: usize = 2_000;

fn main() {
    let (expected, keys) = (Expected::default(), PROVIDER.key_set());
    for algorithm in SignatureAlgorithm::ALL {
        let token = Token::id_token(algorithm).sign(&PROVIDER);
        let mut times: Vec<_> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                expected.verify(&token, &keys).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!("{:<6} {:>7.1} µs", algorithm.name(), times[RUNS / 2].as_secs_f64() * 1e6);
    }
}
