//! Parts of long results.

/// A page of what meets a condition.
#[derive(Debug)]
pub struct ResultPage<T> {
    /// How many there are in all.
    pub total: i64,
    /// Those on the page.
    pub rows: Vec<T>,
    /// Is the page shorter than was asked for, because it takes as much memory as it may?
    pub is_cut: bool,
}

/// A portion of what is gone through.
pub struct ResultBatch<T> {
    /// What was read.
    pub rows: Vec<T>,
    /// Is nothing left after it?
    pub is_last: bool,
}
