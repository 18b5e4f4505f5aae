//! The key and the product that sent a request.

use crate::state::AppState;
use app::model::Via;
use domain::{
    id::TeamId,
    key::{KeyId, PREFIX},
    scim_client::{ClientTrace, ScimClient},
};
use std::collections::HashMap;
use store::{LogKey, RequestLine, ScimRequest, StoreError};

#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<KeyId, LogKey>);

impl Keys {
    pub(super) async fn of(state: &AppState, team: &TeamId) -> Result<Self, StoreError> {
        let keys = state.store.log_keys(team).await?;
        Ok(Self(keys.into_iter().map(|key| (key.id.clone(), key)).collect()))
    }

    /// The sender of a request with its full record.
    pub(super) fn of_request(&self, request: &ScimRequest) -> Via {
        let agent = request.user_agent.as_deref();
        let trace = ClientTrace {
            user_agent: agent,
            origin: request.origin,
            path: &request.path,
            body: request.request.as_deref(),
        };
        self.via(&request.key, &request.key_name, Some(agent), ScimClient::recognise(trace))
    }

    /// The sender of a request with its summary line.
    pub(super) fn of_line(&self, line: &RequestLine) -> Via {
        let agent = line.user_agent.as_deref();
        let trace = ClientTrace { user_agent: agent, origin: line.origin, path: &line.path, body: None };
        self.via(&line.key, &line.key_name, Some(agent), ScimClient::recognise(trace))
    }

    /// The sender of a request whose record no longer exists.
    pub(super) fn of_key(&self, key: &KeyId, name: &str) -> Via {
        self.via(key, name, None, ScimClient::Unknown)
    }

    /// `agent`: the user agent, if the request is recorded.
    fn via(&self, key: &KeyId, name: &str, agent: Option<Option<&str>>, client: ScimClient) -> Via {
        let row = self.0.get(key);
        // Not every request identifies its product. A key keeps its product, as in the health of the connection.
        let is_same = |key: &&LogKey| agent.is_none_or(|agent| key.user_agent.as_deref() == agent);
        let usual = || row.filter(is_same).and_then(|key| key.client);
        let client = Some(client).filter(|client| *client != ScimClient::Unknown).or_else(usual);
        Via {
            client: client.filter(|client| *client != ScimClient::Unknown).map(|client| client.label().to_owned()),
            key_name: name.to_owned(),
            hint: row.map(|key| [PREFIX, "…", &key.tail].concat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_product() {
        let key =
            LogKey { id: KeyId::new("k"), tail: "x7Qd".into(), client: Some(ScimClient::Entra), user_agent: None };
        let keys = Keys(HashMap::from([(key.id.clone(), key)]));
        let via = |agent, client| keys.via(&KeyId::new("k"), "Production", agent, client);
        assert_eq!(via(Some(None), ScimClient::Unknown).client.as_deref(), Some("Entra ID"));
        assert_eq!(via(None, ScimClient::Unknown).client.as_deref(), Some("Entra ID"));
        assert_eq!(via(Some(Some("curl/8")), ScimClient::Unknown).client, None);
        assert_eq!(via(Some(Some("x")), ScimClient::Okta).client.as_deref(), Some("Okta"));
        assert_eq!(via(None, ScimClient::Unknown).hint.as_deref(), Some("rc_scim_…x7Qd"));
        assert_eq!(
            keys.of_key(&KeyId::new("other"), "Gone"),
            Via { client: None, key_name: "Gone".into(), hint: None }
        );
    }
}
