//! Notification of this process's subscribers about changes of a team's log.

use domain::id::TeamId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The subscriptions of this process. Changes of other processes do not notify them.
#[derive(Clone, Default)]
pub(crate) struct ChangeNotifier(Arc<Mutex<HashMap<TeamId, Arc<Notify>>>>);

/// A subscription to a team, until it is dropped.
pub struct ChangeSubscription {
    notifier: ChangeNotifier,
    team: TeamId,
    notify: Arc<Notify>,
}

impl std::fmt::Debug for ChangeSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ChangeSubscription").field(&self.team).finish()
    }
}

impl ChangeNotifier {
    /// Notifies the subscribers without waiting for them.
    pub(crate) fn notify(&self, team: &TeamId) {
        if let Some(subscription) = self.subscriptions().get(team) {
            subscription.notify_one();
        }
    }

    pub(crate) fn subscribe(&self, team: &TeamId) -> ChangeSubscription {
        let notify = self.subscriptions().entry(team.clone()).or_default().clone();
        ChangeSubscription { notifier: self.clone(), team: team.clone(), notify }
    }

    fn subscriptions(&self) -> MutexGuard<'_, HashMap<TeamId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChangeSubscription {
    /// Waits for the next change. Changes before the call count as one.
    pub async fn changed(&self) {
        self.notify.notified().await;
    }
}

impl Drop for ChangeSubscription {
    fn drop(&mut self) {
        let mut subscriptions = self.notifier.subscriptions();
        // The count includes the reference in the map and this one, so there is no other subscriber.
        if Arc::strong_count(&self.notify) <= 2 {
            subscriptions.remove(&self.team);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_subscribers_of_the_team_are_notified() {
        let notifier = ChangeNotifier::default();
        let (acme, globex) = (TeamId::new("acme"), TeamId::new("globex"));
        notifier.notify(&acme);
        let subscription = notifier.subscribe(&acme);
        notifier.notify(&globex);
        notifier.notify(&acme);
        notifier.notify(&acme);
        subscription.changed().await;
        assert_eq!(notifier.subscriptions().len(), 1);
        drop(subscription);
        assert_eq!(notifier.subscriptions().len(), 0);
    }
}
