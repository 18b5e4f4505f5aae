//! Sign-ins, failed attempts and exports: entries in the team's log.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::{
    MINUTE,
    activity::{ActivityActor, Change},
    role::Role,
};

const ACTIVITY: &str = "/teams/acme/settings/activity";

/// The entries about sign-ins and exports, oldest first: actor, change, how many times, from where.
async fn entries(app: &TestApp) -> Vec<String> {
    let log = app.world.log().await.into_iter().rev();
    let about = |change: &Change| {
        matches!(
            change.name(),
            "signed_in"
                | "signed_out"
                | "sign_in_failed"
                | "stepped_up"
                | "step_up_failed"
                | "members_exported"
                | "activity_exported"
        )
    };
    log.filter(|entry| about(&entry.change))
        .map(|entry| {
            let who = match &entry.actor {
                ActivityActor::Member { name } => name.clone(),
                ActivityActor::System => "Rollcall".to_owned(),
                other => format!("{other:?}"),
            };
            let count = match &entry.change {
                Change::SignInFailed { name, count } => format!(" as {name} {count}"),
                Change::StepUpFailed { count } => format!(" {count}"),
                _ => String::new(),
            };
            format!("{who} {}{count} from {}", entry.change.name(), entry.address.unwrap_or_default())
        })
        .collect()
}

on_both_engines! {
    async fn sign_in_sign_out_verification_and_exports_are_logged(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        assert!(ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await.summary().starts_with("303 "));
        ada.get("/teams/acme/settings/members/export").await;
        ada.get("/teams/acme/settings/activity/export").await;
        ada.post("/sign-out", &[]).await;
        ada.post("/sign-out", &[]).await;
        assert_eq!(entries(&app).await, [
            "Ada Lovelace signed_in from 192.0.2.7",
            "Ada Lovelace stepped_up from 192.0.2.7",
            "Ada Lovelace members_exported from 192.0.2.7",
            "Ada Lovelace activity_exported from 192.0.2.7",
            "Ada Lovelace signed_out from 192.0.2.7",
        ]);
        assert!(app.world.log().await.iter().take(5).all(|entry| entry.member.as_ref() == Some(&app.world.ada)));
    }

    async fn failed_sign_ins_within_15_minutes_are_one_entry(db: Db) {
        let app = TestApp::new(db).await;
        let before = app.world.log().await.len();
        for address in 1..5 {
            let mut stranger = app.browser();
            stranger.address = ([198, 51, 100, address], 40_000).into();
            stranger.sign_in("ada@acme.test", "a guess").await;
        }
        app.browser().sign_in("nobody@acme.test", "a guess").await;
        assert_eq!(entries(&app).await, ["Rollcall sign_in_failed as Ada Lovelace 4 from 198.51.100.4"]);
        app.world.pass(15 * MINUTE);
        app.browser().sign_in("ada@acme.test", "a guess").await;
        assert_eq!(entries(&app).await.len(), 2);
        assert_eq!(app.world.log().await.len(), before + 2);
    }

    async fn a_wrong_password_is_logged_in_each_team_of_the_person(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "ada@acme.test").await;
        app.browser().sign_in("ada@acme.test", "a guess").await;
        let failed = "SELECT CAST(COUNT(DISTINCT team_id) AS TEXT) FROM activity WHERE kind = 'sign_in_failed'";
        assert_eq!(app.world.db.text(failed).await.as_deref(), Some("2"));
        let form = [("email", "ada@acme.test"), ("password", PASSWORD)];
        app.browser().post("/teams/globex/sign-in", &form).await;
        let signed_in = "SELECT CAST(COUNT(*) AS TEXT) FROM activity WHERE kind = 'signed_in'";
        assert_eq!(app.world.db.text(signed_in).await.as_deref(), Some("1"));
        assert_eq!(entries(&app).await, ["Rollcall sign_in_failed as Ada Lovelace 1 from 192.0.2.7"]);
    }

    async fn failed_verifications_are_one_entry(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..3 {
            ada.post("/teams/acme/verify", &[("password", "wrong")]).await;
        }
        assert_eq!(entries(&app).await[1..], ["Ada Lovelace step_up_failed 3 from 192.0.2.7"]);
    }

    async fn activity_lists_and_filters_sign_ins(db: Db) {
        let app = TestApp::new(db).await;
        app.browser().sign_in("ada@acme.test", "a guess").await;
        let mut ada = app.ada().await;
        let log_page = ada.get(ACTIVITY).await;
        assert!(log_page.events("signed_in")[0].contains("Ada Lovelace"), "{}", log_page.text());
        assert!(log_page.events("sign_in_failed")[0].contains("Ada Lovelace"), "{}", log_page.text());
        for (query, failed, signed_in) in [
            ("result=failures", 1, 0),
            ("result=changes", 0, 0),
            ("result=succeeded", 0, 1),
            ("actor=person:Ada+Lovelace", 0, 1),
            (&format!("member={}", app.world.ada), 1, 1),
        ] {
            let page = ada.get(&format!("{ACTIVITY}?{query}")).await;
            let found = (page.events("sign_in_failed").len(), page.events("signed_in").len());
            assert_eq!(found, (failed, signed_in), "{query}: {}", page.text());
        }
    }

    async fn sign_ins_do_not_change_the_revision_of_the_team(db: Db) {
        let app = TestApp::new(db).await;
        let revision = "SELECT CAST(revision AS TEXT) FROM teams WHERE slug = 'acme'";
        let before = app.world.db.text(revision).await;
        app.member(Role::Developer).await;
        assert_ne!(app.world.db.text(revision).await, before);
        let before = app.world.db.text(revision).await;
        app.browser().sign_in("ada@acme.test", "a guess").await;
        app.ada().await;
        assert_eq!(app.world.db.text(revision).await, before, "the index in memory is still current");
    }
}
