//! Permits for long reads.

use std::fmt;

/// Permission for a read that may scan a whole team. The limiter of such reads issues it, and the read ends before the
/// permit is dropped.
pub struct LongReadPermit(#[expect(dead_code, reason = "only its drop counts")] Box<dyn Send + Sync>);

impl LongReadPermit {
    /// Wraps the limiter's own guard, which is released when the permit is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for LongReadPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LongReadPermit")
    }
}
