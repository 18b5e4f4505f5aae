//! What stands around every page and form: one concern a file. `router` puts them in order.

pub(super) mod compress;
pub(super) mod csrf;
pub(super) mod headers;
pub(super) mod limits;
pub(super) mod request_context;
pub(super) mod secret_path;
pub(super) mod trace;
