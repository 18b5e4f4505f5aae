//! `/teams/{slug}/settings/authentication/self-test`: does provisioning work, through everything in front of Rollcall?

pub(crate) mod model;

use crate::{
    components::{
        banner::Banner,
        form::{Form, Submit},
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

/// The `id` of the reason why it cannot be started.
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

/// The page.
#[component]
pub(super) fn SelfTestScreen(shell: Shell, data: SelfTestPage, now: UnixMs) -> impl IntoView {
    let SelfTestPage { base_url, blocked, problem, run } = data;
    let authentication = return_to::authentication_path(&shell.team.slug);
    let path = [&authentication, "/self-test"].concat();
    let goes_on = run.as_ref().is_some_and(|run| run.state == TestState::Going);
    let (follows, after) = match &run {
        Some(run) if goes_on => (Some([&path, "/events"].concat()), Some(run.mark())),
        _ => (None, None),
    };
    let label = if run.is_some() { "Run again" } else { "Run self-test" };
    view! {
        <header class="page-head measure">
            <div>
                <nav class="crumbs hint" aria-label="Breadcrumb">
                    <a href=authentication.clone()>"Authentication"</a>
                    <Icon name="right"/>
                    <span>"Self-test"</span>
                </nav>
                <h1>"Self-test"</h1>
                <p>"Sends the same requests as Okta and Entra ID to this team's public URL, using made-up people."</p>
            </div>
        </header>
        <div class="measure">
            <Notices done=None refused=problem/>
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
                {match (goes_on, blocked) {
                    // Not in the result: that is replaced, and a focus in it would be lost.
                    (true, _) => view! {
                        <div class="row until-done">
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
            // What is put into the result later is not read out; this is.
            <p class="vh" role="status" id="told"></p>
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

/// What came of the last run, as far as it got.
#[component]
pub(crate) fn TestResult(
    /// The team's slug.
    slug: String,
    /// The run.
    run: TestRun,
    /// Is this where the next one is started, on a page that was open while this one ran?
    again: bool,
    /// The time of the page's data.
    now: UnixMs,
) -> impl IntoView {
    let (title, tone) = verdict(&run);
    let is_over = run.state != TestState::Going;
    let path = [&return_to::authentication_path(&slug), "/self-test"].concat();
    let activity = Section::Activity.path(&slug);
    let faults = faults(&run.steps);
    // What never arrived stands nowhere.
    let stands = run.key.filter(|_| run.arrived && !faults.is_empty());
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
                    <h2 id="result">{title}</h2>
                    <p>"Started by " {run.by} ", " <Moment at=run.since now=now kind=TimeFormat::Inline/> "."</p>
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
            {run.left.map(|left| view! { <Banner tone="danger">{left}</Banner> })}
            {faults
                .into_iter()
                .map(|fault| {
                    view! {
                        <Banner tone="warning">
                            <b>{fault.headline()}</b>
                            <p>{fault.advice()}</p>
                        </Banner>
                    }
                })
                .collect_view()}
            {scripts
                .into_iter()
                .map(|(script, steps)| {
                    view! {
                        <h3 class="day">{script.clone()}</h3>
                        <ul class="rows" aria-label=script>
                            {steps.into_iter().map(|step| view! { <StepRow step=step/> }).collect_view()}
                        </ul>
                    }
                })
                .collect_view()}
            {is_over
                .then_some(stands)
                .flatten()
                .map(|key| {
                    view! {
                        <p class="card-foot hint">
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
    let (icon, tone, word, why) = match outcome {
        TestOutcome::Passed => ("check", "success", "Passed", None),
        TestOutcome::Failed(_, why) => ("alert", "danger", "Failed", Some(why)),
        TestOutcome::Skipped => ("", "neutral", "Skipped", None),
    };
    view! {
        <li class="row row-tight">
            <span class="grow">
                {script} " " {name} {why.map(|why| view! { <span class="hint">": " {why}</span> })}
            </span>
            {match icon {
                // Not played is no result: plain text, which no one takes for a link.
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

fn verdict(run: &TestRun) -> (String, &'static str) {
    let (passed, failed, skipped) = run.counts();
    let steps = |number: usize| format!("{number} step{}", if number == 1 { "" } else { "s" });
    let mut said = match (run.state, failed) {
        (TestState::Going, _) => format!("Running: {} done", steps(run.steps.len())),
        (TestState::TimedOut, _) => "Timed out".to_owned(),
        (TestState::Interrupted, _) => "Interrupted because the server stopped".to_owned(),
        (TestState::Ended, 0) => return (format!("All {} passed", steps(passed)), "success"),
        (TestState::Ended, _) => format!("{failed} of {} failed", steps(passed + failed)),
    };
    if run.state == TestState::Ended && skipped > 0 {
        said.push_str(". Steps that depend on them were skipped");
    }
    (said, if run.state == TestState::Going { "accent" } else { "danger" })
}

/// The kinds of reasons, each once.
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
            left: None,
            key: None,
            arrived: false,
        }
    }

    #[test]
    fn verdicts() {
        let failed = TestOutcome::Failed(TestFault::InFront, "x".into());
        for (state, outcomes, said) in [
            (TestState::Going, vec![TestOutcome::Passed], "Running: 1 step done"),
            (TestState::Ended, vec![TestOutcome::Passed, TestOutcome::Passed], "All 2 steps passed"),
            (TestState::Ended, vec![TestOutcome::Passed, failed.clone()], "1 of 2 steps failed"),
            (
                TestState::Ended,
                vec![failed, TestOutcome::Skipped],
                "1 of 1 step failed. Steps that depend on them were skipped",
            ),
            (TestState::TimedOut, vec![], "Timed out"),
        ] {
            assert_eq!(verdict(&run(state, &outcomes)).0, said);
        }
    }
}
