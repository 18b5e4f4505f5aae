//! The Members page: which members are asked for, and what the page is told.

use crate::form_encoding;
use crate::model::{InviteForm, MemberNotice};
use domain::{
    UnixMs,
    id::MemberId,
    member::{
        MemberSource, MemberStatus,
        row::{MemberRow, RowGroups},
    },
    role::Role,
    sort::MemberOrder,
    validation::text::SEARCH_MAX,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr as _;

/// The Members page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// What was asked for.
    pub query: MemberQuery,
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
    /// May the reader change members?
    pub may_manage: bool,
    /// What was just done.
    pub notice: Option<MemberNotice>,
    /// Whom that was about.
    pub done_about: Option<String>,
    /// The form for several members, as it came back.
    pub bulk: BulkChange,
    /// The form that invites someone.
    pub invite: InviteForm,
    /// The groups that can be asked for.
    pub groups: GroupChoice,
    /// Which member reads this.
    pub me: MemberId,
    /// May the reader change Super Admins, and make some?
    pub may_change_super_admins: bool,
    /// Where the directory's members are managed, while provisioning is on: "Okta", "your identity provider".
    pub provider: Option<String>,
    /// How many members the directory has, of how many; the first is unknown where counting would take long.
    pub from_directory: Option<(Option<i64>, i64)>,
    /// What a change of several members' roles would do.
    pub sure: Option<BulkEffect>,
}

/// What a change of several members' roles would do, before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkEffect {
    /// Is the role given? Else it is taken away.
    pub give: bool,
    /// The role.
    pub role: Role,
    /// Each member that is chosen, by name.
    pub lines: Vec<BulkLine>,
}

/// What a change of several members' roles would do to one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkLine {
    /// Which one.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// What would happen.
    pub what: BulkWhat,
}

/// See [`BulkLine`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkWhat {
    /// Nothing: the roles assigned manually stay as they are.
    Nothing,
    /// The role manually is added.
    Gets,
    /// The role manually is taken away, and the role is lost.
    Loses {
        /// There is no other role manually: the member falls back to Developer.
        falls_back: bool,
    },
    /// The role manually is taken away; this group still gives it.
    Keeps {
        /// The group's name.
        group: String,
        /// There is no other role manually: the member falls back to Developer.
        falls_back: bool,
    },
}

/// The groups whose members can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    /// The ids and names of those that are offered, by name; the one that is asked for is among them.
    pub offered: Vec<(String, String)>,
    /// Are there more, to be found on their own page?
    pub more: bool,
}

/// The form that changes the roles of several members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChange {
    /// The members that are chosen.
    pub chosen: Vec<String>,
    /// The role that is chosen.
    pub role: Option<Role>,
    /// Why it was not done.
    pub problem: Option<String>,
    /// Who of the chosen ones cannot be changed like this, and why: then no one is.
    pub refused: Vec<(String, String)>,
    /// Do the chosen ones have these roles already?
    pub unchanged: bool,
    /// How many members were changed.
    pub changed: Option<i64>,
}

/// A member in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The member.
    pub row: MemberRow,
    /// The member's groups.
    pub groups: RowGroups,
    /// Who deactivated the member, and when, where that is known: "Okta", "Ada Lovelace".
    pub deactivated: Option<(String, UnixMs)>,
}

/// Which members are asked for, in which order: the state of the page, which its address holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberQuery {
    /// What stands in the name, the email address or the userName; empty: anything.
    pub search: String,
    /// What the member is.
    pub status: Option<MemberStatus>,
    /// Where the member comes from.
    pub source: Option<MemberSource>,
    /// A role of the member.
    pub role: Option<Role>,
    /// The id of a group of the member; empty: any.
    pub group: String,
    /// The order.
    pub sort: MemberOrder,
}

impl MemberQuery {
    /// The names of the fields, as they stand in addresses and forms.
    pub const SEARCH: &'static str = "q";
    /// See [`Self::SEARCH`].
    pub const STATUS: &'static str = "status";
    /// See [`Self::SEARCH`].
    pub const SOURCE: &'static str = "source";
    /// See [`Self::SEARCH`].
    pub const ROLE: &'static str = "role";
    /// See [`Self::SEARCH`].
    pub const GROUP: &'static str = "group";
    /// See [`Self::SEARCH`].
    pub const SORT: &'static str = "sort";
    /// No group's id is longer.
    const GROUP_MAX: usize = 64;

    /// From names and values. What is unknown counts as not there; a search is cut at [`SEARCH_MAX`] characters.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(at, _)| at == name).map_or("", |(_, value)| value.as_str());
        let search: String = value(Self::SEARCH).trim().chars().take(SEARCH_MAX).collect();
        Self {
            search,
            status: MemberStatus::SHOWN.into_iter().find(|status| status.name() == value(Self::STATUS)),
            source: MemberSource::parse(value(Self::SOURCE)),
            role: Role::from_str(value(Self::ROLE)).ok(),
            group: value(Self::GROUP).trim().chars().take(Self::GROUP_MAX).collect(),
            sort: MemberOrder::ALL.into_iter().find(|sort| sort.name() == value(Self::SORT)).unwrap_or_default(),
        }
    }

    /// Are all members asked for, in whatever order?
    pub fn is_everybody(&self) -> bool {
        Self { sort: MemberOrder::default(), ..self.clone() } == Self::default()
    }

    /// As names and values, without those that are as usual.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let all = [
            (Self::SEARCH, self.search.as_str()),
            (Self::STATUS, self.status.map_or("", MemberStatus::name)),
            (Self::SOURCE, self.source.map_or("", MemberSource::name)),
            (Self::ROLE, self.role.map_or("", Role::name)),
            (Self::GROUP, self.group.as_str()),
            (Self::SORT, if self.sort == MemberOrder::default() { "" } else { self.sort.name() }),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The address of the list at `path`, and whatever else it is to hold.
    pub fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut pairs = self.pairs();
        pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if pairs.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(&pairs)].concat() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::sort::MemberSort;

    #[test]
    fn an_address_holds_what_was_asked_for() {
        let query = MemberQuery {
            search: "100 % \"Ada\" \\ & co".into(),
            status: Some(MemberStatus::Deactivated),
            source: Some(MemberSource::Directory),
            role: Some(Role::SuperAdmin),
            group: "0193-a".into(),
            sort: MemberOrder { by: MemberSort::Newest, reversed: true },
        };
        let address = query.address("/members", &[("page", "2")]);
        let (path, pairs) = address.split_once('?').unwrap();
        assert_eq!(path, "/members");
        assert!(address.ends_with("&page=2") && address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
        assert_eq!(MemberQuery::parse(&form_encoding::parse(pairs)), query);
        assert_eq!(MemberQuery::default().address("/members", &[]), "/members");
    }

    #[test]
    fn what_is_unknown_is_not_asked_for() {
        let query = MemberQuery::parse(&form_encoding::parse("q=++&status=gone&source=&role=owner&sort=size&x=y"));
        assert_eq!(query, MemberQuery::default());
        assert!(query.is_everybody());
    }

    #[test]
    fn the_order_leaves_nobody_out() {
        assert!(
            MemberQuery { sort: MemberOrder { by: MemberSort::Email, reversed: false }, ..MemberQuery::default() }
                .is_everybody()
        );
        assert!(!MemberQuery { role: Some(Role::Admin), ..MemberQuery::default() }.is_everybody());
    }

    #[test]
    fn an_order_is_read_both_ways() {
        for (name, aria) in
            [("name", "ascending"), ("-name", "descending"), ("role", "descending"), ("-newest", "ascending")]
        {
            let query = MemberQuery::parse(&[("sort".to_owned(), name.to_owned())]);
            assert_eq!((query.sort.name(), query.sort.aria()), (name, aria));
        }
    }

    #[test]
    fn a_search_is_cut() {
        let long = vec![("q".to_owned(), "é".repeat(10_000))];
        assert_eq!(MemberQuery::parse(&long).search.chars().count(), SEARCH_MAX);
    }
}
