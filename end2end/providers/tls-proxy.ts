import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certified } from "./certificate-authority.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** TLS in front of a provider. It can also delay responses, replace them, or refuse connections. */
export class TlsProxy {
  /** Milliseconds before a request is passed on. */
  delay = 0;
  /** The paths that were requested, with their method, for example `POST /token`. */
  readonly requests: string[] = [];
  private readonly replaced = new Map<string, Handler>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private target!: Promise<string>;
  private resolveTarget: ((target: string) => void) | undefined;

  private constructor(
    private readonly server: Server,
    /** `https://host:port`. */
    readonly origin: string,
    readonly port: number,
  ) {
    this.hold();
  }

  /** Listens on 127.0.0.1, by default on a free port. Holds requests until `forward`. */
  static async listen(host: string, certified: Certified, port = 0): Promise<TlsProxy> {
    const server = createServer(certified);
    await new Promise<void>((ready, failed) => server.once("error", failed).listen(port, "127.0.0.1", ready));
    const found = (server.address() as AddressInfo).port;
    const proxy = new TlsProxy(server, `https://${host}:${found}`, found);
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => proxy.receive(asked, answer));
    return proxy;
  }

  /** Passes requests to `http://127.0.0.1:port`, also those that it holds. */
  forward(port: number): void {
    this.hold();
    this.resolveTarget?.(`http://127.0.0.1:${port}`);
    this.resolveTarget = undefined;
  }

  /** Holds requests from now on, because the provider starts again. */
  hold(): void {
    if (this.resolveTarget) return;
    this.target = new Promise((resolve) => (this.resolveTarget = resolve));
  }

  /** Answers requests for this path, without its query, itself. Returns the function that ends it. */
  replace(path: string, handler: Handler): () => void {
    this.replaced.set(path, handler);
    return () => this.replaced.delete(path);
  }

  /** Closes the port, so that connections are refused until `up`. */
  async down(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  async up(): Promise<void> {
    await new Promise<void>((ready, failed) => this.server.once("error", failed).listen(this.port, "127.0.0.1", ready));
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.down();
  }

  private receive(asked: IncomingMessage, answer: ServerResponse): void {
    const path = (asked.url ?? "/").split("?")[0] ?? "/";
    this.requests.push(`${asked.method} ${path}`);
    const next = this.replaced.get(path) ?? ((_, response) => void this.pass(asked, response));
    if (this.delay === 0) return next(asked, answer);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      next(asked, answer);
    }, this.delay);
    this.timers.add(timer);
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const target = await this.target;
    const { method, headers } = asked;
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": headers.host, "x-forwarded-port": String(this.port) };
    const onward = request(target + asked.url, { method, headers: { ...headers, ...forwarded } }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  }
}
