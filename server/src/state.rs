//! The state that every request can reach.

use crate::{
    budget::{BudgetLimits, Budgets},
    clock::Clock,
    config::{self, Config},
    exports::Exports,
    last_used::LastUsed,
    live_updates::LiveUpdates,
    outbound::Outbound,
    password_hashing::Hashing,
    rate_limit::RateLimit,
    request_log::Recorder,
    scim_sync::WriteQueue,
    secrets::Secrets,
    self_test::{SelfTestHandles, SelfTests},
    sign_in_failures::SignInFailures,
    sso::{failure_log::SsoFailureLog, oidc_sign_in::OidcContext, provider_cache::ProviderCache},
};
use app::document::Assets;
use std::sync::Arc;
use store::Store;

/// The state that all requests share. Cloning is cheap.
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
    outbound: Outbound,
    providers: ProviderCache,
    sso_failures: SsoFailureLog,
}

/// The parts of [`AppState`].
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    /// The server secret and what is derived from it.
    pub secrets: Arc<Secrets>,
    pub config: Config,
    pub assets: Assets,
    pub clock: Clock,
    /// The last uses of keys.
    pub last_used: LastUsed,
    /// The queue of requests for the request log.
    pub recorder: Recorder,
}

impl AppState {
    /// Creates the state with the default limits.
    pub fn new(parts: Parts) -> Self {
        Self::with(parts, BudgetLimits::default(), Hashing::default())
    }

    /// Creates the state with other limits for requests of identity providers.
    pub fn with_limits(parts: Parts, limits: BudgetLimits) -> Self {
        Self::with(parts, limits, Hashing::default())
    }

    /// Creates the state with another queue for hashing passwords.
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
        let networks = &parts.config.private_networks;
        let outbound = match parts.config.is_https() || !config::is_local(&parts.config.public_url) {
            true => Outbound::new(networks),
            false => Outbound::with_localhost(networks),
        };
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
            outbound,
            providers: ProviderCache::default(),
            sso_failures: SsoFailureLog::default(),
        }))
    }

    pub fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    pub(crate) fn failures(&self) -> &SignInFailures {
        &self.0.failures
    }

    /// What a sign-in with OpenID Connect needs.
    pub(crate) fn oidc(&self) -> OidcContext<'_> {
        OidcContext {
            outbound: &self.0.outbound,
            providers: &self.0.providers,
            store: &self.store,
            secrets: &self.secrets,
            public_url: &self.config.public_url,
            now: self.clock.now(),
        }
    }

    /// Bounds the failed sign-ins in activity logs.
    pub(crate) fn sso_failures(&self) -> &SsoFailureLog {
        &self.0.sso_failures
    }

    pub fn self_tests(&self) -> &SelfTests {
        &self.0.self_tests
    }

    pub fn live(&self) -> &LiveUpdates {
        &self.0.live
    }

    pub(crate) fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    pub fn exports(&self) -> &Exports {
        &self.0.exports
    }

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
