use crate::program::Program;

const CREATE: [&str; 12] = [
    "team",
    "create",
    "--name",
    "Acme",
    "--slug",
    "acme",
    "--plan",
    "enterprise",
    "--owner-email",
    "ada@acme.test",
    "--owner-name",
    "Ada Lovelace",
];

#[test]
fn a_generated_password_is_the_only_text_on_stdout() {
    let output = Program::new().run(&CREATE);
    assert_eq!(output.status, 0, "{output:?}");
    let password = output.stdout.strip_suffix('\n').unwrap();
    assert!(password.len() >= 24 && password.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{password}");
    assert!(!output.stderr.contains(password));
    assert!(output.stderr.contains("team “acme” created on the Enterprise plan"), "{output:?}");
}

#[test]
fn a_given_password_is_not_printed() {
    let program = Program::new();
    let args = [&CREATE[..], &["--owner-password-stdin"]].concat();
    let output = program.run_with(&args, "violet harbour 17 lamps\n");
    assert_eq!((output.status, output.stdout.as_str()), (0, ""), "{output:?}");
    assert!(!output.stderr.contains("violet"));
}

#[test]
fn a_weak_password_is_rejected_and_creates_nothing() {
    let program = Program::new();
    let args = [&CREATE[..], &["--owner-password-stdin"]].concat();
    for (weak, text) in [
        ("", "--owner-password-stdin: Enter a password."),
        ("fourteen signs", "--owner-password-stdin: Use 15 characters or more."),
        ("passwordpassword\n", "--owner-password-stdin: This password is too common."),
    ] {
        let refusal = program.run_with(&args, weak).error_line();
        assert!(refusal.starts_with(text), "{refusal}");
    }
    assert_eq!(std::fs::read_dir(program.folder()).unwrap().count(), 0);
}

#[test]
fn errors_about_names_name_the_flag() {
    let program = Program::new();
    for (flag, value) in [
        ("--name", " "),
        ("--name", &"x".repeat(65)),
        ("--owner-name", "a\u{202E}b"),
        ("--owner-email", "ada"),
        ("--owner-email", ""),
    ] {
        let mut args = CREATE;
        let at = args.iter().position(|arg| *arg == flag).unwrap();
        args[at + 1] = value;
        let refusal = program.error_of(&args);
        assert!(refusal.starts_with(&format!("{flag}: ")), "{refusal}");
    }
}

#[test]
fn a_slug_can_be_used_only_once() {
    let program = Program::new();
    program.ok(&CREATE);
    assert_eq!(program.error_of(&CREATE), "slug “acme” is already taken");
}

#[test]
fn two_simultaneous_commands_on_a_new_database_succeed() {
    let program = Program::new();
    std::thread::scope(|scope| {
        let commands = ["acme", "umbrella"].map(|slug| {
            let program = &program;
            scope.spawn(move || program.team(slug, "free"))
        });
        commands.into_iter().for_each(|one| one.join().unwrap());
    });
    program.ok(&["key", "list", "--team", "acme"]);
    program.ok(&["key", "list", "--team", "umbrella"]);
}

#[test]
fn the_plan_can_be_changed() {
    let program = Program::with_acme();
    program.ok(&["team", "set-plan", "acme", "professional"]);
    let refusal = program.error_of(&["scim", "on", "--team", "acme"]);
    assert_eq!(refusal, "SCIM provisioning is part of the Enterprise plan. This team is on Professional.");
    program.ok(&["team", "set-plan", "acme", "Enterprise"]);
    program.ok(&["scim", "on", "--team", "acme"]);
    assert_eq!(program.error_of(&["team", "set-plan", "nobody", "free"]), "team “nobody” not found");
}

#[test]
fn a_team_is_deleted_only_with_a_confirmation() {
    let program = Program::with_acme();
    program.team("umbrella", "free");
    for args in [&["team", "delete", "acme"][..], &["team", "delete", "acme", "--confirm", "umbrella"]] {
        let refusal = program.error_of(args);
        assert_eq!(refusal, "this permanently deletes team “acme”; to proceed, add --confirm acme");
    }
    program.ok(&["key", "list", "--team", "acme"]);
    program.ok(&["team", "delete", "acme", "--confirm", "acme"]);
    assert_eq!(program.error_of(&["key", "list", "--team", "acme"]), "team “acme” not found");
    assert_eq!(program.error_of(&["team", "delete", "acme", "--confirm", "acme"]), "team “acme” not found");
    program.ok(&["key", "list", "--team", "umbrella"]);
    program.team("acme", "free");
}
