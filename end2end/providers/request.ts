import { request } from "node:https";

/** What a request trusts: a `Network`, or another authority. */
export interface Trust {
  authority: { certificate(): Promise<string> };
}

export interface Reply {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** Sends a request, as a server does, to a host name of this machine. With a form it is a POST. */
export async function send({ authority }: Trust, url: string, headers: Record<string, string> = {}, form?: Record<string, string>): Promise<Reply> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const body = form && new URLSearchParams(form).toString();
  const ca = await authority.certificate();
  return new Promise((done, failed) => {
    const asked = request({
      host: "127.0.0.1",
      servername: hostname,
      port,
      path: pathname + search,
      ca,
      method: body === undefined ? "GET" : "POST",
      headers: { host, ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }), ...headers },
    });
    asked.on("error", failed).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part)).on("error", failed);
      response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.end(body);
  });
}
