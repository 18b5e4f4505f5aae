//! Filters (RFC 7644, section 3.4.2.2): which resources, or which values of an attribute, are meant.
//!
//! [`Filter::parse`] reads one and checks it against the schema, [`Filter::matches_within`] asks it about a resource,
//! `Display` writes it again. A server may also walk through it to ask a database instead.

mod ast;
mod budget;
mod compare;
mod eval;
mod instant;
mod lexer;
mod parser;
mod print;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod requests;
mod syntax_error;
mod typed;

pub use ast::{Filter, FilterText, Literal, Operator};
pub use budget::{BudgetExceeded, ComparisonBudget};
pub use instant::Instant;
pub(crate) use lexer::Token;
pub(crate) use parser::Parser;
pub(crate) use syntax_error::FilterSyntaxError;

/// The longest filter in bytes, and the longest path of a PATCH: room for two names of a Group, of 1,024 characters of four
/// bytes.
pub const MAX_LENGTH: usize = 8_192;

/// Upper bound of the nesting of parentheses and brackets.
pub const MAX_DEPTH: usize = 16;

/// Upper bound of the comparisons of a filter.
pub const MAX_TERMS: usize = 32;
