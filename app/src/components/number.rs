//! Numbers as people read them.

pub(crate) use domain::number::thousands;
