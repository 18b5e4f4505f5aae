import type { Certified } from "../certificate-authority.ts";
import type { ServiceProvider } from "../service-provider.ts";

/** A client of its OpenID Connect provider. */
export interface LemonClient {
  id: string;
  secret: string;
  redirectUris: string[];
  postLogoutRedirectUris?: string[];
  /** `RS256` by default. */
  algorithm?: "HS256" | "HS384" | "HS512" | "RS256" | "RS384" | "RS512" | "none";
  /** Whether a person is asked for consent. */
  consent?: boolean;
}

/** What `lmConf-1.json` depends on. */
export interface LemonState {
  origin: string;
  /** The program's own folder. */
  folder: string;
  clients: LemonClient[];
  serviceProviders: ServiceProvider[];
  signing: Certified;
  keyId: string;
}

/** The content of `lmConf-1.json`: the names of LemonLDAP::NG's documentation. */
export function configuration({ origin, folder, clients, serviceProviders, signing, keyId }: LemonState): object {
  const sessions = (name: string) => ({ Directory: `${folder}/${name}`, LockDirectory: `${folder}/${name}/lock` });
  return {
    cfgNum: 1,
    cfgDate: 1,
    cfgVersion: "2.16.1",
    authentication: "Demo",
    userDB: "Same",
    passwordDB: "Demo",
    registerDB: "Null",
    demoExportedVars: { cn: "cn", mail: "mail", uid: "uid" },
    exportedVars: {},
    macros: {},
    groups: {},
    portal: `${origin}/`,
    domain: new URL(origin).hostname,
    cookieName: "lemonldap",
    securedCookie: 1,
    portalSkin: "bootstrap",
    // No pages between the login and the service.
    portalCheckLogins: 0,
    portalForceAuthn: 0,
    key: "end2end-end2end-end2end-end2end-",
    whatToTrace: "uid",
    locationRules: { [new URL(origin).hostname]: { default: "accept" } },
    globalStorage: "Apache::Session::File",
    globalStorageOptions: { ...sessions("sessions"), generateModule: "Lemonldap::NG::Common::Apache::Session::Generate::SHA256" },
    persistentStorage: "Apache::Session::File",
    persistentStorageOptions: sessions("persistent"),
    localSessionStorage: "Cache::FileCache",
    localSessionStorageOptions: { cache_depth: 3, cache_root: `${folder}/cache`, default_expires_in: 600, namespace: "sessions" },
    ...openIdConnect(clients, signing, keyId),
    ...saml(serviceProviders, signing),
  };
}

function openIdConnect(clients: LemonClient[], signing: Certified, keyId: string): object {
  const each = <Value>(value: (client: LemonClient) => Value) => Object.fromEntries(clients.map((client) => [client.id, value(client)]));
  return {
    issuerDBOpenIDConnectActivation: 1,
    oidcServicePrivateKeySig: signing.key,
    oidcServicePublicKeySig: signing.cert,
    oidcServiceKeyIdSig: keyId,
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcRPMetaDataExportedVars: each(() => ({ email: "mail", name: "cn", preferred_username: "uid" })),
    oidcRPMetaDataOptions: each((client) => ({
      oidcRPMetaDataOptionsClientID: client.id,
      oidcRPMetaDataOptionsClientSecret: client.secret,
      oidcRPMetaDataOptionsRedirectUris: client.redirectUris.join(" "),
      oidcRPMetaDataOptionsPostLogoutRedirectUris: (client.postLogoutRedirectUris ?? []).join(" "),
      oidcRPMetaDataOptionsIDTokenSignAlg: client.algorithm ?? "RS256",
      oidcRPMetaDataOptionsIDTokenForceClaims: 1,
      oidcRPMetaDataOptionsBypassConsent: client.consent ? 0 : 1,
    })),
  };
}

function saml(providers: ServiceProvider[], signing: Certified): object {
  if (providers.some(({ sign }) => sign === "response")) throw new Error("LemonLDAP::NG signs the assertion, or both");
  const each = <Value>(value: (provider: ServiceProvider) => Value) =>
    Object.fromEntries(providers.map((provider, index) => [`sp${index}`, value(provider)]));
  return {
    issuerDBSAMLActivation: 1,
    samlServicePrivateKeySig: signing.key,
    samlServicePublicKeySig: signing.cert,
    samlServiceUseCertificateInResponse: 1,
    samlServiceSignatureMethod: "RSA_SHA256",
    samlSPMetaDataXML: each(({ metadata }) => ({ samlSPMetaDataXML: metadata })),
    samlSPMetaDataExportedAttributes: each(() => ({ uid: "1;uid;;", mail: "1;mail;;", cn: "1;displayName;;" })),
    samlSPMetaDataOptions: each(({ metadata, sign, encrypt, nameIdFormat = "persistent", nameId }) => ({
      samlSPMetaDataOptionsNameIDFormat: nameIdFormat === "emailAddress" ? "email" : nameIdFormat,
      // Without it, a persistent name identifier is empty.
      samlSPMetaDataOptionsNameIDSessionKey: nameId ?? (nameIdFormat === "emailAddress" ? "mail" : "uid"),
      // The assertion is always signed.
      samlSPMetaDataOptionsSignSSOMessage: sign === "both" ? 1 : 0,
      samlSPMetaDataOptionsCheckSSOMessageSignature: metadata.includes('AuthnRequestsSigned="true"') ? 1 : 0,
      samlSPMetaDataOptionsEncryptionMode: encrypt ? "assertion" : "none",
      samlSPMetaDataOptionsEnableIDPInitiatedURL: 1,
    })),
  };
}
