//! Adoption by an email address alone. Admins and Super Admins need consent.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::StatusCode;
use domain::{
    Conflict, DAY, Denial, Error, Unchanged, error::AdoptionConflict, id::MemberId, member::MemberDenial, role::Role,
};
use serde_json::{Value, json};
use server::service::RoleEdit;

/// A User that matches a member only by the email.
fn by_address(email: &str) -> Value {
    json!({"userName": "somebody.else", "emails": [{"value": email, "primary": true}]})
}

async fn column(api: &Api, name: &str, id: &MemberId) -> Option<String> {
    api.column(name, id.as_str()).await
}

on_both_engines! {
    async fn an_admin_is_adopted_by_address_only_after_consent(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let rejection = api.post("/Users", &by_address("ADMIN@acme.test")).await;
        assert_eq!(
            rejection.summary(),
            "409 uniqueness emails: An Admin of the team already uses this email. Before an identity provider manages them, an \
             Admin must confirm it in Team settings > Members > the member"
        );
        assert_eq!(column(&api, "source", &admin).await.as_deref(), Some("manual"));
        assert_eq!(api.provider_changes().await, ["was blocked from changing member Admin"]);
        api.world.by(&admin).member_allow_adoption("acme", &admin).await.unwrap();
        assert_eq!(api.world.last_entry().await, "let the identity provider manage member Admin");
        let adopted = api.post("/Users", &by_address("ADMIN@acme.test")).await;
        assert_eq!((adopted.status, adopted.id()), (StatusCode::CREATED, admin.to_string()), "{}", adopted.body);
        assert_eq!((&adopted.json["roles"][0]["value"], &adopted.json["userName"]), (&json!("admin"), &json!("somebody.else")));
        assert_eq!(column(&api, "password_hash", &admin).await.as_deref(), Some("$argon2id$"));
        assert_eq!(column(&api, "source", &admin).await.as_deref(), Some("directory"));
    }

    async fn consent_for_super_admins_needs_a_super_admin_and_expires(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let bob = person("Bob", "bob@acme.test", Role::SuperAdmin);
        let bob = api.world.operator().member_add("acme", bob).await.unwrap();
        let error = api.post("/Users", &by_address("bob@acme.test")).await.summary();
        assert!(error.starts_with("409 uniqueness emails: A Super Admin of the team") && error.contains("a Super Admin must"), "{error}");
        let denied = api.world.by(&admin).member_allow_adoption("acme", &bob).await.unwrap_err();
        assert_eq!(denied, Denial::Member { name: "Bob".into(), denial: MemberDenial::MaxRole }.into());
        api.world.ada().member_allow_adoption("acme", &bob).await.unwrap();
        let repeat = api.world.ada().member_allow_adoption("acme", &bob).await.unwrap_err();
        assert_eq!(repeat, Unchanged::Adoption.into());
        // An Admin's key still cannot exceed its maximum role.
        assert_eq!(api.key_of(&admin).await.post("/Users", &by_address("bob@acme.test")).await.status, StatusCode::FORBIDDEN);
        api.world.pass(7 * DAY);
        assert_eq!(api.post("/Users", &by_address("bob@acme.test")).await.status, StatusCode::CONFLICT);
        api.world.ada().member_allow_adoption("acme", &bob).await.unwrap();
        assert_eq!(api.post("/Users", &by_address("bob@acme.test")).await.id(), bob.as_str());
    }

    /// The consent was given for the roles at that time.
    async fn other_roles_need_new_consent(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        api.world.ada().member_allow_adoption("acme", &admin).await.unwrap();
        let up = RoleEdit::Set(Role::SuperAdmin.into());
        api.world.ada().members_change_roles("acme", std::slice::from_ref(&admin), up).await.unwrap();
        assert_eq!(api.post("/Users", &by_address("admin@acme.test")).await.status, StatusCode::CONFLICT);
    }

    async fn consent_is_offered_only_where_it_is_needed(db: Db) {
        let api = Api::new(db).await;
        let (admin, billing) = (api.world.member(Role::Admin).await, api.world.member(Role::Billing).await);
        let ada = api.world.ada();
        let why = async |id: &MemberId| match ada.member_allow_adoption("acme", id).await.unwrap_err() {
            Error::Conflict(Conflict::NotAdoptable(why)) => why,
            other => panic!("{other}"),
        };
        assert_eq!(why(&billing).await, AdoptionConflict::NotNeeded);
        ada.member_deactivate("acme", &admin).await.unwrap();
        assert_eq!(why(&admin).await, AdoptionConflict::Deactivated);
        ada.member_reactivate("acme", &admin).await.unwrap();
        api.post("/Users", &json!({"userName": "admin@acme.test"})).await;
        assert_eq!(why(&admin).await, AdoptionConflict::Managed);
        api.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(why(&api.world.ada).await, AdoptionConflict::ScimOff);
    }

    /// Only active and invited members are matched by an email.
    async fn deactivated_members_are_not_adopted_by_address(db: Db) {
        let api = Api::new(db).await;
        let billing = api.world.member(Role::Billing).await;
        api.world.ada().member_deactivate("acme", &billing).await.unwrap();
        let other = api.post("/Users", &by_address("billing@acme.test")).await;
        assert_eq!(other.status, StatusCode::CREATED);
        assert_ne!(other.id(), billing.as_str());
        assert_eq!(column(&api, "status", &billing).await.as_deref(), Some("deactivated"));
    }

    async fn the_maximum_role_of_the_key_limits_adoption_by_user_name(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let adopted = api.post("/Users", &json!({"userName": "admin@acme.test"})).await;
        assert_eq!((adopted.status, adopted.id()), (StatusCode::CREATED, admin.to_string()));
    }
}
