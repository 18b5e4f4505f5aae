use crate::program::Program;

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

#[test]
fn a_database_with_a_team_is_refused_and_left_alone() {
    let program = Program::new();
    program.team("umbrella", "free");
    let refusal = program.refused(&["demo"]);
    assert_eq!(refusal, "the database holds a team already; demo fills new databases only");
    assert_eq!(program.refused(&["key", "list", "--team", "acme"]), "there is no team “acme”");
}
