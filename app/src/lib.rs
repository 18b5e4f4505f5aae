//! The pages of Rollcall.
//!
//! Built twice: for the server (`ssr`), which answers every request with a whole page, and for the browser (`browser`), which
//! enhances the pages: see [`browser`](crate::browser). Every page is a document of its own: the server decides which one a
//! request gets and with which data (`pages::Page`), so there is no router in the browser.
//!
//! Architecture invariant: no module names a database type. The modules that write pages are for the server alone.

// The types of views nest deeply.
#![recursion_limit = "512"]
#![allow(missing_docs, reason = "a comment on a field or property only adds what the name does not say")]

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod backend;
#[cfg_attr(feature = "ssr", expect(unreachable_pub, reason = "#[component] writes `pub` for every visibility"))]
mod components;
#[cfg(feature = "ssr")]
pub mod document;
pub mod error;
pub mod form_encoding;
pub mod forms;
#[cfg(feature = "ssr")]
pub mod model;
#[cfg(feature = "ssr")]
#[expect(unreachable_pub, reason = "#[component] writes `pub` for every visibility")]
pub mod pages;
pub mod return_to;

#[cfg(feature = "browser")]
pub mod browser;
