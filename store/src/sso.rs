//! Sign-in through SSO methods: the method with its settings, and the responses of identity providers.

use crate::{
    Store, StoreError, TeamRow,
    db::{row::Row, statement::sql},
    methods::{method_columns, read_method},
    teams::team_columns,
};
use domain::{
    UnixMs,
    id::{MemberId, MethodId, TeamId},
    role::Role,
    sso::{LinkAttribute, LinkRule, SsoMethod, SsoProvider},
};

/// An SSO method with everything that a sign-in needs. Its secrets are sealed.
#[derive(Clone)]
pub struct SsoMethodRow {
    /// The method's team.
    pub team: TeamRow,
    /// The method with its settings.
    pub method: SsoMethod,
    /// The sealed client secret (OpenID Connect).
    pub client_secret: Option<String>,
    /// Is the request sent by HTTP-POST (SAML)? Otherwise by HTTP-Redirect.
    pub uses_post: bool,
    /// The SAML attribute or claim that identifies a person. `None`: the NameID or `sub`.
    pub subject_attribute: Option<String>,
    /// The rule for the first sign-in of a person.
    pub link_rule: LinkRule,
    /// The client authentication that the token endpoint accepted last (OpenID Connect).
    pub token_auth: Option<String>,
    /// The sealed key that signs requests (SAML), PKCS #8.
    pub signing_key: Option<String>,
    /// Its certificate, PEM.
    pub signing_certificate: Option<String>,
    /// Is this the team's only enabled method?
    pub is_only_method: bool,
}

impl std::fmt::Debug for SsoMethodRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SsoMethodRow")
            .field("method", &self.method.id)
            .field("team", &self.team.slug)
            .finish_non_exhaustive()
    }
}

/// An enabled SSO method, for a link on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// The method's id.
    pub id: MethodId,
    /// Its name.
    pub name: String,
    /// Who provides the sign-in.
    pub provider: SsoProvider,
}

/// A verified response that waits for the browser (SAML).
pub struct StoredResponse<'a> {
    /// The assertion's ID.
    pub id: &'a str,
    /// The ID of the request that it answers.
    pub request_id: &'a str,
    /// The sealed identity.
    pub identity: &'a str,
    /// The response is worthless after this time, and its row is deleted.
    pub expires_at: UnixMs,
}

const METHOD: &str = concat!(
    "SELECT ",
    method_columns!(),
    ", m.client_secret, m.sign_in_binding, m.subject_attribute, m.link_claim, m.link_attribute, m.trusts_email, m.creates_members, \
     m.max_role, m.token_auth, m.signing_key, m.signing_certificate, \
     (SELECT COUNT(*) FROM sso_methods o WHERE o.team_id = m.team_id AND o.enabled = 1 AND o.id <> m.id) AS others, ",
    team_columns!(),
    " FROM sso_methods m JOIN teams t ON t.id = m.team_id WHERE m.id = $1 AND t.deleted_at IS NULL"
);

pub(crate) fn read_link_rule(row: &Row) -> Result<LinkRule, StoreError> {
    Ok(LinkRule {
        claim: row.opt_text("link_claim")?,
        attribute: row.parse_enum("link_attribute", LinkAttribute::from_name)?,
        trusts_email: row.flag("trusts_email")?,
        creates_members: row.flag("creates_members")?,
        max_role: row.parse_enum("max_role", Role::from_name)?,
    })
}

fn read_sso_method(row: &Row) -> Result<SsoMethodRow, StoreError> {
    Ok(SsoMethodRow {
        team: TeamRow::read(row)?,
        method: read_method(row)?,
        client_secret: row.opt_text("client_secret")?,
        uses_post: row.text("sign_in_binding")? == "post",
        subject_attribute: row.opt_text("subject_attribute")?,
        link_rule: read_link_rule(row)?,
        token_auth: row.opt_text("token_auth")?,
        signing_key: row.opt_text("signing_key")?,
        signing_certificate: row.opt_text("signing_certificate")?,
        is_only_method: row.number("others")? == 0,
    })
}

fn read_sign_in_link(row: &Row) -> Result<SignInLink, StoreError> {
    Ok(SignInLink {
        id: MethodId::new(row.text("id")?),
        name: row.text("name")?,
        provider: row.parse_enum("provider", SsoProvider::from_name)?,
    })
}

impl Store {
    /// The method with this id and its team: one statement. The caller checks that it is enabled.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_method(&self, id: &MethodId) -> Result<Option<SsoMethodRow>, StoreError> {
        let row = sql(METHOD).text(id.as_str()).inline().first(&self.reader).await?;
        row.as_ref().map(read_sso_method).transpose()
    }

    /// The enabled methods of the team with this slug, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_sign_in_links(&self, slug: &str) -> Result<Vec<SignInLink>, StoreError> {
        let rows = sql("SELECT m.id, m.name, m.provider FROM teams t JOIN sso_methods m ON m.team_id = t.id \
             WHERE t.slug = $1 AND t.deleted_at IS NULL AND m.enabled = 1 ORDER BY m.id")
        .text(slug)
        .inline()
        .all(&self.reader)
        .await?;
        rows.iter().map(read_sign_in_link).collect()
    }

    /// The enabled methods through which a member can sign in, because they did before: the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_links_of(&self, team: &TeamId, member: &MemberId) -> Result<Vec<SignInLink>, StoreError> {
        let rows = sql("SELECT m.id, m.name, m.provider FROM sso_links l \
             JOIN sso_methods m ON m.team_id = l.team_id AND m.id = l.method_id \
             WHERE l.team_id = $1 AND l.member_id = $2 AND m.enabled = 1 ORDER BY m.id")
        .text(team.as_str())
        .text(member.as_str())
        .inline()
        .all(&self.reader)
        .await?;
        rows.iter().map(read_sign_in_link).collect()
    }

    /// The OpenID Connect method of a session's latest sign-in through one, and the sealed ID token.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_sign_out(&self, session_hash: &str) -> Result<Option<(MethodId, Option<String>)>, StoreError> {
        let row = sql("SELECT m.id, i.id_token FROM sessions s JOIN sign_ins i ON i.session_id = s.id \
             JOIN sso_methods m ON m.team_id = i.team_id AND m.id = i.method_id \
             WHERE s.token_hash = $1 AND m.enabled = 1 AND m.protocol = 'oidc' ORDER BY i.signed_in_at DESC LIMIT 1")
        .text(session_hash)
        .inline()
        .first(&self.reader)
        .await?;
        row.map(|row| Ok((MethodId::new(row.text("id")?), row.opt_text("id_token")?))).transpose()
    }

    /// Stores a verified response until the browser comes back. `false`: a response with this id, or to this request, was
    /// stored before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_response_add(
        &self,
        (team, method): (&TeamId, &MethodId),
        response: &StoredResponse<'_>,
    ) -> Result<bool, StoreError> {
        let added = sql("INSERT INTO sso_responses (team_id, method_id, id, request_id, identity, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
        .text(team.as_str())
        .text(method.as_str())
        .text(response.id)
        .text(response.request_id)
        .text(response.identity)
        .number(response.expires_at)
        .run(&self.writer)
        .await?;
        Ok(added == 1)
    }

    /// The id and the sealed identity of the response to a request. An identity that was used is `None`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_response(
        &self,
        (team, method): (&TeamId, &MethodId),
        request_id: &str,
        now: UnixMs,
    ) -> Result<Option<(String, Option<String>)>, StoreError> {
        let row = sql("SELECT id, CASE WHEN used_at IS NULL THEN identity END AS identity FROM sso_responses \
             WHERE team_id = $1 AND method_id = $2 AND request_id = $3 AND expires_at > $4")
        .text(team.as_str())
        .text(method.as_str())
        .text(request_id)
        .number(now)
        .inline()
        .first(&self.reader)
        .await?;
        row.map(|row| Ok((row.text("id")?, row.opt_text("identity")?))).transpose()
    }

    /// Deletes the responses that expired before `now`. Returns their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_responses_sweep(&self, now: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM sso_responses WHERE (team_id, method_id, id) IN \
                 (SELECT team_id, method_id, id FROM sso_responses WHERE expires_at < $1 LIMIT $2)")
            .number(now)
        })
        .await
    }

    /// Records which client authentication the token endpoint accepted (OpenID Connect Core, section 9).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_token_auth_set(
        &self,
        (team, method): (&TeamId, &MethodId),
        token_auth: &str,
    ) -> Result<(), StoreError> {
        sql("UPDATE sso_methods SET token_auth = $3 WHERE team_id = $1 AND id = $2")
            .text(team.as_str())
            .text(method.as_str())
            .text(token_auth)
            .run(&self.writer)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::METHOD;
    use crate::db::query_plans;

    #[tokio::test]
    async fn a_method_is_found_by_its_id() {
        for plan in query_plans::of_a_new_database().await.of(METHOD).await {
            assert!(plan.contains("sso_methods_id (id=?"), "{plan}");
        }
    }
}
