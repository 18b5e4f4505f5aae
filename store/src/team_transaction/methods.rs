//! Changes of SSO methods.

use crate::team_transaction::TeamTransaction;
use crate::{
    StoreError,
    db::statement::{Statement, sql},
    methods::{method_columns, read_method},
    sso::read_link_rule,
};
use domain::{
    UnixMs,
    id::{MethodId, TeamId},
    provisioning::MayManage,
    role::Role,
    sso::{CheckedMethod, CheckedSettings, LinkRule, SsoMethod},
    validation::text::fold,
};

/// The change of the stored client secret.
pub enum Secret {
    /// The secret stays.
    Keep,
    /// The new encrypted secret, or `None` to delete it.
    Set(Option<String>),
}

/// A new SSO method.
pub struct NewMethod<'a> {
    /// The method's id.
    pub id: &'a MethodId,
    /// The validated settings.
    pub checked: &'a CheckedMethod,
    /// Whether members can sign in with it.
    pub enabled: bool,
    /// The encrypted client secret.
    pub sealed: Option<&'a str>,
    /// The role of who adds it.
    pub max_role: Role,
    /// The time of creation.
    pub created_at: UnixMs,
}

/// The columns that a form sets.
macro_rules! written {
    () => {
        "name, name_key, provider, protocol, configured, entity_id, sign_in_url, certificate, certificate_expires, issuer, \
         client_id"
    };
}

/// Their values, in order; `$1` and `$2` are the ids of the team and the method.
macro_rules! values {
    () => {
        "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"
    };
}

/// The columns of a method's settings.
#[derive(Default)]
struct Columns<'a> {
    entity_id: Option<&'a str>,
    sign_in_url: Option<&'a str>,
    certificate: Option<&'a str>,
    certificate_expires: Option<UnixMs>,
    issuer: Option<&'a str>,
    client_id: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(checked: &'a CheckedMethod) -> Self {
        match &checked.settings {
            None => Self::default(),
            Some(CheckedSettings::Saml { entity_id, sign_in_url, certificate, certificate_expires }) => Self {
                entity_id: Some(entity_id),
                sign_in_url: Some(sign_in_url),
                certificate: Some(certificate),
                certificate_expires: Some(*certificate_expires),
                ..Self::default()
            },
            Some(CheckedSettings::Oidc { issuer, client_id, .. }) => {
                Self { issuer: Some(issuer), client_id: Some(client_id), ..Self::default() }
            }
        }
    }
}

/// `$1` to `$13` of a statement with `written!` and `values!`.
fn bind(statement: Statement, (team, id): (&TeamId, &MethodId), checked: &CheckedMethod) -> Statement {
    let columns = Columns::of(checked);
    statement
        .text(team.as_str())
        .text(id.as_str())
        .text(&checked.name)
        .text(&fold(&checked.name))
        .text(checked.provider.name())
        .text(checked.protocol.name())
        .flag(checked.settings.is_some())
        .opt_text(columns.entity_id)
        .opt_text(columns.sign_in_url)
        .opt_text(columns.certificate)
        .opt_number(columns.certificate_expires)
        .opt_text(columns.issuer)
        .opt_text(columns.client_id)
}

/// The column `max_role` of who configures a method. Only Admins and Super Admins do.
fn max_role(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => role.name(),
        _ => Role::Admin.name(),
    }
}

impl TeamTransaction {
    /// The team's SSO methods, the oldest first.
    pub async fn methods(&mut self) -> Result<Vec<SsoMethod>, StoreError> {
        const SQL: &str =
            concat!("SELECT ", method_columns!(), " FROM sso_methods m WHERE m.team_id = $1 ORDER BY m.id");
        sql(SQL).text(self.team.id.as_str()).all(&mut *self.tx).await?.iter().map(read_method).collect()
    }

    /// Does the method have a stored client secret?
    pub async fn method_has_secret(&mut self, id: &MethodId) -> Result<bool, StoreError> {
        let row = sql("SELECT CASE WHEN client_secret IS NULL THEN 0 ELSE 1 END AS has_secret FROM sso_methods \
             WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .first(&mut *self.tx)
        .await?;
        row.map_or(Ok(false), |row| row.flag("has_secret"))
    }

    /// Adds a method.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the name).
    pub async fn method_insert(&mut self, method: &NewMethod<'_>, _: MayManage) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "INSERT INTO sso_methods (team_id, id, ",
            written!(),
            ", enabled, client_secret, created_at, updated_at, max_role) VALUES ($1, $2, ",
            values!(),
            ", $14, $15, $16, $16, $17)"
        );
        bind(sql(SQL), (&self.team.id, method.id), method.checked)
            .flag(method.enabled)
            .opt_text(method.sealed)
            .number(method.created_at)
            .text(max_role(method.max_role))
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Replaces the settings of a method. Its id and whether it is enabled stay the same.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the name).
    pub async fn method_update(
        &mut self,
        id: &MethodId,
        checked: &CheckedMethod,
        secret: &Secret,
        (now, role): (UnixMs, Role),
        _: MayManage,
    ) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "UPDATE sso_methods SET (",
            written!(),
            ") = (",
            values!(),
            "), client_secret = CASE WHEN $14 = 1 THEN $15 ELSE client_secret END, updated_at = $16, max_role = $17, token_auth = NULL \
             WHERE team_id = $1 AND id = $2"
        );
        let (replace, sealed) = match secret {
            Secret::Keep => (false, None),
            Secret::Set(sealed) => (true, sealed.as_deref()),
        };
        bind(sql(SQL), (&self.team.id, id), checked)
            .flag(replace)
            .opt_text(sealed)
            .number(now)
            .text(max_role(role))
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Sets how a person's first sign-in finds the member, and which attribute identifies a person.
    pub async fn method_set_link_rule(
        &mut self,
        id: &MethodId,
        rule: &LinkRule,
        subject_attribute: Option<&str>,
        now: UnixMs,
        _: MayManage,
    ) -> Result<(), StoreError> {
        let statement = sql("UPDATE sso_methods SET link_claim = $3, link_attribute = $4, trusts_email = $5, \
             creates_members = $6, max_role = $7, subject_attribute = $8, updated_at = $9 WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .opt_text(rule.claim.as_deref())
        .text(rule.attribute.name())
        .flag(rule.trusts_email)
        .flag(rule.creates_members)
        .text(max_role(rule.max_role))
        .opt_text(subject_attribute)
        .number(now);
        self.write(statement).await?;
        Ok(())
    }

    /// The method's rule for the first sign-in, and the attribute that identifies a person.
    pub async fn method_link_rule(&mut self, id: &MethodId) -> Result<Option<(LinkRule, Option<String>)>, StoreError> {
        let row = sql("SELECT link_claim, link_attribute, trusts_email, creates_members, max_role, subject_attribute \
             FROM sso_methods WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(id.as_str())
        .first(&mut *self.tx)
        .await?;
        row.map(|row| Ok((read_link_rule(&row)?, row.opt_text("subject_attribute")?))).transpose()
    }

    /// Enables or disables a method.
    pub async fn method_set_enabled(
        &mut self,
        id: &MethodId,
        enabled: bool,
        now: UnixMs,
        _: MayManage,
    ) -> Result<(), StoreError> {
        sql("UPDATE sso_methods SET enabled = $3, updated_at = $4 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .flag(enabled)
            .number(now)
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Deletes a method, with its secret.
    pub async fn method_delete(&mut self, id: &MethodId, _: MayManage) -> Result<(), StoreError> {
        sql("DELETE FROM sso_methods WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }
}
