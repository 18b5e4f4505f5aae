//! The components of the pages. The server renders them. `data-` attributes mark the elements that the browser's part
//! enhances.

pub(crate) mod local_time;
pub(crate) mod time;

#[cfg(feature = "ssr")]
pub(crate) mod avatar;
#[cfg(feature = "ssr")]
pub(crate) mod banner;
#[cfg(feature = "ssr")]
pub(crate) mod copy_field;
#[cfg(feature = "ssr")]
pub(crate) mod dialog;
#[cfg(feature = "ssr")]
pub(crate) mod empty;
#[cfg(feature = "ssr")]
pub(crate) mod field;
#[cfg(feature = "ssr")]
pub(crate) mod form;
#[cfg(feature = "ssr")]
pub(crate) mod head;
#[cfg(feature = "ssr")]
pub(crate) mod icon;
#[cfg(feature = "ssr")]
pub(crate) mod menu;
#[cfg(feature = "ssr")]
pub(crate) mod method_links;
#[cfg(feature = "ssr")]
pub(crate) mod notice;
#[cfg(feature = "ssr")]
pub(crate) mod number;
#[cfg(feature = "ssr")]
pub(crate) mod provider_text;
#[cfg(feature = "ssr")]
pub(crate) mod role_options;
#[cfg(feature = "ssr")]
pub(crate) mod session_origin;
#[cfg(feature = "ssr")]
pub(crate) mod shell;
#[cfg(feature = "ssr")]
pub(crate) mod switch;
#[cfg(feature = "ssr")]
pub(crate) mod toolbar;
