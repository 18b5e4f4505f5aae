//! SSO methods: adding, editing, turning on and off, deleting.

use super::{metadata, method_difference, unit_of_work::Service};
use crate::{ids, secrets::client_secret_context};
use domain::{
    Conflict, Error,
    activity::Change,
    id::MethodId,
    sso::{self, CheckedMethod, CheckedSettings, MethodContext, MethodForm, Protocol, Settings},
    validation::field_error::{Field, FieldErrors},
};
use store::{NewMethod, Secret, retry};

impl Service<'_> {
    /// Adds an SSO method. The page adds it disabled. The command line may add it enabled, which counts as a confirmation.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::TooManyMethods`], [`Error::Invalid`],
    /// [`Conflict::MethodNotConfigured`] (enabled, but without settings), and the errors of `begin`.
    pub async fn sso_add(&self, team: &str, form: MethodForm, enabled: bool) -> Result<MethodId, Error> {
        retry!(attempt, async {
            let form = form.clone();
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let methods = work.tx.methods().await?;
            if methods.len() >= sso::MAX_METHODS {
                return Err(Error::TooManyMethods(sso::MAX_METHODS));
            }
            let other_names: Vec<&str> = methods.iter().map(|method| method.name.as_str()).collect();
            let context = MethodContext { other_names: &other_names, has_secret: false, now: work.now };
            let checked = check(form, &context)?;
            if enabled && checked.settings.is_none() {
                return Err(Conflict::MethodNotConfigured.into());
            }
            let id = MethodId::new(ids::next(work.now));
            let sealed = client_secret(&checked).map(|secret| self.seal(&id, secret));
            let new = NewMethod {
                id: &id,
                checked: &checked,
                enabled,
                sealed: sealed.as_deref(),
                max_role: work.actor.role,
                created_at: work.now,
            };
            work.tx.method_insert(&new, may).await?;
            let name = checked.name;
            let more = if enabled { vec![Change::SsoEnabled { name: name.clone() }] } else { Vec::new() };
            let added = Change::SsoAdded { name, provider: checked.provider, protocol: checked.protocol };
            work.commit_all(added, more).await?;
            Ok(id)
        })
    }

    /// Edits an SSO method. An empty client secret keeps the stored one, but only for the same issuer, because otherwise an
    /// editor could have it sent anywhere. An edit without a difference changes nothing.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`], [`Error::Invalid`], and the errors of `begin`.
    pub async fn sso_edit(&self, team: &str, id: &MethodId, form: MethodForm) -> Result<(), Error> {
        retry!(attempt, async {
            let mut form = form.clone();
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let methods = work.tx.methods().await?;
            let old = methods.iter().find(|method| &method.id == id).ok_or(Error::NotFound)?;
            // "Configure later" is for methods without settings, so that it cannot remove settings that work.
            form.later &= old.settings.is_none();
            let same_issuer =
                matches!(&old.settings, Some(Settings::Oidc { issuer, .. }) if issuer == form.issuer.trim());
            let has_secret = same_issuer && work.tx.method_has_secret(id).await?;
            let other_names: Vec<&str> =
                methods.iter().filter(|method| &method.id != id).map(|method| method.name.as_str()).collect();
            let checked = check(form, &MethodContext { other_names: &other_names, has_secret, now: work.now })?;
            let secret = match (&checked.settings, client_secret(&checked)) {
                (_, Some(secret)) => Secret::Set(Some(self.seal(id, secret))),
                (Some(CheckedSettings::Oidc { .. }), None) => Secret::Keep,
                _ => Secret::Set(None),
            };
            let differences = method_difference::between(old, &checked, client_secret(&checked).is_some());
            if differences.is_empty() {
                return work.rollback().await;
            }
            work.tx.method_update(id, &checked, &secret, (work.now, work.actor.role), may).await?;
            let changed = differences.iter().map(|difference| difference.attribute.clone()).collect();
            work.commit(Change::SsoEdited { name: checked.name, changed, differences }).await
        })
    }

    /// Enables or disables an SSO method. Disabling is always possible. Without a difference, nothing changes.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`], [`Conflict::MethodNotConfigured`],
    /// [`Error::ConfirmSecondMethod`] (SCIM provisioning is on and another method is enabled, unless `confirmed`), and the errors
    /// of `begin`.
    pub async fn sso_set_enabled(
        &self,
        team: &str,
        id: &MethodId,
        enabled: bool,
        confirmed: bool,
    ) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let methods = work.tx.methods().await?;
            let method = methods.iter().find(|method| &method.id == id).ok_or(Error::NotFound)?;
            if method.enabled == enabled {
                return work.rollback().await;
            }
            if enabled {
                if method.settings.is_none() {
                    return Err(Conflict::MethodNotConfigured.into());
                }
                let others = sso::enabled(&methods);
                if work.tx.team().scim_on && !others.is_empty() && !confirmed {
                    return Err(Error::ConfirmSecondMethod(others));
                }
            }
            work.tx.method_set_enabled(id, enabled, work.now, may).await?;
            let name = method.name.clone();
            work.commit(if enabled { Change::SsoEnabled { name } } else { Change::SsoDisabled { name } }).await
        })
    }

    /// Disables every SSO method except one, which must be enabled. If no other is enabled, nothing changes.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`] (also if it is no longer enabled), and the errors of
    /// `begin`.
    pub async fn sso_keep_only(&self, team: &str, id: &MethodId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let enabled = sso::enabled(&work.tx.methods().await?);
            if !enabled.iter().any(|method| &method.id == id) {
                return Err(Error::NotFound);
            }
            let mut changes = Vec::new();
            for other in enabled.into_iter().filter(|method| &method.id != id) {
                work.tx.method_set_enabled(&other.id, false, work.now, may).await?;
                changes.push(Change::SsoDisabled { name: other.name });
            }
            let mut changes = changes.into_iter();
            match changes.next() {
                Some(first) => work.commit_all(first, changes.collect()).await,
                None => work.rollback().await,
            }
        })
    }

    /// Deletes an SSO method, with its secret.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`], and the errors of `begin`.
    pub async fn sso_delete(&self, team: &str, id: &MethodId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let methods = work.tx.methods().await?;
            let method = methods.into_iter().find(|method| &method.id == id).ok_or(Error::NotFound)?;
            work.tx.method_delete(id, may).await?;
            work.commit(Change::SsoDeleted { name: method.name }).await
        })
    }

    /// Encrypts a client secret, bound to its method.
    fn seal(&self, id: &MethodId, secret: &str) -> String {
        self.secrets.seal(&client_secret_context(id), secret)
    }
}

/// Checks the form. If it has metadata instead of the SAML fields, they are read from the metadata.
fn check(mut form: MethodForm, context: &MethodContext<'_>) -> Result<CheckedMethod, Error> {
    let checked = form.check(context)?;
    let reads_metadata = checked.protocol == Protocol::Saml && !form.later && !form.metadata.trim().is_empty();
    if !reads_metadata {
        return Ok(checked);
    }
    let provider = metadata::read(&form.metadata, context.now)?;
    form.entity_id = provider.entity_id;
    form.sign_in_url = provider.sign_in_url;
    form.certificate = provider.certificate;
    form.metadata.clear();
    form.check(context).map_err(|problems| Error::Invalid(at_metadata(&problems)))
}

/// Moves the problems of fields from the metadata to the metadata field.
fn at_metadata(problems: &FieldErrors) -> FieldErrors {
    let mut moved = FieldErrors::default();
    for (field, problem) in problems.iter() {
        let field = match field {
            Field::EntityId | Field::SignInUrl | Field::Certificate => Field::Metadata,
            other => *other,
        };
        moved.push(field, problem.clone());
    }
    moved
}

fn client_secret(checked: &CheckedMethod) -> Option<&str> {
    match &checked.settings {
        Some(CheckedSettings::Oidc { client_secret, .. }) => client_secret.as_deref(),
        _ => None,
    }
}
