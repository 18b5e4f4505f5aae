//! The teams of the demo and their contents.

use domain::{
    MINUTE, UnixMs,
    key::{Expiry, Overlap},
    plan::Plan,
    role::Role,
    sso::SsoProvider,
};

/// The password of all members. It is public, because demo databases are for trying Rollcall.
pub(super) const PASSWORD: &str = "lantern harbour demo parade";

/// The members who can sign in to each team, one per role: name, local part of the email, role. The first is the owner.
pub(super) const SIGN_INS: [(&str, &str, Role); 4] = [
    ("Ada Lindgren", "ada", Role::SuperAdmin),
    ("Grace Owusu", "grace", Role::Admin),
    ("Luca Marchetti", BILLING, Role::Billing),
    ("Alan Whitaker", DEVELOPER, Role::Developer),
];

/// The members who change settings, their addresses, and how many minutes ago each last signed in.
pub(super) const ADMIN: &str = "ada";
pub(super) const OTHER_ADMIN: &str = "grace";
pub(super) const BILLING: &str = "luca";
pub(super) const DEVELOPER: &str = "alan";
pub(super) const OFFICE: &str = "203.0.113.7";
pub(super) const SIGNED_IN: [i64; 4] = [190, 1_500, 9_100, 2_900];

/// The addresses and user agents of the provider and other programs.
pub(super) const PROVIDER: ([u8; 4], &str) = ([198, 51, 100, 24], "Okta SCIM Client 1.0.0");
pub(super) const PROGRAM: ([u8; 4], &str) = ([203, 0, 113, 40], "directory-report/0.3");

/// The groups that give a role, in teams with groups.
pub(super) const MAPPED: [(&str, Role); 2] = [("IT", Role::Admin), ("Finance", Role::Billing)];

/// The invited people, who invites them, and how many hours ago. An invite is open for a week.
pub(super) const INVITES: [(&str, &str, i64); 3] = [
    ("lena.fischer@partner.example", OTHER_ADMIN, 9 * 24),
    ("omar.haddad@partner.example", ADMIN, 30),
    ("yuki.mori@auditors.example", OTHER_ADMIN, 20),
];

/// The other members of teams without a provider. They cannot sign in.
pub(super) const MEMBERS: [(&str, Role); 8] = [
    ("Amina Haddad", Role::Developer),
    ("Bruno Teixeira", Role::Developer),
    ("Helena Novotny", Role::Developer),
    ("Imran Qureshi", Role::Developer),
    ("Katrin Vogel", Role::Admin),
    ("Mei Tanaka", Role::Developer),
    ("Rohan Iyer", Role::Developer),
    ("Tess Bakker", Role::Developer),
];

/// A team, and its state on the Authentication page.
pub(super) struct Situation {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) plan: Plan,
    /// The point of interest, for the printed list.
    pub(super) shows: &'static str,
    /// How many days ago the team was created.
    pub(super) age: i64,
    /// Name, provider, and whether it is configured (and then enabled).
    pub(super) methods: &'static [(&'static str, SsoProvider, bool)],
    /// With keys, SCIM provisioning is on.
    pub(super) keys: &'static [Key],
}

impl Situation {
    /// Whether SCIM provisioning is on.
    pub(super) const fn is_provisioned(&self) -> bool {
        !self.keys.is_empty()
    }
}

/// A key and its history.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// How many days ago it was generated. The calendar determines the age of the provider's key.
    pub(super) age: i64,
    pub(super) expiry: Expiry,
    /// How many days ago, and in which hour, a program last used it.
    pub(super) used: Option<(i64, i64)>,
    /// When it was rolled, how long the old key keeps working, and when the provider switches to the new one.
    pub(super) rolled: Option<(UnixMs, Overlap, UnixMs)>,
    pub(super) revoked_days_ago: Option<i64>,
    /// Whether the identity provider creates the members with it.
    pub(super) syncs: bool,
}

const PLAIN_KEY: Key =
    Key { name: "", age: 0, expiry: Expiry::Days365, used: None, rolled: None, revoked_days_ago: None, syncs: false };

const OKTA: (&str, SsoProvider, bool) = ("Okta", SsoProvider::Okta, true);

pub(super) const TEAMS: [Situation; 5] = [
    Situation {
        slug: "acme",
        name: "Acme",
        plan: Plan::Enterprise,
        shows: "ready to turn SCIM on",
        age: 60,
        methods: &[OKTA],
        keys: &[],
    },
    Situation {
        slug: "twin",
        name: "Twin Rivers",
        plan: Plan::Enterprise,
        shows: "two enabled SSO methods",
        age: 75,
        methods: &[OKTA, ("Google Workspace", SsoProvider::Google, true)],
        keys: &[],
    },
    Situation {
        slug: "solo",
        name: "Solo Studio",
        plan: Plan::Enterprise,
        shows: "no SSO method",
        age: 30,
        methods: &[],
        keys: &[],
    },
    Situation {
        slug: "basic",
        name: "Basic Goods",
        plan: Plan::Professional,
        shows: "plan without SCIM",
        age: 45,
        methods: &[OKTA],
        keys: &[],
    },
    Situation {
        slug: "live",
        name: "Livewire Labs",
        plan: Plan::Enterprise,
        shows: "SCIM on, with keys",
        age: 400,
        methods: &[OKTA],
        keys: &[
            Key { name: "Directory sync", age: 350, used: Some((2, 5)), ..PLAIN_KEY },
            Key {
                name: "Okta production",
                rolled: Some((70 * MINUTE, Overlap::Day, 48 * MINUTE)),
                syncs: true,
                ..PLAIN_KEY
            },
            Key { name: "Pilot", age: 100, expiry: Expiry::Days90, used: Some((12, 11)), ..PLAIN_KEY },
            Key { name: "Build server", age: 20, used: Some((4, 9)), revoked_days_ago: Some(3), ..PLAIN_KEY },
        ],
    },
];
