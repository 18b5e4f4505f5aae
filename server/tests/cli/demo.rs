use crate::program::Program;
use domain::activity::{Actor, Entry};
use server::store::Store;

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
        entries.iter().filter(|one| matches!(&one.actor, Actor::Member { name: who } if who == name)).count()
    };
    assert!(by("Ada Lovelace") > 4 && by("Grace Hopper") > 4, "people change settings");
    let by_provider =
        |entry: &&Entry| matches!(&entry.actor, Actor::Provider { key_name, .. } if key_name == "Okta production");
    let recent: Vec<_> = entries.iter().filter(by_provider).take(10).collect();
    for entry in recent {
        let request = entry.request.as_deref().unwrap();
        let sent = store.scim_requests_by_id(&live.id, &[request]).await.unwrap();
        assert!(sent[0].changed && sent[0].request.is_some(), "what was sent is there: {entry:?}");
    }

    let connection = store.connection(&live.id, 0).await.unwrap().unwrap();
    assert_eq!((connection.client, connection.key_name.as_str()), (domain::client::Client::Okta, "Okta production"));
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
