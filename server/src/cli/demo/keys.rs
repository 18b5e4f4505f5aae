//! The keys of a team from the first to the last, what is sent with them, and who is invited meanwhile.

use super::{
    super::CliError,
    Stage,
    api::{Api, Call, Client},
    calendar::{Calendar, office_hour},
    directory::Sync,
    seed::{ADMIN, INVITES, Key, OTHER_ADMIN, PROGRAM, PROVIDER},
};
use crate::service::{NewScimKey, Service};
use domain::{DAY, HOUR, UnixMs, key::Overlap, role::Role};

/// What happens to keys and invites.
enum KeyEvent {
    Make(&'static Key),
    /// A program uses the key.
    Use(&'static Key),
    Revoke(&'static Key),
    Roll(&'static Key, Overlap),
    /// The provider sends with the key that took the place of this one.
    Switch(&'static Key),
    Invite(&'static (&'static str, &'static str, i64)),
}

/// The keys of a team, and its provider.
pub(super) struct DemoKeys<'a> {
    stage: &'a Stage<'a>,
    /// Each key as it was made, and the one that took its place.
    made: Vec<(&'static str, NewScimKey, Option<NewScimKey>)>,
    sync: Option<Sync<'a>>,
}

impl<'a> DemoKeys<'a> {
    /// Everything that happens in the team up to now.
    pub(super) async fn fill(stage: &'a Stage<'a>) -> Result<(), CliError> {
        let mut keys = DemoKeys { stage, made: Vec::new(), sync: None };
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
                let Some((made, _)) = self.made(key) else { return Ok(()) };
                let client = Client::new(&made.key, PROGRAM.0, PROGRAM.1)?;
                let mut api = Api::new(stage.state);
                api.send(&client, vec![Call::get("/Users?startIndex=1&count=100")]).await?;
                api.flush().await;
            }
            KeyEvent::Revoke(key) => {
                let Some(id) = self.made(key).map(|(made, _)| made.record.id.clone()) else { return Ok(()) };
                let revoke = async |service: Service<'_>| {
                    service.key_revoke(slug, &id, key.name).await.map_err(|failure| stage.refusal(&failure))
                };
                stage.when(ADMIN, at, revoke).await?;
            }
            KeyEvent::Roll(key, overlap) => {
                let Some(id) = self.made(key).map(|(made, _)| made.record.id.clone()) else { return Ok(()) };
                let roll = async |service: Service<'_>| {
                    service.key_roll(slug, &id, overlap).await.map_err(|failure| stage.refusal(&failure))
                };
                let rolled = stage.when(OTHER_ADMIN, at, roll).await?;
                if let Some((_, _, next)) = self.made.iter_mut().find(|(name, ..)| *name == key.name) {
                    *next = Some(rolled);
                }
            }
            KeyEvent::Switch(key) => {
                let next = self.made.iter().find(|(name, ..)| *name == key.name).and_then(|(.., next)| next.as_ref());
                if let (Some(sync), Some(next)) = (&mut self.sync, next) {
                    sync.use_key(&next.key)?;
                }
            }
            KeyEvent::Invite((email, who, _)) => {
                let invite = async |service: Service<'_>| {
                    let invited = service.invite_make(slug, email, Role::Developer).await;
                    invited.map(|_| ()).map_err(|why| CliError::new(why.to_string()))
                };
                stage.when(who, at, invite).await?;
            }
        }
        Ok(())
    }

    async fn make(&mut self, key: &'static Key, at: UnixMs) -> Result<(), CliError> {
        let (stage, slug) = (self.stage, self.stage.team.slug);
        let who = if key.syncs { ADMIN } else { OTHER_ADMIN };
        let make = async |service: Service<'_>| {
            let made = service.key_generate(slug, key.name, key.expiry).await;
            made.map_err(|failure| stage.refusal(&failure))
        };
        let made = stage.when(who, at, make).await?;
        if key.syncs {
            let mut sync = Sync::new(stage, Client::new(&made.key, PROVIDER.0, PROVIDER.1)?);
            sync.first().await?;
            self.sync = Some(sync);
        }
        self.made.push((key.name, made, None));
        Ok(())
    }

    fn made(&self, key: &Key) -> Option<(&NewScimKey, Option<&NewScimKey>)> {
        self.made.iter().find(|(name, ..)| *name == key.name).map(|(_, made, next)| (made, next.as_ref()))
    }
}

/// In the order of time, as Activity lists entries in the order in which they were written.
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
