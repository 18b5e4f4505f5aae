//! SCIM API keys: making, rolling, stopping.

use super::unit_of_work::{Service, UnitOfWork};
use crate::secrets::PlainKey;
use domain::{
    Conflict, DAY, Error, UnixMs,
    activity::Change,
    key::{self, Expiry, KeyId, KeyStatus, Overlap, Purpose, SELF_TEST_LIFE, ScimKey},
    provisioning::ProvisioningAllowed,
    role::Role,
    validation::field_error::{Field, FieldErrors},
};
use store::{NewKey, StoredKey, retry};

/// A key that was just made: the one time that it is seen. What is listed afterwards is another type.
#[derive(Debug)]
pub struct NewScimKey {
    /// The key itself, for one answer.
    pub key: PlainKey,
    /// The key as it is listed from now on.
    pub listed: ScimKey,
}

impl Service<'_> {
    /// Makes a key.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`], [`Error::Invalid`] (the name), [`Error::TooManyKeys`]; what
    /// beginning says.
    pub async fn key_generate(&self, team: &str, name: &str, expiry: Expiry) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = may_make_keys(&mut work).await?;
            let usable = providers_keys(&mut work).await?;
            let name = key::name(name, usable.iter().map(|stored| stored.key.name.as_str()))
                .map_err(|problem| Error::Invalid(FieldErrors::one(Field::Name, problem)))?;
            if usable.iter().filter(|stored| stored.key.replaced_by.is_none()).count() >= key::MAX_USABLE {
                return Err(Error::TooManyKeys(key::MAX_USABLE));
            }
            let lifetime_days = expiry.ends(0).map(|length| length / DAY);
            let spec = KeySpec { name, lifetime_days, expires_at: expiry.ends(work.now), purpose: Purpose::Provider };
            self.keep_key(work, spec, allowed).await
        })
    }

    /// Makes a key that takes the place of another: same name, same lifetime, counted from now. The old one works on
    /// for `overlap`, or to its own end if that is sooner. Were an even older one of the same chain still working, it
    /// ends now: at most two keys of a chain work.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`], [`Error::NotFound`], [`Conflict::KeyReplaced`],
    /// [`Conflict::KeyEnded`]; what beginning says.
    pub async fn key_roll(&self, team: &str, id: &KeyId, overlap: Overlap) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage();
            let allowed = may_make_keys(&mut work).await?;
            let may = may?;
            let old = providers_key(&mut work, id).await?;
            match old.key.status(work.now) {
                KeyStatus::Revoked { .. } => return Err(Conflict::KeyEnded.into()),
                _ if old.key.replaced_by.is_some() => return Err(Conflict::KeyReplaced.into()),
                status if !status.is_usable() => return Err(Conflict::KeyEnded.into()),
                _ => {}
            }
            for older in work.tx.keys_usable(work.now).await? {
                if older.key.replaced_by.as_ref() == Some(id) {
                    work.tx.key_set_end(&older.key.id, work.now, may).await?;
                }
            }
            let expires_at = old.lifetime_days.map(|days| work.now + days * DAY);
            let spec = KeySpec {
                name: old.key.name.clone(),
                lifetime_days: old.lifetime_days,
                expires_at,
                purpose: Purpose::Provider,
            };
            let new = self.make_key(&mut work, spec, allowed).await?;
            let until = overlap_end(&old, overlap, work.now);
            work.tx.key_set_end(id, until, may).await?;
            work.tx.key_set_replaced(id, &new.listed.id, allowed).await?;
            let change =
                Change::KeyRolled { name: old.key.name.clone(), old: old.key.hint(), new: new.listed.hint(), until };
            work.commit(change).await?;
            Ok(new)
        })
    }

    /// Moves the end of a rolled key that still works, counted from now, never past the key's own end.
    ///
    /// # Errors
    /// [`Error::Denied`] (the role alone), [`Error::NotFound`] (also for a key that was not rolled),
    /// [`Conflict::KeyEnded`]; what beginning says.
    pub async fn key_set_overlap(&self, team: &str, id: &KeyId, overlap: Overlap) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let old = providers_key(&mut work, id).await?;
            if !old.key.status(work.now).is_usable() {
                return Err(Conflict::KeyEnded.into());
            }
            if old.key.replaced_by.is_none() {
                return Err(Error::NotFound);
            }
            let until = overlap_end(&old, overlap, work.now);
            work.tx.key_set_end(id, until, may).await?;
            let change = Change::KeyOverlapChanged { name: old.key.name.clone(), hint: old.key.hint(), until };
            work.commit(change).await
        })
    }

    /// Stops a key at once. For the last key that works, someone at a page has to type its name: `confirmation`.
    ///
    /// # Errors
    /// [`Error::Denied`] (the role alone), [`Error::NotFound`], [`Conflict::KeyEnded`], [`Error::Invalid`] (the
    /// confirmation); what beginning says.
    pub async fn key_revoke(&self, team: &str, id: &KeyId, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let stored = providers_key(&mut work, id).await?;
            if !stored.key.status(work.now).is_usable() {
                return Err(Conflict::KeyEnded.into());
            }
            if providers_keys(&mut work).await?.len() == 1 {
                self.confirm(confirmation, &stored.key.name)?;
            }
            work.tx.key_revoke(id, work.now, may).await?;
            work.commit(Change::KeyRevoked { name: stored.key.name.clone(), hint: stored.key.hint() }).await
        })
    }

    /// Makes the key of a self-test: one that is not listed, counts for nothing, and ends by itself within minutes.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`]; what beginning says.
    pub async fn self_test_begin(&self, team: &str, mark: u32) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = may_make_keys(&mut work).await?;
            let spec = KeySpec {
                name: key::self_test_name(mark),
                lifetime_days: None,
                expires_at: Some(work.now + SELF_TEST_LIFE),
                purpose: Purpose::SelfTest,
            };
            self.keep_key(work, spec, allowed).await
        })
    }

    /// Ends the key of a self-test; one that ended already stays as it is.
    ///
    /// # Errors
    /// [`Error::Denied`] (the role alone), [`Error::NotFound`] (also for any other key); what beginning says.
    pub async fn self_test_end(&self, team: &str, id: &KeyId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let stored = work.tx.key(id).await?.filter(|stored| stored.purpose == Purpose::SelfTest);
            let stored = stored.ok_or(Error::NotFound)?;
            if stored.key.revoked_at.is_some() {
                return work.rollback().await;
            }
            work.tx.key_revoke(id, work.now, may).await?;
            work.commit(Change::KeyRevoked { name: stored.key.name.clone(), hint: stored.key.hint() }).await
        })
    }

    /// Makes a key, as the only change.
    async fn keep_key(
        &self,
        mut work: UnitOfWork,
        spec: KeySpec,
        allowed: ProvisioningAllowed,
    ) -> Result<NewScimKey, Error> {
        let new = self.make_key(&mut work, spec, allowed).await?;
        let ScimKey { name, expires_at, .. } = &new.listed;
        let (name, expires_at) = (name.clone(), *expires_at);
        work.commit(Change::KeyGenerated { name, hint: new.listed.hint(), expires_at }).await?;
        Ok(new)
    }

    /// Makes a key and stores its hash. Its ceiling is its maker's role.
    async fn make_key(
        &self,
        work: &mut UnitOfWork,
        spec: KeySpec,
        allowed: ProvisioningAllowed,
    ) -> Result<NewScimKey, Error> {
        let KeySpec { name, lifetime_days, expires_at, purpose } = spec;
        let (id, key) = self.secrets.new_key();
        let whole = key.expose();
        let listed = ScimKey {
            id,
            name,
            tail: whole.get(whole.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
            created_by: work.who.member.as_ref().map(|(_, name)| name.clone()),
            created_at: work.now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
            replaced_by: None,
        };
        let new = NewKey {
            key: &listed,
            hash: &self.secrets.key_hash(whole),
            ceiling: if work.who.role == Role::SuperAdmin { Role::SuperAdmin } else { Role::Admin },
            created_by: work.who.member.as_ref().map(|(id, _)| id),
            lifetime_days,
            purpose,
        };
        work.tx.key_insert(&new, allowed).await?;
        Ok(NewScimKey { key, listed })
    }
}

/// What a new key is to be.
struct KeySpec {
    name: String,
    lifetime_days: Option<i64>,
    expires_at: Option<UnixMs>,
    purpose: Purpose,
}

/// The keys of identity providers that work.
async fn providers_keys(work: &mut UnitOfWork) -> Result<Vec<StoredKey>, Error> {
    let mut usable = work.tx.keys_usable(work.now).await?;
    usable.retain(|stored| stored.purpose == Purpose::Provider);
    Ok(usable)
}

/// One of them, working or not.
async fn providers_key(work: &mut UnitOfWork, id: &KeyId) -> Result<StoredKey, Error> {
    let stored = work.tx.key(id).await?.filter(|stored| stored.purpose == Purpose::Provider);
    stored.ok_or(Error::NotFound)
}

/// Keys are made only where the whole rule allows it, and while SCIM provisioning is on.
async fn may_make_keys(work: &mut UnitOfWork) -> Result<ProvisioningAllowed, Error> {
    let methods = work.tx.methods().await?;
    let allowed = work.may_provision(&methods)?;
    if work.tx.team().scim_on { Ok(allowed) } else { Err(Conflict::ScimOff.into()) }
}

/// When a rolled key stops working: after the overlap, or at its own end if that is sooner.
fn overlap_end(old: &StoredKey, overlap: Overlap, now: UnixMs) -> UnixMs {
    let end = now + overlap.length();
    old.natural_end().map_or(end, |natural| end.min(natural))
}
