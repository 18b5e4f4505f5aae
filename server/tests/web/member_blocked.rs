//! The page of one member: impossible actions are blocked with a reason, before they are submitted.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::{member::MemberDenial, role::Role};

async fn page_of(app: &TestApp, email: &str) -> String {
    format!("/teams/acme/settings/members/{}", app.id(email).await)
}

/// Whether the button for this dialog is inactive, and its reason has this `id`.
fn is_inactive(page: &Answer, dialog: &str, reason: &str) -> bool {
    page.body.split("<button").skip(1).any(|rest| {
        let (tag, _) = rest.split_once('>').unwrap();
        tag.contains(&format!("data-dialog=\"{dialog}\""))
            && tag.contains("aria-disabled=\"true\"")
            && tag.contains(&format!("aria-describedby=\"{reason}\""))
            && !tag.contains("commandfor")
    })
}

on_both_engines! {
    async fn a_break_glass_member_cannot_be_deactivated_or_removed(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Admin).await;
        app.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE email = '{bob}'")).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let page = ada.get(&path).await;
        assert!(page.part("membership-reason").unwrap().starts_with(&MemberDenial::BreakGlass.to_string()), "{}", page.text());
        for label in ["deactivate", "remove"] {
            assert!(is_inactive(&page, label, "membership-reason"), "{label}: {}", page.body);
        }
        assert!(!is_inactive(&page, "roles", "roles-reason"));
        assert!(!page.body.contains("id=\"remove\"") && page.body.contains("id=\"roles\""));
        let dialog = ada.get(&format!("{path}?dialog=remove")).await;
        assert!(!dialog.body.contains("<dialog class=\"dialog\" id=\"remove\""));
        // The role that may not be removed stays selected, and is submitted.
        assert!(page.body.contains("<input type=\"hidden\" name=\"role\" value=\"admin\""), "{}", page.body);
        let more = ada.post(&format!("{path}/roles"), &[("role", "admin"), ("role", "billing")]).await;
        assert_eq!(more.status, StatusCode::SEE_OTHER);
    }

    async fn an_admin_cannot_change_a_super_admin(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Grace", "grace@acme.test", Role::SuperAdmin).await;
        let admin = app.member(Role::Admin).await;
        let _grace = app.signed_in("grace@acme.test").await;
        let path = page_of(&app, "grace@acme.test").await;
        let mut browser = app.signed_in(&admin).await;
        let page = browser.get(&path).await;
        for (label, reason) in [
            ("roles", "roles-reason"),
            ("sign-out", "sessions-reason"),
            ("deactivate", "membership-reason"),
            ("remove", "membership-reason"),
        ] {
            assert!(is_inactive(&page, label, reason), "{label}: {}", page.body);
            assert!(page.body.contains(&format!("id=\"{reason}\"")), "{label}");
        }
        let own = browser.get(&page_of(&app, &admin).await).await;
        assert!(own.part("roles-locked").unwrap().contains(&MemberDenial::Grant.to_string()), "{}", own.text());
    }

    async fn an_admin_cannot_change_the_invite_of_a_super_admin(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        app.world.ada().invite_create("acme", "sam@acme.test", Role::SuperAdmin).await.unwrap();
        let path = page_of(&app, "sam@acme.test").await;
        let page = app.signed_in(&admin).await.get(&path).await;
        for label in ["resend-invite", "cancel-invite"] {
            assert!(is_inactive(&page, label, "membership-reason"), "{label}: {}", page.body);
        }
        let page = app.ada().await.get(&path).await;
        assert!(!page.body.contains("membership-reason"), "{}", page.body);
    }

    async fn an_admin_sees_the_reasons_about_the_last_super_admin(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let path = page_of(&app, "ada@acme.test").await;
        let page = app.signed_in(&admin).await.get(&path).await;
        let why = page.part("membership-reason").unwrap();
        assert!(why.contains(&MemberDenial::LastSuperAdmin.to_string()), "{why}");
    }
}
