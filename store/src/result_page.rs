//! Pages and batches of long results.

/// A page of the rows that meet a condition.
#[derive(Debug)]
pub struct ResultPage<T> {
    /// The number of rows that meet it.
    pub total: i64,
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Is the page shorter than its limit, because of its size in memory?
    pub is_cut: bool,
}

/// A batch of a scan.
pub struct ResultBatch<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Is this the last batch?
    pub is_last: bool,
}
