use crate::program::Program;

fn with_scim() -> Program {
    let program = Program::with_acme();
    program.ok(&["scim", "on", "--team", "acme"]);
    program
}

#[test]
fn a_key_is_the_only_text_on_stdout_and_nowhere_else() {
    let program = with_scim();
    let output = program.run(&["key", "generate", "--team", "acme", "--name", "ci"]);
    assert_eq!(output.status, 0, "{output:?}");
    let key = output.stdout.strip_suffix('\n').unwrap();
    let id = domain::key::parse(key).expect("a key").to_string();
    assert!(output.stderr.contains(&id) && !output.stderr.contains(key), "{output:?}");

    let secret = key.split('_').next_back().unwrap();
    for file in std::fs::read_dir(program.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(secret));
    }
    let list = program.ok(&["key", "list", "--team", "acme"]);
    assert!(list.contains(&id) && list.contains("active") && !list.contains(secret), "{list}");
}

#[test]
fn the_command_has_the_same_rules_as_the_page() {
    let program = Program::with_acme();
    let generate = |name: &str| program.run(&["key", "generate", "--team", "acme", "--name", name]);
    let off = generate("ci").error_line();
    assert!(off.starts_with("SCIM provisioning is off; turn it on first"), "{off}");
    program.ok(&["scim", "on", "--team", "acme"]);
    assert_eq!(generate("  ").error_line(), "--name: Enter a name.");
    for index in 0..5 {
        assert_eq!(generate(&format!("key {index}")).status, 0);
    }
    assert_eq!(generate("KEY 3").error_line(), "--name: Another active key has this name. Choose a different one.");
    assert_eq!(generate("one more").error_line(), "the team has the maximum of 5 active keys");
    program.ok(&["team", "set-plan", "acme", "free"]);
    assert!(generate("one more").error_line().starts_with("SCIM provisioning is part of the Enterprise plan"));
}

#[test]
fn a_key_is_revoked_by_its_id() {
    let program = with_scim();
    let key = program.ok(&["key", "generate", "--team", "acme", "--name", "ci", "--expires", "never"]);
    let id = domain::key::parse(key.trim_end()).unwrap().to_string();
    program.team("umbrella", "enterprise");

    let revoke = |team: &str, id: &str| program.run(&["key", "revoke", "--team", team, id]);
    let strange = revoke("umbrella", &id).error_line();
    assert!(strange.starts_with(&format!("key “{id}” in team “umbrella” not found")), "{strange}");
    assert_eq!(revoke("acme", &id).status, 0);
    assert!(program.ok(&["key", "list", "--team", "acme"]).contains("revoked"));
    assert_eq!(revoke("acme", &id).error_line(), "the key no longer works");
    assert!(revoke("acme", "nonsense").error_line().starts_with("key “nonsense” in team “acme” not found"));
    assert_eq!(revoke("nobody", &id).error_line(), "team “nobody” not found");
}

#[test]
fn revoking_needs_neither_plan_nor_sso() {
    let program = with_scim();
    let key = program.ok(&["key", "generate", "--team", "acme", "--name", "ci"]);
    let id = domain::key::parse(key.trim_end()).unwrap().to_string();
    program.ok(&["team", "set-plan", "acme", "free"]);
    program.ok(&["sso", "disable", "--team", "acme", "Okta"]);
    program.ok(&["key", "revoke", "--team", "acme", &id]);
    program.ok(&["scim", "off", "--team", "acme"]);
}

#[test]
fn a_team_without_keys_prints_nothing_on_stdout() {
    let output = Program::with_acme().run(&["key", "list", "--team", "acme"]);
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.as_str()), (0, "", "team “acme” has no keys\n"));
}
