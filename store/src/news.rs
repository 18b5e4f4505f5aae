//! Who wants to know at once that something was written to a team's log.

use domain::id::TeamId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The listeners of this process. What other processes write is not heard.
#[derive(Clone, Default)]
pub(super) struct News(Arc<Mutex<HashMap<TeamId, Arc<Notify>>>>);

/// One listener a team; until it is dropped.
pub struct Listener {
    news: News,
    team: TeamId,
    told: Arc<Notify>,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Listener").field(&self.team).finish()
    }
}

impl News {
    /// Something was written. Nobody is waited for.
    pub(super) fn tell(&self, team: &TeamId) {
        if let Some(listener) = self.listeners().get(team) {
            listener.notify_one();
        }
    }

    pub(super) fn listen(&self, team: &TeamId) -> Listener {
        let told = self.listeners().entry(team.clone()).or_default().clone();
        Listener { news: self.clone(), team: team.clone(), told }
    }

    fn listeners(&self) -> MutexGuard<'_, HashMap<TeamId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Waits until something was written; what was written before is told once.
    pub async fn heard(&self) {
        self.told.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.news.listeners();
        // The one in the list, and this one: nobody else listens.
        if Arc::strong_count(&self.told) <= 2 {
            listeners.remove(&self.team);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_who_listens_is_told() {
        let news = News::default();
        let (acme, globex) = (TeamId::new("acme"), TeamId::new("globex"));
        news.tell(&acme);
        let listener = news.listen(&acme);
        news.tell(&globex);
        news.tell(&acme);
        news.tell(&acme);
        listener.heard().await;
        assert_eq!(news.listeners().len(), 1);
        drop(listener);
        assert_eq!(news.listeners().len(), 0);
    }
}
