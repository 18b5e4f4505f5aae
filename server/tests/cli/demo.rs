use crate::{
    db::{self, Db},
    program::{Program, RunOutput},
    serve::{QUIET, Server},
};
use domain::{
    DAY, HOUR,
    activity::{
        ActivityActor, Change, Entry,
        filter::{ActivityFilter, ActivityOutcome},
    },
    key::KeyStatus,
    scim_client::ScimClient,
};
use server::clock::Clock;
use std::{
    collections::{BTreeMap, HashSet},
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command},
};
use store::{LogLine, Store, TeamRow};

#[test]
fn the_demo_has_a_team_per_situation_with_a_sign_in_per_role() {
    let program = Program::new();
    let poster = program.ok(&["demo", "--public-url", "https://demo.example"]);
    for team in ["acme", "twin", "solo", "basic", "live"] {
        assert!(poster.contains(&format!("https://demo.example/teams/{team}/settings/authentication")), "{poster}");
        for person in ["ada", "grace", "luca", "alan"] {
            assert!(poster.contains(&format!("{person}@{team}.test")), "{poster}");
        }
    }
    for role in ["Super Admin", "Admin", "Billing", "Developer"] {
        assert!(poster.contains(role));
    }

    program.ok(&["scim", "on", "--team", "acme"]);
    let on = |team: &str| program.error_of(&["scim", "on", "--team", team]);
    assert_eq!(on("twin"), "SCIM needs exactly one enabled SSO method. This team has 2: Okta and Google Workspace.");
    assert_eq!(on("solo"), "Set up single sign-on first.");
    assert_eq!(on("basic"), "SCIM provisioning is part of the Enterprise plan. This team is on Professional.");
    let keys = program.ok(&["key", "list", "--team", "live"]);
    for status in ["active", "handing over", "expires soon", "expired", "revoked"] {
        assert!(keys.contains(status), "{status}: {keys}");
    }
    program.ok(&["key", "generate", "--team", "live", "--name", "one more"]);
}

async fn live(program: &Program) -> (Store, TeamRow) {
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let live = store.team_by_slug("live").await.unwrap().unwrap();
    (store, live)
}

/// The whole log, newest entry first.
async fn entries(store: &Store, team: &TeamRow) -> Vec<Entry> {
    let (entries, _) = store.activity_page(&team.id, None, 5_000).await.unwrap();
    assert!(entries.iter().map(|entry| entry.at).rev().is_sorted(), "the log is in the order of time");
    entries
}

fn is_weekend(at: i64) -> bool {
    matches!((at / DAY + 4) % 7, 0 | 6)
}

#[tokio::test]
async fn a_demo_team_of_48_has_a_month_of_history() {
    let program = Program::new();
    program.ok(&["demo"]);
    let (store, team) = live(&program).await;
    let now = Clock::system().now();
    assert_eq!((team.member_count, team.group_count), (55, 17), "48 people, four sign-ins, three invites");

    let entries = entries(&store, &team).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &entries {
        *counts.entry(entry.change.name()).or_default() += 1;
    }
    for (what, count) in [
        ("member_provisioned", 48),
        ("group_created", 17),
        ("member_deactivated", 4),
        ("member_reactivated", 1),
        ("group_mapped", 4),
        ("member_roles_changed", 1),
        ("break_glass_marked", 1),
        ("member_invited", 3),
        ("sso_added", 2),
        ("sign_in_failed", 1),
        ("key_generated", 4),
        ("key_rolled", 1),
        ("key_revoked", 1),
    ] {
        assert_eq!(counts.get(what), Some(&count), "{what}: {counts:?}");
    }
    for (what, least) in [("member_updated", 20), ("group_members_changed", 25), ("signed_in", 60)] {
        assert!(counts.get(what) >= Some(&least), "{what}: {counts:?}");
    }
    let admins =
        entries.iter().filter(|one| matches!(&one.actor, ActivityActor::Member { name } if name == "Ada Lindgren"));
    assert!(admins.count() > 10, "people change settings");

    // The server keeps requests for one month.
    let retained_entries: Vec<_> = entries.iter().filter(|entry| now - entry.at < 90 * DAY).collect();
    let span = now - retained_entries.last().unwrap().at;
    assert!((28 * DAY..31 * DAY).contains(&span), "{span}");
    let changes = retained_entries
        .iter()
        .filter(|entry| matches!(entry.actor, ActivityActor::Provider { .. }) && now - entry.at > 27 * HOUR);
    for entry in changes {
        let hour = entry.at % DAY / HOUR;
        assert!(!is_weekend(entry.at) && (7..19).contains(&hour), "quiet at night and at weekends: {entry:?}");
    }
    for entry in retained_entries.iter().filter(|entry| matches!(entry.actor, ActivityActor::Provider { .. })) {
        let request = entry.request.as_deref().unwrap();
        let records = store.scim_requests_by_id(&team.id, &[request]).await.unwrap();
        assert!(records[0].changed && records[0].request.is_some(), "the request is recorded: {entry:?}");
    }
}

#[tokio::test]
async fn one_failure_has_a_reason_and_the_chart_has_the_last_day() {
    let program = Program::new();
    program.ok(&["demo"]);
    let (store, team) = live(&program).await;
    let now = Clock::system().now();
    let failures = ActivityFilter { result: ActivityOutcome::Failures, ..ActivityFilter::default() };
    let failures = store.log_page(&team.id, &failures, now, None, 100).await.unwrap();
    let requests: Vec<_> = failures
        .iter()
        .filter_map(|line| match line {
            LogLine::Request(request) => Some((request.status, request.detail.as_deref().unwrap_or_default())),
            LogLine::Change(entry, _) => {
                assert!(matches!(entry.change, Change::SignInFailed { count: 3, .. }), "{entry:?}");
                None
            }
        })
        .collect();
    assert_eq!(requests, [(409, "userName: already in use by another User in this team")]);
    assert_eq!(failures.len(), 2);

    let connection = store.connection(&team.id, 0).await.unwrap().unwrap();
    assert_eq!((connection.client, connection.key_name.as_str()), (ScimClient::Okta, "Okta production"));
    assert!(connection.first_member.is_some_and(|name| !name.is_empty()), "the guide names the first member");
    assert_eq!((connection.status, connection.failed_in_row), (200, 0), "it works now");
    let day: Vec<_> = connection.hours.iter().filter(|hour| now - hour.at < 25 * HOUR).collect();
    assert!(day.len() >= 14, "{day:?}");
    assert_eq!(day.iter().map(|hour| hour.failures).sum::<i64>(), 1);
    assert!(day.iter().any(|hour| hour.requests >= 8) && day.iter().any(|hour| hour.requests <= 2));
}

#[tokio::test]
async fn a_rolled_key_and_its_successor_are_both_used() {
    let program = Program::new();
    program.ok(&["demo"]);
    let (store, team) = live(&program).await;
    let now = Clock::system().now();
    let keys = store.keys_all(&team.id).await.unwrap();
    let rolled: Vec<_> = keys.iter().filter(|key| key.name == "Okta production").collect();
    let old = rolled.iter().find(|key| key.replaced_by.is_some()).unwrap();
    let new = rolled.iter().find(|key| key.replaced_by.is_none()).unwrap();
    assert_eq!((rolled.len(), old.replaced_by.as_ref()), (2, Some(&new.id)));
    assert!(matches!(old.status(now), KeyStatus::HandingOver { .. }), "{:?}", old.status(now));
    assert!(old.last_used_at.is_some() && old.last_used_at < new.last_used_at, "the provider uses the new one");
}

#[test]
fn the_pages_of_the_demo_team_show_its_data() {
    let program = Program::new();
    let poster = program.ok(&["demo"]);
    let password = poster.lines().find_map(|line| line.strip_prefix("Password for all accounts: ")).unwrap();
    let server = Server::start(&program, &QUIET);
    let form = format!("email=ada%40live.test&password={}", password.replace(' ', "+"));
    let headers = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
    let answer = server.post("/sign-in", headers, &form);
    let cookies: Vec<_> = answer
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: ").and_then(|cookie| cookie.split(';').next()))
        .collect();
    let cookie = format!("Cookie: {}\r\n", cookies.join("; "));
    let page = |path: &str, expected: &[&str]| {
        let page = server.get(&format!("/teams/live/settings/{path}"), &cookie).replace("<!>", "");
        assert!(page.starts_with("HTTP/1.1 200 OK"), "{path}: {page}");
        for words in expected {
            assert!(page.contains(words), "{path}, {words}: {page}");
        }
        page
    };
    let id = |page: &str, of: &str, name: &str| {
        let (before, _) = page.split_once(&format!("\">{name}<")).unwrap();
        let (_, link) = before.rsplit_once(&format!("/settings/{of}/")).unwrap();
        link.split(['"', '?']).next().unwrap().to_owned()
    };
    let members = page("members", &["48 of 55 members", "Chinedu Hansen", "from IT", "Deactivated"]);
    let person = id(&members, "members", "Chinedu Hansen");
    page(&format!("members/{person}"), &["chinedu.hansen@live.test", "Europe/Dublin", "signed in to"]);
    let groups = page("groups", &["17 groups", "Incident Response", "Office São Paulo"]);
    let group = id(&groups, "groups", "IT");
    page(&format!("groups/{group}"), &["Chinedu Hansen", "Admin"]);
    page("activity", &["rolled SCIM API key", "created member", "409 Conflict"]);
    page(
        "activity?result=failures",
        &["userName: already in use by another User in this team", "Another member or group already uses this value"],
    );
    page("authentication", &["Replacing “Okta production”.", "1 failed", "“Directory sync” expires in 14 days."]);
}

#[tokio::test]
async fn a_large_team_has_months_of_history() {
    let program = Program::new();
    program.ok(&["demo", "--members", "1000", "--quiet"]);
    let (store, team) = live(&program).await;
    assert_eq!((team.member_count, team.group_count), (1_007, 16));
    let acme = store.team_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((acme.member_count, acme.group_count), (12, 0));
    let entries = entries(&store, &team).await;
    let count = |what: &str| entries.iter().filter(|entry| entry.change.name() == what).count();
    let counts = ["member_provisioned", "group_created", "member_deactivated", "group_mapped"].map(count);
    assert_eq!(counts, [1_000, 16, 25, 2]);
    let joined = entries.iter().filter(|entry| entry.change.name() == "member_provisioned");
    let days: HashSet<_> = joined.map(|entry| entry.at / DAY).collect();
    assert!(days.len() > 50, "people join over months: {}", days.len());
    let connection = store.connection(&team.id, 0).await.unwrap().unwrap();
    assert!(connection.first_member.is_some_and(|name| !name.is_empty()), "the guide names the first member");
}

#[tokio::test]
async fn a_demo_without_members_has_keys_and_requests() {
    let program = Program::new();
    program.ok(&["demo", "--members", "0"]);
    let (store, team) = live(&program).await;
    assert_eq!((team.member_count, team.group_count), (4, 0));
    assert!(store.connection(&team.id, 0).await.unwrap().is_some());
}

#[test]
fn a_database_with_a_team_is_rejected_and_unchanged() {
    let program = Program::new();
    program.team("umbrella", "free");
    let refusal = program.error_of(&["demo"]);
    assert_eq!(refusal, "the database already has teams; demo needs an empty one");
    assert_eq!(program.error_of(&["key", "list", "--team", "acme"]), "team “acme” not found");
}

/// Starts a demo, and waits until it has created some of its many members.
fn start_demo(program: &Program) -> Child {
    let mut demo = program.command().args(["demo", "--members", "100000"]).spawn().unwrap();
    let mut lines = BufReader::new(demo.stderr.take().unwrap());
    let mut line = String::new();
    while !line.ends_with("of 100000 members\n") {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it ended without a word about members");
    }
    demo.stderr = Some(lines.into_inner());
    demo
}

fn kill_demo(program: &Program) {
    let mut demo = start_demo(program);
    demo.kill().unwrap();
    demo.wait().unwrap();
}

fn assert_complete(program: &Program) {
    assert!(program.ok(&["key", "list", "--team", "live"]).contains("handing over"));
    assert_eq!(program.error_of(&["demo"]), "the database already has teams; demo needs an empty one");
}

#[test]
fn progress_is_printed_line_by_line() {
    let program = Program::new();
    let RunOutput { status, stdout, stderr } = program.run(&["demo", "--members", "300"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stdout.starts_with("TEAM") && !stdout.contains("members"), "{stdout}");
    let lines: Vec<_> = stderr.lines().collect();
    for line in [
        "filling the team “acme”",
        "filling the team “live”",
        "64 of 300 members",
        "300 of 300 members",
        "16 of 16 groups",
    ] {
        assert!(lines.contains(&line), "{line}: {stderr}");
    }
    assert!(lines.len() < 50, "{stderr}");
}

#[test]
fn a_small_demo_and_a_quiet_one_print_no_progress() {
    for arguments in [&["demo"][..], &["demo", "--members", "100", "--quiet"]] {
        let output = Program::new().run(arguments);
        assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn the_next_demo_removes_a_killed_one() {
    let program = Program::new();
    kill_demo(&program);
    kill_demo(&program);
    program.ok(&["demo", "--members", "200"]);
    assert_complete(&program);
}

#[test]
fn an_interrupted_demo_prints_how_to_continue() {
    let program = Program::new();
    let mut demo = start_demo(&program);
    let sent = Command::new("sh").arg("-c").arg(format!("kill -INT {}", demo.id())).status().unwrap();
    assert!(sent.success());
    assert_eq!(demo.wait().unwrap().code(), Some(1));
    let mut text = String::new();
    demo.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(
        text.ends_with(
            "rollcall: interrupted; the next `rollcall demo` removes what was created so far and starts again\n"
        ),
        "{text}"
    );
    program.ok(&["demo"]);
    assert_complete(&program);
}

#[test]
fn an_unfinished_demo_with_another_team_is_not_removed() {
    let program = Program::new();
    kill_demo(&program);
    program.team("umbrella", "free");
    let refusal = program.error_of(&["demo"]);
    assert!(refusal.contains("the team “umbrella”, which isn't part of it; nothing was removed"), "{refusal}");
    for slug in ["acme", "live", "umbrella"] {
        program.ok(&["team", "set-plan", slug, "free"]);
    }
}

#[test]
fn a_team_with_only_the_slug_of_the_demo_is_not_removed() {
    let program = Program::new();
    kill_demo(&program);
    program.ok(&["team", "delete", "acme", "--confirm", "acme"]);
    program.team("acme", "free");
    assert!(program.error_of(&["demo"]).contains("the team “acme”, which isn't part of it"));
    program.ok(&["team", "set-plan", "acme", "free"]);
}

#[tokio::test]
async fn a_demo_stops_after_another_one_has_begun() {
    let program = Program::new();
    let mut first = start_demo(&program);
    program.ok(&["demo"]);
    assert_eq!(first.wait().unwrap().code(), Some(1), "it does not add to another demo");
    assert_complete(&program);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_demo_removes_a_killed_one_on_postgres() {
    db::run(Db::postgres().await, |db| async move {
        let program = Program::new().env("ROLLCALL_DATABASE_URL", &db.url);
        kill_demo(&program);
        program.ok(&["demo", "--members", "100"]);
        assert_complete(&program);
    })
    .await;
}
