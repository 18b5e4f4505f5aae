//! The end of sessions because of a sign-out at the identity provider.

use super::{actor::ActorInfo, unit_of_work::UnitOfWork};
use crate::clock::Clock;
use domain::{Error, UnixMs, activity::Change, sso::SsoChange};
use store::{SsoMethodRow, Store, retry};

/// What a verified logout token names. The token is used once.
#[derive(Clone, Copy, Debug)]
pub struct ProviderSignOut<'a> {
    /// The method.
    pub method: &'a SsoMethodRow,
    /// The account's id at the identity provider.
    pub subject: Option<&'a str>,
    /// The session there.
    pub provider_session: Option<&'a str>,
    /// The token's id.
    pub token_id: &'a str,
    /// Until then, the token is remembered as used.
    pub expires_at: UnixMs,
}

/// Ends the sessions and records how many. A token without a session here ends none and is recorded with 0.
///
/// # Errors
/// [`Error::Malformed`]: the token was used before. [`Error::Unavailable`].
pub async fn sso_sign_out(store: &Store, clock: &Clock, sign_out: ProviderSignOut<'_>) -> Result<(), Error> {
    retry!(attempt, async {
        let method = &sign_out.method.method;
        let tx = store.begin_for_team_id(&attempt, &sign_out.method.team.id).await?;
        let now = clock.now();
        let mut work = UnitOfWork { tx, now, actor: ActorInfo::rollcall() };
        let id = ["logout:", sign_out.token_id].concat();
        if !work.tx.sso_response_use(&method.id, (&id, &id), (now, sign_out.expires_at)).await? {
            return Err(Error::Malformed);
        }
        let sessions = work.tx.sso_sign_ins_end(&method.id, sign_out.subject, sign_out.provider_session).await?;
        work.commit(Change::from(SsoChange::SsoSignedOut { method: method.name.clone(), sessions })).await
    })
}
