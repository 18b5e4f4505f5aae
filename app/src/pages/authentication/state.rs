//! What the page knows: everything that is shown derives from it.

use crate::{
    error::AppError,
    model::{Authentication, Dialog, Notice, ReturnedForm, Shell, SubmittedForm},
    return_to,
};
use domain::{
    Error,
    id::MethodId,
    key::{Expiry, KeyId, MAX_USABLE, ScimKey},
    plan::Plan,
    provisioning::{ProvisioningAllowed, ProvisioningDenial, Reason, review},
    role::Role,
    sso::{self, SsoMethod, SsoProvider},
    validation::field_error::Field,
};
use leptos::prelude::*;

/// The result of the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoticeKind {
    /// It was done.
    Done(Notice),
    /// The end of this key, which was rolled, was moved.
    EndMoved(KeyId),
    /// It was not done: why.
    Failed(String),
}

/// What is known at the moment, as plain data.
pub(super) struct PageFacts {
    /// What the server said last.
    pub(super) data: Authentication,
    /// The team's plan.
    pub(super) plan: Plan,
    /// The role of who is signed in.
    pub(super) role: Role,
}

impl PageFacts {
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
    known: StoredValue<PageFacts>,
    /// What the page tells about the last change.
    told: StoredValue<Option<NoticeKind>>,
    /// The dialog that is asked for, with what its form held when it came back; if none is, the one behind the switch of SCIM
    /// provisioning stands ready, so that it opens and closes without a request.
    open: StoredValue<Option<ReturnedForm>>,
    /// Is the dialog only there to be opened?
    pub(super) stands_ready: bool,
    team: StoredValue<(String, String)>,
    members: i64,
}

impl State {
    /// The state of the page. A form that came back opens its dialog, or is told on top of the page.
    pub(super) fn new(shell: &Shell, mut data: Authentication) -> Self {
        let mut told = match (data.notice, data.done_about.take()) {
            (Some(Notice::OverlapChanged), Some(key)) => Some(NoticeKind::EndMoved(KeyId::new(key))),
            (notice, _) => notice.map(NoticeKind::Done),
        };
        let mut open = data.returned.take();
        if let Some(ReturnedForm { failure: Some(failure), .. }) = &open
            && !stays_open(failure)
        {
            told = Some(NoticeKind::Failed(failure.to_string()));
            open = None;
        }
        let known = PageFacts { data, plan: shell.team.plan, role: shell.me.role };
        let stands_ready = open.is_none();
        let open = open.or_else(|| known.switch().map(fresh));
        Self {
            known: StoredValue::new(known),
            told: StoredValue::new(told),
            open: StoredValue::new(open),
            stands_ready,
            team: StoredValue::new((shell.team.slug.clone(), shell.team.name.clone())),
            members: shell.members,
        }
    }

    /// Reads what is known.
    pub(super) fn with<T>(self, read: impl FnOnce(&PageFacts) -> T) -> T {
        self.known.with_value(read)
    }

    /// What the page tells about the last change.
    pub(super) fn told(self) -> Option<NoticeKind> {
        self.told.get_value()
    }

    /// The dialog that is there.
    pub(super) fn open(self) -> Option<ReturnedForm> {
        self.open.get_value()
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

    /// Is this dialog there already?
    pub(super) fn is_there(self, dialog: &Dialog) -> bool {
        self.open.with_value(|open| open.as_ref().is_some_and(|open| &open.dialog == dialog))
    }

    /// The address of a handler for keys.
    pub(super) fn keys_path(self, action: &str) -> String {
        [&return_to::authentication_path(&self.slug()), "/keys/", action].concat()
    }
}

/// A dialog in which nothing was typed yet.
fn fresh(dialog: Dialog) -> ReturnedForm {
    ReturnedForm { dialog, typed: Vec::new(), failure: None }
}

/// Does the dialog stay open, so that nothing typed is lost? It does where the same form can be sent again.
const fn stays_open(failure: &AppError) -> bool {
    matches!(
        failure,
        AppError::Domain(Error::Invalid(_))
            | AppError::Domain(Error::ConfirmSecondMethod(_))
            | AppError::Domain(Error::Malformed)
            | AppError::TooLarge
            | AppError::TooSlow
            | AppError::Busy
            | AppError::Unreachable
            | AppError::Domain(Error::Unavailable)
            | AppError::Domain(Error::Internal)
    )
}

/// The form, as it came back. A problem of a field that the form does not have is said above it.
pub(super) fn sent(returned: &ReturnedForm, fields: &[Field]) -> SubmittedForm {
    let mut sent = SubmittedForm { typed: returned.typed.clone(), ..SubmittedForm::default() };
    match &returned.failure {
        Some(AppError::Domain(Error::Invalid(problems))) => {
            for (field, problem) in problems.iter() {
                if fields.contains(field) {
                    sent.problems.push((field.name().to_owned(), problem.to_string()));
                } else if sent.refused.is_none() {
                    sent.refused = Some(problem.to_string());
                }
            }
        }
        Some(AppError::Domain(Error::ConfirmSecondMethod(_))) | None => {}
        Some(failure) => sent.refused = Some(failure.to_string()),
    }
    sent
}

/// The expiry that is chosen at first.
pub(super) fn expiry(returned: &ReturnedForm) -> Expiry {
    returned.value(Field::Expiry).and_then(|value| Expiry::parse(value).ok()).unwrap_or_default()
}
