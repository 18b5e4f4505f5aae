//! What the page knows: everything that is shown derives from it.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "used by the browser's part"))]

use super::notice::Told;
use crate::{
    components::dom,
    model::{Authentication, Dialog, Returned, Shell},
    resume,
};
use domain::{
    UnixMs,
    key::{Expiry, KeyStatus, MAX_USABLE, ScimKey},
    plan::Plan,
    problem::Field,
    provisioning::{Allowed, Denial, Reason, review},
    role::Role,
    sso::{self, Provider, SsoMethod},
};
use leptos::prelude::*;

/// The page's state. Copies share it.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// What the server said last.
    pub(super) data: RwSignal<Authentication>,
    /// What the page tells about the last change.
    pub(super) told: RwSignal<Option<Told>>,
    /// A key that was just made. It lives here, and nowhere else, until its dialog closes.
    pub(super) shown: RwSignal<Option<ShownKey>>,
    /// Has the page been made live? Not while the server writes it, nor when it is first built in the browser.
    pub(super) live: RwSignal<bool>,
    /// How many changes were asked for: an answer from before the last one is out of date.
    pub(super) changes: StoredValue<u32>,
    plan: RwSignal<Plan>,
    role: RwSignal<Role>,
    team: StoredValue<(String, String)>,
    members: i64,
    allowed: Memo<Result<Allowed, Denial>>,
}

/// A key in clear, to be shown once. Deliberately without `Debug` and `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ShownKey {
    /// The key's name.
    pub(super) name: String,
    /// The key.
    pub(super) key: String,
}

impl State {
    /// The state at first. What came back without a dialog of its own is told on top of the page.
    pub(super) fn new(shell: &Shell, data: Authentication) -> Self {
        let told = match &data.returned {
            Some(Returned { failure: Some(failure), .. }) if !super::send::stays_open(failure) => {
                Some(Told::Failed(failure.to_string()))
            }
            _ => data.notice.map(Told::Done),
        };
        let data = RwSignal::new(data);
        let plan = RwSignal::new(shell.team.plan);
        let role = RwSignal::new(shell.me.role);
        Self {
            data,
            told: RwSignal::new(told),
            shown: RwSignal::new(None),
            live: RwSignal::new(false),
            changes: StoredValue::new(0),
            plan,
            role,
            team: StoredValue::new((shell.team.slug.clone(), shell.team.name.clone())),
            members: shell.members,
            allowed: Memo::new(move |_| data.with(|data| review(plan.get(), &sso::enabled(&data.methods), role.get()))),
        }
    }

    /// The team's slug.
    pub(super) fn slug(self) -> String {
        self.team.with_value(|(slug, _)| slug.clone())
    }

    /// The team's name.
    pub(super) fn team_name(self) -> String {
        self.team.with_value(|(_, name)| name.clone())
    }

    /// How many members the team has.
    pub(super) const fn members(self) -> i64 {
        self.members
    }

    /// The team's plan. Reactive.
    pub(super) fn plan(self) -> Plan {
        self.plan.get()
    }

    /// The role of who is signed in. Reactive.
    pub(super) fn role(self) -> Role {
        self.role.get()
    }

    /// May SCIM provisioning be turned on, and may keys be made? Reactive.
    pub(super) fn review(self) -> Result<Allowed, Denial> {
        self.allowed.get()
    }

    /// The reasons why not. Reactive.
    pub(super) fn reasons(self) -> Vec<Reason> {
        self.allowed.with(|review| review.as_ref().err().map(|denial| denial.reasons().to_vec()).unwrap_or_default())
    }

    /// Takes the plan and the role from a refusal: they may have changed since the page was written.
    pub(super) fn learn(self, denial: &Denial) {
        for reason in denial.reasons() {
            match reason {
                Reason::Plan(plan) => self.plan.set(*plan),
                Reason::Role(role) => self.role.set(*role),
                Reason::NoSsoMethod | Reason::ManySsoMethods(_) => {}
            }
        }
    }

    /// Is SCIM provisioning on? Reactive.
    pub(super) fn is_on(self) -> bool {
        self.data.with(|data| data.scim_on)
    }

    /// The time of the data. Reactive.
    pub(super) fn now(self) -> UnixMs {
        self.data.with(|data| data.now)
    }

    /// The identity provider as sentences name it: the one enabled method's, else "your provider". Reactive.
    pub(super) fn provider(self) -> String {
        self.data.with(|data| {
            let mut enabled = data.methods.iter().filter(|method| method.enabled);
            match (enabled.next(), enabled.next()) {
                (Some(SsoMethod { provider: Provider::CustomSaml | Provider::CustomOidc, name, .. }), None) => {
                    name.clone()
                }
                (Some(method), None) => method.provider.label().to_owned(),
                _ => "your provider".to_owned(),
            }
        })
    }

    /// How many keys work. Reactive.
    pub(super) fn usable_keys(self) -> usize {
        self.data.with(|data| data.keys.iter().filter(|key| key.status(data.now).is_usable()).count())
    }

    /// Why no key can be made at the moment, if so. Reactive.
    pub(super) fn no_new_key(self) -> Option<String> {
        if !self.is_on() {
            return Some("Turn on SCIM provisioning first.".to_owned());
        }
        if let Err(denial) = self.review() {
            return Some(format!("No new keys for now. {denial}"));
        }
        let counted = self.data.with(|data| {
            let counts =
                |key: &&ScimKey| matches!(key.status(data.now), KeyStatus::Active | KeyStatus::Expiring { .. });
            data.keys.iter().filter(counts).count()
        });
        (counted >= MAX_USABLE)
            .then(|| format!("This team has {counted} active keys, the most there can be. Revoke one first."))
    }

    /// Why no key can be rolled at the moment, if so. Reactive.
    pub(super) fn no_roll(self) -> Option<String> {
        if !self.is_on() {
            return Some("Turn on SCIM provisioning first.".to_owned());
        }
        self.review().err().map(|denial| denial.to_string())
    }

    /// The names of the keys that work. Not reactive.
    pub(super) fn key_names(self) -> Vec<String> {
        self.data.with_untracked(|data| {
            data.keys.iter().filter(|key| key.status(data.now).is_usable()).map(|key| key.name.clone()).collect()
        })
    }

    /// The form that came back to a dialog, if one did. Not reactive.
    pub(super) fn returned(self, dialog: &Dialog) -> Option<Returned> {
        self.data.with_untracked(|data| data.returned.clone().filter(|returned| &returned.dialog == dialog))
    }

    /// Is this dialog open from the start? Not reactive.
    pub(super) fn starts_open(self, dialog: &Dialog) -> bool {
        self.returned(dialog).is_some_and(|returned| returned.failure.as_ref().is_none_or(super::send::stays_open))
    }

    /// What came back is done with.
    pub(super) fn forget_returned(self) {
        if self.data.with_untracked(|data| data.returned.is_some()) {
            self.data.update(|data| data.returned = None);
            dom::forget_query();
        }
    }

    /// The address of a handler for keys.
    pub(super) fn keys_path(self, action: &str) -> String {
        [&resume::authentication_path(&self.slug()), "/keys/", action].concat()
    }
}

/// What stood in a field of the form that came back.
pub(super) fn typed(returned: Option<&Returned>, field: Field) -> String {
    returned.and_then(|returned| returned.value(field)).unwrap_or_default().to_owned()
}

/// The expiry that is chosen at first.
pub(super) fn expiry(returned: Option<&Returned>) -> Expiry {
    returned
        .and_then(|returned| returned.value(Field::Expiry))
        .and_then(|value| Expiry::parse(value).ok())
        .unwrap_or_default()
}
