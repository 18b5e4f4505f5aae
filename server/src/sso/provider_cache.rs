//! What is remembered of OpenID Connect providers: their metadata for an hour, and their keys as [`oidc::KeyCache`] decides.
//! All requests that wait for the same document share one fetch.

use crate::outbound::{FetchError, Outbound};
use domain::{HOUR, UnixMs, id::MethodId};
use oidc::{Issuer, KeyCache, KeySet, KeyUse, MetadataReport, OidcError, ProviderMetadata, cache_lifetime};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long the metadata of a provider is kept.
const METADATA_LIFETIME: UnixMs = HOUR;
/// Upper bound of the remembered providers.
const MAX_PROVIDERS: usize = 10_000;
/// The pause before a request asks again for keys that another one fetches.
const PAUSE: Duration = Duration::from_millis(20);
const JSON: &str = "application/json";

/// Why a document of a provider could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider does not respond.
    #[error("{url}: {error}")]
    Fetch {
        /// The address.
        url: String,
        /// The reason.
        error: FetchError,
    },
    /// The provider's response breaks a rule.
    #[error("{0}")]
    Protocol(#[from] OidcError),
}

/// The remembered providers.
#[derive(Debug, Default)]
pub struct ProviderCache(Mutex<HashMap<(MethodId, String), Arc<Provider>>>);

/// A provider of one method.
#[derive(Debug)]
pub struct Provider {
    issuer: Issuer,
    /// Held during a fetch of the metadata, so that others wait for it.
    metadata: tokio::sync::Mutex<KnownMetadata>,
    keys: Mutex<KeyCache>,
    /// Held during a fetch of the keys.
    fetching: tokio::sync::Mutex<()>,
}

/// The result of the last fetch of the metadata.
#[derive(Debug, Default)]
enum KnownMetadata {
    #[default]
    None,
    /// The metadata, and when it was fetched.
    Metadata(Arc<ProviderMetadata>, UnixMs),
    /// The error, and when the fetch ended.
    Failed(ProviderError, Instant),
}

impl ProviderCache {
    /// The provider with this issuer, for a method.
    ///
    /// # Errors
    /// The issuer cannot be used.
    pub fn provider(&self, method: &MethodId, issuer: &str) -> Result<Arc<Provider>, OidcError> {
        let mut providers = lock(&self.0);
        let key = (method.clone(), issuer.to_owned());
        if let Some(provider) = providers.get(&key) {
            return Ok(Arc::clone(provider));
        }
        let provider = Arc::new(Provider {
            issuer: Issuer::parse(issuer)?,
            metadata: tokio::sync::Mutex::default(),
            keys: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        });
        if providers.len() >= MAX_PROVIDERS {
            providers.clear();
        }
        providers.insert(key, Arc::clone(&provider));
        Ok(provider)
    }
}

impl Provider {
    /// The issuer.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The metadata, from memory or from the provider.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn metadata(&self, outbound: &Outbound, now: UnixMs) -> Result<Arc<ProviderMetadata>, ProviderError> {
        let asked = Instant::now();
        let mut kept = self.metadata.lock().await;
        match &*kept {
            KnownMetadata::Metadata(metadata, at) if (0..METADATA_LIFETIME).contains(&(now - at)) => {
                return Ok(Arc::clone(metadata));
            }
            // Visitors who waited for a fetch that failed do not repeat it one after the other.
            KnownMetadata::Failed(error, at) if asked <= *at => return Err(error.clone()),
            _ => {}
        }
        let fetched = fetch(outbound, &self.issuer.configuration_url()).await;
        let result = fetched.and_then(|(body, _)| {
            let metadata = MetadataReport::read(&body, &self.issuer).into_metadata()?;
            Ok(Arc::new(metadata))
        });
        *kept = match &result {
            Ok(metadata) => KnownMetadata::Metadata(Arc::clone(metadata), now),
            Err(error) => KnownMetadata::Failed(error.clone(), Instant::now()),
        };
        result
    }

    /// The keys for a first verification, or other keys than those that were `tried`. `None`: there are no others.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn keys(
        &self,
        outbound: &Outbound,
        jwks_uri: &str,
        tried: Option<&Arc<KeySet>>,
        now: UnixMs,
    ) -> Result<Option<Arc<KeySet>>, ProviderError> {
        loop {
            let keys = self.key_use(tried, now);
            match keys {
                KeyUse::Use(keys) => return Ok(Some(keys)),
                KeyUse::Unavailable => return Ok(None),
                // The fetch of another request ends when its lock is free. If that request was cancelled, the lock is free at once.
                KeyUse::Wait => {
                    drop(self.fetching.lock().await);
                    tokio::time::sleep(PAUSE).await;
                }
                KeyUse::Fetch => {
                    let _fetching = self.fetching.lock().await;
                    let fetched = match fetch(outbound, jwks_uri).await {
                        Ok((body, cache_control)) => KeySet::parse(&body)
                            .map(|set| (set, cache_lifetime(cache_control.as_deref())))
                            .map_err(ProviderError::from),
                        Err(error) => Err(error),
                    };
                    match fetched {
                        Ok((set, lifetime)) => return Ok(Some(lock(&self.keys).fetched(set, lifetime, now))),
                        Err(error) => {
                            lock(&self.keys).fetch_failed(now);
                            // Keys that were fetched before may still be usable.
                            return match (tried, self.key_use(None, now)) {
                                (None, KeyUse::Use(keys)) => Ok(Some(keys)),
                                _ => Err(error),
                            };
                        }
                    }
                }
            }
        }
    }

    fn key_use(&self, tried: Option<&Arc<KeySet>>, now: UnixMs) -> KeyUse {
        let mut keys = lock(&self.keys);
        match tried {
            Some(tried) => keys.fresher_keys(tried, now),
            None => keys.keys(now),
        }
    }
}

/// Fetches a JSON document. Returns the body and `Cache-Control`.
async fn fetch(outbound: &Outbound, url: &str) -> Result<(Vec<u8>, Option<String>), ProviderError> {
    let failed = |error| ProviderError::Fetch { url: url.to_owned(), error };
    let response = outbound.get(url, JSON, None).await.map_err(failed)?;
    if response.status != 200 {
        return Err(failed(FetchError::Status(response.status)));
    }
    Ok((response.body, response.cache_control))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
