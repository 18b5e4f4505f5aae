//! Filters (RFC 7644, section 3.4.2.2) of resources, or of the values of an attribute.
//!
//! [`Filter::parse`] parses a filter and checks it against the schema. [`Filter::matches_within`] evaluates it on a
//! resource, and `Display` writes it. A server can also walk through it and translate it to a database query.

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

/// Upper bound of a filter, and of the path of a PATCH, in bytes. There is room for two names of a Group, with 1,024
/// characters of four bytes each.
pub const MAX_LENGTH: usize = 8_192;

/// Upper bound of the nesting of parentheses and brackets.
pub const MAX_DEPTH: usize = 16;

/// Upper bound of the comparisons of a filter.
pub const MAX_TERMS: usize = 32;
