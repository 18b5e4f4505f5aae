//! What a refused sign-in shows and leaves behind.

use crate::app::{Answer, TestApp};
use domain::{
    activity::{ActivityActor, Change},
    sso::{SsoChange, SsoFact, SsoFailure},
};

/// The tables that a sign-in may write, except the log.
const TABLES: [&str; 6] = ["members", "sso_links", "sso_responses", "sign_ins", "sessions", "throttle"];

/// The database before an attempt.
pub(super) struct Watch {
    rows: String,
    entries: usize,
}

/// The entry of a refused sign-in.
#[derive(Debug)]
pub(super) struct FailureEntry {
    pub(super) facts: Vec<SsoFact>,
    pub(super) subject: Option<String>,
}

/// The number of rows of each table, and of the responses that were used.
pub(super) async fn rows(app: &TestApp) -> String {
    let count = |table: &str| format!("{table} ' || CAST((SELECT COUNT(*) FROM {table}) AS TEXT) || ' ");
    let counts: String = TABLES.iter().map(|table| count(table)).collect();
    let used = "CAST((SELECT COUNT(*) FROM sso_responses WHERE used_at IS NOT NULL) AS TEXT)";
    app.world.db.text(&format!("SELECT '{counts} used ' || {used}")).await.unwrap()
}

impl Watch {
    pub(super) async fn start(app: &TestApp) -> Self {
        Self { rows: rows(app).await, entries: app.world.log().await.len() }
    }

    /// Checks that the attempt ended with this failure and status, with its code on the page and in the log, and that nothing
    /// else was written.
    pub(super) async fn refused(
        self,
        app: &TestApp,
        answer: &Answer,
        status: u16,
        failure: SsoFailure,
    ) -> FailureEntry {
        assert_eq!(rows(app).await, self.rows, "only the log is written");
        self.logged(app, answer, status, failure).await
    }

    /// As [`Watch::refused`], of an attempt whose first step stored a response.
    pub(super) async fn logged(self, app: &TestApp, answer: &Answer, status: u16, failure: SsoFailure) -> FailureEntry {
        let page = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{page}");
        assert!(answer.body.contains(&format!("data-code=\"{}\"", failure.name())), "{}: {page}", failure.name());
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let is_session = cookie.starts_with("__Host-rollcall=");
            assert!(!is_session && !cookie.starts_with("__Host-rollcall-device="), "{cookie}");
        }
        let log = app.world.log().await;
        assert_eq!(log.len(), self.entries + 1, "one entry");
        let entry = &log[0];
        assert_eq!(entry.actor, ActivityActor::System);
        assert_eq!(entry.address.as_deref(), Some("192.0.2.7"));
        let Change::Sso(SsoChange::SsoSignInFailed { failure: logged, reference, subject, facts, .. }) = &entry.change
        else {
            panic!("{:?}", entry.change)
        };
        assert_eq!(*logged, failure);
        assert!(answer.body.contains(&format!("{} {reference}", failure.name())), "{reference}: {page}");
        FailureEntry { facts: facts.clone(), subject: subject.clone() }
    }
}
