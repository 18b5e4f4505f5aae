//! Reuse of userNames. Identity providers rename members who leave, so that another person can get the userName. The
//! same then applies to their other attributes, such as an `externalId`. Entra ID puts 32 hexadecimal digits before the
//! userName.

use crate::{DAY, UnixMs};

/// A rename up to this long before the removal counts as part of it. Entra ID may do both in different cycles.
const WINDOW: UnixMs = 7 * DAY;

/// The number of digits that Entra ID puts before the userName of a deleted member.
const ENTRA_DIGITS: usize = 32;

/// The history of a member's userName.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// The time of the last change of the userName.
    pub last: Option<UnixMs>,
    /// Is the member removed, and is the old userName free for another person?
    pub freed: bool,
}

impl Renames {
    /// The history after a change at `now`. `renamed`: the userName differs in more than letter case.
    pub fn after(self, renamed: bool, was_gone: bool, is_gone: bool, now: UnixMs) -> Self {
        let last = if renamed { Some(now) } else { self.last };
        let is_recent = last.is_some_and(|at| now.saturating_sub(at) <= WINDOW);
        let freed = is_gone && if was_gone { self.freed || renamed } else { is_recent };
        Self { last, freed }
    }

    /// Was the current userName made from another one that is free now? The form of `user_name` decides for members who
    /// left before renames were recorded.
    pub fn is_freed(self, user_name: &str) -> bool {
        self.freed || is_entra_leaver(user_name)
    }
}

/// Does the userName start with 32 hexadecimal digits, and continue after them?
fn is_entra_leaver(user_name: &str) -> bool {
    user_name
        .split_at_checked(ENTRA_DIGITS)
        .is_some_and(|(digits, rest)| !rest.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
