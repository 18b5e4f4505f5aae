//! Sending a form to the server, and what follows from the answer.
//!
//! The forms of the page post to the server functions and to the handlers for keys. All are sent in the same way, and
//! all answer with the page's data as it is afterwards, so one function serves them all.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "used by the browser's part"))]

use super::{notice::Told, state::State};
use crate::{
    components::form::{Form, FormState, Pairs},
    error::AppError,
    model::{Dialog, Returned},
    resume,
};
use domain::Error;
use domain::validation::field_error::FieldErrors;
use leptos::prelude::*;

/// What a form asks for.
#[derive(Clone)]
pub(super) struct Ask {
    /// Where it is posted to.
    pub(super) url: String,
    /// The dialog that it stands in.
    pub(super) dialog: Option<Dialog>,
    /// The dialog to come back to after signing in again.
    pub(super) resume: Option<Dialog>,
    /// Where the focus goes afterwards, when what had it is gone: the `id` of a heading.
    pub(super) home: &'static str,
    /// What is told when it was done.
    pub(super) told: Option<Told>,
    /// The name of the key that is made, where one is.
    pub(super) makes: Option<Made>,
}

/// The name of a key that is made.
#[derive(Clone)]
pub(super) enum Made {
    /// This.
    Named(String),
    /// What is typed into the form.
    AsTyped,
}

impl Ask {
    /// A form in a dialog.
    pub(super) fn in_dialog(url: impl Into<String>, dialog: &Dialog, home: &'static str) -> Self {
        let (resume, dialog) = (Some(dialog.clone()), Some(dialog.clone()));
        Self { url: url.into(), dialog, resume, home, told: None, makes: None }
    }

    /// What is told when it was done.
    pub(super) fn then(self, told: Told) -> Self {
        Self { told: Some(told), ..self }
    }
}

/// What a form knows at first: what came back with it.
pub(super) fn form_state(returned: &Returned) -> FormState {
    match &returned.failure {
        Some(AppError::Domain(Error::Invalid(problems))) => FormState::new(problems.clone(), None),
        Some(failure) if stays_open(failure) && !matches!(failure, AppError::Domain(Error::ConfirmSecondMethod(_))) => {
            FormState::new(FieldErrors::default(), Some(failure.to_string()))
        }
        _ => FormState::new(FieldErrors::default(), None),
    }
}

/// Does the dialog stay open, so that nothing typed is lost? It does where the same form can be sent again.
pub(super) const fn stays_open(failure: &AppError) -> bool {
    matches!(
        failure,
        AppError::Domain(Error::Invalid(_))
            | AppError::Domain(Error::ConfirmSecondMethod(_))
            | AppError::Domain(Error::Malformed)
            | AppError::TooLarge
            | AppError::TooSlow
            | AppError::Busy
            | AppError::Unreachable
            | AppError::Domain(Error::Unavailable)
            | AppError::Domain(Error::Internal)
    )
}

/// A form of this page.
#[component]
pub(super) fn AskForm(
    /// The page.
    state: State,
    /// The form.
    form: FormState,
    /// What it asks for.
    ask: Ask,
    /// What is wrong with what was typed.
    #[prop(optional)]
    check: Option<Callback<Pairs, FieldErrors>>,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    let action = ask.url.clone();
    let send = Callback::new(move |pairs| live::send(state, form, ask.clone(), pairs));
    view! {
        <Form action=action state=form check=check send=send>
            <input type="hidden" name=resume::TEAM value=state.slug()/>
            {children()}
        </Form>
    }
}

#[cfg(feature = "hydrate")]
pub(super) use live::keep_fresh;

#[cfg(feature = "hydrate")]
mod live {
    use super::{Ask, Made, stays_open};
    use crate::{
        api::Refresh,
        components::{
            dom,
            form::{FormState, Pairs, value},
        },
        error::AppError,
        json,
        model::{Authentication, Dialog},
        pages::authentication::{
            notice::Told,
            reveal,
            state::{ShownKey, State},
        },
        resume,
    };
    use domain::{
        Error,
        id::MethodId,
        validation::field_error::{Field, FieldErrors},
    };
    use js_sys::futures::JsFuture;
    use leptos::{
        prelude::*,
        server_fn::ServerFn,
        task::{spawn_local, tick},
    };
    use serde::Deserialize;
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Headers, RequestInit, Response};

    /// How often the page asks for its data.
    const REFRESH: Duration = Duration::from_secs(15);

    /// Posts a form's text. An error is the browser's: there was no answer.
    async fn fetch(url: &str, body: &str) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        headers.set("Content-Type", "application/x-www-form-urlencoded")?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&JsValue::from_str(body));
        let answer = JsFuture::from(window().fetch_with_str_and_init(url, &request)).await?;
        answer.dyn_into()
    }

    /// Posts a form; the answer's text.
    async fn post(url: &str, pairs: &Pairs) -> Result<String, AppError> {
        let response = fetch(url, &resume::write(pairs)).await.map_err(|_| AppError::Unreachable)?;
        let text = JsFuture::from(response.text().map_err(|_| AppError::Unreachable)?).await;
        let text = text.ok().and_then(|text| text.as_string()).ok_or(AppError::Unreachable)?;
        if response.ok() {
            return Ok(text);
        }
        // What is no answer of Rollcall comes from something in between.
        Err(json::read(&text).unwrap_or(match response.status() {
            413 => AppError::TooLarge,
            502..=504 => AppError::Unreachable,
            _ => AppError::Domain(Error::Internal),
        }))
    }

    /// The answer to a form that makes a key.
    #[derive(Deserialize)]
    struct Answer {
        key: String,
        page: Box<Authentication>,
    }

    fn read(text: &str, makes_key: bool) -> Result<(Box<Authentication>, Option<String>), AppError> {
        let read = if makes_key {
            json::read::<Answer>(text).map(|made| (made.page, Some(made.key)))
        } else {
            json::read(text).map(|page| (page, None))
        };
        read.map_err(|_| AppError::Domain(Error::Internal))
    }

    /// Sends a form and does what follows from the answer.
    pub(super) fn send(state: State, form: FormState, ask: Ask, pairs: Pairs) {
        state.changes.update_value(|changes| *changes = changes.wrapping_add(1));
        if ask.dialog.is_none() {
            dom::forget_opener();
        }
        spawn_local(async move {
            let answer = post(&ask.url, &pairs).await;
            state.changes.update_value(|changes| *changes = changes.wrapping_add(1));
            match answer.and_then(|text| read(&text, ask.makes.is_some())) {
                Ok((page, key)) => {
                    let name = match &ask.makes {
                        Some(Made::Named(name)) => name.clone(),
                        _ => value(&pairs, Field::Name.name()).trim().to_owned(),
                    };
                    succeed(state, form, ask, *page, key.map(|key| ShownKey { name, key })).await;
                }
                Err(failure) => fail(state, form, ask, pairs, failure).await,
            }
        });
    }

    async fn succeed(state: State, form: FormState, ask: Ask, page: Authentication, key: Option<ShownKey>) {
        form.end(FieldErrors::default(), None);
        if let Some(dialog) = &ask.dialog {
            dom::close(&dialog.id());
        }
        state.update(page);
        state.told.set(ask.told);
        if key.is_some() {
            state.shown.set(key);
            tick().await;
            dom::show(reveal::ID);
        } else {
            dom::give_focus_back(ask.home);
        }
    }

    async fn fail(state: State, form: FormState, ask: Ask, pairs: Pairs, failure: AppError) {
        let open = ask.dialog.as_ref().is_some_and(|dialog| dom::is_open(&dialog.id()));
        match failure {
            AppError::Domain(Error::SignedOut) | AppError::Domain(Error::VerifyAgain) => {
                form.end(FieldErrors::default(), None);
                let slug = state.slug();
                let next = match &ask.resume {
                    Some(dialog) => resume::dialog_path(&slug, dialog, &pairs),
                    None => resume::authentication_path(&slug),
                };
                dom::go_to(&match failure {
                    AppError::Domain(Error::VerifyAgain) => resume::verify_path(&slug, &next),
                    _ => resume::sign_in_path(&next),
                });
            }
            AppError::Domain(Error::Invalid(problems)) if open => {
                let sentence = problems.iter().next().map(|(_, problem)| problem.to_string());
                form.end(problems, None);
                tick().await;
                if !dom::focus_first_invalid() {
                    form.end(FieldErrors::default(), sentence);
                }
            }
            AppError::Domain(Error::ConfirmSecondMethod(_)) if ask.dialog.is_none() => {
                form.end(FieldErrors::default(), None);
                refresh(state).await;
                state.show(Dialog::EnableMethod(MethodId::new(value(&pairs, resume::ID))));
            }
            failure if open && stays_open(&failure) => form.end(FieldErrors::default(), Some(failure.to_string())),
            failure => {
                form.end(FieldErrors::default(), None);
                if let Some(dialog) = &ask.dialog {
                    dom::close(&dialog.id());
                }
                refresh(state).await;
                if let AppError::Domain(Error::Denied(domain::Denial::Provisioning(denial))) = &failure {
                    state.learn(denial);
                }
                state.told.set(Some(Told::Failed(failure.to_string())));
                dom::give_focus_back(ask.home);
            }
        }
    }

    /// Asks for the page's data. Where that fails, the page keeps what it has.
    async fn refresh(state: State) -> Option<AppError> {
        let asked_at = state.changes.get_value();
        let team = vec![(resume::TEAM.to_owned(), state.slug())];
        let answer = post(Refresh::PATH, &team).await.and_then(|text| read(&text, false));
        match answer {
            Ok((page, _)) if state.changes.get_value() == asked_at => {
                state.update(*page);
                None
            }
            Ok(_) => None,
            Err(failure) => Some(failure),
        }
    }

    /// Keeps "Last used" moving while somebody looks: not while a dialog is open, the page is out of sight or the focus would
    /// be lost, and no longer than the session.
    pub(in crate::pages::authentication) fn keep_fresh(state: State) {
        let asking = Rc::new(Cell::new(false));
        let handle = Rc::new(Cell::new(None::<IntervalHandle>));
        let stop = Rc::clone(&handle);
        let tick = move || {
            if asking.get() || dom::is_busy_or_hidden() {
                return;
            }
            asking.set(true);
            let (asking, stop) = (Rc::clone(&asking), Rc::clone(&stop));
            spawn_local(async move {
                if let Some(AppError::Domain(Error::SignedOut)) = refresh(state).await
                    && let Some(handle) = stop.take()
                {
                    handle.clear();
                }
                asking.set(false);
            });
        };
        handle.set(set_interval_with_handle(tick, REFRESH).ok());
    }
}

#[cfg(not(feature = "hydrate"))]
mod live {
    use super::Ask;
    use crate::{
        components::form::{FormState, Pairs},
        pages::authentication::state::State,
    };

    pub(super) fn send(_: State, _: FormState, _: Ask, _: Pairs) {}
}
