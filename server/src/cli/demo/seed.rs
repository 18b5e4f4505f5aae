//! Who and what the demo's teams are made of.

use domain::{
    MINUTE, UnixMs,
    key::{Expiry, Overlap},
    plan::Plan,
    role::Role,
    sso::SsoProvider,
};

/// Everybody's password. Known to the world: demo databases are for trying out.
pub(super) const PASSWORD: &str = "lantern harbour demo parade";

/// Who can sign in to each team, one in each role: name, local part of the email address, role. The first is the owner.
pub(super) const SIGN_INS: [(&str, &str, Role); 4] = [
    ("Ada Lindgren", "ada", Role::SuperAdmin),
    ("Grace Owusu", "grace", Role::Admin),
    ("Luca Marchetti", BILLING, Role::Billing),
    ("Alan Whitaker", DEVELOPER, Role::Developer),
];

/// Who of them changes the settings, from where, and how many minutes ago each of them last signed in.
pub(super) const ADMIN: &str = "ada";
pub(super) const OTHER_ADMIN: &str = "grace";
pub(super) const BILLING: &str = "luca";
pub(super) const DEVELOPER: &str = "alan";
pub(super) const OFFICE: &str = "203.0.113.7";
pub(super) const SIGNED_IN: [i64; 4] = [190, 1_500, 9_100, 2_900];

/// From where the provider and other programs send, and what they call themselves.
pub(super) const PROVIDER: ([u8; 4], &str) = ([198, 51, 100, 24], "Okta SCIM Client 1.0.0");
pub(super) const PROGRAM: ([u8; 4], &str) = ([203, 0, 113, 40], "directory-report/0.3");

/// Which groups give a role, where there are groups.
pub(super) const MAPPED: [(&str, Role); 2] = [("IT", Role::Admin), ("Finance", Role::Billing)];

/// Who is invited, by whom and how many hours ago; an invite is open for a week.
pub(super) const INVITES: [(&str, &str, i64); 3] = [
    ("lena.fischer@partner.example", OTHER_ADMIN, 9 * 24),
    ("omar.haddad@partner.example", ADMIN, 30),
    ("yuki.mori@auditors.example", OTHER_ADMIN, 20),
];

/// The other members of teams without a provider, who cannot sign in.
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

/// A team, and what the Authentication page shows of it.
pub(super) struct Situation {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) plan: Plan,
    /// What there is to see, for the printed list.
    pub(super) shows: &'static str,
    /// How many days ago the team was made.
    pub(super) age: i64,
    /// Name, provider, configured (and then enabled)?
    pub(super) methods: &'static [(&'static str, SsoProvider, bool)],
    /// With keys, SCIM provisioning is on.
    pub(super) keys: &'static [Key],
}

impl Situation {
    /// Is SCIM provisioning on?
    pub(super) const fn is_provisioned(&self) -> bool {
        !self.keys.is_empty()
    }
}

/// A key, and what became of it.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// How many days ago it was made; that of the provider is as old as the calendar says.
    pub(super) age: i64,
    pub(super) expiry: Expiry,
    /// How many days ago, and at which hour, a program last used it.
    pub(super) used: Option<(i64, i64)>,
    /// When it was rolled, how long the old one works on, and when the provider began to use the new one.
    pub(super) rolled: Option<(UnixMs, Overlap, UnixMs)>,
    pub(super) revoked_days_ago: Option<i64>,
    /// Does the identity provider create the members with it?
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
