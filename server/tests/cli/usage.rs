use crate::program::Program;

#[test]
fn version_and_help_go_to_stdout() {
    let program = Program::new();
    assert_eq!(program.ok(&["--version"]), format!("rollcall {}\n", env!("CARGO_PKG_VERSION")));
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["team", "create", "--help"],
        &["sso", "add", "--help"],
        &["scim", "on", "--help"],
        &["key", "generate", "--help"],
        &["demo", "--help"],
        &["self-test", "--help"],
    ] {
        let help = program.ok(args);
        assert!(help.contains("Usage:") && help.contains("Example"), "{args:?}: {help}");
    }
}

#[test]
fn an_invalid_command_line_has_one_line_and_status_2() {
    let program = Program::new();
    for args in [
        &["frobnicate"][..],
        &["serve", "--addr", "nonsense"],
        &["serve", "--admin-addr", "nonsense"],
        &["serve", "--public-url", "https://rollcall.example.com/path"],
        &["serve", "--scim-rate", "-1"],
        &["team", "create", "--name", "Acme"],
        &["team", "set-plan", "acme", "gold"],
        &["team", "create", "--slug", "No Slug"],
        &["key", "generate", "--team", "acme", "--name", "ci", "--expires", "7"],
        &["sso", "add", "--team", "acme", "--name", "x", "--provider", "nobody"],
    ] {
        let output = program.run(args);
        assert_eq!(output.status, 2, "{args:?}: {output:?}");
        assert!(output.error_line().ends_with("(see --help)"), "{args:?}");
    }
    assert!(!program.folder().join("rollcall.db").exists(), "no file was created");
}

#[test]
fn every_flag_can_be_set_in_the_environment() {
    let program = Program::new()
        .env("ROLLCALL_DATABASE_URL", "sqlite://elsewhere.db")
        .env("ROLLCALL_SLUG", "acme")
        .env("ROLLCALL_PLAN", "enterprise");
    program.ok(&["team", "create", "--name", "Acme", "--owner-email", "ada@acme.test", "--owner-name", "Ada"]);
    assert!(program.folder().join("elsewhere.db").exists());
    assert!(!program.folder().join("rollcall.db").exists());
}

#[test]
fn a_missing_database_is_rejected_and_not_created() {
    let program = Program::new();
    for args in [
        &["key", "list", "--team", "acme"][..],
        &["scim", "on", "--team", "acme"],
        &["team", "set-plan", "acme", "free"],
        &["sso", "list", "--team", "acme"],
    ] {
        let refusal = program.error_of(args);
        assert_eq!(refusal, "no database at rollcall.db; set --database-url");
    }
    assert_eq!(std::fs::read_dir(program.folder()).unwrap().count(), 0);
}

#[test]
fn an_unusable_database_has_one_line_without_its_password() {
    let program = Program::new();
    for url in [
        "mysql://ada:hunter2hunter2@127.0.0.1/rollcall",
        "postgres://ada:hunter2hunter2@127.0.0.1:1/rollcall",
        "sqlite://no/such/folder/rollcall.db",
        "nonsense",
    ] {
        let refusal = program.error_of(&["migrate", "--database-url", url]);
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
}

#[test]
fn migrating_twice_succeeds() {
    let program = Program::new();
    assert_eq!(program.ok(&["migrate"]), "");
    assert_eq!(program.ok(&["migrate"]), "");
    program.team("acme", "free");
}

#[test]
fn only_the_owner_can_read_a_database_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::new();
    program.ok(&["migrate"]);
    let mode = std::fs::metadata(program.folder().join("rollcall.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
