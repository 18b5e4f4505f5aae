//! `/teams/{slug}/settings/authentication/methods/{id}`.

use super::{Wording, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    sso_method::link,
};
use domain::{DAY, HOUR, role::Role, sso::MethodForm};

const METHODS: &str = "/teams/acme/settings/authentication/methods";
const CERTIFICATE: &str = include_str!("../../../../domain/tests/fixtures/valid.pem");

on_both_engines! {
    async fn sso_method(db: Db) {
        let mut wording = Wording::of("sso_method");
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let page = format!("{METHODS}/{okta}");
        let mut ada = app.ada().await;
        wording.full("OpenID Connect, without sign-ins", &ada.get(&page).await);
        let form = [("identifier", "oid"), ("claim", "mail"), ("attribute", "email"), ("creates_members", "true")];
        wording.state("matching is saved", &send(&mut ada, &format!("{page}/match"), &form).await);
        app.member(Role::Admin).await;
        link(&app, "admin@acme.test", "00u1").await;
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        wording.base("with a link", &ada.get(&page).await);
        let other = [("identifier", "uid"), ("claim", ""), ("attribute", "x")];
        wording.state("another identifier", &ada.post(&format!("{page}/match"), &other[..2]).await);
        wording.state("links would break", &ada.post(&format!("{page}/match"), &[("identifier", "uid"), ("attribute", "email")]).await);
        app.world.pass(HOUR);
        app.browser().get(&format!("/sso/{okta}/oidc/callback?state=x&code=y")).await;
        let mut ada = app.ada().await;
        wording.state("the last sign-in failed", &ada.get(&page).await);
        wording.state("not found", &ada.get(&format!("{METHODS}/forged")).await);

        let form = MethodForm {
            provider: "onelogin".into(),
            protocol: "saml".into(),
            name: "Staff".into(),
            entity_id: "https://app.onelogin.test/saml/metadata/1".into(),
            sign_in_url: "https://app.onelogin.test/trust/saml2".into(),
            certificate: CERTIFICATE.into(),
            ..MethodForm::default()
        };
        let saml = app.world.operator().sso_add("acme", form, false).await.unwrap();
        let page = format!("{METHODS}/{saml}");
        wording.base("SAML", &ada.get(&page).await);
        for days in [20, -1] {
            let expires = app.world.now() + days * DAY;
            app.world.db.sql(&format!("UPDATE sso_methods SET certificate_expires = {expires} WHERE id = '{saml}'")).await;
            wording.state(&format!("the certificate expires in {days} days"), &ada.get(&page).await);
        }
        let later = MethodForm { provider: "okta".into(), name: "Later".into(), later: true, ..MethodForm::default() };
        let later = app.world.operator().sso_add("acme", later, false).await.unwrap();
        wording.state("not configured", &ada.get(&format!("{METHODS}/{later}")).await);
        wording.check();
    }
}
