//! What the page knows: everything that is shown derives from it.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "used by the browser's part"))]

use super::{notice::Told, send::stays_open};
use crate::{
    components::dom,
    model::{Authentication, Dialog, Notice, Returned, Shell},
    resume,
};
use domain::{
    id::MethodId,
    key::{Expiry, KeyId, MAX_USABLE, ScimKey},
    plan::Plan,
    provisioning::{ProvisioningAllowed, ProvisioningDenial, Reason, review},
    role::Role,
    sso::{self, SsoMethod, SsoProvider},
    validation::field_error::Field,
};
use leptos::prelude::*;

/// What is known at the moment, as plain data.
pub(super) struct Known {
    /// What the server said last.
    pub(super) data: Authentication,
    /// The team's plan.
    pub(super) plan: Plan,
    /// The role of who is signed in.
    pub(super) role: Role,
}

impl Known {
    /// May SCIM provisioning be turned on, and may keys be made?
    pub(super) fn review(&self) -> Result<ProvisioningAllowed, ProvisioningDenial> {
        review(self.plan, &sso::enabled(&self.data.methods), self.role)
    }

    /// The reasons why not.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        self.review().err().map(|denial| denial.reasons().to_vec()).unwrap_or_default()
    }

    /// The one SSO method that is enabled.
    pub(super) fn only_method(&self) -> Option<&SsoMethod> {
        let mut enabled = self.data.methods.iter().filter(|method| method.enabled);
        enabled.next().filter(|_| enabled.next().is_none())
    }

    /// The identity provider as sentences name it: the one enabled method's, else "your provider".
    pub(super) fn provider(&self) -> String {
        match self.only_method() {
            Some(SsoMethod { provider: SsoProvider::CustomSaml | SsoProvider::CustomOidc, name, .. }) => name.clone(),
            Some(method) => method.provider.label().to_owned(),
            None => "your provider".to_owned(),
        }
    }

    /// The keys that work.
    pub(super) fn usable(&self) -> impl Iterator<Item = &ScimKey> {
        self.data.keys.iter().filter(|key| key.status(self.data.now).is_usable())
    }

    /// A key that works.
    pub(super) fn usable_key(&self, id: &KeyId) -> Option<&ScimKey> {
        self.usable().find(|key| &key.id == id)
    }

    /// A key.
    pub(super) fn key(&self, id: &KeyId) -> Option<&ScimKey> {
        self.data.keys.iter().find(|key| &key.id == id)
    }

    /// An SSO method.
    pub(super) fn method(&self, id: &MethodId) -> Option<&SsoMethod> {
        self.data.methods.iter().find(|method| &method.id == id)
    }

    /// Would enabling this method be the second one while SCIM provisioning is on?
    pub(super) fn would_be_second(&self, id: &MethodId) -> bool {
        self.data.scim_on && self.data.methods.iter().any(|other| other.enabled && &other.id != id)
    }

    /// The dialog behind the switch of SCIM provisioning; `None` where it is blocked.
    pub(super) fn switch(&self) -> Option<Dialog> {
        match (self.data.scim_on, self.review()) {
            (true, _) => Some(Dialog::TurnOff),
            (false, Ok(_)) => Some(Dialog::TurnOn),
            (false, Err(_)) => None,
        }
    }

    /// Why no key can be made at the moment, if so.
    pub(super) fn no_new_key(&self) -> Option<String> {
        if !self.data.scim_on {
            return Some("Turn on SCIM provisioning first.".to_owned());
        }
        if let Err(denial) = self.review() {
            return Some(format!("You can't generate keys right now. {denial}"));
        }
        let counted = self.data.keys.iter().filter(|key| key.status(self.data.now).counts()).count();
        (counted >= MAX_USABLE)
            .then(|| format!("This team already has {counted} active keys, which is the limit. Revoke one first."))
    }

    /// Why no key can be rolled at the moment, if so.
    pub(super) fn no_roll(&self) -> Option<String> {
        if !self.data.scim_on {
            return Some("Turn on SCIM provisioning first.".to_owned());
        }
        self.review().err().map(|denial| denial.to_string())
    }
}

/// The page's state. Copies share it.
#[derive(Clone, Copy)]
pub(super) struct State {
    known: RwSignal<Known>,
    /// What the page tells about the last change.
    pub(super) told: RwSignal<Option<Told>>,
    /// A key that was just made. It lives here, and nowhere else, until its dialog closes.
    pub(super) shown: RwSignal<Option<ShownKey>>,
    /// The dialog that is open, with what its form held when it came back; at first, where none is open, the one behind
    /// the switch of SCIM provisioning stands ready, so that it opens and closes as a whole also without JavaScript.
    pub(super) open: RwSignal<Option<Returned>>,
    /// Was the page written with a dialog that only stands ready?
    pub(super) stands_ready: bool,
    /// Has the page been made live? Not while the server writes it, nor when it is first built in the browser.
    pub(super) live: RwSignal<bool>,
    /// How many changes were asked for: an answer from before the last one is out of date.
    pub(super) changes: StoredValue<u32>,
    team: StoredValue<(String, String)>,
    members: i64,
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
    /// The state at first. A form that came back opens its dialog, or is told on top of the page.
    pub(super) fn new(shell: &Shell, mut data: Authentication) -> Self {
        let mut told = match (data.notice, data.done_about.take()) {
            (Some(Notice::OverlapChanged), Some(key)) => Some(Told::EndMoved(KeyId::new(key))),
            (notice, _) => notice.map(Told::Done),
        };
        let mut open = data.returned.take();
        if let Some(Returned { failure: Some(failure), .. }) = &open
            && !stays_open(failure)
        {
            told = Some(Told::Failed(failure.to_string()));
            open = None;
        }
        let known = Known { data, plan: shell.team.plan, role: shell.me.role };
        let stands_ready = open.is_none();
        let open = open.or_else(|| known.switch().map(fresh));
        Self {
            known: RwSignal::new(known),
            told: RwSignal::new(told),
            shown: RwSignal::new(None),
            open: RwSignal::new(open),
            stands_ready,
            live: RwSignal::new(false),
            changes: StoredValue::new(0),
            team: StoredValue::new((shell.team.slug.clone(), shell.team.name.clone())),
            members: shell.members,
        }
    }

    /// Reads what is known. Reactive.
    pub(super) fn with<T>(self, read: impl FnOnce(&Known) -> T) -> T {
        self.known.with(read)
    }

    /// Reads what is known. Not reactive.
    pub(super) fn peek<T>(self, read: impl FnOnce(&Known) -> T) -> T {
        self.known.with_untracked(read)
    }

    /// Takes what the server says now.
    pub(super) fn update(self, data: Authentication) {
        self.known.update(|known| known.data = data);
    }

    /// Takes the plan and the role from a refusal: they may have changed since the page was written.
    pub(super) fn learn(self, denial: &ProvisioningDenial) {
        self.known.update(|known| {
            for reason in denial.reasons() {
                match reason {
                    Reason::Plan(plan) => known.plan = *plan,
                    Reason::Role(role) => known.role = *role,
                    Reason::NoSsoMethod | Reason::ManySsoMethods(_) => {}
                }
            }
        });
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

    /// Opens a dialog, on top of the page.
    pub(super) fn show(self, dialog: Dialog) {
        let id = dialog.id();
        self.open.set(Some(fresh(dialog)));
        dom::soon(move || dom::show(&id));
    }

    /// The page has been made live: from now on a dialog is built when it is asked for. One that was opened before stays.
    pub(super) fn go_live(self) {
        self.live.set(true);
        let open = self.open.with_untracked(|open| open.as_ref().map(|open| open.dialog.id()));
        if open.is_some_and(|id| !dom::is_open(&id)) {
            self.open.set(None);
        }
    }

    /// Is this dialog there already? Reactive.
    pub(super) fn is_there(self, dialog: &Dialog) -> bool {
        self.open.with(|open| open.as_ref().is_some_and(|open| &open.dialog == dialog))
    }

    /// A dialog has closed: what came back with it is done with.
    pub(super) fn closed(self, dialog: &Dialog) {
        if self.open.with_untracked(|open| open.as_ref().is_some_and(|open| &open.dialog == dialog)) {
            self.open.set(None);
            dom::forget_query();
        }
    }

    /// The address of a handler for keys.
    pub(super) fn keys_path(self, action: &str) -> String {
        [&resume::authentication_path(&self.slug()), "/keys/", action].concat()
    }
}

/// A dialog in which nothing was typed yet.
fn fresh(dialog: Dialog) -> Returned {
    Returned { dialog, typed: Vec::new(), failure: None }
}

/// What stood in a field of the form that came back.
pub(super) fn typed(returned: &Returned, field: Field) -> String {
    returned.value(field).unwrap_or_default().to_owned()
}

/// The expiry that is chosen at first.
pub(super) fn expiry(returned: &Returned) -> Expiry {
    returned.value(Field::Expiry).and_then(|value| Expiry::parse(value).ok()).unwrap_or_default()
}
