//! The layers around every page and form, one concern per file. `router` orders them.

pub(super) mod compress;
pub(super) mod csrf;
pub(super) mod headers;
pub(super) mod limits;
pub(super) mod request_context;
pub(super) mod secret_path;
pub(super) mod trace;
