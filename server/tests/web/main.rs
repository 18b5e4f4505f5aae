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
mod ended;
mod files;
mod follow;
mod forms;
mod general;
mod groups;
mod guides;
mod headers;
mod health;
mod invites;
mod keys;
mod limits;
mod member_blocked;
mod members;
mod next;
mod nothing;
mod pages;
mod routes;
mod self_test;
mod sessions;
mod sign_in;
mod throttle;
mod trouble;
mod verify;
