//! The number of files and connections that the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The requested limit if the hard limit is unlimited, because such systems often reject a higher one.
const WHERE_UNLIMITED: u64 = 65_536;

/// Raises the soft limit to the hard one, and returns the new limit. Services start with a soft limit of 1,024 on most
/// systems, for programs that use `select`. This program does not.
pub fn raise() -> usize {
    let now = getrlimit(Resource::Nofile);
    let target = now.maximum.unwrap_or(WHERE_UNLIMITED);
    if now.current.is_some_and(|current| current < target) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(target), maximum: now.maximum });
        if let Err(error) = raised {
            tracing::warn!(%error, "could not raise the limit of open files");
        }
    }
    let current = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(current).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_becomes_the_hard_one() {
        let raised = raise();
        assert!(raised > 0);
        let now = getrlimit(Resource::Nofile);
        assert!(now.maximum.is_none() || now.current == now.maximum, "{now:?}");
        assert_eq!(raise(), raised, "a second call changes nothing");
    }
}
