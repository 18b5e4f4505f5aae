//! The log of `rollcall serve` when nothing reads stderr.

use crate::{
    program::Program,
    serve::{Server, connect, get},
};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::ChildStderr,
};

/// A log level with a line for every request, including those of monitoring.
const VERBOSE: &str = "info,server=debug";
/// Far more lines than fit into a pipe and the queue.
const MANY: usize = 100_000;

/// Repeats requests on one connection until `enough`. Every response must be successful.
fn request_until(addr: SocketAddr, enough: impl Fn() -> bool) {
    const AT_ONCE: usize = 500;
    let mut connection = BufReader::new(connect(addr));
    let requests = format!("GET /healthz HTTP/1.1\r\nHost: {addr}\r\n\r\n").repeat(AT_ONCE);
    for _ in 0..MANY / AT_ONCE {
        connection.get_mut().write_all(requests.as_bytes()).unwrap();
        (0..AT_ONCE).for_each(|_| read_answer(&mut connection));
        if enough() {
            return;
        }
    }
    panic!("no line was dropped in {MANY} requests");
}

fn read_answer(connection: &mut BufReader<TcpStream>) {
    let (mut line, mut length) = (String::new(), 0);
    connection.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    while line != "\r\n" {
        line.clear();
        connection.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim_end().parse().unwrap();
        }
    }
    connection.read_exact(&mut vec![0; length]).unwrap();
}

/// The value of the metric.
fn dropped(admin: SocketAddr) -> u64 {
    let metrics = get(admin, "/metrics", "");
    let value = metrics.lines().find_map(|line| line.strip_prefix("rollcall_log_lines_dropped_total "));
    value.unwrap_or_else(|| panic!("{metrics}")).parse().unwrap()
}

/// Reads up to a message with these words. Returns it.
fn read_until(log: &mut BufReader<ChildStderr>, words: &str) -> String {
    loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the log ended without {words:?}");
        let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
        let message = entry["message"].as_str().unwrap_or_default();
        if message.contains(words) {
            return message.to_owned();
        }
    }
}

#[test]
fn requests_are_served_while_nothing_reads_the_log() {
    let program = Program::new().env("ROLLCALL_LOG", VERBOSE);
    let (server, mut log) = Server::start_with_log(&program, &["--admin-addr", "127.0.0.1:0"]);
    let admin = server.admin.unwrap();
    assert_eq!(dropped(admin), 0);

    request_until(server.addr, || dropped(admin) > 0);
    assert!(get(server.addr, "/sign-in", "").starts_with("HTTP/1.1 200"));

    let message = read_until(&mut log, "lines were dropped");
    let count: u64 = message.split(' ').next().unwrap().parse().unwrap();
    assert!(count > 0 && count <= dropped(admin), "{message}");

    server.signal("TERM");
    read_until(&mut log, "shutting down");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn the_server_stops_while_nothing_reads_the_log() {
    let program = Program::new().env("ROLLCALL_LOG", VERBOSE);
    let (server, log) = Server::start_with_log(&program, &["--admin-addr", "127.0.0.1:0"]);
    let admin = server.admin.unwrap();
    request_until(server.addr, || dropped(admin) > 0);
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
    drop(log);
}

#[test]
fn the_last_lines_are_written_before_the_end() {
    let program = Program::new();
    let (server, mut log) = Server::start_with_log(&program, &["--admin-addr", "off"]);
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
    read_until(&mut log, "shutting down");
}
