//! What tests of pages assert instead of sentences: parts of the page by `id` or `data-testid`, and errors by their type.

use crate::app::{Answer, TestApp};
use app::error::AppError;
use domain::{
    Error, Unchanged,
    activity::Change,
    member::MemberDenial,
    validation::field_error::{Field, FieldError},
};

impl Answer {
    /// The text of the first part of the page with this `id` or `data-testid`.
    pub(crate) fn part(&self, name: &str) -> Option<String> {
        self.parts(name).into_iter().next()
    }

    /// The texts of all of them.
    pub(crate) fn parts(&self, name: &str) -> Vec<String> {
        elements(&self.body, name).into_iter().map(words).collect()
    }

    /// An attribute of the first part of the page with this `id` or `data-testid`.
    pub(crate) fn attribute(&self, part: &str, attribute: &str) -> Option<String> {
        let tag = elements(&self.body, part).into_iter().next()?.split('>').next()?;
        let value = tag.split_once(&format!(" {attribute}=\""))?.1.split('"').next()?;
        Some(value.to_owned())
    }

    /// The state of the first part of the page with this `id` or `data-testid`.
    pub(crate) fn state(&self, part: &str) -> Option<String> {
        self.attribute(part, "data-state")
    }

    /// The kinds of the events in the log, the newest first.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.body
            .split(" data-testid=\"event\" data-kind=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    }

    /// The texts of the events of one kind.
    pub(crate) fn events(&self, kind: &str) -> Vec<String> {
        let kinds = self.kinds().into_iter();
        kinds.zip(self.parts("event")).filter(|(one, _)| *one == kind).map(|(_, event)| event).collect()
    }

    /// The reasons of the failed requests in the log, the newest first.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        self.body.split(" data-why=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    /// Whether the alert begins with the sentence of this error.
    pub(crate) fn refuses(&self, error: impl Into<Error>) -> bool {
        let error: Error = error.into();
        self.alert().is_some_and(|alert| alert.starts_with(&AppError::from(error).to_string()))
    }

    /// Whether the alert contains the sentence of this denial.
    pub(crate) fn refuses_because(&self, denial: MemberDenial) -> bool {
        self.alert().is_some_and(|alert| alert.contains(&denial.to_string()))
    }

    /// Whether a field has this error.
    pub(crate) fn is_invalid(&self, field: Field, error: FieldError) -> bool {
        self.field_error(field.name()) == Some(error.to_string())
    }

    /// Whether the page has only the note that this is unchanged.
    pub(crate) fn is_unchanged(&self, unchanged: Unchanged) -> bool {
        self.has_note(&AppError::from(Error::from(unchanged)).to_string())
    }

    /// Is this a page that only shows this error?
    pub(crate) fn fails(&self, error: impl Into<AppError>) -> bool {
        let error: AppError = error.into();
        let failure = self.body.split_once(" data-failure=\"").and_then(|(_, rest)| rest.split('"').next());
        failure.map(unescape) == Some(error.to_string())
    }

    /// The state of the problem of a sign-in or of a confirmation of the password.
    pub(crate) fn sign_in_problem(&self) -> Option<String> {
        self.state("sign-in-problem")
    }

    /// The notice of a change.
    pub(crate) fn done(&self) -> Option<String> {
        self.notice("success")
    }

    /// The neutral notice that nothing had to change.
    pub(crate) fn note(&self) -> Option<String> {
        self.notice("accent")
    }

    fn notice(&self, tone: &str) -> Option<String> {
        let (_, notices) = self.body.split_once("<div role=\"status\">")?;
        let (status, _) = notices.split_once("data-alert")?;
        let (_, banner) = status.split_once(&format!("data-tone=\"{tone}\""))?;
        Some(words(&format!("<{}", banner.rsplit_once('<').map_or("", |(banner, _)| banner))))
    }
}

/// The newest entry of the log about a change, without sign-ins.
pub(crate) async fn last_change(app: &TestApp) -> Change {
    let mut changes = app.world.log().await.into_iter().map(|entry| entry.change);
    let is_sign_in = |change: &Change| {
        matches!(
            change,
            Change::SignedIn
                | Change::SignedOut
                | Change::SignInFailed { .. }
                | Change::SteppedUp
                | Change::StepUpFailed { .. }
        )
    };
    changes.find(|change| !is_sign_in(change)).unwrap()
}

/// The elements with this `id` or `data-testid`, each from its first tag to its last.
fn elements<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let marks = [format!(" id=\"{name}\""), format!(" data-testid=\"{name}\"")];
    let mut starts: Vec<usize> =
        marks.iter().flat_map(|mark| html.match_indices(mark.as_str())).map(|(at, _)| at).collect();
    starts.sort_unstable();
    starts.into_iter().map(|at| element(&html[html[..at].rfind('<').unwrap()..])).collect()
}

/// The element that begins here.
fn element(html: &str) -> &str {
    let name = html[1..].split([' ', '>']).next().unwrap();
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut end, mut depth) = (0, 0);
    loop {
        let Some(next) = html[end..].find(&close) else { return html };
        let inside = &html[end..end + next];
        depth +=
            inside.match_indices(&open).filter(|(at, _)| inside[at + open.len()..].starts_with([' ', '>'])).count();
        end += next + close.len();
        depth -= 1;
        if depth == 0 {
            return &html[..end];
        }
    }
}

/// The words of a piece of HTML, one space between them.
fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.replace("<!>", "").split('<').skip(1) {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or("", |(_, words)| words));
    }
    unescape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn unescape(html: &str) -> String {
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&amp;", "&")
}
