//! The relying party as the specifications describe it. The number of an attack, such as `o13`, is that of the project's
//! list of attacks; each starts from something that is accepted unaltered.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod authorization_request;
mod callback;
mod claims;
mod errors;
mod id_token;
mod interoperability;
mod issuer;
mod key_cache;
mod key_set;
mod logout;
mod metadata;
mod properties;
mod provider;
mod reauthentication;
mod report;
mod secrets;
mod signature;
mod token_endpoint;
mod user_info;
