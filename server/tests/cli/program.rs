//! Runs the program in a separate folder.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The program with its own working directory, which contains its database and its secret.
pub(crate) struct Program {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// The output of a run.
#[derive(Debug)]
pub(crate) struct RunOutput {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// A program with the team `acme` that is ready for SCIM: Enterprise, one enabled SSO method.
    pub(crate) fn with_acme() -> Self {
        let program = Self::new();
        program.team("acme", "enterprise");
        program.okta("acme", "Okta");
        program
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROLLCALL_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder()).envs(self.environment.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> RunOutput {
        self.run_with(args, "")
    }

    /// Runs with this text on stdin.
    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> RunOutput {
        let mut child = self.command().args(args).spawn().unwrap();
        // A program that does not read stdin may have exited already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    /// The run must succeed. Returns stdout.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status, 0, "{args:?}: {output:?}");
        output.stdout
    }

    /// The run must fail with one line on stderr. Returns it without the program's name.
    pub(crate) fn error_of(&self, args: &[&str]) -> String {
        self.run(args).error_line()
    }

    pub(crate) fn team(&self, slug: &str, plan: &str) {
        let email = format!("ada@{slug}.test");
        self.ok(&[
            "team",
            "create",
            "--name",
            slug,
            "--slug",
            slug,
            "--plan",
            plan,
            "--owner-email",
            &email,
            "--owner-name",
            "Ada Lovelace",
        ]);
    }

    /// Adds an enabled OpenID Connect method.
    pub(crate) fn okta(&self, team: &str, name: &str) {
        self.ok(&[
            "sso",
            "add",
            "--team",
            team,
            "--name",
            name,
            "--provider",
            "okta",
            "--protocol",
            "oidc",
            "--issuer",
            "https://okta.example",
            "--client-id",
            "id",
            "--client-secret",
            "not a secret",
            "--enabled",
        ]);
    }
}

impl RunOutput {
    /// The only line on stderr.
    pub(crate) fn error_line(self) -> String {
        assert_ne!(self.status, 0, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        let line = self.stderr.strip_prefix("rollcall: ").unwrap_or_else(|| panic!("{self:?}"));
        line.trim_end().to_owned()
    }
}

impl From<Output> for RunOutput {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
