//! The form "Match people": what identifies a person, and how their first sign-in finds the member.

use crate::{
    components::{
        field::{FieldNote, Options, SelectField, TextField},
        form::{Form, Submit},
        notice::Alert,
    },
    forms::{CREATES_MEMBERS, Check, REMOVES_LINKS, Rule, TRUSTS_EMAIL},
    model::{SsoMethodPage, SubmittedForm},
};
use domain::{
    sso::{LinkAttribute, Protocol},
    validation::field_error::Field,
};
use leptos::prelude::*;

/// The prefix of the `id`s of the form's fields.
const SCOPE: &str = "match";

#[component]
pub(super) fn MatchPeople(path: String, data: SsoMethodPage) -> impl IntoView {
    let SsoMethodPage { method, rule, identifier, usage, submission, .. } = data;
    let submission = submission.unwrap_or_default();
    let values = MatchValues { submission: submission.clone() };
    let selected = LinkAttribute::from_name(&values.text(Field::Attribute, rule.attribute.name())).unwrap_or_default();
    let provider = method.provider_name().to_owned();
    view! {
        <section class="card" aria-labelledby="match">
            <div class="card-head">
                <div>
                    <h2 id="match">"Match people"</h2>
                    <p>"How a first sign-in finds the member. Later ones follow the link."</p>
                </div>
            </div>
            <Form class="row-block settings-form" action=[&path, "/match"].concat() check=Check::new(Rule::LinkRule) labelled_by="match">
                <Alert why=submission.refusal.clone()/>
                <TextField
                    scope=SCOPE
                    name=Field::Identifier.name()
                    label="Identifier"
                    hint=identifier_hint(method.protocol)
                    value=identifier.clone().unwrap_or_default()
                    submission=submission.clone()
                />
                {(usage.links > 0)
                    .then(|| {
                        view! {
                            <MatchChoice
                                name=REMOVES_LINKS
                                checked=values.flag(REMOVES_LINKS, false)
                                label=links_label(usage.links)
                                hint="Only needed for another identifier. People are matched again at their next sign-in."
                            />
                        }
                    })}
                <TextField
                    scope=SCOPE
                    name=Field::Claim.name()
                    label=["Link someone whose value in ", &provider].concat()
                    hint=claim_hint(method.protocol)
                    value=rule.claim.clone().unwrap_or_default()
                    submission=submission.clone()
                />
                <SelectField
                    scope=SCOPE
                    name=Field::Attribute.name()
                    label="Equals this value of a member"
                    hint="Break-glass members are never linked without their password."
                    submission=submission.clone()
                >
                    <Options
                        options=LinkAttribute::ALL.map(|attribute| (attribute.name(), attribute.label())).to_vec()
                        selected=selected.name()
                    />
                </SelectField>
                <MatchChoice
                    name=TRUSTS_EMAIL
                    checked=values.flag(TRUSTS_EMAIL, rule.trusts_email)
                    label=["Trust every email from ", &provider].concat()
                    hint="Links by email even if the provider doesn't say that it verified the email. Only choose this if people can't change their email there."
                />
                <MatchChoice
                    name=CREATES_MEMBERS
                    checked=values.flag(CREATES_MEMBERS, rule.creates_members)
                    label="Add people who aren't members yet".to_owned()
                    hint="As Developers, while the team has seats. Never anyone whom SCIM deactivated or removed."
                />
                <Submit label="Save matching" busy="Saving" class="btn btn-primary"/>
            </Form>
        </section>
    }
}

/// The values of the form: the submitted ones, or else the stored ones.
struct MatchValues {
    submission: SubmittedForm,
}

impl MatchValues {
    fn text(&self, field: Field, stored: &str) -> String {
        self.submission.value(field.name()).unwrap_or_else(|| stored.to_owned())
    }

    /// Browsers do not send an empty box.
    fn flag(&self, name: &str, stored: bool) -> bool {
        if self.submission.values.is_empty() { stored } else { self.submission.value(name).is_some() }
    }
}

/// A box with its explanation.
#[component]
fn MatchChoice(name: &'static str, checked: bool, label: String, hint: &'static str) -> impl IntoView {
    let note = [SCOPE, ".", name, ".note"].concat();
    let hint_id = [&note, ".hint"].concat();
    view! {
        <div class="field">
            <div class="field-choices">
                <label>
                    <input type="checkbox" name=name value="true" checked=checked aria-describedby=hint_id/>
                    {label}
                </label>
            </div>
            <FieldNote id=note name=name problem=None hint=hint/>
        </div>
    }
}

fn links_label(links: i64) -> String {
    match links {
        1 => "Remove the link of 1 person".to_owned(),
        _ => format!("Remove the links of {links} people"),
    }
}

const fn identifier_hint(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Saml => {
            "The attribute that stays the same when someone is renamed, by its full name. Leave blank for the NameID."
        }
        Protocol::Oidc => "The claim that never changes for a person. Leave blank for sub.",
    }
}

const fn claim_hint(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Saml => "An attribute by its full name. Leave blank for the NameID.",
        Protocol::Oidc => "A claim. Leave blank for preferred_username, or for email or sub with email or externalId.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sso::{default_claim, default_identifier};

    #[test]
    fn the_hints_name_the_default() {
        for protocol in Protocol::ALL {
            assert!(identifier_hint(protocol).contains(default_identifier(protocol)));
            for attribute in LinkAttribute::ALL {
                assert!(claim_hint(protocol).contains(default_claim(protocol, attribute)));
            }
        }
    }
}
