/** A service provider, as an administrator registers it at a SAML identity provider. */
export interface ServiceProvider {
  /** Its SAML metadata. */
  metadata: string;
  /** What the identity provider signs. `assertion` by default. */
  sign?: "response" | "assertion" | "both";
  /** Whether assertions are encrypted for the certificate in its metadata. */
  encrypt?: boolean;
  /** Its part after `nameid-format:`. `persistent` by default. */
  nameIdFormat?: "persistent" | "emailAddress" | "unspecified" | "transient";
  /** The attribute that is the name identifier, for example `mail` or `uid`. */
  nameId?: string;
}

/** What metadata contains. */
export interface ServiceProviderMetadata {
  entityId: string;
  /** The assertion consumer service. */
  acs: string;
  /** The single logout service, with the Redirect binding. */
  logout?: string;
  /** PEM: the certificate of its signatures, and for encryption. */
  certificate?: string;
}

/** SAML metadata of a service provider. */
export function serviceProviderMetadata({ entityId, acs, logout, certificate }: ServiceProviderMetadata): string {
  const key = certificate?.replace(/-----[A-Z ]+-----|\s/g, "");
  const descriptor = (use: string) => `
    <md:KeyDescriptor use="${use}">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>`;
  const service = `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${logout}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
  <md:SPSSODescriptor AuthnRequestsSigned="${Boolean(certificate)}" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${certificate ? descriptor("signing") + descriptor("encryption") : ""}
    ${logout ? service : ""}
    <md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acs}"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`;
}
