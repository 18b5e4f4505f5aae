//! Addresses that must not be reached, and those that may. A listener stands for the internal service that no request may reach.

use super::*;
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
};

/// An internal service on every IPv4 address of this machine. It counts as reached when a connection was made.
struct Canary(TcpListener);

impl Canary {
    fn listen() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn was_reached(&self) -> bool {
        self.0.accept().is_ok()
    }
}

/// Requests to this URL in both ways.
async fn errors(outbound: &Outbound, url: &str) -> [FetchError; 2] {
    [outbound.get(url, "*/*", None).await.unwrap_err(), outbound.post_form(url, "a=b".into(), None).await.unwrap_err()]
}

/// N1 to N8, and N55.
#[tokio::test]
async fn only_https_urls_are_requested() {
    let canary = Canary::listen();
    let port = canary.port();
    let allowed = ["127.0.0.0/8".parse().unwrap()];
    let (outbound, of_localhost) = (Outbound::new(&allowed), Outbound::with_localhost(&allowed));
    let on_localhost = format!("http://localhost:{port}/");
    assert_eq!(errors(&outbound, &on_localhost).await, [FetchError::NotHttps, FetchError::NotHttps]);
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost.:{port}/"),
        format!("http://a:b@localhost:{port}/"),
        format!("http://localhost@127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        format!("gopher://127.0.0.1:{port}/_x"),
        "data:text/plain,x".to_owned(),
        format!("jar:https://127.0.0.1:{port}/!/"),
        format!("127.0.0.1:{port}"),
        format!("//127.0.0.1:{port}/"),
        "metadata.xml".to_owned(),
        String::new(),
        "https://".to_owned(),
        "https:///".to_owned(),
        format!("https://a:b@127.0.0.1:{port}/"),
        format!("https://idp.example@127.0.0.1:{port}/"),
        format!("https://idp.example:x@127.0.0.1:{port}/"),
        "https://127.0.0.1:65536/".to_owned(),
    ] {
        let expected = [FetchError::NotHttps, FetchError::NotHttps];
        assert_eq!(errors(&outbound, &url).await, expected, "{url}");
        assert_eq!(errors(&of_localhost, &url).await, expected, "{url}");
    }
    assert!(!canary.was_reached());
    // Without TLS only this name is requested, and only where it is allowed.
    let server = Server::refusing_tls();
    let response = of_localhost.get(&format!("http://localhost:{}/", server.port), "*/*", None).await;
    assert_eq!(response.unwrap().status, 400);
}

/// N9 to N50, and N55: every way to write an address that is not public.
#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let canary = Canary::listen();
    let port = canary.port();
    let outbound = Outbound::new(&[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "127.255.255.254",
        "\u{ff11}\u{ff12}\u{ff17}\u{3002}\u{ff10}\u{3002}\u{ff10}\u{3002}\u{ff11}",
        "localhost",
        "LOCALHOST",
        "[::]",
        "[::1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fe80::1]",
        "[fec0::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ] {
        let url = format!("https://{host}:{port}/");
        for error in errors(&outbound, &url).await {
            assert!(matches!(error, FetchError::Private(_)), "{host}: {error:?}");
        }
    }
    // The host of these is 127.0.0.1, whatever they look like.
    for url in [format!("https://127.0.0.1:{port}#@idp.example"), format!("https://127.0.0.1:{port}\\\\@idp.example/")]
    {
        for error in errors(&outbound, &url).await {
            assert!(matches!(error, FetchError::Private(_)), "{url}: {error:?}");
        }
    }
    assert!(!canary.was_reached());
}

/// N22 to N24, N38: names of this machine, which its resolver may know or not, and an address with a zone.
#[tokio::test]
async fn names_of_this_machine_are_never_reached() {
    let canary = Canary::listen();
    let port = canary.port();
    let outbound = Outbound::new(&[]);
    for host in ["localhost.", "LOCALHOST.", "a.localhost", "ip6-localhost", "[fe80::1%25lo]", "[fe80::1%lo]"] {
        for error in errors(&outbound, &format!("https://{host}:{port}/")).await {
            let is_refused = matches!(error, FetchError::Private(_) | FetchError::Unresolved | FetchError::NotHttps);
            assert!(is_refused, "{host}: {error:?}");
        }
    }
    assert!(!canary.was_reached());
}

/// N56 and N60: an allowed network is allowed on every port, and no other network is.
#[tokio::test]
async fn only_the_allowed_network_is_reached() {
    let canary = Canary::listen();
    let port = canary.port();
    let outbound = Outbound::new(&["127.0.0.0/30".parse().unwrap()]);
    for url in ["https://10.0.0.1/", "https://[::1]/", "https://127.0.0.4/", "https://169.254.169.254/"] {
        let refused = matches!(outbound.text(url).await, Err(FetchError::Private(_)));
        assert!(refused, "{url}");
    }
    assert!(!canary.was_reached());
    let server = Server::refusing_tls();
    for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
        let error = outbound.text(&format!("https://{host}:{}/", server.port)).await;
        assert_eq!(error, Err(FetchError::Unreachable), "{host}");
    }
    let request = server.requests.recv().unwrap();
    assert_eq!(request.first(), Some(&0x16), "a TLS handshake, and nothing in clear: {port}");
}

/// N57. The variables are of this process, so that they are set for a child that runs this very test.
#[test]
fn proxies_in_the_environment_are_not_used() {
    const CHILD: &str = "ROLLCALL_TEST_OUTBOUND_CHILD";
    if let Ok(port) = std::env::var(CHILD) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outbound = Outbound::new(&["127.0.0.0/8".parse().unwrap()]);
        let error = runtime.block_on(outbound.text(&format!("https://127.0.0.1:{port}/")));
        assert_eq!(error, Err(FetchError::Unreachable));
        return;
    }
    let (proxy, server) = (Canary::listen(), Server::refusing_tls());
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "outbound::tests::proxies_in_the_environment_are_not_used"]);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, format!("http://127.0.0.1:{}", proxy.port()));
    }
    let output = child.env_remove("NO_PROXY").env(CHILD, server.port.to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    assert!(!proxy.was_reached());
    assert_eq!(server.requests.recv().unwrap().first(), Some(&0x16), "the server itself was reached");
}

/// The reason names the flag that allows a network (F36), and no request's secret.
#[test]
fn errors_name_the_remedy_and_no_secret() {
    let private = FetchError::Private([10, 0, 0, 1].into()).to_string();
    assert!(private.contains("10.0.0.1") && private.contains("--allow-private-network"));
    let response =
        OutboundResponse { status: 200, content_type: String::new(), cache_control: None, body: b"canary".to_vec() };
    assert!(!format!("{response:?}").contains("canary") && !format!("{response:?}").contains("99"));
}

/// A server that reads what arrives first, and closes every connection.
struct Server {
    port: u16,
    requests: std::sync::mpsc::Receiver<Vec<u8>>,
}

impl Server {
    fn refusing_tls() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, requests) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream: TcpStream = stream.unwrap();
                let mut octets = vec![0; 4096];
                let length = stream.read(&mut octets).unwrap_or_default();
                octets.truncate(length);
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
                if sender.send(octets).is_err() {
                    return;
                }
            }
        });
        Self { port, requests }
    }
}
