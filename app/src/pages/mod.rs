//! The pages, one folder or file each. The server renders them.

pub(crate) mod authentication;
mod screen;

mod account;
pub(crate) mod activity;
mod error_page;
mod forbidden;
#[cfg(debug_assertions)]
pub(crate) mod gallery;
mod gate;
mod general;
mod group;
mod groups;
pub(crate) mod guides;
mod invite;
mod member;
pub(crate) mod members;
mod message;
mod not_found;
pub(crate) mod self_test;
mod sign_in;
mod verify;

pub(crate) use screen::{Screen, ScreenProps, body_class, title};
