//! The server secret: created once, readable by its owner only. Nothing starts without it or with another one.

use crate::program::Program;
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
};

const LIST: [&str; 4] = ["key", "list", "--team", "acme"];

#[test]
fn only_the_owner_can_read_the_new_file() {
    let program = Program::new();
    program.team("acme", "free");
    let file = program.folder().join("rollcall.secret");
    let created = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(created.trim_end().len(), 64);
    program.ok(&LIST);
    assert_eq!(fs::read_to_string(&file).unwrap(), created, "it is not replaced");
}

#[test]
fn a_file_that_others_can_read_is_rejected() {
    let program = Program::new();
    program.team("acme", "free");
    fs::set_permissions(program.folder().join("rollcall.secret"), Permissions::from_mode(0o640)).unwrap();
    assert_eq!(
        program.error_of(&LIST),
        "the secret file rollcall.secret is readable by others (mode 0640); run chmod 600 on it"
    );
    assert!(program.error_of(&["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"]).contains("mode 0640"));
}

#[test]
fn a_missing_secret_is_not_replaced() {
    let program = Program::new();
    program.team("acme", "free");
    let file = program.folder().join("rollcall.secret");
    let secret = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    for args in [&LIST[..], &["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"], &["demo"]] {
        let refusal = program.error_of(args);
        assert!(refusal.starts_with("server secret missing"), "{refusal}");
    }
    assert!(!file.exists());

    let elsewhere = program.folder().join("elsewhere");
    fs::write(&elsewhere, secret).unwrap();
    fs::set_permissions(&elsewhere, Permissions::from_mode(0o400)).unwrap();
    program.ok(&[&LIST[..], &["--secret-file", "elsewhere"]].concat());
}

#[test]
fn another_secret_is_rejected_and_not_printed() {
    let program = Program::new();
    program.team("acme", "free");
    let other = "0123456789abcdef".repeat(4);
    fs::write(program.folder().join("rollcall.secret"), &other).unwrap();
    let refusal = program.error_of(&LIST);
    assert_eq!(refusal, "the server secret (rollcall.secret) doesn't match the one this database was set up with");
    fs::write(program.folder().join("rollcall.secret"), &other[1..]).unwrap();
    assert_eq!(program.error_of(&LIST), "the server secret (rollcall.secret) isn't 64 hexadecimal digits");
}

#[test]
fn the_environment_has_precedence_over_the_file() {
    let secret = "0123456789abcdef".repeat(4);
    let program = Program::new().env("ROLLCALL_SECRET", &secret);
    program.team("acme", "free");
    assert!(!program.folder().join("rollcall.secret").exists());
    program.ok(&LIST);
    let program = program.env("ROLLCALL_SECRET", &secret.replace('0', "1"));
    assert!(program.error_of(&LIST).starts_with("the server secret (ROLLCALL_SECRET) doesn't match the one"));
}
