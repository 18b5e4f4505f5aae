//! Checks of what people type: each returns the value to keep, or a [`FieldError`](field_error::FieldError).

pub mod certificate;
pub mod field_error;
pub mod password;
pub mod text;
pub mod url;
