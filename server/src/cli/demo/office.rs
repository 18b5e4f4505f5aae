//! Actions of a team's members on its pages: they sign in, and admins change settings.

use super::{super::CliError, calendar::Office, directory::Sync, method, people::DemoPerson, seed::SIGN_INS};
use crate::{
    auth::audit,
    service::{RoleEdit, Service},
};
use domain::{id::MemberId, sso::SsoProvider};
use std::net::IpAddr;

/// The networks from which people sign in.
const ADDRESSES: [[u8; 4]; 4] = [[203, 0, 113, 7], [203, 0, 113, 19], [192, 0, 2, 61], [192, 0, 2, 140]];

/// The SSO method that is added during the month.
pub(super) const PLANNED: (&str, SsoProvider) = ("Entra ID (planned)", SsoProvider::Entra);

impl Sync<'_> {
    /// A person from the directory signs in.
    pub(super) async fn sign_in(&mut self, number: usize) -> Result<(), CliError> {
        let Some(id) = self.active(number).map(|person| person.id.clone()) else { return Ok(()) };
        let person = DemoPerson::number(number);
        self.signed_in.insert(number, self.stage.state.clock.now());
        self.visit(&id, &person.name(), &person.user_name(&self.host()), address(number), OfficeVisit::SignedIn).await
    }

    pub(super) async fn office(&mut self, office: Office) -> Result<(), CliError> {
        let (stage, at) = (self.stage, self.stage.state.clock.now());
        let slug = stage.team.slug;
        match office {
            Office::SignIn(local_part) => self.staff(local_part, OfficeVisit::SignedIn).await,
            Office::FailedSignIns(local_part, count) => {
                for _ in 0..count {
                    self.staff(local_part, OfficeVisit::Failed).await?;
                }
                Ok(())
            }
            Office::Map(local_part, group, role) => {
                let Some(id) = self.group(group) else { return Ok(()) };
                stage.progress.step(format_args!("giving the group “{group}” a role"));
                let map =
                    async |service: Service<'_>| service.group_map(slug, id, role).await.map(|_| ()).map_err(cli_error);
                stage.when(local_part, at, map).await
            }
            Office::Give(local_part, number, role) => {
                let Some(person) = self.active(number) else { return Ok(()) };
                let ids = [person.id.clone()];
                let give = async |service: Service<'_>| {
                    let result = service.members_change_roles(slug, &ids, RoleEdit::Give(role)).await;
                    result.map(|_| ()).map_err(cli_error)
                };
                stage.when(local_part, at, give).await
            }
            Office::BreakGlass(local_part) => {
                let Some(id) = stage.member(local_part).await? else { return Ok(()) };
                let mark = async |service: Service<'_>| {
                    service.break_glass_set(slug, &id, true).await.map(|_| ()).map_err(cli_error)
                };
                stage.when(local_part, at, mark).await
            }
            Office::AddMethod(local_part) => {
                let form = method(PLANNED.0, PLANNED.1, false);
                let add = async |service: Service<'_>| {
                    service.sso_add(slug, form, false).await.map(|_| ()).map_err(cli_error)
                };
                stage.when(local_part, at, add).await
            }
        }
    }

    /// A member who can sign in with a password.
    async fn staff(&self, local_part: &str, visit: OfficeVisit) -> Result<(), CliError> {
        let Some(id) = self.stage.member(local_part).await? else { return Ok(()) };
        let sign_in = SIGN_INS.into_iter().enumerate().find(|(_, (_, local, _))| *local == local_part);
        let Some((number, (name, ..))) = sign_in else { return Ok(()) };
        self.visit(&id, name, &format!("{local_part}@{}", self.host()), address(number), visit).await
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

fn cli_error(error: impl std::fmt::Display) -> CliError {
    CliError::new(error.to_string())
}
