//! Other programs that verify and canonicalise: xmlsec1 and xmllint (`scripts/install/xmlsec`).

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Whether a program is installed. Otherwise one line says how to install it.
#[allow(clippy::print_stderr)]
pub fn is_installed(program: &str) -> bool {
    let is_installed = Command::new(program).arg("--version").output().is_ok();
    if !is_installed {
        eprintln!("skipped: {program} is not installed (scripts/install/xmlsec)");
    }
    is_installed
}

/// Verifies the first signature of each file. `element` is the name of the signed element after its namespace and a colon.
pub fn xmlsec1_verify(files: &[PathBuf], element: &str, certificate: &Path) -> Output {
    Command::new("xmlsec1")
        .args(["--verify", "--enabled-reference-uris", "same-doc", "--id-attr:ID", element, "--pubkey-cert-pem"])
        .arg(certificate)
        .args(files)
        .output()
        .unwrap()
}
