import { randomBytes, sign } from "node:crypto";
import { deflateRawSync } from "node:zlib";

const namespaces = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';

/** An authentication request by the HTTP-Redirect binding. With a key it has a detached signature. */
export interface AuthnRequest {
  id: string;
  url: string;
}

interface Fields {
  destination: string;
  issuer: string;
  acs: string;
  forceAuthn?: boolean;
  /** PEM, RSA. */
  key?: string | undefined;
}

export function authnRequest({ destination, issuer, acs, forceAuthn = false, key }: Fields): AuthnRequest {
  const id = `_${randomBytes(16).toString("hex")}`;
  const xml = `<samlp:AuthnRequest ${namespaces} ID="${id}" Version="2.0"
 IssueInstant="${now()}" Destination="${destination}" AssertionConsumerServiceURL="${acs}" ForceAuthn="${forceAuthn}"
 ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>${issuer}</saml:Issuer></samlp:AuthnRequest>`;
  return { id, url: redirect(destination, xml, key) };
}

/** A logout request by the same binding. */
export function logoutRequest(fields: Pick<Fields, "destination" | "issuer" | "key"> & { nameId: string; sessionIndex: string }): string {
  const id = `_${randomBytes(16).toString("hex")}`;
  const xml = `<samlp:LogoutRequest ${namespaces} ID="${id}" Version="2.0" IssueInstant="${now()}" Destination="${fields.destination}">
<saml:Issuer>${fields.issuer}</saml:Issuer>${fields.nameId}<samlp:SessionIndex>${fields.sessionIndex}</samlp:SessionIndex></samlp:LogoutRequest>`;
  return redirect(fields.destination, xml, fields.key);
}

/** The parts of a response that a test looks at. Only for responses of a provider that the test started. */
export class SamlResponse {
  readonly xml: string;

  constructor(encoded: string | undefined) {
    this.xml = Buffer.from(encoded ?? "", "base64").toString();
  }

  get inResponseTo(): string | undefined {
    return /<samlp:Response[^>]* InResponseTo="([^"]+)"/.exec(this.xml)?.[1];
  }

  get nameIdElement(): string {
    return /<saml:NameID.*?<\/saml:NameID>/s.exec(this.xml)?.[0] ?? "";
  }

  get nameId(): string | undefined {
    return />([^<]*)</.exec(this.nameIdElement)?.[1];
  }

  get sessionIndex(): string {
    return / SessionIndex="([^"]+)"/.exec(this.xml)?.[1] ?? "";
  }

  get authnInstant(): number {
    return Date.parse(/ AuthnInstant="([^"]+)"/.exec(this.xml)?.[1] ?? "");
  }

  get issueInstant(): number {
    return Date.parse(/ IssueInstant="([^"]+)"/.exec(this.xml)?.[1] ?? "");
  }

  /** What the signatures sign. */
  get signed(): string[] {
    const ids = [...this.xml.matchAll(/<(?:ds:)?Reference URI="#([^"]+)"/g)].map(([, id]) => id);
    return ids.map((id) => new RegExp(`<samlp?:(\\w+) [^>]*ID="${id}"`).exec(this.xml)?.[1] ?? "nothing").sort();
  }

  /** Whether its KeyInfo contains this certificate. */
  names(certificate: string): boolean {
    const bare = (text: string): string => text.replace(/-----[A-Z ]+-----|\s/g, "");
    return bare(this.xml).includes(bare(certificate));
  }
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

function redirect(destination: string, xml: string, key: string | undefined): string {
  const encoded = encodeURIComponent(deflateRawSync(xml).toString("base64"));
  const query = `SAMLRequest=${encoded}&RelayState=relay&SigAlg=${encodeURIComponent("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")}`;
  if (!key) return `${destination}?SAMLRequest=${encoded}&RelayState=relay`;
  return `${destination}?${query}&Signature=${encodeURIComponent(sign("sha256", Buffer.from(query), key).toString("base64"))}`;
}
