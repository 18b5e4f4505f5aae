//! The Groups page and the page of one group: what is asked for, and what the pages are told.

use crate::form_encoding;
use crate::model::Member;
use domain::{
    UnixMs,
    group_role::{MappingImpact, RoleChange},
    id::MemberId,
    role::Role,
    sort::GroupSort,
    validation::text::SEARCH_MAX,
};
use serde::{Deserialize, Serialize};

/// The Groups page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// What was asked for.
    pub query: GroupQuery,
    /// One page of what was found.
    pub rows: Vec<GroupLine>,
    /// The page's number, from 1.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// How many groups were found.
    pub total: i64,
    /// Is SCIM provisioning on?
    pub scim_on: bool,
    /// May the reader open groups and change what they give?
    pub may_manage: bool,
}

/// A group in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// Which one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many members it has.
    pub members: i64,
    /// The role that it gives.
    pub role: Option<Role>,
    /// When the identity provider last changed it.
    pub updated_at: UnixMs,
}

/// Which groups are asked for, in which order: the state of the page, which its address holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupQuery {
    /// What stands in the name; empty: anything.
    pub search: String,
    /// The order.
    pub sort: GroupSort,
}

impl GroupQuery {
    /// The names of the fields, as they stand in addresses and forms.
    pub const SEARCH: &'static str = "q";
    /// See [`Self::SEARCH`].
    pub const SORT: &'static str = "sort";

    /// From names and values. What is unknown counts as not there; a search is cut at [`SEARCH_MAX`] characters.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(at, _)| at == name).map_or("", |(_, value)| value.as_str());
        Self {
            search: value(Self::SEARCH).trim().chars().take(SEARCH_MAX).collect(),
            sort: GroupSort::ALL.into_iter().find(|sort| sort.name() == value(Self::SORT)).unwrap_or_default(),
        }
    }

    /// The address of the list at `path`, at a page of it.
    pub fn address(&self, path: &str, page: i64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let sort = if self.sort == GroupSort::default() { "" } else { self.sort.name() };
        let all = [(Self::SEARCH, self.search.as_str()), (Self::SORT, sort), ("page", page.as_str())];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = said.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if pairs.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(&pairs)].concat() }
    }
}

/// The page of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    /// Which one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the identity provider calls it.
    pub external_id: Option<String>,
    /// Who keeps it, where someone does: "Okta", "your identity provider".
    pub managed_by: Option<String>,
    /// How many members it has.
    pub member_count: i64,
    /// The role that it gives.
    pub role: Option<Role>,
    /// When it came.
    pub created_at: UnixMs,
    /// When the identity provider last changed it, or who is in it.
    pub updated_at: UnixMs,
    /// Its members, as far as they were asked for.
    pub members: GroupMembers,
    /// What a mapping would change.
    pub preview: Option<Preview>,
    /// What was just done.
    pub notice: Option<String>,
    /// Why the last change was not made.
    pub problem: Option<String>,
    /// That the group gave the chosen role already.
    pub unchanged: Option<String>,
}

/// One page of a group's members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMembers {
    /// What was looked for; empty: anything.
    pub search: String,
    /// One page of what was found.
    pub rows: Vec<Member>,
    /// The page's number, from 1.
    pub page: i64,
    /// How many pages there are; where not all is counted, how many there are at least.
    pub pages: i64,
    /// How many members were found.
    pub total: i64,
    /// Are there more than that, too many to be counted?
    pub and_more: bool,
}

/// What a mapping would change, before it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The role that the group would give.
    pub to: Option<Role>,
    /// How many would be concerned.
    pub figures: MappingImpact,
    /// Some of those who would get the new role.
    pub gain: Vec<(MemberId, String)>,
    /// Some of those who would lose the old one.
    pub lose: Vec<(MemberId, String)>,
    /// Why it cannot be saved.
    pub denied: Option<String>,
}

impl GroupPage {
    /// The name of the field with the role, in the address and the form.
    pub const ROLE: &'static str = "role";

    /// What the preview is about.
    pub fn step(&self, to: Option<Role>) -> RoleChange {
        RoleChange { from: self.role, to }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_holds_what_was_asked_for() {
        let query = GroupQuery { search: "100 % \"IT\" & co".into(), sort: GroupSort::Members };
        let address = query.address("/groups", 3);
        let (path, pairs) = address.split_once('?').unwrap();
        assert_eq!(path, "/groups");
        assert!(address.ends_with("&sort=members&page=3") && address.bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(GroupQuery::parse(&form_encoding::parse(pairs)), query);
        assert_eq!(GroupQuery::default().address("/groups", 1), "/groups");
    }

    #[test]
    fn what_is_unknown_is_not_asked_for() {
        assert_eq!(GroupQuery::parse(&form_encoding::parse("q=++&sort=size&x=y")), GroupQuery::default());
        let long = vec![("q".to_owned(), "é".repeat(10_000))];
        assert_eq!(GroupQuery::parse(&long).search.chars().count(), SEARCH_MAX);
    }
}
