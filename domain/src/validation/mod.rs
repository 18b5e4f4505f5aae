//! Checks of entered text. Each returns the value to store, or a [`FieldError`](field_error::FieldError).

pub mod certificate;
pub mod field_error;
pub mod password;
pub mod text;
pub mod url;
