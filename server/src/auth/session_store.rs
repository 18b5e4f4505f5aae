//! Browser sessions in the database, for `tower-sessions`.
//!
//! What a session holds is who is signed in, read anew with every request: one statement joins the session with its
//! sign-ins, their members and teams, so that a role, a plan or a deactivation counts at once. A session is only ever
//! changed together with its id ([`renew`]), so an id that someone else may have seen is worth nothing after a sign-in.
//!
//! The database knows the SHA-256 of an id: anyone who reads a backup holds no session.

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

/// Who is signed in, in a session's data. Read from the database, never written from here.
const SIGN_INS: &str = "sign_ins";
/// When the session was last used, to the minute, in its data.
const LAST_SEEN: &str = "last_seen";
/// The id that the session has in the database already and in the cookie next.
const RENEWED: &str = "renewed";
/// How often a new id that exists already is drawn again; of 128 random bits, one is enough.
const DRAWS: usize = 3;

/// The sessions of this server.
#[derive(Clone, Debug)]
pub struct Sessions(AppState);

/// The name of the cookie. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`
/// (RFC 6265bis, section 4.1.3.2), so no neighbour on the same domain can set it.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-rollcall" } else { "rollcall" }
}

/// The layer that gives every request its [`Session`]. Nothing is asked of the database before someone looks into it.
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

    /// There is nothing to save: see the top of this file.
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let hash = at_rest(id);
        let Some(row) = store.session_load(&hash, now).await.map_err(unavailable)? else { return Ok(None) };
        let sign_ins = serde_json::to_value(&row.sign_ins).map_err(|error| BackendError::Encode(error.to_string()))?;
        let data = [(SIGN_INS.to_owned(), sign_ins), (LAST_SEEN.to_owned(), row.last_seen_at.into())].into();
        // Over when the database says so; this date is not looked at.
        Ok(Some(Record { id: *id, data, expiry_date: time::OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.store.session_delete(&at_rest(id)).await.map_err(unavailable)
    }
}

/// Who is signed in with this session. Asks the database on the first call, if there was a cookie.
///
/// # Errors
/// The database could not be asked.
pub async fn sign_ins(session: &Session) -> std::result::Result<Vec<ActiveSignIn>, SessionError> {
    Ok(session.get(SIGN_INS).await?.unwrap_or_default())
}

/// Who is signed in with this session at this moment, whatever was read before. No one, once it is over.
///
/// # Errors
/// The database could not be asked.
pub async fn sign_ins_now(state: &AppState, session: &Session) -> std::result::Result<Vec<ActiveSignIn>, StoreError> {
    let Some(id) = session.id() else { return Ok(Vec::new()) };
    let row = state.store.session_load(&at_rest(&id), state.clock.now()).await?;
    Ok(row.map(|row| row.sign_ins).unwrap_or_default())
}

/// The session as the database knows it; none: there is no session.
pub fn name_at_rest(session: &Session) -> Option<String> {
    session.id().as_ref().map(at_rest)
}

/// Notes that someone used the session, at most once a minute. Where that fails, the page can be shown all the same; the
/// session ends a little earlier.
pub async fn touch(state: &AppState, session: &Session) {
    let now = state.clock.now();
    let last_seen = session.get::<UnixMs>(LAST_SEEN).await.ok().flatten();
    if let (Some(id), Some(last_seen)) = (session.id(), last_seen)
        && now - last_seen >= MINUTE
        && let Err(error) = state.store.session_touch(&at_rest(&id), now).await
    {
        tracing::warn!(%error, "the session's last use couldn't be noted");
    }
}

/// What shall become of a session when it gets its new id.
#[derive(Clone, Copy, Debug)]
pub enum Renewal<'a> {
    /// These members sign in from there, each to their team; anyone who is signed in to other teams stays so.
    SignIn(&'a [(TeamId, MemberId)], &'a Origin),
    /// This member, who is signed in, proved once more who they are.
    Verify(&'a TeamId, &'a MemberId),
}

/// Gives the session a new id, and signs in or verifies. The old id is worth nothing afterwards.
///
/// A session goes on to count from its beginning as long as someone else stays signed in with it; otherwise it begins
/// anew.
///
/// Another request of the same browser may have given the session a new id meanwhile. Then this one is about that session,
/// and its answer leaves the cookie alone: the browser has the new id from the other answer.
///
/// # Errors
/// The database could not be asked or written to: then no one is signed in who was not before.
pub async fn renew(state: &AppState, session: &Session, what: Renewal<'_>) -> std::result::Result<(), SessionError> {
    let presented = session.id();
    let others_stay = match what {
        Renewal::SignIn(members, _) => {
            let present = sign_ins(session).await?;
            if let (Some(id), true) = (presented, present.is_empty())
                && let Some(successor) = successor(state, &id).await?
            {
                return write(state, &successor, what).await;
            }
            present.iter().any(|present| members.iter().all(|(_, member)| *member != present.member_id))
        }
        Renewal::Verify(..) => true,
    };
    let old = session.id();
    let new = match old {
        Some(old) if others_stay => match rename(state, &old).await.map_err(unavailable)? {
            Renamed::To(new) => new,
            Renamed::ByAnother(successor) => return write(state, &successor, what).await,
            Renamed::Gone => match what {
                // They just proved who they are.
                Renewal::SignIn(..) => create(state).await.map_err(unavailable)?,
                // Signed out, or over: there is nothing to verify.
                Renewal::Verify(..) => return Ok(()),
            },
        },
        _ => create(state).await.map_err(unavailable)?,
    };
    write(state, &at_rest(&new), what).await?;
    if old.is_some() {
        session.cycle_id().await?;
    }
    session.insert(RENEWED, new.to_string()).await?;
    session.save().await
}

/// Signs in or verifies in the session with this hash.
async fn write(state: &AppState, hash: &str, what: Renewal<'_>) -> std::result::Result<(), SessionError> {
    let (store, now) = (&state.store, state.clock.now());
    match what {
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

/// Ends the session, also where another request gave it a new id a moment ago. Returns who was signed in with it.
///
/// # Errors
/// The database could not be asked or written to.
pub async fn end(state: &AppState, session: &Session) -> std::result::Result<Vec<ActiveSignIn>, SessionError> {
    let Some(id) = session.id() else { return Ok(Vec::new()) };
    let (store, now) = (&state.store, state.clock.now());
    let successor = successor(state, &id).await?;
    let hash = successor.clone().unwrap_or_else(|| at_rest(&id));
    let ended = store.session_load(&hash, now).await.map_err(unavailable)?;
    session.flush().await?;
    if let Some(successor) = successor {
        store.session_delete(&successor).await.map_err(unavailable)?;
    }
    Ok(ended.map(|row| row.sign_ins).unwrap_or_default())
}

/// A new session in the database.
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

/// What became of a session that was to get a new id.
enum Renamed {
    /// It has this one.
    To(Id),
    /// Another request did it a moment ago: its hash now.
    ByAnother(String),
    /// There is no such session any longer.
    Gone,
}

/// The hash of the session that had this id until a moment ago.
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

/// The session's id, as the database knows it; none before anyone signed in.
pub fn hash(session: &Session) -> Option<String> {
    session.id().map(|id| at_rest(&id))
}

/// The name of the session, which stays when its id changes; none before anyone signed in.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub async fn lasting_name(state: &AppState, session: &Session) -> std::result::Result<Option<String>, StoreError> {
    let Some(hash) = hash(session) else { return Ok(None) };
    // Where another request renewed it a moment ago, its old hash is as good a name.
    Ok(Some(state.store.session_id(&hash).await?.unwrap_or(hash)))
}

/// Did the session with this hash get a new id a moment ago?
///
/// # Errors
/// [`StoreError::Unavailable`].
pub async fn is_renewed(state: &AppState, hash: Option<&str>) -> std::result::Result<bool, StoreError> {
    let Some(hash) = hash else { return Ok(false) };
    Ok(state.store.session_successor(hash, state.clock.now()).await?.is_some())
}

/// An id as the database knows it.
fn at_rest(id: &Id) -> String {
    hex(&Sha256::digest(id.0.to_le_bytes()))
}

/// What people are told when a session could not be read or written.
pub fn failure(error: SessionError) -> Error {
    tracing::error!(%error, "the session couldn't be read or written");
    match error {
        SessionError::Store(BackendError::Backend(_)) => Error::Unavailable,
        SessionError::Store(_) | SessionError::SerdeJson(_) => Error::Internal,
    }
}

fn unavailable(error: StoreError) -> BackendError {
    BackendError::Backend(error.to_string())
}
