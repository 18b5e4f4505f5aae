//! Numbers as people read them.

pub(crate) use domain::format::number::thousands;
