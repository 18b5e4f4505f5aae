//! The rule of an SSO method for the first sign-in of a person.

use super::unit_of_work::Service;
use domain::{
    Error,
    activity::{AttributeChange, Change},
    id::MethodId,
    sso::{LinkAttribute, LinkRule, LinkRuleForm, SsoChange, claim},
    validation::field_error::{Field, FieldError, FieldErrors},
};
use store::retry;

/// A change of the rule. `None` keeps a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRuleEdit {
    /// The claim or SAML attribute to compare. Empty: the default.
    pub claim: Option<String>,
    /// The member's attribute.
    pub attribute: Option<LinkAttribute>,
    /// Does an email address count without `email_verified`?
    pub trusts_email: Option<bool>,
    /// Is a person without a match added to the team?
    pub creates_members: Option<bool>,
    /// The claim or SAML attribute that identifies a person. Empty: `sub` or the NameID.
    pub subject_attribute: Option<String>,
    /// Are the method's links removed if another identifier would break them?
    pub removes_links: bool,
}

impl LinkRuleEdit {
    /// All values of a form.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn of(form: LinkRuleForm, removes_links: bool) -> Result<Self, Error> {
        Ok(Self {
            attribute: Some(form.check()?),
            claim: Some(form.claim),
            trusts_email: Some(form.trusts_email),
            creates_members: Some(form.creates_members),
            subject_attribute: Some(form.identifier),
            removes_links,
        })
    }
}

impl Service<'_> {
    /// Changes how people are identified, and how they are matched with members at their first sign-in. Existing links stay. Another
    /// identifier would break them, so it needs the permission to remove them. Without a difference, nothing changes.
    ///
    /// # Errors
    /// [`Error::Denied`] (only because of the role), [`Error::NotFound`], [`Error::Invalid`] (also
    /// [`FieldError::LinksWouldBreak`]), and the errors of `begin`.
    pub async fn sso_set_link_rule(&self, team: &str, id: &MethodId, edit: LinkRuleEdit) -> Result<(), Error> {
        let claim = edit.claim.as_deref().map(|typed| name(Field::Claim, typed)).transpose()?;
        let subject = edit.subject_attribute.as_deref().map(|typed| name(Field::Identifier, typed)).transpose()?;
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let may = work.may_manage()?;
            let methods = work.tx.methods().await?;
            let method = methods.iter().find(|method| &method.id == id).ok_or(Error::NotFound)?;
            let (old, old_subject) = work.tx.method_link_rule(id).await?.ok_or(Error::NotFound)?;
            let new = LinkRule {
                claim: claim.clone().unwrap_or_else(|| old.claim.clone()),
                attribute: edit.attribute.unwrap_or(old.attribute),
                trusts_email: edit.trusts_email.unwrap_or(old.trusts_email),
                creates_members: edit.creates_members.unwrap_or(old.creates_members),
                max_role: work.actor.role,
            };
            let new_subject = subject.clone().unwrap_or_else(|| old_subject.clone());
            let differences = differences((&old, old_subject.as_deref()), (&new, new_subject.as_deref()));
            if differences.is_empty() {
                return work.rollback().await;
            }
            let broken = if new_subject == old_subject { 0 } else { work.tx.sso_links_count(id).await? };
            if broken > 0 && !edit.removes_links {
                return Err(FieldErrors::one(Field::Identifier, FieldError::LinksWouldBreak { links: broken }).into());
            }
            let links = if broken > 0 { work.tx.sso_links_delete(id, may).await? } else { 0 };
            work.tx.method_set_link_rule(id, &new, new_subject.as_deref(), work.now, may).await?;
            let changed = differences.iter().map(|difference| difference.attribute.clone()).collect();
            let unlinked = SsoChange::SsoAllUnlinked { method: method.name.clone(), links };
            let more = if links > 0 { vec![Change::from(unlinked)] } else { Vec::new() };
            work.commit_all(Change::SsoEdited { name: method.name.clone(), changed, differences }, more).await
        })
    }
}

/// The name of a claim. Empty text is none.
fn name(field: Field, typed: &str) -> Result<Option<String>, Error> {
    claim(typed).map_err(|error| FieldErrors::one(field, error).into())
}

fn differences(old: (&LinkRule, Option<&str>), new: (&LinkRule, Option<&str>)) -> Vec<AttributeChange> {
    let texts = |(rule, subject): (&LinkRule, Option<&str>)| {
        let yes_no = |flag: bool| Some(if flag { "yes" } else { "no" }.to_owned());
        [
            ("Claim", rule.claim.clone()),
            ("Member attribute", Some(rule.attribute.label().to_owned())),
            ("Trust email", yes_no(rule.trusts_email)),
            ("Add new people", yes_no(rule.creates_members)),
            ("Identifier", subject.map(str::to_owned)),
        ]
    };
    let pairs = texts(old).into_iter().zip(texts(new));
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((label, was), (_, is))| AttributeChange { attribute: label.to_owned(), was, is })
        .collect()
}
