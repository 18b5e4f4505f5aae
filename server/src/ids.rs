//! New ids: UUID version 7 (RFC 9562, section 5.7).

use domain::UnixMs;
use std::sync::Mutex;
use uuid::{ContextV7, Timestamp, Uuid};

/// Orders ids within a millisecond, so that later ids sort later.
static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// The next id. If the clock goes back, ids continue from the last one.
pub(crate) fn next(now: UnixMs) -> String {
    let now = u64::try_from(now).unwrap_or(0);
    let nanoseconds = u32::try_from(now % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(&CONTEXT, now / 1000, nanoseconds)).to_string()
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn ids_sort_by_time_and_within_a_millisecond() {
        let mut ids: Vec<String> = (0..2000).map(|_| next(1_780_000_000_123)).collect();
        ids.push(next(1_780_000_000_124));
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 2001);
        assert!(ids.iter().all(|id| id.len() == 36 && id.starts_with("019e")), "{}", ids[0]);
    }
}
