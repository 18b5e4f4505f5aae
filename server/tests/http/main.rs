//! Pages, forms, server functions and what holds for all of them: the whole router, in process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/app.rs"]
mod app;
#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod activity;
mod activity_filter;
mod api;
mod appearance;
mod csrf;
mod ended;
mod files;
mod forms;
mod groups;
mod headers;
mod health;
mod keys;
mod limits;
mod members;
mod next;
mod pages;
mod routes;
mod sessions;
mod sign_in;
mod throttle;
mod trouble;
mod verify;
