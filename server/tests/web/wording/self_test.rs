//! `/teams/{slug}/settings/authentication/self-test`.

use super::Wording;
use crate::{
    db::{Db, on_both_engines},
    self_test::{at_its_address, run},
};
use std::net::SocketAddr;
use tokio::net::TcpListener;

const PAGE: &str = "/teams/acme/settings/authentication/self-test";

on_both_engines! {
    async fn self_test(db: Db) {
        let mut wording = Wording::of("self_test");
        let app = at_its_address(db, false).await;
        let mut ada = app.ada().await;
        wording.full("at first", &ada.get(PAGE).await);
        wording.state("nothing responds", &run(&app, &mut ada).await);
        let address = app.state.config.public_url.strip_prefix("http://").unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        let router = app.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
        wording.state("every step passed", &run(&app, &mut ada).await);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        wording.state("SCIM provisioning is off", &ada.get(PAGE).await);
        wording.state("SCIM provisioning is off: started", &ada.post(PAGE, &[]).await);
        app.world.operator().scim_turn_on("acme").await.unwrap();
        app.world.db.sql("UPDATE sso_methods SET enabled = 0").await;
        wording.state("no SSO method", &ada.get(PAGE).await);
        wording.check();
    }
}
