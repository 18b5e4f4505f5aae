use crate::{
    db::{self, Db},
    program::{Done, Program},
};
use domain::activity::{ActivityActor, Entry};
use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command},
};
use store::Store;

#[test]
fn a_team_per_situation_with_sign_ins_in_each_role() {
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
    let on = |team: &str| program.refused(&["scim", "on", "--team", team]);
    assert_eq!(on("twin"), "SCIM needs exactly one enabled SSO method; this team has 2: Okta and Google Workspace.");
    assert_eq!(on("solo"), "Set up single sign-on first.");
    assert_eq!(on("basic"), "SCIM provisioning is part of the Enterprise plan; this team is on Professional.");
    let keys = program.ok(&["key", "list", "--team", "live"]);
    for status in ["active", "handing over", "expires soon", "expired", "revoked"] {
        assert!(keys.contains(status), "{status}: {keys}");
    }
    program.ok(&["key", "generate", "--team", "live", "--name", "one more"]);
}

#[tokio::test]
async fn the_team_with_scim_on_is_filled_through_its_key() {
    let program = Program::new();
    program.ok(&["demo", "--members", "300"]);
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let live = store.team_by_slug("live").await.unwrap().unwrap();
    assert_eq!((live.member_count, live.group_count), (315, 16), "and three are invited");
    let acme = store.team_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((acme.member_count, acme.group_count), (12, 0));

    let (entries, _) = store.activity_page(&live.id, None, 5_000).await.unwrap();
    let count = |what: &str| entries.iter().filter(|entry| entry.change.name() == what).count();
    let counts = ["member_provisioned", "group_created", "member_deactivated", "group_mapped"].map(count);
    assert_eq!(counts, [300, 16, 7, 2], "{:?}", entries.iter().map(|entry| entry.change.name()).collect::<Vec<_>>());
    assert!(entries.iter().map(|entry| entry.at).rev().is_sorted(), "the log is in the order of time");
    let days: std::collections::HashSet<_> = entries
        .iter()
        .filter(|entry| entry.change.name() == "member_provisioned")
        .map(|entry| entry.at / domain::DAY)
        .collect();
    assert!(days.len() > 50, "people join over months: {}", days.len());
    let by = |name: &str| {
        entries.iter().filter(|one| matches!(&one.actor, ActivityActor::Member { name: who } if who == name)).count()
    };
    assert!(by("Ada Lovelace") > 4 && by("Grace Hopper") > 4, "people change settings");
    let by_provider = |entry: &&Entry| matches!(&entry.actor, ActivityActor::Provider { key_name, .. } if key_name == "Okta production");
    let recent: Vec<_> = entries.iter().filter(by_provider).take(10).collect();
    for entry in recent {
        let request = entry.request.as_deref().unwrap();
        let sent = store.scim_requests_by_id(&live.id, &[request]).await.unwrap();
        assert!(sent[0].changed && sent[0].request.is_some(), "what was sent is there: {entry:?}");
    }

    let connection = store.connection(&live.id, 0).await.unwrap().unwrap();
    assert_eq!(
        (connection.client, connection.key_name.as_str()),
        (domain::scim_client::ScimClient::Okta, "Okta production")
    );
    assert!(connection.first_member.is_some_and(|name| !name.is_empty()), "the guide says who came first");
    let failures: i64 = connection.hours.iter().map(|(_, _, failed)| failed).sum();
    assert_eq!(failures, 2);
}

#[test]
fn a_database_with_a_team_is_refused_and_left_alone() {
    let program = Program::new();
    program.team("umbrella", "free");
    let refusal = program.refused(&["demo"]);
    assert_eq!(refusal, "the database holds a team already; demo fills new databases only");
    assert_eq!(program.refused(&["key", "list", "--team", "acme"]), "there is no team “acme”");
}

/// A demo that has created some of its members, and has more to do than anybody waits for.
fn begun(program: &Program) -> Child {
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

fn killed(program: &Program) {
    let mut demo = begun(program);
    demo.kill().unwrap();
    demo.wait().unwrap();
}

fn is_whole(program: &Program) {
    assert!(program.ok(&["key", "list", "--team", "live"]).contains("handing over"));
    assert_eq!(program.refused(&["demo"]), "the database holds a team already; demo fills new databases only");
}

#[test]
fn progress_is_shown_line_by_line() {
    let program = Program::new();
    let Done { status, stdout, stderr } = program.run(&["demo", "--members", "300"]);
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
fn without_members_and_when_asked_to_it_is_quiet() {
    for arguments in [&["demo"][..], &["demo", "--members", "100", "--quiet"]] {
        let done = Program::new().run(arguments);
        assert_eq!((done.status, done.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn a_killed_demo_is_removed_and_begun_anew() {
    let program = Program::new();
    killed(&program);
    killed(&program);
    program.ok(&["demo", "--members", "200"]);
    is_whole(&program);
}

#[test]
fn an_interrupted_demo_says_what_becomes_of_it() {
    let program = Program::new();
    let mut demo = begun(&program);
    let sent = Command::new("sh").arg("-c").arg(format!("kill -INT {}", demo.id())).status().unwrap();
    assert!(sent.success());
    assert_eq!(demo.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    demo.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(
        said.ends_with(
            "rollcall: interrupted; the next `rollcall demo` removes what was made so far, and begins anew\n"
        ),
        "{said}"
    );
    program.ok(&["demo"]);
    is_whole(&program);
}

#[test]
fn an_unfinished_demo_with_another_team_is_left_alone() {
    let program = Program::new();
    killed(&program);
    program.team("umbrella", "free");
    let refusal = program.refused(&["demo"]);
    assert!(refusal.contains("the team “umbrella”, which is not part of it: nothing was removed"), "{refusal}");
    for slug in ["acme", "live", "umbrella"] {
        program.ok(&["team", "set-plan", slug, "free"]);
    }
}

#[test]
fn a_team_that_only_has_the_slug_of_the_demo_is_left_alone() {
    let program = Program::new();
    killed(&program);
    program.ok(&["team", "delete", "acme", "--confirm", "acme"]);
    program.team("acme", "free");
    assert!(program.refused(&["demo"]).contains("the team “acme”, which is not part of it"));
    program.ok(&["team", "set-plan", "acme", "free"]);
}

#[tokio::test]
async fn a_demo_that_was_taken_over_stops() {
    let program = Program::new();
    let mut first = begun(&program);
    program.ok(&["demo"]);
    assert_eq!(first.wait().unwrap().code(), Some(1), "it does not add to what another one made");
    is_whole(&program);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_demo_is_removed_on_postgres_too() {
    db::run(Db::postgres().await, |db| async move {
        let program = Program::new().env("ROLLCALL_DATABASE_URL", &db.url);
        killed(&program);
        program.ok(&["demo", "--members", "100"]);
        is_whole(&program);
    })
    .await;
}
