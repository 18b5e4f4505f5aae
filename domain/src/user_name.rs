//! When a userName is given up. Identity providers rename leavers, so that someone else can have the userName; what else was
//! theirs, such as an `externalId`, is given out anew then, too. Entra ID puts 32 hexadecimal digits before it.

use crate::{DAY, UnixMs};

/// A rename that is not older than this when the member goes is part of the leaving. Entra ID may do both in different cycles.
const WINDOW: UnixMs = 7 * DAY;

/// How many digits Entra ID puts before the userName of someone whom it deletes.
const ENTRA_DIGITS: usize = 32;

/// What is known of a member's renames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// When the userName last changed.
    pub last: Option<UnixMs>,
    /// Is the member gone, and was the userName given up?
    pub freed: bool,
}

impl Renames {
    /// After a change at `now`. `renamed`: the userName is another one, and not just in other letter case.
    pub fn after(self, renamed: bool, was_gone: bool, is_gone: bool, now: UnixMs) -> Self {
        let last = if renamed { Some(now) } else { self.last };
        let is_recent = last.is_some_and(|at| now.saturating_sub(at) <= WINDOW);
        let freed = is_gone && if was_gone { self.freed || renamed } else { is_recent };
        Self { last, freed }
    }

    /// Was the userName, as it is now, made of another one that was given up? `user_name` tells it of members who went before
    /// renames were noted.
    pub fn is_freed(self, user_name: &str) -> bool {
        self.freed || is_entra_leaver(user_name)
    }
}

/// Is this 32 hexadecimal digits and something after them?
fn is_entra_leaver(user_name: &str) -> bool {
    user_name
        .split_at_checked(ENTRA_DIGITS)
        .is_some_and(|(digits, rest)| !rest.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
