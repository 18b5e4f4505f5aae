//! The redirect after a sign-in.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use app::return_to;

const STRANGE: [&str; 9] = [
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "/%2F/evil.test",
    "/\t/evil.test",
    "/a\r\nSet-Cookie: x=y",
    "javascript:alert(1)",
    "evil.test",
    "",
];

on_both_engines! {
    async fn a_local_address_is_followed(db: Db) {
        let app = TestApp::new(db).await;
        let next = "/teams/acme/settings/activity?before=a%20b";
        let mut browser = app.browser();
        let form = browser.get(&return_to::sign_in_path(next)).await;
        assert_eq!(form.value("next").as_deref(), Some(next));
        let fields = [("email", "ada@acme.test"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.summary(), format!("303 {next}"));
    }

    async fn any_other_address_redirects_to_the_team(db: Db) {
        let app = TestApp::new(db).await;
        for next in STRANGE {
            let form = [("email", "ada@acme.test"), ("password", PASSWORD), ("next", next)];
            assert_eq!(app.browser().post("/sign-in", &form).await.summary(), "303 /teams/acme", "{next:?}");
        }
    }

    async fn any_other_address_is_not_written_into_the_form(db: Db) {
        let app = TestApp::new(db).await;
        for next in STRANGE {
            let form = app.browser().get(&return_to::sign_in_path(next)).await;
            assert_eq!(form.value("next"), None, "{next:?}");
        }
    }

    async fn verification_and_appearance_only_follow_local_addresses(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for next in STRANGE {
            let answer = ada.post("/teams/acme/verify", &[("password", PASSWORD), ("next", next)]).await;
            assert_eq!(answer.summary(), "303 /teams/acme/settings/authentication", "{next:?}");
            assert_eq!(ada.post("/appearance", &[("theme", "dark"), ("next", next)]).await.summary(), "303 /", "{next:?}");
        }
    }
}
