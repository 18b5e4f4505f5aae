pub(crate) use domain::format::number::thousands;
