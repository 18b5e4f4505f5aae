// The pages of the provider. They load nothing, and need no script.

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title, body) => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body>
</html>`;

/** `hint` is the request's login_hint, `failed` whether the last attempt was wrong. */
export const login = (uid, hint = "", failed = false) => page("Sign in", `
${failed ? '<p role="alert">Wrong user name or password.</p>' : ""}
<form method="post" action="/interaction/${escape(uid)}/login">
<label>User name <input name="userName" value="${escape(hint)}" required></label>
<label>Password <input name="password" type="password" required></label>
<button>Sign in</button>
</form>
<p><a href="/interaction/${escape(uid)}/cancel">Cancel</a></p>`);

export const consent = (uid, client, scopes) => page("Allow access", `
<p>${escape(client)} asks for: ${escape(scopes.join(", "))}</p>
<form method="post" action="/interaction/${escape(uid)}/consent"><button>Allow</button></form>
<p><a href="/interaction/${escape(uid)}/cancel">Cancel</a></p>`);

/** `form` is oidc-provider's form with the id op.logoutForm. */
export const logout = (form) => page("Sign out", `${form}
<button form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button form="op.logoutForm">Stay signed in</button>`);

export const message = (title, text = "") => page(title, `<p>${escape(text)}</p>`);
