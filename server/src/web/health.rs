//! Is the process alive, and can it work?

use crate::state::AppState;
use axum::{extract::State, http::StatusCode};
use store::StoreError;

/// `GET /healthz`: the process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database is reachable and migrated, and changes work, as far as the last one says; 503 otherwise.
pub(super) async fn ready(State(state): State<AppState>) -> (StatusCode, String) {
    let ready = async {
        state.store.ready().await?;
        state.store.writable().await
    };
    match ready.await {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let said = match error {
                // What the operator has to do something about.
                StoreError::Unavailable(why) if why.starts_with("the database file") => why,
                _ => "the database can't be used".to_owned(),
            };
            (StatusCode::SERVICE_UNAVAILABLE, said + "\n")
        }
    }
}
