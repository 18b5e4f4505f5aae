// Real identity providers for the tests of single sign-on. All listen on this machine, behind TLS, on other hosts than Rollcall.
//
//   const network = await Network.create();
//   const provider = await OidcProvider.start(network, { clients: [...] });
//   ... provider.issuer ... await logIn(page, people[0]) ... await provider.rotateKeys() ...
//   await provider.stop(); await network.remove();
//
// The browser needs `hostResolverRules` among its arguments and `ignoreHTTPSErrors`. Rollcall needs `network.environment()`.
export { CertificateAuthority, selfSigned, type Certified } from "./certificate-authority.ts";
export { missing, type Need } from "./installed.ts";
export { LemonLdap, type LemonSettings } from "./lemonldap-ng.ts";
export type { LemonClient } from "./lemonldap-ng/configuration.ts";
export { logIn, loginPage, postResponse } from "./log-in.ts";
export { hostNames, hostResolverRules, Network, type HostName, type Place } from "./network.ts";
export { OidcProvider, type OidcClient, type OidcSettings } from "./oidc-provider.ts";
export { demonstration, people, type Person } from "./people.ts";
export { send, type Reply, type Trust } from "./request.ts";
export { serviceProviderMetadata, type ServiceProvider } from "./service-provider.ts";
export { SimpleSaml, type SimpleSamlSettings } from "./simplesamlphp.ts";
export { TlsProxy } from "./tls-proxy.ts";
