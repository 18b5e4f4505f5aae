//! Device cookies: a browser in which a person signed in before has its own failure counter, so that strangers who guess
//! the person's password do not lock the person out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
//!
//! A cookie grants no access. It names a counter and the teams in which the browser proved the password. Only those members
//! are compared on that counter, because a member of one team must not guess the passwords of another team with it. A forged
//! cookie is ignored. A stolen one allows a limited number of guesses.

use crate::secrets::{Secrets, hex, random};
use domain::{DAY, UnixMs, id::TeamId};
use std::fmt;

/// A cookie expires after this long without a sign-in.
pub const LIFETIME: UnixMs = 365 * DAY;
/// Upper bound of the accounts in one cookie. The oldest is dropped first.
const ACCOUNTS: usize = 4;
/// Upper bound of the teams of one account.
const TEAMS: usize = 16;
/// The longest accepted cookie, in bytes.
const MAX_LENGTH: usize = 3_500;
const VERSION: &str = "v1";

/// See [`cookie_name`](super::session_store::cookie_name).
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-rollcall-device" } else { "rollcall-device" }
}

/// The cookie as the browser sent it, signed or not. `Debug` hides its value.
#[derive(Clone, Default)]
pub struct DeviceCookie(String);

/// The trusted facts about a browser, for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    account: String,
    teams: Vec<String>,
    issued_at: UnixMs,
}

impl DeviceCookie {
    /// Wraps the cookie's value as received.
    pub fn new(value: &str) -> Self {
        Self(if value.len() <= MAX_LENGTH { value.to_owned() } else { String::new() })
    }

    /// The cookie's value, for `Set-DeviceCookie`.
    pub fn value(&self) -> &str {
        &self.0
    }

    /// The device of this account (given by its [pseudonym](Secrets::account_hash)), if the cookie has one.
    pub fn device(&self, secrets: &Secrets, account: &str, now: UnixMs) -> Option<Device> {
        self.devices(secrets, now).into_iter().find(|device| device.account == account)
    }

    /// The cookie in which this device replaces the account's previous one.
    #[must_use]
    pub fn with(&self, secrets: &Secrets, device: Device, now: UnixMs) -> Self {
        let mut devices = self.devices(secrets, now);
        devices.retain(|other| other.account != device.account);
        devices.push(device);
        devices.sort_by_key(|device| std::cmp::Reverse(device.issued_at));
        devices.truncate(ACCOUNTS);
        Self(devices.iter().map(|device| device.write(secrets)).collect::<Vec<_>>().join("~"))
    }

    fn devices(&self, secrets: &Secrets, now: UnixMs) -> Vec<Device> {
        let signed = self.0.split('~').take(ACCOUNTS).filter_map(|text| Device::read(text, secrets));
        signed.filter(|device| device.issued_at > now - LIFETIME && device.issued_at <= now + DAY).collect()
    }
}

impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookie")
    }
}

impl Device {
    /// A device with a new counter, for a browser that just signed in to these teams.
    pub fn new<'a>(secrets: &Secrets, account: &str, teams: impl IntoIterator<Item = &'a TeamId>, now: UnixMs) -> Self {
        let mut teams: Vec<String> = teams.into_iter().map(|team| tag(secrets, team)).collect();
        teams.sort();
        teams.dedup();
        teams.truncate(TEAMS);
        Self { id: hex(&random::<16>()), account: account.to_owned(), teams, issued_at: now }
    }

    /// The device that replaces an older one of the browser: it keeps the older counter and adds its teams.
    #[must_use]
    pub fn in_place_of(mut self, older: &Device) -> Self {
        self.id.clone_from(&older.id);
        let more = older.teams.iter().filter(|team| !self.teams.contains(team)).cloned().collect::<Vec<_>>();
        self.teams.extend(more);
        self.teams.truncate(TEAMS);
        self
    }

    /// Whether the browser has signed in to this team.
    pub fn knows(&self, secrets: &Secrets, team: &TeamId) -> bool {
        self.teams.contains(&tag(secrets, team))
    }

    fn content(&self) -> String {
        format!("{VERSION}.{}.{}.{}.{}", self.id, self.account, self.teams.join("-"), self.issued_at)
    }

    fn write(&self, secrets: &Secrets) -> String {
        let content = self.content();
        let signature = secrets.device_signature(&content);
        format!("{content}.{signature}")
    }

    fn read(text: &str, secrets: &Secrets) -> Option<Self> {
        let (content, signature) = text.rsplit_once('.')?;
        if !secrets.device_signature_matches(content, signature) {
            return None;
        }
        let mut parts = content.split('.');
        let (Some(VERSION), Some(id), Some(account), Some(teams), Some(issued_at), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        Some(Self {
            id: id.to_owned(),
            account: account.to_owned(),
            teams: teams.split('-').map(str::to_owned).collect(),
            issued_at: issued_at.parse().ok()?,
        })
    }
}

/// A team in the cookie: 64 bits.
fn tag(secrets: &Secrets, team: &TeamId) -> String {
    secrets.account_hash(team.as_str()).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = 1_780_272_000_000;

    fn secrets() -> Secrets {
        Secrets::from_bytes(&[1; 32])
    }

    fn device(account: &str, team: &str, now: UnixMs) -> Device {
        Device::new(&secrets(), account, [&TeamId::new(team)], now)
    }

    #[test]
    fn cookies_survive_a_round_trip() {
        let secrets = secrets();
        let ada = device("ada", "acme", NOW);
        let cookie = DeviceCookie::default().with(&secrets, ada.clone(), NOW);
        let parsed = DeviceCookie::new(cookie.value());
        assert_eq!(parsed.device(&secrets, "ada", NOW), Some(ada.clone()));
        assert!(ada.knows(&secrets, &TeamId::new("acme")) && !ada.knows(&secrets, &TeamId::new("globex")));
        assert_eq!(parsed.device(&secrets, "bob", NOW), None, "of another account");
        assert_eq!(parsed.device(&secrets, "ada", NOW + LIFETIME), None, "too old");
        assert_eq!(parsed.device(&Secrets::from_bytes(&[2; 32]), "ada", NOW), None, "signed under another secret");
        assert_eq!(format!("{parsed:?}"), "DeviceCookie");
    }

    #[test]
    fn changed_cookies_are_ignored() {
        let secrets = secrets();
        let cookie = DeviceCookie::default().with(&secrets, device("ada", "acme", NOW), NOW);
        let value = cookie.value();
        for at in 0..value.len() {
            let mut bytes = value.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let changed_cookie = DeviceCookie::new(&String::from_utf8(bytes).unwrap());
            assert_eq!(changed_cookie.device(&secrets, "ada", NOW), None, "{at}");
        }
        for nonsense in ["", "~", "v1", "v1.a.b.c.0.", "....", "~~~~~~"] {
            assert_eq!(DeviceCookie::new(nonsense).device(&secrets, "ada", NOW), None, "{nonsense}");
        }
    }

    #[test]
    fn a_cookie_holds_the_last_four_accounts() {
        let secrets = secrets();
        let mut cookie = DeviceCookie::default();
        for number in 0..6 {
            cookie = cookie.with(&secrets, device(&format!("p{number}"), "acme", NOW + number), NOW + number);
        }
        let is_known = |account: &str| cookie.device(&secrets, account, NOW + 9).is_some();
        assert_eq!(["p0", "p1", "p2", "p5"].map(is_known), [false, false, true, true]);
        let extended = cookie.with(&secrets, device("p5", "globex", NOW + 7), NOW + 7);
        assert!(!extended.device(&secrets, "p5", NOW + 9).unwrap().knows(&secrets, &TeamId::new("acme")));
        let (old, new) =
            (device("p5", "acme", NOW), device("p5", "globex", NOW).in_place_of(&device("p5", "acme", NOW)));
        assert!(["acme", "globex"].iter().all(|team| new.knows(&secrets, &TeamId::new(*team))));
        assert_eq!(device("p5", "globex", NOW).in_place_of(&old).id, old.id);
        assert_eq!(extended.value().split('~').count(), 4);
    }

    #[test]
    fn the_longest_cookie_is_accepted() {
        let secrets = secrets();
        let mut cookie = DeviceCookie::default();
        for number in 0..4 {
            let teams: Vec<TeamId> = (0..20).map(|team| TeamId::new(format!("team {team}"))).collect();
            let account = secrets.account_hash(&number.to_string());
            cookie = cookie.with(&secrets, Device::new(&secrets, &account, &teams, NOW), NOW);
        }
        assert!(cookie.value().len() <= MAX_LENGTH, "{}", cookie.value().len());
        assert_eq!(DeviceCookie::new(cookie.value()).devices(&secrets, NOW).len(), 4);
    }
}
