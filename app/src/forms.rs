//! The checks of each form's values.
//!
//! A form has its [`Check`] in the attribute [`ATTRIBUTE`]. The browser runs it before it sends the form, and on each
//! change after a first error. Every rule calls the same function of `domain` as the server's service, so both sides
//! have the same errors. The server never relies on the browser's check.

use crate::{form_encoding, return_to};
use domain::{
    UnixMs, group_role,
    key::{self, Expiry, Overlap},
    member, role,
    sso::{LinkRuleForm, MethodContext, MethodForm},
    team,
    validation::{
        field_error::{self, Field, FieldErrors},
        password, text,
    },
};
use std::fmt::Display;

/// The attribute of a `<form>` with its [`Check`].
pub const ATTRIBUTE: &str = "data-check";

/// Names and values of a form, in order.
pub type Values = [(String, String)];

domain::names! {
    /// The rules for one form. The names are in [`ATTRIBUTE`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Rule {
        /// Email and password.
        SignIn = "sign-in",
        /// The password again.
        Password = "password",
        /// Name and new password of an invited person. Parameter: `email`.
        Join = "join",
        /// The reader's name.
        PersonName = "person-name",
        /// The reader's email address.
        Email = "email",
        /// Current and new password. Parameters: `email` and `name`.
        NewPassword = "new-password",
        TeamName = "team-name",
        /// The team's slug, and the team's name as a confirmation. Parameter: `confirm`.
        TeamSlug = "team-slug",
        /// A name as a confirmation. Parameter: `confirm`.
        Confirmation = "confirmation",
        /// A choice from a list. Parameter: `field`, its name.
        Choice = "choice",
        /// Email and role of a person to invite.
        Invite = "invite",
        /// The selected members of a list, and a role.
        ChosenMembers = "chosen-members",
        /// The manual roles of a member.
        Roles = "roles",
        /// An SSO method. Parameters: `now`, each `taken` name, and `secret` if a client secret is stored.
        Method = "method",
        /// A new key. Parameter: each `taken` name.
        Key = "key",
        /// The overlap of a rolled key.
        Overlap = "overlap",
        /// The role that a group gives.
        GroupRole = "group-role",
        /// How an SSO method identifies people and matches them with members.
        LinkRule = "link-rule",
        /// The search of a list. Knows `field`, its name.
        Search = "search",
    }
}

/// A rule and its parameters. The page contains them, so none of them is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    rule: Rule,
    known: Vec<(String, String)>,
}

impl Check {
    /// A rule without parameters.
    pub const fn new(rule: Rule) -> Self {
        Self { rule, known: Vec::new() }
    }

    /// Adds a parameter. A name can have several values.
    #[must_use]
    pub fn knows(mut self, name: &str, value: impl Into<String>) -> Self {
        self.known.push((name.to_owned(), value.into()));
        self
    }

    /// The value of [`ATTRIBUTE`].
    pub fn write(&self) -> String {
        [self.rule.name(), "?", &form_encoding::write(&self.known)].concat()
    }

    /// Parses the value of [`ATTRIBUTE`].
    pub fn parse(text: &str) -> Option<Self> {
        let (name, known) = text.split_once('?')?;
        let rule = Rule::from_name(name)?;
        Some(Self { rule, known: form_encoding::parse(known) })
    }

    /// The errors of the values by field name.
    pub fn run(&self, values: &Values) -> FieldMessages {
        let value = |name: &str| first(values, name);
        let mut messages = FieldMessages::default();
        match self.rule {
            Rule::SignIn => {
                messages.check(Field::Email.name(), text::email(value(Field::Email.name())));
                messages.check(Field::Password.name(), password::current(value(Field::Password.name())));
            }
            Rule::Password => messages.check(Field::Password.name(), password::current(value(Field::Password.name()))),
            Rule::Join => {
                let name = text::name(value(Field::Name.name()), "your name");
                let own = name.clone().unwrap_or_default();
                messages.check(Field::Name.name(), name);
                let typed = value(Field::Password.name());
                messages.check(Field::Password.name(), password::check(typed, self.known("email"), &own));
            }
            Rule::PersonName => messages.check(Field::Name.name(), text::name(value(Field::Name.name()), "your name")),
            Rule::Email => messages.check(Field::Email.name(), text::email(value(Field::Email.name()))),
            Rule::NewPassword => {
                let current = Field::CurrentPassword.name();
                messages.check(current, password::current(value(current)));
                let typed = value(Field::Password.name());
                let (email, name) = (self.known("email"), self.known("name"));
                messages.check(Field::Password.name(), password::check(typed, email, name));
            }
            Rule::TeamName => messages.check(Field::Name.name(), team::name(value(Field::Name.name()))),
            Rule::TeamSlug => {
                messages.check(Field::Slug.name(), team::slug(value(Field::Slug.name())));
                self.confirm(values, &mut messages);
            }
            Rule::Confirmation => self.confirm(values, &mut messages),
            Rule::Choice => {
                let field = self.known("field");
                messages.check(field, field_error::choice(value(field)));
            }
            Rule::Invite => {
                messages.check(Field::Email.name(), text::email(value(Field::Email.name())));
                messages.check(INVITED_AS, role::parse(value(INVITED_AS)));
            }
            Rule::ChosenMembers => {
                let field = Field::Member.name();
                messages.check(field, member::check_count(all(values, field).count()));
                messages.check(Field::Role.name(), role::parse(value(Field::Role.name())));
            }
            Rule::Roles => messages.check(Field::Role.name(), role::parse_all(all(values, Field::Role.name()))),
            Rule::Method => {
                if let Err(problems) = self.method(values) {
                    messages.extend(&problems);
                }
            }
            Rule::Key => {
                let taken = all(&self.known, "taken");
                messages.check(Field::Name.name(), key::name(value(Field::Name.name()), taken));
                messages.check(Field::Expiry.name(), Expiry::parse(value(Field::Expiry.name())));
            }
            Rule::Overlap => messages.check(Field::Overlap.name(), Overlap::parse(value(Field::Overlap.name()))),
            Rule::GroupRole => messages.check(Field::Role.name(), group_role::parse(value(Field::Role.name()))),
            Rule::LinkRule => {
                if let Err(problems) = link_rule_form(values).check() {
                    messages.extend(&problems);
                }
            }
            Rule::Search => {
                let field = self.known("field");
                messages.check(field, text::search(value(field)));
            }
        }
        messages
    }

    fn known(&self, name: &str) -> &str {
        first(&self.known, name)
    }

    fn confirm(&self, values: &Values, messages: &mut FieldMessages) {
        let field = Field::Confirmation.name();
        messages.check(field, field_error::confirm(first(values, field), self.known("confirm")));
    }

    fn method(&self, values: &Values) -> Result<(), FieldErrors> {
        let taken: Vec<&str> = all(&self.known, "taken").collect();
        let now: UnixMs = self.known("now").parse().unwrap_or_default();
        let known = MethodContext { other_names: &taken, has_secret: !self.known("secret").is_empty(), now };
        method_form(values).check(&known).map(|_| ())
    }
}

/// The value of [`ATTRIBUTE`] for the search of a list, by the name of its field.
pub fn search_check(field: &str) -> String {
    Check::new(Rule::Search).knows("field", field).write()
}

/// The name of the field with the role of an invited person. ([`Field::Role`] is the filter of the list on the same page.)
pub const INVITED_AS: &str = "as";

/// The box "Trust every email" of the form "Match people".
pub const TRUSTS_EMAIL: &str = "trusts_email";
/// The box "Add people who aren't members yet" of the form "Match people".
pub const CREATES_MEMBERS: &str = "creates_members";
/// The box of the form "Match people" that allows to remove the links that another identifier would break.
pub const REMOVES_LINKS: &str = "removes_links";

/// The values of the form for an SSO method.
pub fn method_form(values: &Values) -> MethodForm {
    let text = |field: Field| first(values, field.name()).to_owned();
    MethodForm {
        provider: text(Field::Provider),
        protocol: first(values, return_to::PROTOCOL).to_owned(),
        name: text(Field::Name),
        entity_id: text(Field::EntityId),
        sign_in_url: text(Field::SignInUrl),
        certificate: text(Field::Certificate),
        metadata: text(Field::Metadata),
        issuer: text(Field::Issuer),
        client_id: text(Field::ClientId),
        client_secret: text(Field::ClientSecret),
        later: first(values, return_to::LATER) == "true",
    }
}

/// The values of the form "Match people".
pub fn link_rule_form(values: &Values) -> LinkRuleForm {
    let text = |field: Field| first(values, field.name()).to_owned();
    let flag = |name: &str| first(values, name) == "true";
    LinkRuleForm {
        claim: text(Field::Claim),
        attribute: text(Field::Attribute),
        trusts_email: flag(TRUSTS_EMAIL),
        creates_members: flag(CREATES_MEMBERS),
        identifier: text(Field::Identifier),
    }
}

/// The error sentence of each invalid field. Empty if the form is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMessages(Vec<(String, String)>);

impl FieldMessages {
    /// Adds the sentence of an error. The page shows the first one of a field.
    fn check<T>(&mut self, field: &str, result: Result<T, impl Display>) {
        if let Err(problem) = result {
            self.0.push((field.to_owned(), problem.to_string()));
        }
    }

    fn extend(&mut self, problems: &FieldErrors) {
        self.0.extend(problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string())));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// Fields and sentences, in the order of the rules.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

/// The first value of a name, or an empty text.
pub fn first<'a>(values: &'a Values, name: &str) -> &'a str {
    all(values, name).next().unwrap_or_default()
}

fn all<'a>(values: &'a Values, name: &str) -> impl Iterator<Item = &'a str> {
    values.iter().filter(move |(at, _)| at == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::validation::field_error::FieldError;

    fn messages(check: &Check, values: &str) -> Vec<(String, String)> {
        // Through the attribute, as in a page.
        let check = Check::parse(&check.write()).unwrap();
        check.run(&form_encoding::parse(values)).0
    }

    #[test]
    fn every_rule_is_found_by_its_name() {
        for rule in Rule::ALL {
            let check = Check::new(rule).knows("taken", "a=b&c").knows("taken", "");
            assert_eq!(Check::parse(&check.write()), Some(check));
        }
        assert_eq!(Check::parse("erase?"), None);
        assert_eq!(Check::parse("sign-in"), None);
    }

    #[test]
    fn valid_values_have_no_messages() {
        let method = "provider=okta&protocol=oidc&name=Okta&issuer=https://a.test&client_id=c&client_secret=s";
        for (check, values) in [
            (Check::new(Rule::SignIn), "email=ada@acme.test&password=x"),
            (Check::new(Rule::Password), "password=x"),
            (Check::new(Rule::Join).knows("email", "a@b.test"), "name=Ada&password=seven copper kettles"),
            (Check::new(Rule::PersonName), "name=Ada"),
            (Check::new(Rule::Email), "email=ada@acme.test"),
            (Check::new(Rule::NewPassword), "current_password=x&password=seven copper kettles"),
            (Check::new(Rule::TeamName), "name=Acme"),
            (Check::new(Rule::TeamSlug).knows("confirm", "Acme"), "slug=acme&confirmation= Acme "),
            (Check::new(Rule::Confirmation).knows("confirm", "Acme"), "confirmation=Acme"),
            (Check::new(Rule::Choice).knows("field", "id"), "id=7"),
            (Check::new(Rule::Invite), "email=ada@acme.test&as=admin"),
            (Check::new(Rule::ChosenMembers), "member=1&member=2&role=billing"),
            (Check::new(Rule::Roles), "role=billing"),
            (Check::new(Rule::Method).knows("now", "5"), method),
            (Check::new(Rule::Method).knows("taken", "Other"), "provider=okta&name=Okta&later=true"),
            (Check::new(Rule::Key).knows("taken", "CI"), "name=Okta&expiry=365"),
            (Check::new(Rule::Overlap), "overlap=24h"),
            (Check::new(Rule::GroupRole), "role=none"),
            (Check::new(Rule::GroupRole), "role=admin"),
            (Check::new(Rule::LinkRule), "claim=&attribute=email&identifier=&trusts_email=true"),
            (Check::new(Rule::Search).knows("field", "q"), "q="),
        ] {
            assert_eq!(messages(&check, values), [], "{values}");
        }
    }

    #[test]
    fn each_wrong_field_has_its_message() {
        for (check, values, fields) in [
            (Check::new(Rule::SignIn), "email=ada", vec!["email", "password"]),
            (Check::new(Rule::Password), "", vec!["password"]),
            (Check::new(Rule::Join), "password=short", vec!["name", "password"]),
            (
                Check::new(Rule::Join).knows("email", "ada.lovelace.x@b.test"),
                "name=A&password=ada.lovelace.x@b.test",
                vec!["password"],
            ),
            (Check::new(Rule::PersonName), "name= ", vec!["name"]),
            (Check::new(Rule::GroupRole), "role=owner", vec!["role"]),
            (
                Check::new(Rule::LinkRule),
                &["attribute=name&identifier=a%00b&claim=", &"x".repeat(256)].concat(),
                vec!["identifier", "claim", "attribute"],
            ),
            (Check::new(Rule::Search).knows("field", "q"), &["q=", &"x".repeat(256)].concat(), vec!["q"]),
            (Check::new(Rule::Email), "email=x", vec!["email"]),
            (Check::new(Rule::NewPassword), "password=x", vec!["current_password", "password"]),
            (
                Check::new(Rule::NewPassword).knows("name", "seven copper kettles"),
                "current_password=x&password=sevencopperkettles",
                vec!["password"],
            ),
            (Check::new(Rule::TeamName), "name=%E2%80%8B", vec!["name"]),
            (
                Check::new(Rule::TeamSlug).knows("confirm", "Acme"),
                "slug=A B&confirmation=acme",
                vec!["slug", "confirmation"],
            ),
            (Check::new(Rule::Choice).knows("field", "id"), "id=", vec!["id"]),
            (Check::new(Rule::Invite), "as=owner", vec!["email", "as"]),
            (Check::new(Rule::ChosenMembers), "role=billing", vec!["member"]),
            (Check::new(Rule::Roles), "role=owner", vec!["role"]),
            (
                Check::new(Rule::Method).knows("taken", "okta"),
                "provider=okta&protocol=oidc&name=Okta&issuer=x",
                vec!["name", "issuer", "client_id", "client_secret"],
            ),
            (
                Check::new(Rule::Method).knows("secret", "1"),
                "provider=okta&protocol=oidc&name=Okta&issuer=https://a.test&client_id=",
                vec!["client_id"],
            ),
            (Check::new(Rule::Key).knows("taken", "CI"), "name=ci&expiry=1", vec!["name", "expiry"]),
            (Check::new(Rule::Overlap), "overlap=1y", vec!["overlap"]),
        ] {
            let messages = messages(&check, values);
            let named: Vec<&str> = messages.iter().map(|(field, _)| field.as_str()).collect();
            assert_eq!(named, fields, "{values}: {messages:?}");
        }
    }

    #[test]
    fn a_message_is_the_sentence_of_the_rule() {
        let check = Check::new(Rule::Confirmation).knows("confirm", "Acme");
        let messages = check.run(&form_encoding::parse("confirmation=x"));
        assert_eq!(messages.of("confirmation"), Some(&*FieldError::NotConfirmed("Acme".to_owned()).to_string()));
        assert_eq!(messages.of("name"), None);
    }
}
