//! The screens of Rollcall.
//!
//! Built twice: for the server (`ssr`), which answers every request with a whole page, and for the browser (`hydrate`),
//! which makes the Authentication page live. Every page is a document of its own: the server decides which one a request
//! gets and with which data ([`model::Page`]), so there is no router in the browser, and no data is asked for twice.
//!
//! Architecture invariant: nothing here names a database type, and nothing outside [`backend`] and [`document`] is
//! for the server alone.

// The types of views nest deeply.
#![recursion_limit = "512"]

#[expect(missing_docs, reason = "the parameters of a server function become fields; #[server] takes no docs for them")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod backend;
#[expect(unreachable_pub, reason = "#[component] writes `pub` for every visibility")]
mod components;
#[cfg(feature = "ssr")]
pub mod document;
pub mod error;
#[cfg(any(feature = "hydrate", test))]
mod json;
pub mod model;
#[expect(unreachable_pub, reason = "#[component] writes `pub` for every visibility")]
mod pages;
pub mod resume;

#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(feature = "hydrate")]
mod live;
