//! Pages of a sign-in through an SSO method, on the way to the identity provider and back. They work without JavaScript.

pub(super) mod confirm;
pub(crate) mod failure;
mod failure_text;
pub(crate) mod model;
pub(super) mod redirect;
pub(super) mod sign_out;
