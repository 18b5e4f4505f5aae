//! Resources with all values of a response.

use domain::role::{Role, Roles};
use scim::{
    Projection, ResourceType, Version,
    resource::{About, GroupOfUser, GroupResource, JsonWriter, MemberReference, RoleOfUser, UserResource, Write},
};
use serde_json::{Map, Value};
use std::sync::Arc;
use store::{ScimGroup, ScimUser};

/// The members of a group whose JSON values are in memory at a time.
const MEMBERS_AT_ONCE: usize = 1_000;

/// A User with its groups, or a Group with its members.
#[derive(Clone, Debug)]
pub(super) struct ResourceView {
    base: Arc<str>,
    resource: AnyResource,
}

#[derive(Clone, Debug)]
enum AnyResource {
    User(ScimUser, Vec<GroupOfUser>),
    Group(ScimGroup, Vec<MemberReference>),
}

impl ResourceView {
    /// `base`: the SCIM base URL.
    pub(super) fn user(base: Arc<str>, user: ScimUser, groups: Vec<GroupOfUser>) -> Self {
        Self { base, resource: AnyResource::User(user, groups) }
    }

    pub(super) fn group(base: Arc<str>, group: ScimGroup, members: Vec<MemberReference>) -> Self {
        Self { base, resource: AnyResource::Group(group, members) }
    }

    pub(super) fn id(&self) -> &str {
        match &self.resource {
            AnyResource::User(user, _) => user.id.as_str(),
            AnyResource::Group(group, _) => &group.id,
        }
    }

    /// The display name.
    pub(super) fn name(&self) -> &str {
        match &self.resource {
            AnyResource::User(user, _) => &user.display_name,
            AnyResource::Group(group, _) => &group.display_name,
        }
    }

    pub(super) fn version(&self) -> Version {
        self.about().1
    }

    pub(super) fn location(&self) -> String {
        match &self.resource {
            AnyResource::User(..) => self.about().0.location(ResourceType::User),
            AnyResource::Group(..) => self.about().0.location(ResourceType::Group),
        }
    }

    pub(super) fn to_map(&self) -> Map<String, Value> {
        match &self.resource {
            AnyResource::User(user, groups) => self.user_view(user, groups, &roles(user.roles)).to_map(),
            AnyResource::Group(group, members) => self.group_view(group, members).to_map(),
        }
    }

    fn about(&self) -> (About<'_>, Version) {
        let (created, last_modified, version) = match &self.resource {
            AnyResource::User(user, _) => (user.created_at, user.updated_at, user.version),
            AnyResource::Group(group, _) => (group.created_at, group.updated_at, group.version),
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
        match &self.resource {
            AnyResource::User(user, groups) => self.user_view(user, groups, &roles(user.roles)).write(json),
            AnyResource::Group(group, members) => self.group_view(group, members).write(json),
        }
    }
}

/// A resource with a projection applied.
#[derive(Debug)]
pub(super) struct Projected<'a> {
    view: &'a ResourceView,
    projection: &'a Projection,
}

impl<'a> Projected<'a> {
    pub(super) fn new(view: &'a ResourceView, projection: &'a Projection) -> Self {
        Self { view, projection }
    }
}

impl Write for Projected<'_> {
    fn write(&self, json: &mut JsonWriter) {
        let Self { view, projection } = self;
        match &view.resource {
            AnyResource::Group(group, members) if members.len() > MEMBERS_AT_ONCE => {
                view.write_large(group, members, projection, json)
            }
            _ => projection.apply(view.to_map()).write(json),
        }
    }
}

impl ResourceView {
    /// Writes a large group in chunks of members, because the JSON values of all of them would take ten times the memory of
    /// the response.
    fn write_large(
        &self,
        group: &ScimGroup,
        members: &[MemberReference],
        projection: &Projection,
        json: &mut JsonWriter,
    ) {
        let without_members = projection.apply(self.group_view(group, &[]).to_map());
        json.begin(&without_members);
        let mut is_first = true;
        for chunk in members.chunks(MEMBERS_AT_ONCE) {
            let values = chunk.iter().map(|member| self.group_view(group, &[]).member(member)).collect();
            let chunk = Map::from_iter([("members".to_owned(), Value::Array(values))]);
            let Some(Value::Array(values)) = projection.apply(chunk).remove("members") else { continue };
            for value in values {
                json.element("members", is_first && without_members.is_empty(), is_first, &value);
                json.cut();
                is_first = false;
            }
        }
        json.end(!is_first);
    }
}

fn roles(roles: Roles) -> Vec<RoleOfUser> {
    let highest = roles.highest();
    let role_of = |role: Role| RoleOfUser { value: role.name(), display: role.label(), primary: role == highest };
    roles.iter().map(role_of).collect()
}
