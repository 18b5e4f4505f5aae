use crate::program::Program;

#[test]
fn scim_can_be_turned_on_and_off_repeatedly() {
    let program = Program::with_acme();
    for switch in ["on", "on", "off", "off", "on"] {
        let output = program.run(&["scim", switch, "--team", "acme"]);
        assert_eq!((output.status, output.stdout.as_str()), (0, ""), "{output:?}");
        assert_eq!(output.stderr, format!("SCIM provisioning is {switch} for team “acme”\n"));
    }
}

#[test]
fn all_reasons_are_in_one_line() {
    let program = Program::new();
    program.team("acme", "basic");
    assert_eq!(
        program.error_of(&["scim", "on", "--team", "acme"]),
        "SCIM provisioning is part of the Enterprise plan. This team is on Basic. Set up single sign-on first."
    );
    program.team("twin", "enterprise");
    program.okta("twin", "Okta");
    program.okta("twin", "Google");
    assert_eq!(
        program.error_of(&["scim", "on", "--team", "twin"]),
        "SCIM needs exactly one enabled SSO method. This team has 2: Okta and Google."
    );
    program.ok(&["scim", "off", "--team", "twin"]);
    assert_eq!(program.error_of(&["scim", "on", "--team", "nobody"]), "team “nobody” not found");
}
