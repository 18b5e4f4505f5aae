//! The Groups page and the page of one group: filters and data.

use crate::form_encoding;
use crate::model::Member;
use domain::{
    UnixMs,
    group_role::{MappingImpact, RoleChange},
    id::MemberId,
    role::Role,
    sort::GroupSort,
    validation::{field_error::Field, text::SEARCH_MAX},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    pub query: GroupQuery,
    /// The groups of the page.
    pub rows: Vec<GroupLine>,
    /// The page number, from 1.
    pub page: i64,
    /// The number of pages.
    pub pages: i64,
    /// The number of matching groups.
    pub total: i64,
    pub scim_on: bool,
    /// May the reader open groups and change their roles?
    pub may_manage: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    pub id: String,
    pub name: String,
    pub members: i64,
    /// The role that the group gives.
    pub role: Option<Role>,
    /// The time of the last change by the identity provider.
    pub updated_at: UnixMs,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupQuery {
    /// Part of the name; empty for all.
    pub search: String,
    pub sort: GroupSort,
}

impl GroupQuery {
    /// The names of the URL parameters and form fields.
    pub const SEARCH: &'static str = "q";
    /// See [`Self::SEARCH`].
    pub const SORT: &'static str = "sort";

    /// Parses names and values. Unknown values are ignored. A search is cut at [`Self::SEARCH_MAX`] characters.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(at, _)| at == name).map_or("", |(_, value)| value.as_str());
        Self {
            search: value(Self::SEARCH).trim().chars().take(SEARCH_MAX).collect(),
            sort: GroupSort::from_name(value(Self::SORT)).unwrap_or_default(),
        }
    }

    /// The URL of a page of the list at `path`.
    pub fn address(&self, path: &str, page: i64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let sort = if self.sort == GroupSort::default() { "" } else { self.sort.name() };
        let all = [(Self::SEARCH, self.search.as_str()), (Self::SORT, sort), ("page", page.as_str())];
        let pairs = all.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if pairs.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(&pairs)].concat() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    pub id: String,
    pub name: String,
    /// The group's id at the identity provider.
    pub external_id: Option<String>,
    /// The manager of the group, if there is one: "Okta", "your identity provider".
    pub managed_by: Option<String>,
    pub member_count: i64,
    /// The role that the group gives.
    pub role: Option<Role>,
    pub created_at: UnixMs,
    /// The time of the last change by the identity provider.
    pub updated_at: UnixMs,
    /// The members on the page.
    pub members: GroupMembers,
    /// The preview of a change of the role.
    pub preview: Option<Preview>,
    pub notice: Option<String>,
    /// The error of the last form.
    pub problem: Option<String>,
    /// The note that the group gives the chosen role already.
    pub unchanged: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMembers {
    /// Part of the name; empty for all.
    pub search: String,
    pub rows: Vec<Member>,
    /// The page number, from 1.
    pub page: i64,
    /// The number of pages.
    pub pages: i64,
    /// The number of matching groups.
    pub total: i64,
    /// Are there more, because the count stopped?
    pub has_more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub to: Option<Role>,
    /// The number of members with each effect.
    pub impact: MappingImpact,
    /// Some of the members who would get the new role.
    pub gain: Vec<(MemberId, String)>,
    /// Some of the members who would lose the old role.
    pub lose: Vec<(MemberId, String)>,
    /// The reason that the change is refused.
    pub denial: Option<String>,
}

impl GroupPage {
    /// The name of the field with the role, in the URL and the form.
    pub const ROLE: &'static str = Field::Role.name();

    /// The change that the preview is about.
    pub fn change(&self, to: Option<Role>) -> RoleChange {
        RoleChange { from: self.role, to }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_url_contains_the_filters() {
        let query = GroupQuery { search: "100 % \"IT\" & co".into(), sort: GroupSort::Members };
        let address = query.address("/groups", 3);
        let (path, pairs) = address.split_once('?').unwrap();
        assert_eq!(path, "/groups");
        assert!(address.ends_with("&sort=members&page=3") && address.bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(GroupQuery::parse(&form_encoding::parse(pairs)), query);
        assert_eq!(GroupQuery::default().address("/groups", 1), "/groups");
    }

    #[test]
    fn unknown_values_are_ignored() {
        assert_eq!(GroupQuery::parse(&form_encoding::parse("q=++&sort=size&x=y")), GroupQuery::default());
        let long = vec![("q".to_owned(), "é".repeat(10_000))];
        assert_eq!(GroupQuery::parse(&long).search.chars().count(), SEARCH_MAX);
    }
}
