//! `rollcall self-test`: does provisioning work, through everything that stands in front of Rollcall?

use super::{
    Global, Refusal,
    desk::{Desk, named},
    out,
};
use crate::{
    config,
    outbound::Own,
    provisioning::directory::{Directory, Provider, Refused},
    self_test::{Outcome, SelfTest, Step},
};
use clap::Args;
use domain::{
    key::{self, Expiry, ScimKey},
    role::Role,
};

/// Play what Okta and Entra ID send against a team's public address, and say what passed.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  rollcall self-test --team acme --url https://rollcall.example.com

The server has to run on this database. The team gets a key, two people and two groups for the
time of the test; all of it is removed at the end, and the team's activity tells what was done.")]
pub(super) struct Run {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// How identity providers reach Rollcall; http:// to this machine only
    #[arg(long, value_name = "URL", env = "ROLLCALL_URL", default_value = "http://localhost:3000", value_parser = config::public_url)]
    url: String,
}

pub(super) async fn run(run: Run, global: &Global) -> Result<(), Refusal> {
    let server = Own::new(&run.url).map_err(|error| Refusal::new(format!("--url: {error}")))?;
    let desk = Desk::open(global).await?;
    let team = desk.team(&run.team).await?;
    let mark = rand::random::<u32>();
    let made = desk.service().key_generate(&team.slug, &key::self_test_name(mark), Expiry::Days90).await;
    let mark = format!("{mark:08x}");
    let made = made.map_err(|failure| Refusal::from_failure(&failure, &named(&team.slug)))?;
    let mut tally = Tally::default();
    let test = SelfTest::new(&server, made.key.expose(), &mark);
    let interrupted = play(&test, &mut tally).await;
    let directory = Directory::new(desk.store.clone(), desk.clock.clone());
    let cleaned = test.clean_up(&desk.store, &directory, &team.id, &provider(&made.listed)).await;
    let revoked = desk.service().key_revoke(&team.slug, &made.listed.id, "").await;
    cleaned.map_err(|why| {
        let why = match why {
            Refused::Scim(error) => error.to_string(),
            Refused::Store(error) => error.to_string(),
        };
        Refusal::new(format!("people or groups of the test, whose names have {mark}, may be left: {why}"))
    })?;
    revoked.map_err(|failure| {
        let id = &made.listed.id;
        Refusal::new(format!("the key {id} of the test could not be revoked ({failure}); revoke it"))
    })?;
    if interrupted {
        return Err(Refusal::new("the test was interrupted; what it made is removed"));
    }
    tally.verdict()
}

/// Whose changes it is to remove what the test made.
fn provider(key: &ScimKey) -> Provider {
    let (key_id, key_name) = (key.id.clone(), key.name.clone());
    Provider { key_id, key_name, ceiling: Role::SuperAdmin, address: None, request: None }
}

/// Plays it; was it interrupted?
async fn play(test: &SelfTest<'_>, tally: &mut Tally) -> bool {
    let mut told = |step: &Step| tally.note(step);
    tokio::select! {
        () = test.play(&mut told) => false,
        _ = tokio::signal::ctrl_c() => true,
    }
}

/// What came of the steps.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    unwritten: Option<Refusal>,
}

impl Tally {
    /// One line a step, as it ends.
    fn note(&mut self, step: &Step) {
        let Step { script, name, outcome } = step;
        let line = match outcome {
            Outcome::Passed => {
                self.passed += 1;
                format!("passed   {script} {name}")
            }
            Outcome::Failed(fault) => {
                self.failed += 1;
                format!("FAILED   {script} {name}: {}", fault.said)
            }
            Outcome::Skipped => {
                self.skipped += 1;
                format!("skipped  {script} {name}")
            }
        };
        if let Err(refusal) = out::line(line) {
            self.unwritten = Some(refusal);
        }
    }

    fn verdict(self) -> Result<(), Refusal> {
        let Self { passed, failed, skipped, unwritten } = self;
        if let Some(refusal) = unwritten {
            return Err(refusal);
        }
        if failed > 0 {
            let not_played = if skipped > 0 { ", and those after them were skipped" } else { "" };
            return Err(Refusal::new(format!("{failed} of {} steps failed{not_played}", passed + failed)));
        }
        out::note(format_args!("all {passed} steps passed"));
        Ok(())
    }
}
