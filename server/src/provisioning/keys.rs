//! SCIM API keys: making, rolling, stopping.

use super::{
    plain_key::PlainKey,
    service::{Service, Work},
};
use crate::store::{NewKey, StoredKey};
use app::failure::Failure;
use domain::{
    DAY, UnixMs,
    activity::Change,
    key::{self, Expiry, KeyId, KeyStatus, Overlap, ScimKey},
    problem::{Field, Problems},
    provisioning::Allowed,
    role::Role,
};

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
    /// [`Failure::Denied`], [`Failure::ScimOff`], [`Failure::Invalid`] (the name), [`Failure::TooManyKeys`]; what
    /// beginning says.
    pub async fn key_generate(&self, team: &str, name: &str, expiry: Expiry) -> Result<NewScimKey, Failure> {
        let mut work = self.begin(team).await?;
        let allowed = may_make_keys(&mut work).await?;
        let usable = work.claim.keys_usable(work.now).await?;
        let name = key::name(name, usable.iter().map(|stored| stored.key.name.as_str()))
            .map_err(|problem| Failure::Invalid(Problems::one(Field::Name, problem)))?;
        if usable.iter().filter(|stored| stored.key.replaced_by.is_none()).count() >= key::MAX_USABLE {
            return Err(Failure::TooManyKeys(key::MAX_USABLE));
        }
        let lifetime_days = expiry.ends(0).map(|length| length / DAY);
        let new = self.make_key(&mut work, name, lifetime_days, allowed).await?;
        let change = Change::KeyGenerated {
            name: new.listed.name.clone(),
            hint: new.listed.hint(),
            expires_at: new.listed.expires_at,
        };
        work.commit(change).await?;
        Ok(new)
    }

    /// Makes a key that takes the place of another: same name, same lifetime, counted from now. The old one works on
    /// for `overlap`, or to its own end if that is sooner. Were an even older one of the same chain still working, it
    /// ends now: at most two keys of a chain work.
    ///
    /// # Errors
    /// [`Failure::Denied`], [`Failure::ScimOff`], [`Failure::NotFound`], [`Failure::KeyReplaced`],
    /// [`Failure::KeyEnded`]; what beginning says.
    pub async fn key_roll(&self, team: &str, id: &KeyId, overlap: Overlap) -> Result<NewScimKey, Failure> {
        let mut work = self.begin(team).await?;
        let may = work.may_manage();
        let allowed = may_make_keys(&mut work).await?;
        let may = may?;
        let old = work.claim.key(id).await?.ok_or(Failure::NotFound)?;
        match old.key.status(work.now) {
            KeyStatus::Revoked { .. } => return Err(Failure::KeyEnded),
            _ if old.key.replaced_by.is_some() => return Err(Failure::KeyReplaced),
            status if !status.is_usable() => return Err(Failure::KeyEnded),
            _ => {}
        }
        for older in work.claim.keys_usable(work.now).await? {
            if older.key.replaced_by.as_ref() == Some(id) {
                work.claim.key_set_end(&older.key.id, work.now, may).await?;
            }
        }
        let new = self.make_key(&mut work, old.key.name.clone(), old.lifetime_days, allowed).await?;
        let until = overlap_end(&old, overlap, work.now);
        work.claim.key_set_end(id, until, may).await?;
        work.claim.key_set_replaced(id, &new.listed.id, allowed).await?;
        let change =
            Change::KeyRolled { name: old.key.name.clone(), old: old.key.hint(), new: new.listed.hint(), until };
        work.commit(change).await?;
        Ok(new)
    }

    /// Moves the end of a rolled key that still works, counted from now, never past the key's own end.
    ///
    /// # Errors
    /// [`Failure::Denied`] (the role alone), [`Failure::NotFound`] (also for a key that was not rolled),
    /// [`Failure::KeyEnded`]; what beginning says.
    pub async fn key_set_overlap(&self, team: &str, id: &KeyId, overlap: Overlap) -> Result<(), Failure> {
        let mut work = self.begin(team).await?;
        let may = work.may_manage()?;
        let old = work.claim.key(id).await?.ok_or(Failure::NotFound)?;
        if !old.key.status(work.now).is_usable() {
            return Err(Failure::KeyEnded);
        }
        if old.key.replaced_by.is_none() {
            return Err(Failure::NotFound);
        }
        let until = overlap_end(&old, overlap, work.now);
        work.claim.key_set_end(id, until, may).await?;
        let change = Change::KeyOverlapChanged { name: old.key.name.clone(), hint: old.key.hint(), until };
        work.commit(change).await
    }

    /// Stops a key at once. For the last key that works, somebody at a page has to type its name: `confirmation`.
    ///
    /// # Errors
    /// [`Failure::Denied`] (the role alone), [`Failure::NotFound`], [`Failure::KeyEnded`], [`Failure::Invalid`] (the
    /// confirmation); what beginning says.
    pub async fn key_revoke(&self, team: &str, id: &KeyId, confirmation: &str) -> Result<(), Failure> {
        let mut work = self.begin(team).await?;
        let may = work.may_manage()?;
        let stored = work.claim.key(id).await?.ok_or(Failure::NotFound)?;
        if !stored.key.status(work.now).is_usable() {
            return Err(Failure::KeyEnded);
        }
        if work.claim.keys_usable(work.now).await?.len() == 1 {
            self.confirm(confirmation, &stored.key.name)?;
        }
        work.claim.key_revoke(id, work.now, may).await?;
        work.commit(Change::KeyRevoked { name: stored.key.name.clone(), hint: stored.key.hint() }).await
    }

    /// Makes a key and stores its hash. Its ceiling is its maker's role.
    async fn make_key(
        &self,
        work: &mut Work,
        name: String,
        lifetime_days: Option<i64>,
        allowed: Allowed,
    ) -> Result<NewScimKey, Failure> {
        let (id, key) = self.secrets.new_key();
        let whole = key.expose();
        let listed = ScimKey {
            id,
            name,
            tail: whole.get(whole.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
            created_by: work.who.member.as_ref().map(|(_, name)| name.clone()),
            created_at: work.now,
            expires_at: lifetime_days.map(|days| work.now + days * DAY),
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
        };
        work.claim.key_insert(&new, allowed).await?;
        Ok(NewScimKey { key, listed })
    }
}

/// Keys are made only where the whole rule allows it, and while SCIM provisioning is on.
async fn may_make_keys(work: &mut Work) -> Result<Allowed, Failure> {
    let methods = work.claim.methods().await?;
    let allowed = work.may_provision(&methods)?;
    if work.claim.team().scim_on { Ok(allowed) } else { Err(Failure::ScimOff) }
}

/// When a rolled key stops working: after the overlap, or at its own end if that is sooner.
fn overlap_end(old: &StoredKey, overlap: Overlap, now: UnixMs) -> UnixMs {
    let end = now + overlap.length();
    old.natural_end().map_or(end, |natural| end.min(natural))
}
