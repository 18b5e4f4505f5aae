//! `rollcall serve`, from its first line to the signal that stops it.

use crate::program::Program;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, ChildStderr, Command, Stdio},
    time::Duration,
};

/// A running server. Dropping it kills the process.
pub(crate) struct Server {
    child: Child,
    pub(crate) addr: SocketAddr,
    /// The address of the metrics, from the log.
    pub(crate) admin: Option<SocketAddr>,
}

impl Server {
    pub(crate) fn start(program: &Program, more: &[&str]) -> Self {
        let (server, mut log) = Self::start_with_log(program, more);
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        server
    }

    /// Also returns the log from the line after "ready". Only the caller reads it.
    pub(crate) fn start_with_log(program: &Program, more: &[&str]) -> (Self, BufReader<ChildStderr>) {
        Self::start_as(program.command(), more)
    }

    /// With this many file descriptors.
    fn start_with_descriptors(program: &Program, descriptors: u32) -> Self {
        let own = program.command();
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"")).arg(own.get_program());
        command.current_dir(program.folder()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, value) in own.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let (server, mut log) = Self::start_as(command, &QUIET);
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        server
    }

    pub(crate) fn start_as(mut command: Command, more: &[&str]) -> (Self, BufReader<ChildStderr>) {
        let command = command.args(["serve", "--addr", "127.0.0.1:0", "--log-format", "json"]).args(more);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim_end().strip_prefix("listening on http://").map(|addr| addr.parse().unwrap());
        let Some(addr) = addr else {
            let _ = child.kill();
            let mut text = String::new();
            child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
            panic!("{line:?} {text}");
        };
        let mut admin = None;
        let mut log = BufReader::new(child.stderr.take().unwrap());
        loop {
            let mut line = String::new();
            log.read_line(&mut line).unwrap();
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
            if let Some(addr) = entry["admin"].as_str() {
                admin = Some(addr.parse().unwrap());
            }
            if entry["message"] == "ready" {
                break;
            }
        }
        (Self { child, addr, admin }, log)
    }

    /// Sends a request on a new connection. Returns status line, headers and body.
    pub(crate) fn get(&self, path: &str, headers: &str) -> String {
        get(self.addr, path, headers)
    }

    /// Creates a User with a key. Returns the response.
    pub(crate) fn create_user(&self, key: &str, name: &str) -> String {
        let body = format!(r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{name}"}}"#);
        let headers = format!("Authorization: Bearer {key}\r\nContent-Type: application/scim+json\r\n");
        self.post("/scim/v2/Users", &headers, &body)
    }

    /// Sends a body. Returns the response.
    pub(crate) fn post(&self, path: &str, headers: &str, body: &str) -> String {
        let mut connection = connect(self.addr);
        write!(
            connection,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            self.addr,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end of the process. Returns its exit code.
    pub(crate) fn exit_code(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn connect(addr: SocketAddr) -> TcpStream {
    let connection = TcpStream::connect(addr).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection
}

pub(crate) fn get(addr: SocketAddr, path: &str, headers: &str) -> String {
    let mut connection = connect(addr);
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) const QUIET: [&str; 2] = ["--admin-addr", "off"];

#[test]
fn a_new_database_is_created_and_served() {
    let program = Program::new();
    let server = Server::start(&program, &QUIET);
    assert!(server.get("/healthz", "").starts_with("HTTP/1.1 200"));
    assert!(server.get("/readyz", "").starts_with("HTTP/1.1 200"));
    assert!(server.get("/sign-in", "").contains("Sign in"));
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn sigint_stops_the_server() {
    let program = Program::new();
    let server = Server::start(&program, &QUIET);
    server.signal("INT");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn commands_take_effect_while_the_server_runs() {
    let program = Program::with_acme();
    program.ok(&["scim", "on", "--team", "acme"]);
    let server = Server::start(&program, &QUIET);
    let key = program.ok(&["key", "generate", "--team", "acme", "--name", "ci"]);
    let id = domain::key::parse(key.trim_end()).unwrap().to_string();
    let request = || server.get("/scim/v2/Users", &format!("Authorization: Bearer {}\r\n", key.trim_end()));
    assert!(request().starts_with("HTTP/1.1 200"), "{}", request());
    program.ok(&["scim", "off", "--team", "acme"]);
    assert!(request().starts_with("HTTP/1.1 403"), "{}", request());
    program.ok(&["scim", "on", "--team", "acme"]);
    assert!(request().starts_with("HTTP/1.1 200"), "{}", request());
    program.ok(&["key", "revoke", "--team", "acme", &id]);
    assert!(request().starts_with("HTTP/1.1 401"), "{}", request());
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
    let list = program.ok(&["key", "list", "--team", "acme"]);
    assert!(!list.contains("never"), "the last use was written down at the end: {list}");
}

#[test]
fn a_request_in_progress_is_completed() {
    let program = Program::new();
    let server = Server::start(&program, &QUIET);
    let mut connection = connect(server.addr);
    let (body, addr) = ("email=ada%40acme.test&password=violet+harbour+17+lamps", server.addr);
    let (first, rest) = body.split_at(10);
    write!(
        connection,
        "POST /sign-in HTTP/1.1\r\nHost: {addr}\r\nAccept: text/html\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len(),
    )
    .unwrap();
    // "100 Continue" shows that the server is processing the request.
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    write!(connection, "{first}").unwrap();
    server.signal("TERM");
    // From now on, the server accepts no new connection.
    while TcpStream::connect(addr).is_ok() {
        std::thread::yield_now();
    }
    write!(connection, "{rest}").unwrap();
    let mut answer = String::new();
    reader.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 401"), "{answer}");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn a_second_signal_stops_the_server_at_once() {
    let program = Program::new();
    let server = Server::start(&program, &QUIET);
    let mut connection = connect(server.addr);
    write!(
        connection,
        "POST /sign-in HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 50\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n",
        server.addr
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(connection.try_clone().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    server.signal("TERM");
    while TcpStream::connect(server.addr).is_ok() {
        std::thread::yield_now();
    }
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn with_256_descriptors_idle_connections_block_no_request() {
    let program = Program::new();
    let server = Server::start_with_descriptors(&program, 256);
    let half: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut connection = connect(server.addr);
            write!(connection, "GET /healthz HTTP/1.1\r\nHost: x\r\n").unwrap();
            connection
        })
        .collect();
    for path in ["/healthz", "/readyz", "/sign-in", "/healthz"] {
        assert!(server.get(path, "").starts_with("HTTP/1.1 200"), "{path}");
    }
    drop(half);
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn with_256_descriptors_long_requests_leave_room_for_health_checks() {
    let program = Program::new();
    let server = Server::start_with_descriptors(&program, 256);
    // Each waits for a body that never arrives.
    let busy: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut connection = connect(server.addr);
            write!(
                connection,
                "POST /appearance HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 50\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n"
            )
            .unwrap();
            connection
        })
        .collect();
    for path in ["/healthz", "/readyz", "/sign-in"] {
        assert!(server.get(path, "").starts_with("HTTP/1.1 200"), "{path}");
    }
    drop(busy);
    server.signal("TERM");
    server.signal("TERM");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn connection_limits_must_be_numbers() {
    let program = Program::new();
    for flag in ["--max-connections", "--max-connections-per-address"] {
        for wrong in ["0", "-1", "many"] {
            let output = program.run(&["serve", &format!("{flag}={wrong}")]);
            assert_eq!(output.status, 2, "{output:?}");
            assert!(output.stderr.contains("give a whole number of 1 or more"), "{}", output.stderr);
        }
    }
    let server = Server::start(&program, &["--admin-addr", "off", "--max-connections", "1000000000"]);
    assert!(server.get("/healthz", "").starts_with("HTTP/1.1 200"));
}

#[test]
fn metrics_are_only_on_their_own_address() {
    let program = Program::new();
    let server = Server::start(&program, &["--admin-addr", "127.0.0.1:0"]);
    let metrics = get(server.admin.unwrap(), "/metrics", "");
    assert!(metrics.starts_with("HTTP/1.1 200") && metrics.contains("rollcall_build_info{version="), "{metrics}");
    assert!(server.get("/metrics", "").starts_with("HTTP/1.1 404"));
    assert!(get(server.admin.unwrap(), "/sign-in", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn an_address_in_use_is_rejected() {
    let program = Program::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    let refusal = program.error_of(&["serve", "--admin-addr", "off", "--addr", &addr]);
    assert!(refusal.starts_with(&format!("can't listen on {addr}: ")), "{refusal}");
    assert!(refusal.ends_with("; is another server running on this port?"), "{refusal}");
    let refusal = program.error_of(&["serve", "--addr", "127.0.0.1:0", "--admin-addr", &addr]);
    assert!(refusal.ends_with("; choose another --admin-addr, or off"), "{refusal}");
}
