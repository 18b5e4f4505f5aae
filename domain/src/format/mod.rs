//! Values as text that people read.

pub mod date;
pub mod number;
