//! `rollcall self-test` against the server itself, and against proxies in front of it.

use crate::{
    program::{Program, RunOutput},
    serve::Server,
};
use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Stdio},
};
use store::Store;

/// A team that is ready, and its server.
fn ready() -> (Program, Server) {
    let program = Program::with_acme();
    program.ok(&["scim", "on", "--team", "acme"]);
    let server = Server::start(&program, &["--admin-addr", "off"]);
    (program, server)
}

fn test(program: &Program, addr: SocketAddr) -> RunOutput {
    program.run(&["self-test", "--team", "acme", "--url", &format!("http://{addr}")])
}

/// Checks that only the log has traces of the test.
async fn is_clean(program: &Program) {
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let acme = store.team_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((acme.member_count, acme.group_count), (1, 0));
    assert!(store.remaining_self_tests(None).await.unwrap().is_empty());
    assert_eq!(program.ok(&["key", "list", "--team", "acme"]), "", "its key is not listed");
}

/// A proxy in front of the server: `meddle` responds to a request, or lets it pass.
fn proxy(server: SocketAddr, meddle: fn(&str) -> Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let request = read(&mut client);
            let answer = match meddle(&request) {
                Some(answer) => answer.as_bytes().to_vec(),
                None => {
                    let mut through = TcpStream::connect(server).unwrap();
                    through.write_all(request.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).unwrap();
                    let mut answer = Vec::new();
                    through.read_to_end(&mut answer).unwrap();
                    answer
                }
            };
            let _ = client.write_all(&answer);
        }
    });
    addr
}

/// Reads one request with its body.
fn read(client: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = client.read(&mut part).unwrap();
        request.extend_from_slice(&part[..count]);
        let text = String::from_utf8(request.clone()).unwrap();
        let length = text
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
        if text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length) || count == 0 {
            return text;
        }
    }
}

const BAD_GATEWAY: &str = "HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\
                           Connection: close\r\n\r\n<h1>";

#[tokio::test]
async fn every_step_passes_and_no_data_is_left() {
    let (program, server) = ready();
    for _ in 0..2 {
        let output = test(&program, server.addr);
        assert_eq!(output.status, 0, "{output:?}");
        assert!(output.stdout.lines().all(|line| line.starts_with("passed   ")), "{}", output.stdout);
        for step in
            ["Okta creates the person", "Entra ID disables the person with a string value", "Okta deletes the group"]
        {
            assert!(output.stdout.contains(step), "{step}: {}", output.stdout);
        }
        let asked = format!("asking http://{}/scim/v2\nall ", server.addr);
        assert!(output.stderr.starts_with(&asked) && !output.stdout.contains("rc_scim_"), "{output:?}");
        is_clean(&program).await;
    }
}

#[tokio::test]
async fn a_response_of_a_proxy_is_recognized() {
    let (program, server) = ready();
    let output = test(&program, proxy(server.addr, |_| Some(BAD_GATEWAY)));
    assert_eq!(output.status, 1, "{output:?}");
    let words = "FAILED   Okta tests the connection: something in front of Rollcall answered instead: 502, \
                text/html, from nginx";
    assert!(output.stdout.contains(words), "{}", output.stdout);
    assert!(output.stdout.contains("skipped  Okta continues with the person"), "{}", output.stdout);
    let advice = "Something in front of Rollcall answered instead. Make the proxy";
    assert!(output.stderr.contains("steps failed") && output.stderr.contains(advice), "{}", output.stderr);
    is_clean(&program).await;
}

#[tokio::test]
async fn data_is_removed_after_failed_steps() {
    let (program, server) = ready();
    let output = test(&program, proxy(server.addr, |request| request.starts_with("PATCH").then_some(BAD_GATEWAY)));
    assert_eq!(output.status, 1, "{output:?}");
    assert!(output.stdout.contains("passed   Okta creates the person"), "{}", output.stdout);
    assert!(output.stdout.contains("FAILED   Okta deactivates the person: something in front"), "{}", output.stdout);
    is_clean(&program).await;
    // Over HTTP, nothing can be deleted or found.
    let lost = |request: &str| (!request.starts_with("POST")).then_some(BAD_GATEWAY);
    let output = test(&program, proxy(server.addr, lost));
    assert!(output.stdout.contains("passed   Entra ID creates a group"), "{}", output.stdout);
    is_clean(&program).await;
}

#[test]
fn a_redirect_names_its_target() {
    const MOVED: &str = "HTTP/1.1 301 Moved\r\nLocation: https://sso.example.com/in?x=1\r\nContent-Length: 0\r\n\
                         Connection: close\r\n\r\n";
    let (program, server) = ready();
    let output = test(&program, proxy(server.addr, |_| Some(MOVED)));
    assert!(output.stdout.contains("redirected the request: 301 to https://sso.example.com/in\n"), "{output:?}");
}

#[test]
fn the_public_url_has_the_same_default_as_that_of_the_server() {
    let (program, server) = ready();
    let asks = |program: &Program, more: &[&str], url: &str| {
        let output = program.run(&[&["self-test", "--team", "acme"], more].concat());
        assert!(output.stderr.contains(&format!("asking {url}/scim/v2\n")), "{url}: {output:?}");
        output
    };
    let url = format!("http://{}", server.addr);
    let program = program.env("ROLLCALL_PUBLIC_URL", &url);
    assert_eq!(asks(&program, &[], &url).status, 0);
    asks(&program, &["--url", "http://localhost:1"], "http://localhost:1");
    asks(&program, &["--public-url", "http://localhost:2"], "http://localhost:2");
}

#[tokio::test]
async fn signals_remove_the_data_and_the_next_run_removes_that_of_a_killed_one() {
    let (program, server) = ready();
    // Passes the creation of the person, and never responds to later requests.
    let stuck = TcpListener::bind("127.0.0.1:0").unwrap();
    let (addr, upstream) = (stuck.local_addr().unwrap(), server.addr);
    let (created, creations) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut connections = Vec::new();
        for client in stuck.incoming() {
            let mut client = client.unwrap();
            let request = read(&mut client);
            let mut through = TcpStream::connect(upstream).unwrap();
            through.write_all(request.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).unwrap();
            let mut answer = Vec::new();
            through.read_to_end(&mut answer).unwrap();
            if request.starts_with("POST /scim/v2/Groups") {
                created.send(()).unwrap();
                connections.push(client);
            } else {
                let _ = client.write_all(&answer);
            }
        }
    });
    let begin = || {
        let url = format!("http://{addr}");
        let mut command = program.command();
        command.args(["self-test", "--team", "acme", "--url", &url]);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        creations.recv().unwrap();
        process
    };
    for signal in ["TERM", "HUP", "INT"] {
        let mut process = begin();
        let kill_status = Command::new("kill").arg(format!("-{signal}")).arg(process.id().to_string()).status();
        assert!(kill_status.unwrap().success());
        assert_eq!(process.wait().unwrap().code(), Some(1), "{signal}");
        is_clean(&program).await;
    }
    let left = |store: Store| async move { store.team_by_slug("acme").await.unwrap().unwrap().group_count };
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let mut process = begin();
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(left(store.clone()).await, 1);
    assert_eq!(test(&program, server.addr).status, 0);
    is_clean(&program).await;

    let mut process = begin();
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(left(store).await, 1);
    drop(server);
    let _again = Server::start(&program, &["--admin-addr", "off"]);
    is_clean(&program).await;
}

#[test]
fn a_server_of_another_database_is_reported() {
    let (program, _server) = ready();
    let (_other, elsewhere) = ready();
    let output = test(&program, elsewhere.addr);
    assert_eq!(output.status, 1);
    assert!(output.stdout.contains("(is that server using this database?)"), "{}", output.stdout);
}

#[test]
fn a_rejected_test_leaves_no_key() {
    let program = Program::with_acme();
    let error_for = |url: &str| program.error_of(&["self-test", "--team", "acme", "--url", url]);
    let over_http = error_for("http://rollcall.example.com");
    assert_eq!(over_http, "--url: keys are only sent over https://, or to this machine");
    assert!(error_for("http://localhost:1").starts_with("SCIM provisioning is off"));
    assert_eq!(program.error_of(&["self-test", "--team", "nobody"]), "team “nobody” not found");
    assert_eq!(program.ok(&["key", "list", "--team", "acme"]), "");
}
