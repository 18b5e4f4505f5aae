//! Metadata of a provider: nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(providers) = saml::metadata::import(octets, 1 << 20, 1_780_272_123_000) {
        assert!(providers.iter().all(|provider| !provider.certificates.is_empty()));
    }
});
