//! Faults around a server: a full disk, a lost or damaged file, a second server.

use crate::{
    program::Program,
    serve::{QUIET, Server},
};
use std::{
    fs,
    os::unix::fs::{FileExt as _, PermissionsExt as _},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

/// A program with a team that is ready for SCIM, and its key.
fn provisioned() -> (Program, String) {
    let program = Program::with_acme();
    program.ok(&["scim", "on", "--team", "acme"]);
    let key = program.ok(&["key", "generate", "--team", "acme", "--name", "ci"]).trim_end().to_owned();
    (program, key)
}

fn database(program: &Program) -> PathBuf {
    program.folder().join("rollcall.db")
}

/// Repeats a request until the response is as expected, for at least ten seconds.
fn until<T>(what: &str, mut ask: impl FnMut(usize) -> Result<T, String>) -> T {
    let mut last = String::new();
    for attempt in 0..200 {
        match ask(attempt) {
            Ok(right) => return right,
            Err(wrong) => last = wrong,
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("{what}: {last}");
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or("none")
}

/// Waits until `/readyz` has this status. Returns the response.
fn until_ready_is(server: &Server, wanted: &str) -> String {
    until(&format!("/readyz is {wanted}"), |_| {
        let answer = server.get("/readyz", "");
        if status(&answer) == wanted { Ok(answer) } else { Err(answer) }
    })
}

/// Waits until `/readyz` has this reason. A read during the copy may have another one first.
fn until_ready_says(server: &Server, reason: &str) {
    until(&format!("/readyz has the reason {reason}"), |_| {
        let answer = server.get("/readyz", "");
        if status(&answer) == "503" && answer.contains(reason) { Ok(()) } else { Err(answer) }
    });
}

/// Waits until a User can be created.
fn until_users_are_created(server: &Server, key: &str, name: &str) {
    until("a User is created", |attempt| {
        let answer = server.create_user(key, &format!("{name}{attempt}"));
        if status(&answer) == "201" { Ok(()) } else { Err(answer) }
    });
}

/// For this process, a limit on the file size is a full disk. Raising the limit frees space.
#[test]
fn the_server_recovers_from_a_full_disk_without_a_restart() {
    // Rejections in a row.
    const FULL: usize = 400;
    let (program, key) = provisioned();
    let mut limited = Command::new("bash");
    let original = program.command();
    limited.args(["-c", "ulimit -S -f 1024; exec \"$0\" \"$@\""]).arg(original.get_program());
    limited.current_dir(program.folder());
    limited.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (server, mut log) = Server::start_as(limited, &[&QUIET[..], &["--scim-rate", "0"]].concat());
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    // Each checkpoint empties the log, so changes succeed again until the file itself cannot grow either. There is a checkpoint
    // per second, and these rejections take longer than that.
    let mut refused_in_a_row = 0;
    for attempt in 0..100_000 {
        let answer = server.create_user(&key, &format!("a{attempt}"));
        match status(&answer) {
            "201" => refused_in_a_row = 0,
            "503" => refused_in_a_row += 1,
            other => panic!("{other} is not a rejection with a retry: {answer}"),
        }
        if refused_in_a_row == FULL {
            break;
        }
    }
    assert_eq!(refused_in_a_row, FULL, "the disk is full");
    until_ready_is(&server, "503");
    assert_eq!(
        status(&server.get("/scim/v2/Users", &format!("Authorization: Bearer {key}\r\n"))),
        "200",
        "reading continues"
    );
    let raised = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &server.process().to_string()]).status();
    assert!(raised.unwrap().success());
    until_users_are_created(&server, &key, "c");
    until_ready_is(&server, "200");
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn a_moved_file_is_reported_and_its_return_is_noticed() {
    let (program, key) = provisioned();
    let server = Server::start(&program, &QUIET);
    let (path, away) = (database(&program), program.folder().join("away.db"));
    assert_eq!(status(&server.create_user(&key, "a")), "201");
    fs::rename(&path, &away).unwrap();
    assert_eq!(status(&server.create_user(&key, "b")), "503", "no change is acknowledged");
    let text = until_ready_is(&server, "503");
    assert!(text.contains("was deleted or moved away") && text.contains("start Rollcall again"), "{text}");
    until("reading is refused", |_| {
        let answer = server.get("/scim/v2/Users", &format!("Authorization: Bearer {key}\r\n"));
        if status(&answer) == "503" { Ok(()) } else { Err(answer) }
    });
    fs::rename(&away, &path).unwrap();
    until_users_are_created(&server, &key, "c");
    until_ready_is(&server, "200");
}

/// A backup that contains what the server wrote after its last checkpoint.
#[test]
fn a_recent_backup_that_is_copied_over_the_file_is_reported() {
    let (program, key) = provisioned();
    let (path, backup) = (database(&program), program.folder().join("backup.db"));
    let server = Server::start(&program, &QUIET);
    assert_eq!(status(&server.create_user(&key, "before")), "201");
    // Until the numbers of the log and of the backup are equal: the checkpoint after the last change.
    let connection = rusqlite::Connection::open(&path).unwrap();
    let marker = || -> i64 {
        let sql = "SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'checkpoint'";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = marker();
    until("a checkpoint", |_| if marker() > before { Ok(()) } else { Err(marker().to_string()) });
    connection.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    fs::copy(&backup, &path).unwrap();
    until_ready_says(&server, "was overwritten");
    assert_eq!(status(&server.create_user(&key, "late")), "503");
}

/// Checkpoints of other programs lose no data.
#[test]
fn checkpoints_of_other_programs_lose_no_data() {
    let (program, key) = provisioned();
    let path = database(&program);
    let server = Server::start(&program, &QUIET);
    for number in 0..40 {
        assert_eq!(status(&server.create_user(&key, &format!("before{number}"))), "201");
        let other = rusqlite::Connection::open(&path).unwrap();
        other.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        assert_eq!(status(&server.create_user(&key, &format!("after{number}"))), "201");
    }
    until_ready_is(&server, "200");
}

/// Restores a backup while the server runs, in both ways: another file with that name, and other content in that file.
#[test]
fn a_restored_backup_is_neither_written_nor_damaged() {
    for in_place in [false, true] {
        let (program, key) = provisioned();
        let (path, backup) = (database(&program), program.folder().join("backup.db"));
        let server = Server::start(&program, &QUIET);
        for number in 0..20 {
            assert_eq!(status(&server.create_user(&key, &format!("before{number}"))), "201");
        }
        // The content on disk, without the log.
        fs::copy(&path, &backup).unwrap();
        for number in 0..20 {
            assert_eq!(status(&server.create_user(&key, &format!("after{number}"))), "201");
        }
        if in_place {
            fs::copy(&backup, &path).unwrap();
        } else {
            fs::copy(&backup, program.folder().join("new.db")).unwrap();
            fs::rename(program.folder().join("new.db"), &path).unwrap();
        }
        until_ready_says(&server, if in_place { "was overwritten" } else { "was replaced by another file" });
        assert_eq!(status(&server.create_user(&key, "late")), "503");
        let refusal = program.error_of(&["key", "list", "--team", "acme"]);
        assert!(refusal.contains("was replaced while a server was using it"), "{refusal}");
        server.signal("TERM");
        server.exit_code();
        assert_eq!(fs::read(&path).unwrap(), fs::read(&backup).unwrap(), "not a byte was written");
        let server = Server::start(&program, &QUIET);
        until_ready_is(&server, "200");
        assert_eq!(status(&server.create_user(&key, "again")), "201");
        program.ok(&["key", "list", "--team", "acme"]);
    }
}

#[test]
fn a_second_server_is_rejected_but_commands_work() {
    let (program, _key) = provisioned();
    let server = Server::start(&program, &QUIET);
    let output = program.run(&["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"]);
    assert_eq!(output.status, 1, "{output:?}");
    let text = format!("another Rollcall server (process {}) is serving", server.process());
    assert!(output.stderr.contains(&text), "{output:?}");
    assert_eq!(status(&server.get("/readyz", "")), "200");
    program.team("umbrella", "free");
    program.ok(&["team", "delete", "umbrella", "--confirm", "umbrella"]);
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
    drop(Server::start(&program, &QUIET));
}

#[test]
fn a_server_does_not_start_on_a_damaged_file() {
    for unclean in [true, false] {
        let (program, key) = provisioned();
        let server = Server::start(&program, &QUIET);
        for number in 0..5 {
            assert_eq!(status(&server.create_user(&key, &format!("a{number}"))), "201");
        }
        if unclean {
            drop(server);
        } else {
            server.signal("TERM");
            assert_eq!(server.exit_code(), Some(0));
        }
        let file = fs::OpenOptions::new().write(true).open(database(&program)).unwrap();
        let pages = file.metadata().unwrap().len() / 4096;
        for page in 1..pages {
            file.write_all_at(&[0xAA; 4096], page * 4096).unwrap();
        }
        drop(file);
        let output = program.run(&["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"]);
        assert_eq!((output.status, output.stdout.as_str()), (1, ""), "{output:?}");
        assert!(output.stderr.contains("is damaged") && output.stderr.contains("Restore a backup"), "{output:?}");
    }
}

#[test]
fn only_the_owner_can_read_the_database() {
    let (program, _key) = provisioned();
    let path = database(&program);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    program.ok(&["key", "list", "--team", "acme"]);
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let _server = Server::start(&program, &QUIET);
    for ending in ["", "-wal", "-shm", ".lock"] {
        assert_eq!(mode(&program.folder().join(format!("rollcall.db{ending}"))), 0o600, "{ending}");
    }
}
