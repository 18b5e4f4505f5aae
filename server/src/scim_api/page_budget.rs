//! How much of an answer fits on its page, in bytes.

use crate::budget::{Budget, MemoryPermit, OverBudget};

/// A page holds about so many bytes: beyond that it ends early, and the next page begins there. One resource is always
/// answered, however large it is.
pub(super) const PAGE: usize = 4 * 1024 * 1024;

/// So many bytes are read before memory is asked for. Nearly all pages are shorter.
const UNCOUNTED: usize = 256 * 1024;

/// An answer takes memory twice while it is written: as rows, and as text.
const COPIES: usize = 2;

/// The room on one page, and the memory that is counted for it.
#[derive(Debug)]
pub(super) struct PageBudget {
    pub(super) budget: Budget,
    used: usize,
    /// For so many bytes.
    counted: usize,
    held: MemoryPermit,
}

impl PageBudget {
    pub(super) fn new(budget: &Budget) -> Self {
        Self { budget: budget.clone(), used: 0, counted: UNCOUNTED, held: MemoryPermit::default() }
    }

    /// How many bytes the page has so far.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// How many bytes may be read for it without asking for memory.
    pub(super) fn unasked(&self) -> usize {
        self.counted.min(PAGE).saturating_sub(self.used).max(1)
    }

    /// Is memory for the whole page counted?
    pub(super) fn is_whole(&self) -> bool {
        self.counted >= PAGE
    }

    /// Asks for memory for the whole page.
    pub(super) async fn ask(&mut self) -> Result<(), OverBudget> {
        self.ask_for(PAGE).await
    }

    /// Takes room for one more resource. `false`: it does not fit.
    pub(super) async fn take(&mut self, bytes: usize) -> Result<bool, OverBudget> {
        let used = self.used.saturating_add(bytes);
        if self.used > 0 && used > PAGE {
            return Ok(false);
        }
        if used > self.counted {
            self.ask_for(used.max(PAGE)).await?;
        }
        self.used = used;
        Ok(true)
    }

    /// The memory of what is written now and was not counted yet: until the answer was sent.
    pub(super) async fn into_held(self) -> Result<MemoryPermit, OverBudget> {
        if self.counted > UNCOUNTED { Ok(self.held) } else { self.budget.hold((self.used * COPIES) as u64).await }
    }

    async fn ask_for(&mut self, bytes: usize) -> Result<(), OverBudget> {
        if self.counted < bytes {
            // What it has is given back first: two requests that each wait for more would wait for each other.
            self.held = MemoryPermit::default();
            self.held = self.budget.hold((bytes * COPIES) as u64).await?;
            self.counted = bytes;
        }
        Ok(())
    }
}
