//! `rollcall self-test`: against the server itself, and against what may stand in front of it.

use crate::{
    program::{Done, Program},
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

fn test(program: &Program, addr: SocketAddr) -> Done {
    program.run(&["self-test", "--team", "acme", "--url", &format!("http://{addr}")])
}

/// Nothing of the test is left but what the log tells.
async fn is_clean(program: &Program) {
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let acme = store.team_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((acme.member_count, acme.group_count), (1, 0));
    assert!(store.remaining_self_tests(None).await.unwrap().is_empty());
    assert_eq!(program.ok(&["key", "list", "--team", "acme"]), "", "its key is not listed");
}

/// Something in front of the server: `meddle` answers a request, or lets it through.
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

/// One request, with its body.
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
async fn every_step_passes_and_nothing_stays_behind() {
    let (program, server) = ready();
    for _ in 0..2 {
        let done = test(&program, server.addr);
        assert_eq!(done.status, 0, "{done:?}");
        assert!(done.stdout.lines().all(|line| line.starts_with("passed   ")), "{}", done.stdout);
        for step in
            ["Okta creates the person", "Entra ID disables the person with a string value", "Okta deletes the group"]
        {
            assert!(done.stdout.contains(step), "{step}: {}", done.stdout);
        }
        let asked = format!("asking http://{}/scim/v2\nall ", server.addr);
        assert!(done.stderr.starts_with(&asked) && !done.stdout.contains("rc_scim_"), "{done:?}");
        is_clean(&program).await;
    }
}

#[tokio::test]
async fn a_proxy_that_answers_instead_is_told_from_rollcall() {
    let (program, server) = ready();
    let done = test(&program, proxy(server.addr, |_| Some(BAD_GATEWAY)));
    assert_eq!(done.status, 1, "{done:?}");
    let says = "FAILED   Okta tests the connection: something in front of Rollcall answered instead: 502, \
                text/html, from nginx";
    assert!(done.stdout.contains(says), "{}", done.stdout);
    assert!(done.stdout.contains("skipped  Okta continues with the person"), "{}", done.stdout);
    let advice = "Something in front of Rollcall answered instead. Make the proxy";
    assert!(done.stderr.contains("steps failed") && done.stderr.contains(advice), "{}", done.stderr);
    is_clean(&program).await;
}

#[tokio::test]
async fn what_was_made_is_removed_when_steps_fail() {
    let (program, server) = ready();
    let done = test(&program, proxy(server.addr, |request| request.starts_with("PATCH").then_some(BAD_GATEWAY)));
    assert_eq!(done.status, 1, "{done:?}");
    assert!(done.stdout.contains("passed   Okta creates the person"), "{}", done.stdout);
    assert!(done.stdout.contains("FAILED   Okta deactivates the person: something in front"), "{}", done.stdout);
    is_clean(&program).await;
    // Nothing can be deleted or found over HTTP.
    let lost = |request: &str| (!request.starts_with("POST")).then_some(BAD_GATEWAY);
    let done = test(&program, proxy(server.addr, lost));
    assert!(done.stdout.contains("passed   Entra ID creates a group"), "{}", done.stdout);
    is_clean(&program).await;
}

#[test]
fn a_redirect_names_its_target() {
    const MOVED: &str = "HTTP/1.1 301 Moved\r\nLocation: https://sso.example.com/in?x=1\r\nContent-Length: 0\r\n\
                         Connection: close\r\n\r\n";
    let (program, server) = ready();
    let done = test(&program, proxy(server.addr, |_| Some(MOVED)));
    assert!(done.stdout.contains("redirected the request: 301 to https://sso.example.com/in\n"), "{done:?}");
}

#[test]
fn it_asks_at_the_public_url_as_the_server_has_it() {
    let (program, server) = ready();
    let asks = |program: &Program, more: &[&str], url: &str| {
        let done = program.run(&[&["self-test", "--team", "acme"], more].concat());
        assert!(done.stderr.contains(&format!("asking {url}/scim/v2\n")), "{url}: {done:?}");
        done
    };
    let url = format!("http://{}", server.addr);
    let program = program.env("ROLLCALL_PUBLIC_URL", &url);
    assert_eq!(asks(&program, &[], &url).status, 0);
    asks(&program, &["--url", "http://localhost:1"], "http://localhost:1");
    asks(&program, &["--public-url", "http://localhost:2"], "http://localhost:2");
}

#[tokio::test]
async fn signals_clean_up_and_what_a_kill_left_goes_later() {
    let (program, server) = ready();
    // Lets the person in, and never answers.
    let stuck = TcpListener::bind("127.0.0.1:0").unwrap();
    let (addr, upstream) = (stuck.local_addr().unwrap(), server.addr);
    let (created, seen) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for client in stuck.incoming() {
            let mut client = client.unwrap();
            let request = read(&mut client);
            let mut through = TcpStream::connect(upstream).unwrap();
            through.write_all(request.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).unwrap();
            let mut answer = Vec::new();
            through.read_to_end(&mut answer).unwrap();
            if request.starts_with("POST /scim/v2/Groups") {
                created.send(()).unwrap();
                kept.push(client);
            } else {
                let _ = client.write_all(&answer);
            }
        }
    });
    let begin = || {
        let url = format!("http://{addr}");
        let mut command = program.command();
        command.args(["self-test", "--team", "acme", "--url", &url]);
        let running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        seen.recv().unwrap();
        running
    };
    for signal in ["TERM", "HUP", "INT"] {
        let mut running = begin();
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(running.id().to_string()).status();
        assert!(sent.unwrap().success());
        assert_eq!(running.wait().unwrap().code(), Some(1), "{signal}");
        is_clean(&program).await;
    }
    let left = |store: Store| async move { store.team_by_slug("acme").await.unwrap().unwrap().group_count };
    let store = Store::connect(&format!("sqlite://{}", program.folder().join("rollcall.db").display())).await.unwrap();
    let mut running = begin();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(left(store.clone()).await, 1);
    assert_eq!(test(&program, server.addr).status, 0);
    is_clean(&program).await;

    let mut running = begin();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(left(store).await, 1);
    drop(server);
    let _again = Server::start(&program, &["--admin-addr", "off"]);
    is_clean(&program).await;
}

#[test]
fn a_server_of_another_database_is_told() {
    let (program, _server) = ready();
    let (_other, elsewhere) = ready();
    let done = test(&program, elsewhere.addr);
    assert_eq!(done.status, 1);
    assert!(done.stdout.contains("(is that server using this database?)"), "{}", done.stdout);
}

#[test]
fn what_cannot_be_tested_is_refused_and_leaves_no_key() {
    let program = Program::with_acme();
    let refused = |url: &str| program.refused(&["self-test", "--team", "acme", "--url", url]);
    let over_http = refused("http://rollcall.example.com");
    assert_eq!(over_http, "--url: keys are only sent over https://, or to this machine");
    assert!(refused("http://localhost:1").starts_with("SCIM provisioning is off"));
    assert_eq!(program.refused(&["self-test", "--team", "nobody"]), "team “nobody” not found");
    assert_eq!(program.ok(&["key", "list", "--team", "acme"]), "");
}
