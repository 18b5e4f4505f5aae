//! What every request can reach.

use crate::{
    budget::{BudgetLimits, Budgets},
    clock::Clock,
    config::Config,
    exports::Exports,
    last_used::LastUsed,
    live_updates::LiveUpdates,
    password_hashing::Hashing,
    rate_limit::RateLimit,
    request_log::Recorder,
    scim_sync::WriteQueue,
    secrets::Secrets,
    self_test::{SelfTestHandles, SelfTests},
    sign_in_failures::SignInFailures,
};
use app::document::Assets;
use std::sync::Arc;
use store::Store;

/// Shared by all requests; cloning is cheap.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Whole>);

#[derive(Debug)]
struct Whole {
    parts: Parts,
    write_queue: WriteQueue,
    budgets: Budgets,
    rate_limit: RateLimit,
    live: LiveUpdates,
    exports: Exports,
    self_tests: SelfTests,
    hashing: Hashing,
    failures: SignInFailures,
}

/// The parts of [`AppState`].
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The server secret and what is derived from it.
    pub secrets: Arc<Secrets>,
    /// What the operator configured.
    pub config: Config,
    /// The names of the built browser files.
    pub assets: Assets,
    /// The time.
    pub clock: Clock,
    /// Which keys were used when, not yet written down.
    pub last_used: LastUsed,
    /// The requests of identity providers that are not written down yet.
    pub recorder: Recorder,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self::with(parts, BudgetLimits::default(), Hashing::default())
    }

    /// Likewise, with other limits for requests of identity providers.
    pub fn with_limits(parts: Parts, limits: BudgetLimits) -> Self {
        Self::with(parts, limits, Hashing::default())
    }

    /// Likewise, with another queue for hashing passwords.
    pub fn with_hashing(parts: Parts, hashing: Hashing) -> Self {
        Self::with(parts, BudgetLimits::default(), hashing)
    }

    fn with(parts: Parts, limits: BudgetLimits, hashing: Hashing) -> Self {
        let write_queue = WriteQueue::new(parts.store.clone(), parts.clock.clone());
        let live = LiveUpdates::new(&parts.store);
        let budgets = Budgets::new(limits);
        let rate_limit = RateLimit::new(parts.config.scim_rate, parts.config.scim_burst);
        let self_tests = SelfTests::new(SelfTestHandles {
            store: parts.store.clone(),
            secrets: Arc::clone(&parts.secrets),
            clock: parts.clock.clone(),
            write_queue: write_queue.clone(),
            public_url: parts.config.public_url.clone(),
        });
        Self(Arc::new(Whole {
            parts,
            write_queue,
            budgets,
            rate_limit,
            live,
            exports: Exports::default(),
            self_tests,
            hashing,
            failures: SignInFailures::default(),
        }))
    }

    /// The queue for hashing passwords.
    pub fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    /// The failed sign-ins that are gathered into one entry each.
    pub(crate) fn failures(&self) -> &SignInFailures {
        &self.0.failures
    }

    /// The self-tests that were started on pages.
    pub fn self_tests(&self) -> &SelfTests {
        &self.0.self_tests
    }

    /// Who follows what on open pages.
    pub fn live(&self) -> &LiveUpdates {
        &self.0.live
    }

    /// What requests of identity providers may cost.
    pub(crate) fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    /// How many requests a key may make.
    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    /// The exports that are under way.
    pub fn exports(&self) -> &Exports {
        &self.0.exports
    }

    /// Where identity providers' changes are made.
    pub(crate) fn write_queue(&self) -> &WriteQueue {
        &self.0.write_queue
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
