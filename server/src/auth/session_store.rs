//! Browser sessions in the database, for `tower-sessions`.
//!
//! A session's sign-ins are read anew with every request: one statement joins the session with its sign-ins, their members
//! and teams, so that a changed role, plan or status takes effect at once. A session changes only together with its id
//! ([`renew`]), so an id that someone else may have seen is worthless after a sign-in.
//!
//! The database stores the SHA-256 of an id, so that a backup contains no usable session.

use crate::{secrets::hex, state::AppState};
use async_trait::async_trait;
use domain::{
    Error, MINUTE, UnixMs,
    id::{MemberId, TeamId},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{ActiveSignIn, Origin, StoreError};
use tower_sessions::{
    Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Error as SessionError, Id, Record},
    session_store::{Error as BackendError, Result},
};

/// The sign-ins, in a session's data. They come from the database and are never written from here.
const SIGN_INS: &str = "sign_ins";
/// When the session was last used, to the minute, in its data.
const LAST_SEEN: &str = "last_seen";
/// The id that the database already has, and that the cookie gets next.
const RENEWED: &str = "renewed";
/// Upper bound of the retries for a new id that exists already. With 128 random bits, one is enough.
const DRAWS: usize = 3;

#[derive(Clone, Debug)]
pub struct Sessions(AppState);

/// The name of the cookie. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`
/// (RFC 6265bis, section 4.1.3.2), so no neighbour on the same domain can set it.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-rollcall" } else { "rollcall" }
}

/// The layer that gives every request its [`Session`]. It queries the database only when a handler reads the session.
pub fn layer(state: &AppState) -> SessionManagerLayer<Sessions> {
    let https = state.config.is_https();
    SessionManagerLayer::new(Sessions(state.clone()))
        .with_name(cookie_name(https))
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        if let Some(Value::String(id)) = record.data.remove(RENEWED) {
            record.id = id.parse().map_err(|_| BackendError::Decode("a session id".into()))?;
            return Ok(());
        }
        record.id = create(&self.0).await.map_err(unavailable)?;
        Ok(())
    }

    /// Saves nothing: see the top of this file.
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let hash = at_rest(id);
        let Some(row) = store.session_load(&hash, now).await.map_err(unavailable)? else { return Ok(None) };
        let sign_ins = serde_json::to_value(&row.sign_ins).map_err(|error| BackendError::Encode(error.to_string()))?;
        let data = [(SIGN_INS.to_owned(), sign_ins), (LAST_SEEN.to_owned(), row.last_seen_at.into())].into();
        // The database decides about the end, so this date is never read.
        Ok(Some(Record { id: *id, data, expiry_date: time::OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.store.session_delete(&at_rest(id)).await.map_err(unavailable)
    }
}

/// The sign-ins of this session. The first call queries the database, if there was a cookie.
///
/// # Errors
/// [`SessionError`] if the database is unavailable.
pub async fn sign_ins(session: &Session) -> std::result::Result<Vec<ActiveSignIn>, SessionError> {
    Ok(session.get(SIGN_INS).await?.unwrap_or_default())
}

/// The current sign-ins of this session, regardless of earlier reads. Empty once the session has ended.
///
/// # Errors
/// [`StoreError`] if the database is unavailable.
pub async fn sign_ins_now(state: &AppState, session: &Session) -> std::result::Result<Vec<ActiveSignIn>, StoreError> {
    let Some(id) = session.id() else { return Ok(Vec::new()) };
    let row = state.store.session_load(&at_rest(&id), state.clock.now()).await?;
    Ok(row.map(|row| row.sign_ins).unwrap_or_default())
}

/// The session's id as stored in the database. `None`: there is no session.
pub fn name_at_rest(session: &Session) -> Option<String> {
    session.id().as_ref().map(at_rest)
}

/// Records that the session was used, at most once a minute. A failure does not prevent the page from being shown. The
/// session then ends a little earlier.
pub async fn touch(state: &AppState, session: &Session) {
    let now = state.clock.now();
    let last_seen = session.get::<UnixMs>(LAST_SEEN).await.ok().flatten();
    if let (Some(id), Some(last_seen)) = (session.id(), last_seen)
        && now - last_seen >= MINUTE
        && let Err(error) = state.store.session_touch(&at_rest(&id), now).await
    {
        tracing::warn!(%error, "could not record the session's last use");
    }
}

/// The effect of a renewal.
#[derive(Clone, Copy, Debug)]
pub enum Renewal<'a> {
    /// Signs in these members, each to their team. Sign-ins to other teams stay.
    SignIn(&'a [(TeamId, MemberId)], &'a Origin),
    /// Verifies this signed-in member again.
    Verify(&'a TeamId, &'a MemberId),
}

/// Gives the session a new id, and signs in or verifies. The old id is worthless afterwards.
///
/// The session keeps its start time while another member stays signed in with it. Otherwise it gets a new one.
///
/// Another request of the same browser may have renewed the session meanwhile. Then this request changes that session, and its
/// response sets no cookie, because the browser has the new id from the other response.
///
/// # Errors
/// The database is unavailable. Then no one is signed in who was not before.
pub async fn renew(state: &AppState, session: &Session, renewal: Renewal<'_>) -> std::result::Result<(), SessionError> {
    let presented = session.id();
    let others_stay = match renewal {
        Renewal::SignIn(members, _) => {
            let present = sign_ins(session).await?;
            if let (Some(id), true) = (presented, present.is_empty())
                && let Some(successor) = successor(state, &id).await?
            {
                return write(state, &successor, renewal).await;
            }
            present.iter().any(|present| members.iter().all(|(_, member)| *member != present.member_id))
        }
        Renewal::Verify(..) => true,
    };
    let old = session.id();
    let new = match old {
        Some(old) if others_stay => match rename(state, &old).await.map_err(unavailable)? {
            Renamed::To(new) => new,
            Renamed::ByAnother(successor) => return write(state, &successor, renewal).await,
            Renamed::Gone => match renewal {
                // They just proved their identity.
                Renewal::SignIn(..) => create(state).await.map_err(unavailable)?,
                // The session has ended, so there is nothing to verify.
                Renewal::Verify(..) => return Ok(()),
            },
        },
        _ => create(state).await.map_err(unavailable)?,
    };
    write(state, &at_rest(&new), renewal).await?;
    if old.is_some() {
        session.cycle_id().await?;
    }
    session.insert(RENEWED, new.to_string()).await?;
    session.save().await
}

/// Signs in or verifies in the session with this hash.
async fn write(state: &AppState, hash: &str, renewal: Renewal<'_>) -> std::result::Result<(), SessionError> {
    let (store, now) = (&state.store, state.clock.now());
    match renewal {
        Renewal::SignIn(members, from) => {
            for (team, member) in members {
                store.sign_in_add(hash, (team, member), from, now).await.map_err(unavailable)?;
            }
        }
        Renewal::Verify(team, member) => {
            store.sign_in_verify(hash, (team, member), now).await.map_err(unavailable)?;
        }
    }
    Ok(())
}

/// Ends the session, even if another request just renewed it. Returns the sign-ins that it had.
///
/// # Errors
/// The database is unavailable.
pub async fn end(state: &AppState, session: &Session) -> std::result::Result<Vec<ActiveSignIn>, SessionError> {
    let Some(id) = session.id() else { return Ok(Vec::new()) };
    let (store, now) = (&state.store, state.clock.now());
    let successor = successor(state, &id).await?;
    let hash = successor.clone().unwrap_or_else(|| at_rest(&id));
    let row = store.session_load(&hash, now).await.map_err(unavailable)?;
    session.flush().await?;
    if let Some(successor) = successor {
        store.session_delete(&successor).await.map_err(unavailable)?;
    }
    Ok(row.map(|row| row.sign_ins).unwrap_or_default())
}

/// Creates a session in the database.
async fn create(state: &AppState) -> std::result::Result<Id, StoreError> {
    let mut draws = DRAWS;
    loop {
        draws -= 1;
        let id = Id::default();
        match state.store.session_create(&at_rest(&id), state.clock.now()).await {
            Ok(()) => return Ok(id),
            Err(StoreError::Conflict(_)) if draws > 0 => {}
            Err(error) => return Err(error),
        }
    }
}

/// The result of giving a session a new id.
enum Renamed {
    /// It has this new id.
    To(Id),
    /// Another request just renewed it. This is its hash now.
    ByAnother(String),
    /// The session no longer exists.
    Gone,
}

/// The hash of the session that had this id until it was just renewed.
async fn successor(state: &AppState, old: &Id) -> std::result::Result<Option<String>, SessionError> {
    Ok(state.store.session_successor(&at_rest(old), state.clock.now()).await.map_err(unavailable)?)
}

async fn rename(state: &AppState, old: &Id) -> std::result::Result<Renamed, StoreError> {
    let (id, old, now) = (Id::default(), at_rest(old), state.clock.now());
    if state.store.session_renew(&old, &at_rest(&id), now).await? {
        return Ok(Renamed::To(id));
    }
    Ok(state.store.session_successor(&old, now).await?.map_or(Renamed::Gone, Renamed::ByAnother))
}

/// The session's id as stored in the database. `None` before the first sign-in.
pub fn hash(session: &Session) -> Option<String> {
    session.id().map(|id| at_rest(&id))
}

/// The session's name, which stays when its id changes. `None` before the first sign-in.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub async fn lasting_name(state: &AppState, session: &Session) -> std::result::Result<Option<String>, StoreError> {
    let Some(hash) = hash(session) else { return Ok(None) };
    // If another request just renewed it, its old hash is an equally good name.
    Ok(Some(state.store.session_id(&hash).await?.unwrap_or(hash)))
}

/// Whether the session with this hash was just renewed.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub async fn is_renewed(state: &AppState, hash: Option<&str>) -> std::result::Result<bool, StoreError> {
    let Some(hash) = hash else { return Ok(false) };
    Ok(state.store.session_successor(hash, state.clock.now()).await?.is_some())
}

/// An id as stored in the database.
fn at_rest(id: &Id) -> String {
    hex(&Sha256::digest(id.0.to_le_bytes()))
}

/// The error of a session that could not be read or written.
pub fn failure(error: SessionError) -> Error {
    tracing::error!(%error, "could not read or write the session");
    match error {
        SessionError::Store(BackendError::Backend(_)) => Error::Unavailable,
        SessionError::Store(_) | SessionError::SerdeJson(_) => Error::Internal,
    }
}

fn unavailable(error: StoreError) -> BackendError {
    BackendError::Backend(error.to_string())
}
