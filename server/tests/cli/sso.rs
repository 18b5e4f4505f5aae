use crate::program::Program;

const OKTA: [&str; 13] = [
    "sso",
    "add",
    "--team",
    "acme",
    "--name",
    "Okta",
    "--provider",
    "okta",
    "--issuer",
    "https://okta.example",
    "--client-id",
    "id",
    "--enabled",
];

fn acme() -> Program {
    let program = Program::new();
    program.team("acme", "enterprise");
    program
}

fn list(program: &Program) -> String {
    program.ok(&["sso", "list", "--team", "acme"])
}

#[test]
fn a_client_secret_can_come_from_flag_environment_or_stdin() {
    let by_flag = acme();
    by_flag.ok(&[&OKTA[..], &["--client-secret", "horse battery"]].concat());
    let from_environment = acme().env("ROLLCALL_CLIENT_SECRET", "horse battery");
    from_environment.ok(&OKTA);
    let from_stdin = acme();
    let output = from_stdin.run_with(&[&OKTA[..], &["--client-secret-stdin"]].concat(), "horse battery\n");
    assert_eq!(output.status, 0, "{output:?}");
    for program in [by_flag, from_environment, from_stdin] {
        assert!(list(&program).contains("OpenID Connect  enabled"));
        for file in std::fs::read_dir(program.folder()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("horse battery"), "it is stored encrypted");
        }
    }
    let without = acme().error_of(&OKTA);
    assert!(without.starts_with("--client-secret: "), "{without}");
}

#[test]
fn errors_name_the_flag() {
    let program = acme().env("ROLLCALL_CLIENT_SECRET", "horse battery");
    let add = |more: &[&str]| {
        let common = ["sso", "add", "--team", "acme", "--name", "X"];
        program.run(&[&common[..], more].concat()).error_line()
    };
    for (flags, text) in [
        (
            &["--provider", "okta", "--issuer", "http://x", "--client-id", "id"][..],
            "--issuer: The URL must start with https://",
        ),
        (
            &["--provider", "okta", "--protocol", "saml", "--issuer", "https://x"],
            "--issuer only works with --protocol oidc",
        ),
        (
            &["--provider", "okta", "--protocol", "oidc", "--entity-id", "x"],
            "--entity-id only works with --protocol saml",
        ),
        (&["--provider", "okta", "--metadata", "no-such-file"], "can't read no-such-file"),
        (
            &["--provider", "okta", "--metadata", "http://idp.example/"],
            "couldn't fetch the metadata at http://idp.example/: it isn't an https:// URL",
        ),
        (
            &["--provider", "okta", "--metadata", "https://127.0.0.1/"],
            "couldn't fetch the metadata at https://127.0.0.1/: its address 127.0.0.1 isn't public",
        ),
        (
            &[
                "--provider",
                "duo",
                "--entity-id",
                "x",
                "--sign-in-url",
                "https://x",
                "--certificate",
                "rollcall.secret",
            ],
            "--certificate: This isn't a PEM certificate.",
        ),
        (&["--provider", "okta", "--later", "--enabled"], "the argument '--later' cannot be used with '--enabled'"),
        (
            &["--provider", "okta", "--metadata", "x", "--entity-id", "y"],
            "the argument '--metadata <FILE-or-URL>' cannot be used with",
        ),
    ] {
        let refusal = add(flags);
        assert!(refusal.starts_with(text), "{flags:?}: {refusal}");
        assert!(!refusal.contains("horse"));
    }
    assert_eq!(program.run(&["sso", "list", "--team", "acme"]).stdout, "");
}

#[test]
fn invalid_metadata_is_rejected() {
    let program = acme();
    std::fs::write(program.folder().join("metadata.xml"), "<html>EntityDescriptor</html>").unwrap();
    let add = ["sso", "add", "--team", "acme", "--name", "AD FS", "--provider", "adfs", "--metadata"];
    let refusal = program.error_of(&[&add[..], &["metadata.xml"]].concat());
    assert!(refusal.starts_with("--metadata: This isn't valid identity provider metadata"), "{refusal}");
    let from_stdin = program.run_with(&[&add[..], &["-"]].concat(), "nonsense").error_line();
    assert!(from_stdin.starts_with("--metadata: This isn't valid identity provider metadata"), "{from_stdin}");
}

#[test]
fn configure_later_needs_only_name_and_provider() {
    let program = acme();
    program.ok(&["sso", "add", "--team", "acme", "--name", "Entra", "--provider", "entra", "--later"]);
    assert!(list(&program).contains("not configured"));
    let refusal = program.error_of(&["sso", "enable", "--team", "acme", "entra"]);
    assert_eq!(refusal, "configure this method before you enable it");
}

#[test]
fn a_second_method_is_noted_and_needs_consent_while_scim_is_on() {
    let program = Program::with_acme();
    program.ok(&["scim", "on", "--team", "acme"]);
    let output = program.run(&[
        "sso",
        "add",
        "--team",
        "acme",
        "--name",
        "Google",
        "--provider",
        "google",
        "--issuer",
        "https://google.example",
        "--client-id",
        "id",
        "--client-secret",
        "not a secret",
        "--protocol",
        "oidc",
        "--enabled",
    ]);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(output.stderr.contains("note: 2 SSO methods are enabled; no keys can be generated until only one is"));
    program.ok(&["sso", "disable", "--team", "acme", "GOOGLE"]);
    let refusal = program.error_of(&["sso", "enable", "--team", "acme", "Google"]);
    assert!(refusal.contains("--yes"), "{refusal}");
    program.ok(&["sso", "enable", "--team", "acme", "Google", "--yes"]);
    let refusal = program.error_of(&["sso", "enable", "--team", "acme", "Nobody"]);
    assert_eq!(refusal, "SSO method “Nobody” in team “acme” not found");
}
