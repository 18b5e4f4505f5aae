//! `rollcall self-test`: checks that provisioning works, through every proxy in front of Rollcall.

use super::{CliError, Global, out, signals::Signals};
use crate::cli::context::{CliContext, team_text};
use crate::{
    config,
    outbound::Own,
    scim_sync::WriteQueue,
    self_test::{CleanUp, LIMIT, RunStep, SelfTest, StepOutcome},
    service::Actor,
};
use app::model::TestFault;
use clap::Args;
use domain::UnixMs;
use std::net::SocketAddr;

/// Send the same requests as Okta and Entra ID to a team's public URL and report the results.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall self-test --team acme                     at the public URL, as `serve` has it
  rollcall self-test --team acme --url https://rollcall.example.com

The server must be running on this database. The test creates a key, two people, and two groups,
and runs for up to two minutes. Everything is removed at the end, even if it is
interrupted, and the team's activity shows what was done. Anything left by a killed run
is removed by the team's next run or when the server starts.")]
pub(super) struct Run {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// URL at which identity providers reach Rollcall, as for serve [default: http://localhost:3000]
    #[arg(long, value_name = "URL", env = "ROLLCALL_PUBLIC_URL", value_parser = config::public_url)]
    public_url: Option<String>,
    /// Test a different URL; http:// is allowed only for this machine
    #[arg(long, value_name = "URL", env = "ROLLCALL_URL", value_parser = config::public_url)]
    url: Option<String>,
    /// Address that serve listens on, to which the default public URL leads
    #[arg(long, env = "ROLLCALL_ADDR", hide = true)]
    addr: Option<SocketAddr>,
}

impl Run {
    /// The URL to test, and the flag that set it.
    fn address(&self) -> (&'static str, String) {
        match (&self.url, &self.public_url) {
            (Some(url), _) => ("--url", url.clone()),
            (None, Some(url)) => ("--public-url", url.clone()),
            (None, None) => {
                let addr = self.addr.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], PORT)));
                ("--public-url", config::default_public_url(addr))
            }
        }
    }
}

/// The default address of serve.
const PORT: u16 = 3000;

pub(super) async fn run(run: Run, global: &Global) -> Result<(), CliError> {
    let (flag, url) = run.address();
    let server = Own::new(&url).map_err(|error| CliError::new(format!("{flag}: {error}")))?;
    let context = CliContext::open(global).await?;
    let team = context.team(&run.team).await?;
    // From now on, a signal does not end the program before all data is removed.
    let mut signals = Signals::listen()?;
    let directory = WriteQueue::new(context.store.clone(), context.clock.clone());
    let clean_up =
        CleanUp { store: &context.store, secrets: &context.secrets, clock: &context.clock, write_queue: &directory };
    clean_up.sweep(Some(&team.id), UnixMs::MAX).await?;
    let new_key = context.service().self_test_begin(&team.slug, rand::random()).await;
    let new_key = new_key.map_err(|failure| CliError::from_failure(&failure, &team_text(&team.slug)))?;
    out::note(format_args!("asking {}", server.base()));
    let mut tally = Tally::default();
    let test = SelfTest::new(&server, &new_key);
    let interruption = {
        let mut on_step = |step: &RunStep| tally.note(step);
        tokio::select! {
            () = test.play(&mut on_step) => None,
            () = tokio::time::sleep(LIMIT) => {
                Some(format!("the test timed out after {} seconds", LIMIT.as_secs()))
            }
            () = signals.received() => Some("the test was interrupted".to_owned()),
        }
    };
    let leftovers = clean_up.end(&team, &new_key.record, Actor::Operator).await;
    tally.advise();
    if let Some(leftovers) = leftovers {
        return Err(CliError::new(leftovers));
    }
    if let Some(interruption) = interruption {
        return Err(CliError::new(format!("{interruption}; its test data was removed")));
    }
    tally.verdict()
}

/// The results of the steps.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// The distinct kinds of reasons.
    faults: Vec<TestFault>,
    unwritten: Option<CliError>,
}

impl Tally {
    /// Prints one line per step, as it ends.
    fn note(&mut self, step: &RunStep) {
        let RunStep { script, name, outcome, .. } = step;
        let line = match outcome {
            StepOutcome::Passed => {
                self.passed += 1;
                format!("passed   {script} {name}")
            }
            StepOutcome::Failed(fault) => {
                self.failed += 1;
                if !self.faults.contains(&fault.cause) {
                    self.faults.push(fault.cause);
                }
                format!("FAILED   {script} {name}: {}", fault.detail)
            }
            StepOutcome::Skipped => {
                self.skipped += 1;
                format!("skipped  {script} {name}")
            }
        };
        if let Err(refusal) = out::line(line) {
            self.unwritten = Some(refusal);
        }
    }

    /// Prints the same advice as the page.
    fn advise(&self) {
        for fault in &self.faults {
            out::note(format_args!("{} {}", fault.headline(), fault.advice()));
        }
    }

    fn verdict(self) -> Result<(), CliError> {
        let Self { passed, failed, skipped, unwritten, .. } = self;
        if let Some(refusal) = unwritten {
            return Err(refusal);
        }
        if failed > 0 {
            let not_played = if skipped > 0 { ", later steps were skipped" } else { "" };
            return Err(CliError::new(format!("{failed} of {} steps failed{not_played}", passed + failed)));
        }
        out::note(format_args!("all {passed} steps passed"));
        Ok(())
    }
}
