//! The keys of a team, the requests that are sent with them, and the invites of that time.

use super::{
    super::CliError,
    Stage,
    api::{Api, Call, ProviderClient},
    calendar::{Calendar, office_hour},
    directory::Sync,
    seed::{ADMIN, INVITES, Key, OTHER_ADMIN, PROGRAM, PROVIDER},
};
use crate::service::{NewScimKey, Service};
use domain::{DAY, HOUR, UnixMs, key::Overlap, role::Role};

/// Events of keys and invites.
enum KeyEvent {
    Make(&'static Key),
    /// A program uses the key.
    Use(&'static Key),
    Revoke(&'static Key),
    Roll(&'static Key, Overlap),
    /// The provider switches to the key that replaced this one.
    Switch(&'static Key),
    Invite(&'static (&'static str, &'static str, i64)),
}

/// The keys of a team, and its provider.
pub(super) struct DemoKeys<'a> {
    stage: &'a Stage<'a>,
    /// Each key as generated, and the key that replaced it.
    generated: Vec<(&'static str, NewScimKey, Option<NewScimKey>)>,
    sync: Option<Sync<'a>>,
}

impl<'a> DemoKeys<'a> {
    /// Plays all events of the team up to now.
    pub(super) async fn fill(stage: &'a Stage<'a>) -> Result<(), CliError> {
        let mut keys = DemoKeys { stage, generated: Vec::new(), sync: None };
        for (at, event) in events(stage) {
            keys.carry_out(at, event).await?;
        }
        if let Some(mut sync) = keys.sync {
            sync.advance(stage.now).await?;
            stage.progress.step("writing down who signed in when");
            sync.sign_ins().await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, at: UnixMs, event: KeyEvent) -> Result<(), CliError> {
        let (stage, slug) = (self.stage, self.stage.team.slug);
        if let Some(sync) = &mut self.sync {
            sync.advance(at).await?;
        }
        stage.time.forward_to(at);
        match event {
            KeyEvent::Make(key) => self.make(key, at).await?,
            KeyEvent::Use(key) => {
                let Some((new_key, _)) = self.generated(key) else { return Ok(()) };
                let client = ProviderClient::new(&new_key.key, PROGRAM.0, PROGRAM.1)?;
                let mut api = Api::new(stage.state);
                api.send(&client, vec![Call::get("/Users?startIndex=1&count=100")]).await?;
                api.flush().await;
            }
            KeyEvent::Revoke(key) => {
                let Some(id) = self.generated(key).map(|(new_key, _)| new_key.record.id.clone()) else { return Ok(()) };
                let revoke = async |service: Service<'_>| {
                    service.key_revoke(slug, &id, key.name).await.map_err(|failure| stage.refusal(&failure))
                };
                stage.when(ADMIN, at, revoke).await?;
            }
            KeyEvent::Roll(key, overlap) => {
                let Some(id) = self.generated(key).map(|(new_key, _)| new_key.record.id.clone()) else { return Ok(()) };
                let roll = async |service: Service<'_>| {
                    service.key_roll(slug, &id, overlap).await.map_err(|failure| stage.refusal(&failure))
                };
                let rolled = stage.when(OTHER_ADMIN, at, roll).await?;
                if let Some((_, _, next)) = self.generated.iter_mut().find(|(name, ..)| *name == key.name) {
                    *next = Some(rolled);
                }
            }
            KeyEvent::Switch(key) => {
                let next =
                    self.generated.iter().find(|(name, ..)| *name == key.name).and_then(|(.., next)| next.as_ref());
                if let (Some(sync), Some(next)) = (&mut self.sync, next) {
                    sync.use_key(&next.key)?;
                }
            }
            KeyEvent::Invite((email, local_part, _)) => {
                let invite = async |service: Service<'_>| {
                    let invited = service.invite_create(slug, email, Role::Developer).await;
                    invited.map(|_| ()).map_err(|error| CliError::new(error.to_string()))
                };
                stage.when(local_part, at, invite).await?;
            }
        }
        Ok(())
    }

    async fn make(&mut self, key: &'static Key, at: UnixMs) -> Result<(), CliError> {
        let (stage, slug) = (self.stage, self.stage.team.slug);
        let local_part = if key.syncs { ADMIN } else { OTHER_ADMIN };
        let make = async |service: Service<'_>| {
            let new_key = service.key_generate(slug, key.name, key.expiry).await;
            new_key.map_err(|failure| stage.refusal(&failure))
        };
        let new_key = stage.when(local_part, at, make).await?;
        if key.syncs {
            let mut sync = Sync::new(stage, ProviderClient::new(&new_key.key, PROVIDER.0, PROVIDER.1)?);
            sync.first().await?;
            self.sync = Some(sync);
        }
        self.generated.push((key.name, new_key, None));
        Ok(())
    }

    fn generated(&self, key: &Key) -> Option<(&NewScimKey, Option<&NewScimKey>)> {
        self.generated.iter().find(|(name, ..)| *name == key.name).map(|(_, new_key, next)| (new_key, next.as_ref()))
    }
}

/// Sorted by time, because Activity lists entries in the order of their writes.
fn events(stage: &Stage<'_>) -> Vec<(UnixMs, KeyEvent)> {
    let mut events = Vec::new();
    for key in stage.team.keys {
        let age = if key.syncs { Calendar::age(stage.members) } else { key.age };
        events.push((stage.now - age * DAY, KeyEvent::Make(key)));
        events.extend(key.used.map(|(days, hour)| (office_hour(stage.now, days, hour), KeyEvent::Use(key))));
        events.extend(key.revoked_days_ago.map(|days| (office_hour(stage.now, days, 15), KeyEvent::Revoke(key))));
        if let Some((ago, overlap, switched)) = key.rolled {
            events.push((stage.now - ago, KeyEvent::Roll(key, overlap)));
            events.push((stage.now - switched, KeyEvent::Switch(key)));
        }
    }
    if stage.members > 0 {
        events.extend(INVITES.iter().map(|invite| (stage.now - invite.2 * HOUR, KeyEvent::Invite(invite))));
    }
    events.sort_by_key(|(at, _)| *at);
    events
}
