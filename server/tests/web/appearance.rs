//! Light and dark mode.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};

on_both_engines! {
    async fn the_choice_is_stored_and_redirects_back(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        let answer = browser.post("/appearance", &[("theme", "dark"), ("next", "/sign-in")]).await;
        assert_eq!(answer.summary(), "303 /sign-in");
        assert_eq!(
            answer.header("set-cookie"),
            "rollcall-theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
        );
        for path in ["/sign-in", "/nowhere"] {
            assert!(browser.get(path).await.body.contains(" data-theme=\"dark\""), "{path}");
        }
    }

    async fn any_other_value_means_the_setting_of_the_system(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        let answer = browser.post("/appearance", &[("theme", "dark; Domain=evil.test")]).await;
        assert!(answer.header("set-cookie").starts_with("rollcall-theme=system;"));
        browser.cookies.insert("rollcall-theme".into(), "\"><script>".into());
        assert!(!browser.get("/sign-in").await.body.contains(" data-theme"));
    }
}
