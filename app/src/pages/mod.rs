//! The pages, one folder or file each, and the sections of the sidebar. The server renders them.

pub(crate) mod authentication;
mod screen;

pub(crate) mod account;
pub(crate) mod activity;
mod centered_page;
mod error_page;
mod forbidden;
#[cfg(debug_assertions)]
pub(crate) mod gallery;
pub(crate) mod general;
mod group;
pub(crate) mod groups;
pub(crate) mod guides;
pub(crate) mod invite;
pub(crate) mod member;
pub(crate) mod members;
mod message;
mod not_found;
mod page;
pub(crate) mod self_test;
pub(crate) mod sign_in;
pub(crate) mod sso;
pub(crate) mod sso_method;
mod verify;

pub use page::{Content, Page, TeamPage};
pub(crate) use screen::{Screen, ScreenProps, body_class, refresh_url, title};

use crate::{components::shell::NavEntry, model::Shell};
use domain::role::Role;

/// A section of the sidebar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    General,
    Members,
    Groups,
    Authentication,
    Activity,
}

/// The label, URL and permission of a section.
struct SectionEntry {
    label: &'static str,
    slug: &'static str,
    icon: &'static str,
    count: Option<fn(&Shell) -> i64>,
}

impl Section {
    const ALL: [Section; 5] =
        [Section::General, Section::Members, Section::Groups, Section::Authentication, Section::Activity];

    const fn entry(self) -> SectionEntry {
        let (label, slug, icon) = match self {
            Section::General => ("General", "general", "sliders"),
            Section::Members => ("Members", "members", "people"),
            Section::Groups => ("Groups", "groups", "stack"),
            Section::Authentication => ("Authentication", "authentication", "shield"),
            Section::Activity => ("Activity", "activity", "activity"),
        };
        let count: Option<fn(&Shell) -> i64> = match self {
            Section::Members => Some(|shell| shell.members),
            Section::Groups => Some(|shell| shell.groups),
            _ => None,
        };
        SectionEntry { label, slug, icon, count }
    }

    pub const fn label(self) -> &'static str {
        self.entry().label
    }

    fn parse(label: &str) -> Option<Self> {
        Section::ALL.into_iter().find(|section| section.label() == label)
    }

    /// Does the role allow the section?
    pub const fn is_open_to(self, role: Role) -> bool {
        match self {
            Section::Authentication | Section::Activity => role.manages_authentication(),
            Section::General | Section::Members | Section::Groups => true,
        }
    }

    /// The URL of the section's page.
    pub fn path(self, team: &str) -> String {
        ["/teams/", team, "/settings/", self.entry().slug].concat()
    }
}

/// The sidebar of a page in this section.
fn sidebar(shell: &Shell, current: Option<Section>) -> Vec<NavEntry> {
    let entry = |section: Section| {
        let SectionEntry { label, icon, count, .. } = section.entry();
        NavEntry {
            label,
            href: section.path(&shell.team.slug),
            icon,
            count: count.map(|count| count(shell)),
            is_current: current == Some(section),
            is_closed: !section.is_open_to(shell.me.role),
        }
    };
    Section::ALL.map(entry).into()
}

#[cfg(test)]
mod tests {
    use super::Section;

    #[test]
    fn a_section_is_found_by_its_label() {
        for section in Section::ALL {
            assert_eq!(Section::parse(section.label()), Some(section));
        }
        assert_eq!(Section::parse("Billing"), None);
    }
}
