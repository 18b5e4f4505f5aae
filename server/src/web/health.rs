//! Liveness and readiness.

use crate::state::AppState;
use axum::{extract::State, http::StatusCode};
use store::StoreError;

/// `GET /healthz`: the process responds.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database is reachable and migrated, and the last change succeeded. 503 otherwise.
pub(super) async fn ready(State(state): State<AppState>) -> (StatusCode, String) {
    let ready = async {
        state.store.ready().await?;
        state.store.writable().await
    };
    match ready.await {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let detail = match error {
                // Only problems that the operator can solve.
                StoreError::Unavailable(reason) if reason.starts_with("the database file") => reason,
                _ => "the database can't be used".to_owned(),
            };
            (StatusCode::SERVICE_UNAVAILABLE, detail + "\n")
        }
    }
}
