//! The pages, one folder or file each.
//!
//! All are written by the server. One of them is made live in the browser, the Authentication page: only its part of
//! `<main>` is hydrated, so only that is part of what the browser loads. The others are links, plain forms and native
//! elements, which need no help.

pub(crate) mod authentication;
#[cfg(feature = "ssr")]
mod screen;

#[cfg(feature = "ssr")]
mod account;
#[cfg(feature = "ssr")]
pub(crate) mod activity;
#[cfg(feature = "ssr")]
mod forbidden;
#[cfg(feature = "ssr")]
mod gate;
#[cfg(feature = "ssr")]
mod general;
#[cfg(feature = "ssr")]
mod group;
#[cfg(feature = "ssr")]
mod groups;
#[cfg(feature = "ssr")]
pub(crate) mod guides;
#[cfg(feature = "ssr")]
mod invite;
#[cfg(feature = "ssr")]
mod member;
#[cfg(feature = "ssr")]
pub(crate) mod members;
#[cfg(feature = "ssr")]
mod message;
#[cfg(feature = "ssr")]
mod not_found;
#[cfg(feature = "ssr")]
pub(crate) mod self_test;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod trouble;
#[cfg(feature = "ssr")]
mod verify;

#[cfg(feature = "ssr")]
pub(crate) use screen::{Screen, ScreenProps, body_class, title};
