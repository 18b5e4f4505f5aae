//! The Members page: filters and data.

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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pub query: MemberQuery,
    /// The members of the page.
    pub rows: Vec<Member>,
    /// The page number, from 1.
    pub page: i64,
    /// The number of pages, or a lower bound if the count stopped.
    pub pages: i64,
    /// The number of matching members.
    pub total: i64,
    /// Are there more, because the count stopped?
    pub has_more: bool,
    pub may_manage: bool,
    /// The result of the last form.
    pub notice: Option<MemberNotice>,
    /// The name of the member that the result is about.
    pub notice_subject: Option<String>,
    /// The form for a bulk change.
    pub bulk: BulkChange,
    pub invite: InviteForm,
    pub groups: GroupChoice,
    /// The reader's member id.
    pub me: MemberId,
    /// May the reader change Super Admins, and give that role?
    pub may_change_super_admins: bool,
    /// The identity provider, while SCIM provisioning is on: "Okta", "your identity provider".
    pub provider: Option<String>,
    /// The number of members that the directory manages, of how many. The first is unknown if counting would take long.
    pub from_directory: Option<(Option<i64>, i64)>,
    /// The preview of a bulk change.
    pub preview: Option<BulkEffect>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkEffect {
    /// Is the role added? Otherwise it is removed.
    pub give: bool,
    pub role: Role,
    /// The selected members, by name.
    pub lines: Vec<BulkLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkLine {
    pub id: MemberId,
    pub name: String,
    pub what: BulkWhat,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkWhat {
    /// No effect on the manual roles.
    Nothing,
    /// The manual role is added.
    Gets,
    /// The manual role is removed, and the member loses the role.
    Loses {
        /// There is no other manual role, so the member becomes a Developer.
        falls_back: bool,
    },
    /// The manual role is removed, but this group still gives the role.
    Keeps {
        group: String,
        /// There is no other manual role, so the member becomes a Developer.
        falls_back: bool,
    },
}

/// The choice of groups in the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    /// The ids and names of the offered groups by name, including the selected one.
    pub options: Vec<(String, String)>,
    /// Are there more, because the count stopped?
    pub has_more: bool,
}

/// The choice of groups in the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChange {
    pub selected_ids: Vec<String>,
    pub role: Option<Role>,
    /// The error.
    pub problem: Option<String>,
    /// The selected members that cannot be changed, with the reasons. Then none is changed.
    pub refusals: Vec<(String, String)>,
    /// Do the selected members have these roles already?
    pub unchanged: bool,
    /// The number of changed members.
    pub changed_count: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub row: MemberRow,
    /// The member's groups.
    pub groups: RowGroups,
    /// Who deactivated the member, and when, where that is known: "Okta", "Ada Lovelace".
    pub deactivated: Option<(String, UnixMs)>,
}

/// The choice of groups in the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberQuery {
    /// Part of the name, the email address or the userName; empty for all.
    pub search: String,
    pub status: Option<MemberStatus>,
    pub source: Option<MemberSource>,
    pub role: Option<Role>,
    /// The id of a group of the member; empty for all.
    pub group: String,
    pub sort: MemberOrder,
}

impl MemberQuery {
    /// The names of the URL parameters and form fields.
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
    const GROUP_MAX: usize = 64;

    /// Parses names and values. Unknown values are ignored. A search is cut at [`Self::SEARCH_MAX`] characters.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(at, _)| at == name).map_or("", |(_, value)| value.as_str());
        let search: String = value(Self::SEARCH).trim().chars().take(SEARCH_MAX).collect();
        Self {
            search,
            status: MemberStatus::SHOWN.into_iter().find(|status| status.name() == value(Self::STATUS)),
            source: MemberSource::from_name(value(Self::SOURCE)),
            role: Role::from_name(value(Self::ROLE)),
            group: value(Self::GROUP).trim().chars().take(Self::GROUP_MAX).collect(),
            sort: MemberOrder::ALL.into_iter().find(|sort| sort.name() == value(Self::SORT)).unwrap_or_default(),
        }
    }

    /// Do the filters match every member?
    pub fn matches_all(&self) -> bool {
        Self { sort: MemberOrder::default(), ..self.clone() } == Self::default()
    }

    /// Names and values, without defaults.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let all = [
            (Self::SEARCH, self.search.as_str()),
            (Self::STATUS, self.status.map_or("", MemberStatus::name)),
            (Self::SOURCE, self.source.map_or("", MemberSource::name)),
            (Self::ROLE, self.role.map_or("", Role::name)),
            (Self::GROUP, self.group.as_str()),
            (Self::SORT, if self.sort == MemberOrder::default() { "" } else { self.sort.name() }),
        ];
        let pairs = all.into_iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The URL of the list at `path`, with `more` parameters.
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
    fn a_url_contains_the_filters() {
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
    fn unknown_values_are_ignored() {
        let query = MemberQuery::parse(&form_encoding::parse("q=++&status=gone&source=&role=owner&sort=size&x=y"));
        assert_eq!(query, MemberQuery::default());
        assert!(query.matches_all());
    }

    #[test]
    fn the_sort_order_is_no_filter() {
        assert!(
            MemberQuery { sort: MemberOrder { by: MemberSort::Email, reversed: false }, ..MemberQuery::default() }
                .matches_all()
        );
        assert!(!MemberQuery { role: Some(Role::Admin), ..MemberQuery::default() }.matches_all());
    }

    #[test]
    fn a_sort_order_is_parsed_in_both_directions() {
        for (name, aria) in
            [("name", "ascending"), ("-name", "descending"), ("role", "descending"), ("-newest", "ascending")]
        {
            let query = MemberQuery::parse(&[("sort".to_owned(), name.to_owned())]);
            assert_eq!((query.sort.name(), query.sort.aria()), (name, aria));
        }
    }

    #[test]
    fn a_long_search_is_cut() {
        let long = vec![("q".to_owned(), "é".repeat(10_000))];
        assert_eq!(MemberQuery::parse(&long).search.chars().count(), SEARCH_MAX);
    }
}
