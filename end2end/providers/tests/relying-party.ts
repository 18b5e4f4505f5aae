import type { IncomingMessage, ServerResponse } from "node:http";
import type { Page } from "@playwright/test";
import type { Network, TlsProxy } from "../index.ts";

/** As Rollcall's, because the demo's provider redirects to no other. */
const callback = "/sso/method/oidc/callback";

/** A request that the relying party received. */
export interface Received {
  path: string;
  /** The parameters of its query or its form. */
  values: Record<string, string>;
}

/** A site on another host than the providers, which keeps what it receives. */
export class RelyingParty {
  private readonly queue: Received[] = [];
  private waiting: ((received: Received) => void) | undefined;

  private constructor(private readonly site: TlsProxy) {}

  static async start(network: Network): Promise<RelyingParty> {
    const party = new RelyingParty(await network.proxy({ host: "rollcall.test" }));
    for (const path of [callback, "/acs", "/logout", "/signed-out", "/back-channel"]) {
      party.site.replace(path, (request, response) => void party.receive(path, request, response));
    }
    return party;
  }

  get callback(): string {
    return this.url(callback);
  }

  url(path: string): string {
    return this.site.origin + path;
  }

  /** The next request of the page, after the page has loaded its response. */
  async visit(page: Page): Promise<Received> {
    const received = await this.next();
    await page.waitForURL((url) => url.origin === this.site.origin && url.pathname === received.path);
    return received;
  }

  /** The next request, whether it came already or not. */
  next(): Promise<Received> {
    const first = this.queue.shift();
    return first ? Promise.resolve(first) : new Promise((received) => (this.waiting = received));
  }

  stop(): Promise<void> {
    return this.site.stop();
  }

  private async receive(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const query = new URL(request.url ?? "/", this.site.origin).searchParams;
    const values = Object.fromEntries(request.method === "POST" ? new URLSearchParams(body) : query);
    response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><title>Relying party</title><p>Received</p>");
    const received = { path, values };
    if (this.waiting) this.waiting(received);
    else this.queue.push(received);
    this.waiting = undefined;
  }
}
