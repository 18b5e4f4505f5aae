// The login and consent of the provider.
import * as pages from "./pages.mjs";

/** A Koa middleware for /interaction/UID, with the people and `consent` of the settings. */
export function interactions(provider, settings) {
  const finish = async (ctx, result) => {
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
  };
  const steps = {
    async "GET "(ctx, { uid, prompt, params, client }) {
      if (prompt.name === "login") return void (ctx.body = pages.login(uid, params.login_hint));
      ctx.body = pages.consent(uid, client.clientId, prompt.details.missingOIDCScope ?? ["openid"]);
    },
    async "POST login"(ctx, { uid }) {
      const form = await body(ctx.req);
      const person = settings.people.find(({ userName, password }) => userName === form.get("userName") && password === form.get("password"));
      if (!person) return void (ctx.body = pages.login(uid, form.get("userName"), true));
      await finish(ctx, { login: { accountId: person.subject ?? person.userName } });
    },
    async "POST consent"(ctx, { grantId, params, session }) {
      const grant = (await provider.Grant.find(grantId)) ?? new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      await finish(ctx, { consent: { grantId: await grant.save() } });
    },
    async "GET cancel"(ctx) {
      await finish(ctx, { error: "access_denied", error_description: "The person cancelled" });
    },
  };
  return async (ctx, next) => {
    const [, uid, step = ""] = /^\/interaction\/([\w-]+)(?:\/(\w+))?$/.exec(ctx.path) ?? [];
    const run = uid && steps[`${ctx.method} ${step}`];
    if (!run) return next();
    ctx.type = "html";
    try {
      const details = await provider.interactionDetails(ctx.req, ctx.res);
      await run(ctx, { ...details, uid, client: await provider.Client.find(details.params.client_id) });
    } catch (error) {
      console.log(ctx.method, ctx.path, error);
      ctx.status = 400;
      ctx.body = pages.message("This sign-in cannot continue", error.error_description ?? error.message);
    }
  };
}

/** The grant of a client that needs no consent. */
export async function grantWithoutConsent(ctx) {
  const { client, session, params, provider } = ctx.oidc;
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}

async function body(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return new URLSearchParams(text);
}
