//! `/teams/{slug}/settings/authentication/self-test`: a test of provisioning, through everything in front of Rollcall.

pub(crate) mod model;

use crate::{
    components::{
        banner::Banner,
        form::{Form, Submit},
        head::Head,
        icon::Icon,
        local_time::{Moment, TimeFormat},
        notice::Notices,
    },
    model::{SelfTestPage, Shell, TestFault, TestOutcome, TestRun, TestState, TestStep},
    pages::{Section, TeamPage},
    return_to,
};
use domain::UnixMs;
use leptos::prelude::*;

/// The `id` of the reason that it cannot be started.
const BLOCKED: &str = "self-test.blocked";

impl TeamPage for SelfTestPage {
    fn title(&self) -> &str {
        "Self-test"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Authentication)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <SelfTestScreen shell=shell data=*self now=now/> }.into_any()
    }
}

#[component]
pub(super) fn SelfTestScreen(shell: Shell, data: SelfTestPage, now: UnixMs) -> impl IntoView {
    let SelfTestPage { base_url, blocked, problem, run } = data;
    let authentication = return_to::authentication_path(&shell.team.slug);
    let path = [&authentication, "/self-test"].concat();
    let is_running = run.as_ref().is_some_and(|run| run.state == TestState::Running);
    let (follows, after) = match &run {
        Some(run) if is_running => (Some([&path, "/events"].concat()), Some(run.mark())),
        _ => (None, None),
    };
    let label = if run.is_some() { "Run again" } else { "Run self-test" };
    view! {
        <Head
            title="Self-test".to_owned()
            lead="Sends the same requests as Okta and Entra ID to this team's public URL, using made-up people.".to_owned()
            ancestors=vec![(authentication.clone(), "Authentication")]
            crumb="Self-test"
            measure=true
        />
        <div class="measure">
            <Notices success=None refusal=problem/>
            <section class="card" aria-labelledby="about">
                <div class="card-head">
                    <div>
                        <h2 id="about">"What it does"</h2>
                        <p>
                            "It calls " <code>{base_url}</code>
                            " the way a provider would, so any proxy or firewall in between is tested too. It creates a temporary key, two people, and two groups, and runs for up to two minutes. Everything is removed at the end, even if steps fail. Anything left by an interrupted run is removed by the next run or when the server starts. Its requests are labeled “Self-test” in Activity."
                        </p>
                    </div>
                </div>
                {match (is_running, blocked) {
                    // Outside of the result, because the result is replaced, and a focus inside would be lost.
                    (true, _) => view! {
                        <div class="row self-test-link">
                            <a class="btn" href=path>"Check again"</a>
                        </div>
                    }
                        .into_any(),
                    (false, Some(reason)) => view! {
                            <div class="row">
                                <button class="btn" type="button" aria-disabled="true" aria-describedby=BLOCKED>{label}</button>
                                <p class="grow" id=BLOCKED>
                                    {reason} " " <a href=authentication>"Open Authentication"</a>
                                </p>
                            </div>
                        }
                        .into_any(),
                    (false, None) => view! {
                            <Form class="row" action=path>
                                <Submit label=label busy="Starting" class="btn btn-primary"/>
                            </Form>
                        }
                        .into_any(),
                }}
            </section>
            // Screen readers do not read later results, but they read this element.
            <p class="visually-hidden" role="status" id="result-status"></p>
            {run.map(|run| {
                let slug = shell.team.slug.clone();
                view! {
                    <div data-live=follows data-after=after>
                        <TestResult slug=slug run=run again=false now=now/>
                    </div>
                }
            })}
        </div>
    }
}

/// The result of the last run so far.
#[component]
pub(crate) fn TestResult(
    slug: String,
    run: TestRun,
    /// Is this the place of the button for the next run, on a page that was open during this run?
    again: bool,
    now: UnixMs,
) -> impl IntoView {
    let (title, tone) = verdict(&run);
    let state = state(&run);
    let is_over = run.state != TestState::Running;
    let path = [&return_to::authentication_path(&slug), "/self-test"].concat();
    let activity = Section::Activity.path(&slug);
    let faults = faults(&run.steps);
    // A request that never arrived is not in the log.
    let log_key = run.key.filter(|_| run.has_arrived && !faults.is_empty());
    let mut scripts: Vec<(String, Vec<TestStep>)> = Vec::new();
    for step in run.steps {
        match scripts.last_mut() {
            Some((script, steps)) if *script == step.script => steps.push(step),
            _ => scripts.push((step.script.clone(), vec![step])),
        }
    }
    view! {
        <section class="card" aria-labelledby="result" data-done=is_over.then_some("")>
            <div class="row">
                <i class="dot" class:dot-live=!is_over data-tone=tone></i>
                <div class="grow">
                    <h2 id="result" data-state=state>{title}</h2>
                    <p data-testid="started-by">"Started by " {run.by} ", " <Moment at=run.since now=now kind=TimeFormat::Inline/> "."</p>
                </div>
                {(is_over && again)
                    .then(|| {
                        view! {
                            <Form action=path>
                                <Submit label="Run again" busy="Starting"/>
                            </Form>
                        }
                    })}
            </div>
            {run.leftover.map(|leftover| view! { <Banner tone="danger">{leftover}</Banner> })}
            {faults
                .into_iter()
                .map(|fault| {
                    view! {
                        <Banner tone="warning">
                            <b data-testid="fault" data-state=code(fault)>{fault.headline()}</b>
                            <p>{fault.advice()}</p>
                        </Banner>
                    }
                })
                .collect_view()}
            {scripts
                .into_iter()
                .map(|(script, steps)| {
                    view! {
                        <h3 class="event-day">{script.clone()}</h3>
                        <ul class="rows" aria-label=script>
                            {steps.into_iter().map(|step| view! { <StepRow step=step/> }).collect_view()}
                        </ul>
                    }
                })
                .collect_view()}
            {is_over
                .then_some(log_key)
                .flatten()
                .map(|key| {
                    view! {
                        <p class="card-foot hint" data-testid="test-requests">
                            <a href=[&activity, "?actor=key:", key.as_str()].concat()>"View its requests in Activity"</a>
                        </p>
                    }
                })}
        </section>
    }
}

#[component]
fn StepRow(step: TestStep) -> impl IntoView {
    let TestStep { script, name, outcome } = step;
    let (state, icon, tone, word, why) = match outcome {
        TestOutcome::Passed => ("passed", "check", "success", "Passed", None),
        TestOutcome::Failed(_, why) => ("failed", "alert", "danger", "Failed", Some(why)),
        TestOutcome::Skipped => ("skipped", "", "neutral", "Skipped", None),
    };
    view! {
        <li class="row" data-testid="test-step" data-state=state>
            <span class="grow">
                {script} " " {name} {why.map(|why| view! { <span class="hint">": " {why}</span> })}
            </span>
            {match icon {
                // A skipped step has no result: plain text, which does not look like a link.
                "" => view! { <span class="hint">{word}</span> }.into_any(),
                icon => view! {
                    <span class="badge" data-tone=tone>
                        <Icon name=icon/>
                        {word}
                    </span>
                }
                .into_any(),
            }}
        </li>
    }
}

/// The state of the run, for tests.
fn state(run: &TestRun) -> &'static str {
    match (run.state, run.counts().1) {
        (TestState::Running, _) => "running",
        (TestState::TimedOut, _) => "timed-out",
        (TestState::Interrupted, _) => "interrupted",
        (TestState::Completed, 0) => "passed",
        (TestState::Completed, _) => "failed",
    }
}

const fn code(fault: TestFault) -> &'static str {
    match fault {
        TestFault::NoAnswer => "no-answer",
        TestFault::InFront => "in-front",
        TestFault::Key => "key",
        TestFault::Wrong => "wrong",
    }
}

fn verdict(run: &TestRun) -> (String, &'static str) {
    let (passed, failed, skipped) = run.counts();
    let steps = |number: usize| format!("{number} step{}", if number == 1 { "" } else { "s" });
    let mut texts = match (run.state, failed) {
        (TestState::Running, _) => format!("Running: {} done", steps(run.steps.len())),
        (TestState::TimedOut, _) => "Timed out".to_owned(),
        (TestState::Interrupted, _) => "Interrupted because the server stopped".to_owned(),
        (TestState::Completed, 0) => return (format!("All {} passed", steps(passed)), "success"),
        (TestState::Completed, _) => format!("{failed} of {} failed", steps(passed + failed)),
    };
    if run.state == TestState::Completed && skipped > 0 {
        texts.push_str(". Steps that depend on them were skipped");
    }
    (texts, if run.state == TestState::Running { "accent" } else { "danger" })
}

/// Each kind of reason once.
fn faults(steps: &[TestStep]) -> Vec<TestFault> {
    let mut faults = Vec::new();
    for step in steps {
        if let TestOutcome::Failed(fault, _) = step.outcome
            && !faults.contains(&fault)
        {
            faults.push(fault);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: TestState, outcomes: &[TestOutcome]) -> TestRun {
        let step =
            |outcome: &TestOutcome| TestStep { script: "Okta".into(), name: "x".into(), outcome: outcome.clone() };
        TestRun {
            since: 0,
            by: "Ada".into(),
            steps: outcomes.iter().map(step).collect(),
            state,
            leftover: None,
            key: None,
            has_arrived: false,
        }
    }

    #[test]
    fn verdicts() {
        let failed = TestOutcome::Failed(TestFault::InFront, "x".into());
        for (state, outcomes, texts) in [
            (TestState::Running, vec![TestOutcome::Passed], "Running: 1 step done"),
            (TestState::Completed, vec![TestOutcome::Passed, TestOutcome::Passed], "All 2 steps passed"),
            (TestState::Completed, vec![TestOutcome::Passed, failed.clone()], "1 of 2 steps failed"),
            (
                TestState::Completed,
                vec![failed, TestOutcome::Skipped],
                "1 of 1 step failed. Steps that depend on them were skipped",
            ),
            (TestState::TimedOut, vec![], "Timed out"),
        ] {
            assert_eq!(verdict(&run(state, &outcomes)).0, texts);
        }
    }
}
