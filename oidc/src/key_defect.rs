//! Why a key of a key set is not used.

use std::fmt;

/// Why a key of a key set is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyDefect {
    /// The entry is not an object.
    NotAnObject,
    /// A member is missing or not valid.
    Member(&'static str),
    /// The key type is not supported.
    Type(String),
    /// The key is symmetric.
    Symmetric,
    /// The curve is not supported.
    Curve(String),
    /// The RSA modulus is too short or too long, in bits.
    RsaBits(usize),
    /// The RSA exponent is even, less than 3 or more than 33 bits long.
    RsaExponent,
    /// `use` or `key_ops` excludes the verification of signatures.
    Use,
}

impl fmt::Display for KeyDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("not a JSON object"),
            Self::Member(name) => write!(f, "member {name:?} is missing or not valid"),
            Self::Type(name) => write!(f, "key type {name:?} is not supported"),
            Self::Symmetric => f.write_str("the key is symmetric"),
            Self::Curve(name) => write!(f, "curve {name:?} is not supported"),
            Self::RsaBits(bits) => write!(f, "the RSA modulus has {bits} bits, between 2048 and 8192 are supported"),
            Self::RsaExponent => f.write_str("the RSA exponent is not valid"),
            Self::Use => f.write_str("the key is not for signatures"),
        }
    }
}
