//! The building blocks of the pages. They show what they are given and ask nobody: no server functions here.

pub(crate) mod avatar;
pub(crate) mod banner;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) mod copies;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod dom;
pub(crate) mod empty;
pub(crate) mod erased;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod head;
pub(crate) mod icon;
pub(crate) mod menu;
pub(crate) mod moment;
pub(crate) mod number;
pub(crate) mod switch;
pub(crate) mod time;

#[cfg(feature = "ssr")]
pub(crate) mod plain;
#[cfg(feature = "ssr")]
pub(crate) mod plain_dialog;
#[cfg(feature = "ssr")]
pub(crate) mod role_options;
#[cfg(feature = "ssr")]
pub(crate) mod said;
#[cfg(feature = "ssr")]
pub(crate) mod shell;
#[cfg(feature = "ssr")]
pub(crate) mod signed_in;
#[cfg(feature = "ssr")]
pub(crate) mod toolbar;
