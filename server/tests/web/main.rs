//! Pages, forms, server functions and what holds for all of them: the whole router, in process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/app.rs"]
mod app;
#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod account;
mod activity;
mod activity_detail;
mod activity_filter;
mod activity_member;
mod adoption;
mod api;
mod appearance;
mod audit;
mod connection;
mod csrf;
mod error_pages;
mod files;
mod forms;
mod general;
mod groups;
mod guides;
mod headers;
mod health;
mod invites;
mod keys;
mod limits;
mod live_updates;
mod member_blocked;
mod members;
mod pages;
mod parts;
mod routes;
mod self_test;
mod session_expired;
mod sessions;
mod sign_in;
mod sign_in_redirect;
mod throttle;
mod unchanged;
mod verify;
mod wording;
