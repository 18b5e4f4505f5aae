//! Parts of long answers.

/// A page of what meets a condition.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// How many there are in all.
    pub(crate) total: i64,
    /// Those on the page.
    pub(crate) rows: Vec<T>,
    /// Is the page shorter than was asked for, because it takes as much memory as it may?
    pub(crate) is_cut: bool,
}

/// A portion of what is gone through.
pub(crate) struct Portion<T> {
    /// What was read.
    pub(crate) rows: Vec<T>,
    /// Is nothing left after it?
    pub(crate) is_last: bool,
}
