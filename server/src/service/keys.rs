//! SCIM API keys: generating, rolling and revoking them.

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

/// A new key. The key itself is shown once, because it is stored only as a hash.
#[derive(Debug)]
pub struct NewScimKey {
    /// The key itself, for one response.
    pub key: PlainKey,
    /// The key's record, without the key itself.
    pub record: ScimKey,
}

impl Service<'_> {
    /// Generates a key.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`], [`Error::Invalid`] (the name), [`Error::TooManyKeys`], and the errors of
    /// `begin`.
    pub async fn key_generate(&self, team: &str, name: &str, expiry: Expiry) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = review_key_generation(&mut work).await?;
            let usable = providers_keys(&mut work).await?;
            let name = key::name(name, usable.iter().map(|row| row.key.name.as_str()))
                .map_err(|problem| Error::Invalid(FieldErrors::one(Field::Name, problem)))?;
            if usable.iter().filter(|row| row.key.replaced_by.is_none()).count() >= key::MAX_USABLE {
                return Err(Error::TooManyKeys(key::MAX_USABLE));
            }
            let lifetime_days = expiry.ends(0).map(|length| length / DAY);
            let spec = KeySpec { name, lifetime_days, expires_at: expiry.ends(work.now), purpose: Purpose::Provider };
            self.generate_only_key(work, spec, allowed).await
        })
    }

    /// Generates a key that replaces another: same name, same lifetime, counted from now. The old one keeps working for
    /// `overlap`, or until its own end if that is sooner. An even older key of the same chain that still works ends now,
    /// because at most two keys of a chain may work.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`], [`Error::NotFound`], [`Conflict::KeyReplaced`], [`Conflict::KeyEnded`], and the
    /// errors of `begin`.
    pub async fn key_roll(&self, team: &str, id: &KeyId, overlap: Overlap) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage();
            let allowed = review_key_generation(&mut work).await?;
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
            let new = self.add_key(&mut work, spec, allowed).await?;
            let until = overlap_end(&old, overlap, work.now);
            work.tx.key_set_end(id, until, may).await?;
            work.tx.key_set_replaced(id, &new.record.id, allowed).await?;
            let change =
                Change::KeyRolled { name: old.key.name.clone(), old: old.key.hint(), new: new.record.hint(), until };
            work.commit(change).await?;
            Ok(new)
        })
    }

    /// Moves the end of a rolled key that still works: counted from now, and never past the key's own end.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`] (also for a key that was not rolled),
    /// [`Conflict::KeyEnded`], and the errors of `begin`.
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

    /// Revokes a key. For the last usable key, a member at a page has to type its name: `confirmation`.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`], [`Conflict::KeyEnded`], [`Error::Invalid`] (the
    /// confirmation), and the errors of `begin`.
    pub async fn key_revoke(&self, team: &str, id: &KeyId, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let row = providers_key(&mut work, id).await?;
            if !row.key.status(work.now).is_usable() {
                return Err(Conflict::KeyEnded.into());
            }
            if providers_keys(&mut work).await?.len() == 1 {
                self.confirm(confirmation, &row.key.name)?;
            }
            work.tx.key_revoke(id, work.now, may).await?;
            work.commit(Change::KeyRevoked { name: row.key.name.clone(), hint: row.key.hint() }).await
        })
    }

    /// Generates the key of a self-test. It is not listed or counted, and expires within minutes.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Conflict::ScimOff`], and the errors of `begin`.
    pub async fn self_test_begin(&self, team: &str, mark: u32) -> Result<NewScimKey, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = review_key_generation(&mut work).await?;
            let spec = KeySpec {
                name: key::self_test_name(mark),
                lifetime_days: None,
                expires_at: Some(work.now + SELF_TEST_LIFE),
                purpose: Purpose::SelfTest,
            };
            self.generate_only_key(work, spec, allowed).await
        })
    }

    /// Ends the key of a self-test. A key that has already ended stays as it is.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`] (also for any other key), and the errors of `begin`.
    pub async fn self_test_end(&self, team: &str, id: &KeyId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let row = work.tx.key(id).await?.filter(|row| row.purpose == Purpose::SelfTest);
            let row = row.ok_or(Error::NotFound)?;
            if row.key.revoked_at.is_some() {
                return work.rollback().await;
            }
            work.tx.key_revoke(id, work.now, may).await?;
            work.commit(Change::KeyRevoked { name: row.key.name.clone(), hint: row.key.hint() }).await
        })
    }

    /// Generates a key as the only change.
    async fn generate_only_key(
        &self,
        mut work: UnitOfWork,
        spec: KeySpec,
        allowed: ProvisioningAllowed,
    ) -> Result<NewScimKey, Error> {
        let new = self.add_key(&mut work, spec, allowed).await?;
        let ScimKey { name, expires_at, .. } = &new.record;
        let (name, expires_at) = (name.clone(), *expires_at);
        work.commit(Change::KeyGenerated { name, hint: new.record.hint(), expires_at }).await?;
        Ok(new)
    }

    /// Generates a key and stores its hash. Its maximum role is the role of the member who generates it.
    async fn add_key(
        &self,
        work: &mut UnitOfWork,
        spec: KeySpec,
        allowed: ProvisioningAllowed,
    ) -> Result<NewScimKey, Error> {
        let KeySpec { name, lifetime_days, expires_at, purpose } = spec;
        let (id, key) = self.secrets.new_key();
        let key_text = key.expose();
        let record = ScimKey {
            id,
            name,
            tail: key_text.get(key_text.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
            created_by: work.actor.member.as_ref().map(|(_, name)| name.clone()),
            created_at: work.now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
            replaced_by: None,
        };
        let new = NewKey {
            key: &record,
            hash: &self.secrets.key_hash(key_text),
            max_role: if work.actor.role == Role::SuperAdmin { Role::SuperAdmin } else { Role::Admin },
            created_by: work.actor.member.as_ref().map(|(id, _)| id),
            lifetime_days,
            purpose,
        };
        work.tx.key_insert(&new, allowed).await?;
        Ok(NewScimKey { key, record })
    }
}

/// The properties of a new key.
struct KeySpec {
    name: String,
    lifetime_days: Option<i64>,
    expires_at: Option<UnixMs>,
    purpose: Purpose,
}

/// The usable keys of identity providers.
async fn providers_keys(work: &mut UnitOfWork) -> Result<Vec<StoredKey>, Error> {
    let mut usable = work.tx.keys_usable(work.now).await?;
    usable.retain(|row| row.purpose == Purpose::Provider);
    Ok(usable)
}

/// A key of an identity provider, usable or not.
async fn providers_key(work: &mut UnitOfWork, id: &KeyId) -> Result<StoredKey, Error> {
    let row = work.tx.key(id).await?.filter(|row| row.purpose == Purpose::Provider);
    row.ok_or(Error::NotFound)
}

/// Keys may only be generated while the whole rule allows it and SCIM provisioning is on.
async fn review_key_generation(work: &mut UnitOfWork) -> Result<ProvisioningAllowed, Error> {
    let methods = work.tx.methods().await?;
    let allowed = work.may_provision(&methods)?;
    if work.tx.team().scim_on { Ok(allowed) } else { Err(Conflict::ScimOff.into()) }
}

/// The end of a rolled key: after the overlap, or at its own end if that is sooner.
fn overlap_end(old: &StoredKey, overlap: Overlap, now: UnixMs) -> UnixMs {
    let end = now + overlap.length();
    old.natural_end().map_or(end, |natural| end.min(natural))
}
