//! Resources with everything that an answer says about them.

use domain::role::{Role, Roles};
use scim::{
    Projection, ResourceType, Version,
    resource::{About, GroupOfUser, GroupResource, JsonWriter, MemberReference, RoleOfUser, UserResource, Write},
};
use serde_json::{Map, Value};
use std::sync::Arc;
use store::{ScimGroup, ScimUser};

/// Of so many members of a group at a time, values are made.
const AT_ONCE: usize = 1_000;

/// A UserResource or a GroupResource.
#[derive(Clone, Debug)]
pub(super) struct ResourceView {
    base: Arc<str>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    User(ScimUser, Vec<GroupOfUser>),
    Group(ScimGroup, Vec<MemberReference>),
}

impl ResourceView {
    /// `base`: the SCIM base URL.
    pub(super) fn user(base: Arc<str>, user: ScimUser, groups: Vec<GroupOfUser>) -> Self {
        Self { base, what: What::User(user, groups) }
    }

    pub(super) fn group(base: Arc<str>, group: ScimGroup, members: Vec<MemberReference>) -> Self {
        Self { base, what: What::Group(group, members) }
    }

    pub(super) fn id(&self) -> &str {
        match &self.what {
            What::User(user, _) => user.id.as_str(),
            What::Group(group, _) => &group.id,
        }
    }

    /// The name that people see.
    pub(super) fn name(&self) -> &str {
        match &self.what {
            What::User(user, _) => &user.display_name,
            What::Group(group, _) => &group.display_name,
        }
    }

    pub(super) fn version(&self) -> Version {
        self.about().1
    }

    pub(super) fn location(&self) -> String {
        match &self.what {
            What::User(..) => self.about().0.location(ResourceType::User),
            What::Group(..) => self.about().0.location(ResourceType::Group),
        }
    }

    pub(super) fn to_map(&self) -> Map<String, Value> {
        match &self.what {
            What::User(user, groups) => self.user_view(user, groups, &roles(user.roles)).to_map(),
            What::Group(group, members) => self.group_view(group, members).to_map(),
        }
    }

    fn about(&self) -> (About<'_>, Version) {
        let (created, last_modified, version) = match &self.what {
            What::User(user, _) => (user.created_at, user.updated_at, user.version),
            What::Group(group, _) => (group.created_at, group.updated_at, group.version),
        };
        (About { base: &self.base, id: self.id(), created, last_modified, version }, Version(version))
    }

    fn user_view<'a>(
        &'a self,
        user: &'a ScimUser,
        groups: &'a [GroupOfUser],
        roles: &'a [RoleOfUser],
    ) -> UserResource<'a> {
        UserResource { about: self.about().0, document: &user.document, active: user.active, groups, roles }
    }

    fn group_view<'a>(&'a self, group: &'a ScimGroup, members: &'a [MemberReference]) -> GroupResource<'a> {
        GroupResource {
            about: self.about().0,
            external_id: group.external_id.as_deref(),
            display_name: &group.display_name,
            members,
        }
    }
}

impl Write for ResourceView {
    fn write(&self, json: &mut JsonWriter) {
        match &self.what {
            What::User(user, groups) => self.user_view(user, groups, &roles(user.roles)).write(json),
            What::Group(group, members) => self.group_view(group, members).write(json),
        }
    }
}

/// A resource of which only a part is wanted.
#[derive(Debug)]
pub(super) struct Projected<'a> {
    item: &'a ResourceView,
    projection: &'a Projection,
}

impl<'a> Projected<'a> {
    pub(super) fn new(item: &'a ResourceView, projection: &'a Projection) -> Self {
        Self { item, projection }
    }
}

impl Write for Projected<'_> {
    fn write(&self, json: &mut JsonWriter) {
        let Self { item, projection } = self;
        match &item.what {
            What::Group(group, members) if members.len() > AT_ONCE => {
                item.write_large(group, members, projection, json)
            }
            _ => projection.apply(item.to_map()).write(json),
        }
    }
}

impl ResourceView {
    /// A group with many members, whose values are made some at a time: of all at once they would take ten times the
    /// memory of the answer.
    fn write_large(
        &self,
        group: &ScimGroup,
        members: &[MemberReference],
        projection: &Projection,
        json: &mut JsonWriter,
    ) {
        let bare = projection.apply(self.group_view(group, &[]).to_map());
        json.begin(&bare);
        let mut is_first = true;
        for some in members.chunks(AT_ONCE) {
            let values = some.iter().map(|member| self.group_view(group, &[]).member(member)).collect();
            let some = Map::from_iter([("members".to_owned(), Value::Array(values))]);
            let Some(Value::Array(values)) = projection.apply(some).remove("members") else { continue };
            for value in values {
                json.element("members", is_first && bare.is_empty(), is_first, &value);
                json.cut();
                is_first = false;
            }
        }
        json.end(!is_first);
    }
}

fn roles(roles: Roles) -> Vec<RoleOfUser> {
    let highest = roles.highest();
    let one = |role: Role| RoleOfUser { value: role.name(), display: role.label(), primary: role == highest };
    roles.iter().map(one).collect()
}
