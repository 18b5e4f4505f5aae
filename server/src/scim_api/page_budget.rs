//! The size of a page, in bytes.

use crate::budget::{Budget, MemoryPermit, OverBudget};

/// The approximate upper bound of a page. A longer page ends early, and the next page continues there. A page has at least one
/// resource of any size.
pub(super) const PAGE: usize = 4 * 1024 * 1024;

/// The bytes that are read without a memory permit. Nearly all pages are shorter.
const MAX_WITHOUT_PERMIT: usize = 256 * 1024;

/// A response is in memory twice while it is written: as rows and as text.
const COPIES: usize = 2;

/// The bytes of one page, and the memory permit for them.
#[derive(Debug)]
pub(super) struct PageBudget {
    pub(super) budget: Budget,
    used: usize,
    /// The bytes that the permit covers.
    permitted: usize,
    permit: MemoryPermit,
}

impl PageBudget {
    pub(super) fn new(budget: &Budget) -> Self {
        Self { budget: budget.clone(), used: 0, permitted: MAX_WITHOUT_PERMIT, permit: MemoryPermit::default() }
    }

    /// The size of the page so far.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// The bytes that may be read without a larger permit.
    pub(super) fn remaining(&self) -> usize {
        self.permitted.min(PAGE).saturating_sub(self.used).max(1)
    }

    /// Whether the permit covers a whole page.
    pub(super) fn is_whole(&self) -> bool {
        self.permitted >= PAGE
    }

    /// Acquires memory for a whole page.
    pub(super) async fn acquire(&mut self) -> Result<(), OverBudget> {
        self.acquire_bytes(PAGE).await
    }

    /// Adds a resource. `false`: it does not fit.
    pub(super) async fn take(&mut self, bytes: usize) -> Result<bool, OverBudget> {
        let used = self.used.saturating_add(bytes);
        if self.used > 0 && used > PAGE {
            return Ok(false);
        }
        if used > self.permitted {
            self.acquire_bytes(used.max(PAGE)).await?;
        }
        self.used = used;
        Ok(true)
    }

    /// The memory permit for the response, to be held until it is sent.
    pub(super) async fn into_permit(self) -> Result<MemoryPermit, OverBudget> {
        if self.permitted > MAX_WITHOUT_PERMIT {
            Ok(self.permit)
        } else {
            self.budget.hold((self.used * COPIES) as u64).await
        }
    }

    async fn acquire_bytes(&mut self, bytes: usize) -> Result<(), OverBudget> {
        if self.permitted < bytes {
            // The old permit is released first, because two requests that wait for more would wait for each other.
            self.permit = MemoryPermit::default();
            self.permit = self.budget.hold((bytes * COPIES) as u64).await?;
            self.permitted = bytes;
        }
        Ok(())
    }
}
