//! What people of a team do on its pages: they sign in, and admins change settings.

use super::{super::CliError, calendar::Office, directory::Sync, method, people::DemoPerson, seed::SIGN_INS};
use crate::{
    auth::audit,
    service::{RoleEdit, Service},
};
use domain::{id::MemberId, sso::SsoProvider};
use std::net::IpAddr;

/// From where people sign in.
const ADDRESSES: [[u8; 4]; 4] = [[203, 0, 113, 7], [203, 0, 113, 19], [192, 0, 2, 61], [192, 0, 2, 140]];

/// The SSO method that is added in the course of the month.
pub(super) const PLANNED: (&str, SsoProvider) = ("Entra ID (planned)", SsoProvider::Entra);

impl Sync<'_> {
    /// A person from the directory signs in.
    pub(super) async fn sign_in(&mut self, number: usize) -> Result<(), CliError> {
        let Some(id) = self.active(number).map(|known| known.id.clone()) else { return Ok(()) };
        let person = DemoPerson::number(number);
        self.signed_in.insert(number, self.stage.state.clock.now());
        self.visit(&id, &person.name(), &person.user_name(&self.host()), address(number), OfficeVisit::SignedIn).await
    }

    pub(super) async fn office(&mut self, office: Office) -> Result<(), CliError> {
        let (stage, at) = (self.stage, self.stage.state.clock.now());
        let slug = stage.team.slug;
        match office {
            Office::SignIn(who) => self.staff(who, OfficeVisit::SignedIn).await,
            Office::FailedSignIns(who, count) => {
                for _ in 0..count {
                    self.staff(who, OfficeVisit::Failed).await?;
                }
                Ok(())
            }
            Office::Map(who, group, role) => {
                let Some(id) = self.group(group) else { return Ok(()) };
                stage.progress.step(format_args!("giving the group “{group}” a role"));
                let map =
                    async |service: Service<'_>| service.group_map(slug, id, role).await.map(|_| ()).map_err(refused);
                stage.when(who, at, map).await
            }
            Office::Give(who, number, role) => {
                let Some(known) = self.active(number) else { return Ok(()) };
                let ids = [known.id.clone()];
                let give = async |service: Service<'_>| {
                    let given = service.members_change_roles(slug, &ids, RoleEdit::Give(role)).await;
                    given.map(|_| ()).map_err(refused)
                };
                stage.when(who, at, give).await
            }
            Office::BreakGlass(who) => {
                let Some(id) = stage.member(who).await? else { return Ok(()) };
                let mark = async |service: Service<'_>| {
                    service.break_glass_set(slug, &id, true).await.map(|_| ()).map_err(refused)
                };
                stage.when(who, at, mark).await
            }
            Office::AddMethod(who) => {
                let form = method(PLANNED.0, PLANNED.1, false);
                let add =
                    async |service: Service<'_>| service.sso_add(slug, form, false).await.map(|_| ()).map_err(refused);
                stage.when(who, at, add).await
            }
        }
    }

    /// One of those who can sign in with a password.
    async fn staff(&self, who: &str, visit: OfficeVisit) -> Result<(), CliError> {
        let Some(id) = self.stage.member(who).await? else { return Ok(()) };
        let found = SIGN_INS.into_iter().enumerate().find(|(_, (_, local, _))| *local == who);
        let Some((number, (name, ..))) = found else { return Ok(()) };
        self.visit(&id, name, &format!("{who}@{}", self.host()), address(number), visit).await
    }

    async fn visit(
        &self,
        member: &MemberId,
        name: &str,
        email: &str,
        address: Option<IpAddr>,
        visit: OfficeVisit,
    ) -> Result<(), CliError> {
        let (state, slug) = (self.stage.state, self.stage.team.slug);
        let team = self.stage.team_id().await?;
        let people = [audit::AuditedMember { member, name, team: &team, slug }];
        let account = audit::account(state, email);
        match visit {
            OfficeVisit::SignedIn => audit::signed_in(state, &account, &people, address).await,
            OfficeVisit::Failed => audit::sign_in_failed(state, &account, Some(slug), &people, address).await,
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum OfficeVisit {
    SignedIn,
    Failed,
}

fn address(number: usize) -> Option<IpAddr> {
    ADDRESSES.get(number % ADDRESSES.len()).map(|address| (*address).into())
}

fn refused(why: impl std::fmt::Display) -> CliError {
    CliError::new(why.to_string())
}
