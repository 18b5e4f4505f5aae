//! Keys and certificates of the tests, created once for each test program. `openssl` creates those that ring cannot create.

use ring::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair,
    },
};
use saml::{Hash, Scheme, SignatureAlgorithm, SigningCertificate};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

pub enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

/// A key with its certificate.
pub struct Signer {
    pub pair: Pair,
    /// The certificate, PEM.
    pub pem: String,
    /// The private key, PKCS #8 in PEM, for other programs.
    pub key_file: PathBuf,
    pub certificate_file: PathBuf,
}

impl Signer {
    pub fn certificate(&self) -> SigningCertificate {
        SigningCertificate::read(&self.pem).unwrap()
    }

    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ecdsa(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let encoding: &'static dyn ring::signature::RsaEncoding = match (algorithm.scheme, algorithm.hash) {
                    (Scheme::RsaPss, Hash::Sha256) => &RSA_PSS_SHA256,
                    (Scheme::RsaPss, Hash::Sha384) => &RSA_PSS_SHA384,
                    (Scheme::RsaPss, Hash::Sha512) => &RSA_PSS_SHA512,
                    (_, Hash::Sha256) => &RSA_PKCS1_SHA256,
                    (_, Hash::Sha384) => &RSA_PKCS1_SHA384,
                    (_, Hash::Sha512) => &RSA_PKCS1_SHA512,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(encoding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

pub fn digest(hash: Hash, octets: &[u8]) -> Vec<u8> {
    let algorithm = match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    };
    digest::digest(algorithm, octets).as_ref().to_vec()
}

pub fn rsa() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| create("rsa", &["-newkey", "rsa:2048"]))
}

pub fn p256() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| create("p256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]))
}

pub fn p384() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| create("p384", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]))
}

/// The key of an attacker, or of the provider of another method.
pub fn other() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| create("other", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]))
}

/// A certificate without its key: `arguments` are those of `openssl req`.
pub fn certificate(name: &str, arguments: &[&str]) -> String {
    let folder = folder();
    openssl_req(&folder, name, arguments);
    std::fs::read_to_string(folder.join(format!("{name}.crt"))).unwrap()
}

/// The private key of a new RSA certificate, PEM.
pub fn rsa_pem(name: &str) -> String {
    certificate(name, &["-newkey", "rsa:2048"]);
    std::fs::read_to_string(folder().join(format!("{name}.key"))).unwrap()
}

/// A folder of this program, used again by its next run: below the target folder for tests, else one for temporary files.
pub fn folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = option_env!("CARGO_TARGET_TMPDIR")
                .map_or_else(std::env::temp_dir, PathBuf::from)
                .join(std::env::current_exe().unwrap().file_stem().unwrap());
            std::fs::create_dir_all(&folder).unwrap();
            folder
        })
        .clone()
}

fn openssl_req(folder: &Path, name: &str, arguments: &[&str]) {
    let output = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=idp.test"])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the tests need the program openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn create(name: &str, arguments: &[&str]) -> Signer {
    let folder = folder();
    openssl_req(&folder, name, arguments);
    let (key_file, certificate_file) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.crt")));
    let pkcs8 = pem_body(&std::fs::read_to_string(&key_file).unwrap());
    let random = SystemRandom::new();
    let ecdsa = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, &pkcs8, &random);
    let pair = RsaKeyPair::from_pkcs8(&pkcs8)
        .map(Pair::Rsa)
        .or_else(|_| ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::Ecdsa))
        .or_else(|_| ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Pair::Ecdsa))
        .unwrap();
    Signer { pair, pem: std::fs::read_to_string(&certificate_file).unwrap(), key_file, certificate_file }
}

pub fn pem_body(pem: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    Base64::decode_vec(&pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap()
}
