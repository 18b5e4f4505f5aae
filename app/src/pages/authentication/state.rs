//! The page's data, and the values derived from it.

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoticeKind {
    Done(Notice),
    /// The end of this rolled key was changed.
    EndMoved(KeyId),
    /// It failed with this reason.
    Failed(String),
}

/// The current data.
pub(super) struct PageFacts {
    pub(super) data: Authentication,
    pub(super) plan: Plan,
    /// The reader's role.
    pub(super) role: Role,
}

impl PageFacts {
    /// May SCIM provisioning be turned on, and may keys be generated?
    pub(super) fn review(&self) -> Result<ProvisioningAllowed, ProvisioningDenial> {
        review(self.plan, &sso::enabled(&self.data.methods), self.role)
    }

    pub(super) fn reasons(&self) -> Vec<Reason> {
        self.review().err().map(|denial| denial.reasons().to_vec()).unwrap_or_default()
    }

    /// The only enabled SSO method.
    pub(super) fn only_method(&self) -> Option<&SsoMethod> {
        let mut enabled = self.data.methods.iter().filter(|method| method.enabled);
        enabled.next().filter(|_| enabled.next().is_none())
    }

    /// The identity provider in sentences: the name of the only enabled method, or else "your provider".
    pub(super) fn provider(&self) -> String {
        match self.only_method() {
            Some(SsoMethod { provider: SsoProvider::CustomSaml | SsoProvider::CustomOidc, name, .. }) => name.clone(),
            Some(method) => method.provider.label().to_owned(),
            None => "your provider".to_owned(),
        }
    }

    pub(super) fn usable(&self) -> impl Iterator<Item = &ScimKey> {
        self.data.keys.iter().filter(|key| key.status(self.data.now).is_usable())
    }

    pub(super) fn usable_key(&self, id: &KeyId) -> Option<&ScimKey> {
        self.usable().find(|key| &key.id == id)
    }

    pub(super) fn key(&self, id: &KeyId) -> Option<&ScimKey> {
        self.data.keys.iter().find(|key| &key.id == id)
    }

    pub(super) fn method(&self, id: &MethodId) -> Option<&SsoMethod> {
        self.data.methods.iter().find(|method| &method.id == id)
    }

    /// Would this method be the second enabled one while SCIM provisioning is on?
    pub(super) fn would_be_second(&self, id: &MethodId) -> bool {
        self.data.scim_on && self.data.methods.iter().any(|other| other.enabled && &other.id != id)
    }

    /// The dialog of the SCIM provisioning switch; `None` if the switch is disabled.
    pub(super) fn switch(&self) -> Option<Dialog> {
        match (self.data.scim_on, self.review()) {
            (true, _) => Some(Dialog::TurnOff),
            (false, Ok(_)) => Some(Dialog::TurnOn),
            (false, Err(_)) => None,
        }
    }

    /// The reason that no key can be generated, if there is one.
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

    /// The reason that no key can be rolled, if there is one.
    pub(super) fn no_roll(&self) -> Option<String> {
        if !self.data.scim_on {
            return Some("Turn on SCIM provisioning first.".to_owned());
        }
        self.review().err().map(|denial| denial.to_string())
    }
}

/// The page's state. Clones share it.
#[derive(Clone, Copy)]
pub(super) struct State {
    facts: StoredValue<PageFacts>,
    /// The result of the last change.
    notice: StoredValue<Option<NoticeKind>>,
    /// The requested dialog with its submitted values. Without one, it is the closed dialog of the SCIM provisioning
    /// switch, so that it opens and closes without a request.
    open: StoredValue<Option<ReturnedForm>>,
    /// Is the dialog rendered closed?
    pub(super) is_closed: bool,
    team: StoredValue<(String, String)>,
    members: i64,
}

impl State {
    /// The state of the page. A submitted form opens its dialog, or its error is shown at the top of the page.
    pub(super) fn new(shell: &Shell, mut data: Authentication) -> Self {
        let mut notice = match (data.notice, data.notice_subject.take()) {
            (Some(Notice::OverlapChanged), Some(key)) => Some(NoticeKind::EndMoved(KeyId::new(key))),
            (notice, _) => notice.map(NoticeKind::Done),
        };
        let mut open = data.returned.take();
        if let Some(ReturnedForm { failure: Some(failure), .. }) = &open
            && !stays_open(failure)
        {
            notice = Some(NoticeKind::Failed(failure.to_string()));
            open = None;
        }
        let facts = PageFacts { data, plan: shell.team.plan, role: shell.me.role };
        let is_closed = open.is_none();
        let open = open.or_else(|| facts.switch().map(fresh));
        Self {
            facts: StoredValue::new(facts),
            notice: StoredValue::new(notice),
            open: StoredValue::new(open),
            is_closed,
            team: StoredValue::new((shell.team.slug.clone(), shell.team.name.clone())),
            members: shell.members,
        }
    }

    /// Reads the current data.
    pub(super) fn with<T>(self, read: impl FnOnce(&PageFacts) -> T) -> T {
        self.facts.with_value(read)
    }

    /// The result of the last change.
    pub(super) fn notice(self) -> Option<NoticeKind> {
        self.notice.get_value()
    }

    /// The rendered dialog.
    pub(super) fn open(self) -> Option<ReturnedForm> {
        self.open.get_value()
    }

    pub(super) fn slug(self) -> String {
        self.team.with_value(|(slug, _)| slug.clone())
    }

    pub(super) fn team_name(self) -> String {
        self.team.with_value(|(_, name)| name.clone())
    }

    pub(super) const fn members(self) -> i64 {
        self.members
    }

    /// Is this dialog rendered already?
    pub(super) fn is_there(self, dialog: &Dialog) -> bool {
        self.open.with_value(|open| open.as_ref().is_some_and(|open| &open.dialog == dialog))
    }

    /// The URL of a handler for keys.
    pub(super) fn keys_path(self, action: &str) -> String {
        [&return_to::authentication_path(&self.slug()), "/keys/", action].concat()
    }
}

/// A dialog without submitted values.
fn fresh(dialog: Dialog) -> ReturnedForm {
    ReturnedForm { dialog, values: Vec::new(), failure: None }
}

/// Does the dialog stay open, so that no input is lost? It does if the same form can be sent again.
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

/// The submitted form. An error of a field that the form does not have is shown above it.
pub(super) fn submission(returned: &ReturnedForm, fields: &[Field]) -> SubmittedForm {
    let mut submission = SubmittedForm { values: returned.values.clone(), ..SubmittedForm::default() };
    match &returned.failure {
        Some(AppError::Domain(Error::Invalid(problems))) => {
            for (field, error) in problems.iter() {
                if fields.contains(field) {
                    submission.errors.push((field.name().to_owned(), error.to_string()));
                } else if submission.refusal.is_none() {
                    submission.refusal = Some(error.to_string());
                }
            }
        }
        Some(AppError::Domain(Error::ConfirmSecondMethod(_))) | None => {}
        Some(failure) => submission.refusal = Some(failure.to_string()),
    }
    submission
}

/// The preselected expiry.
pub(super) fn expiry(returned: &ReturnedForm) -> Expiry {
    returned.value(Field::Expiry).and_then(|value| Expiry::parse(value).ok()).unwrap_or_default()
}
