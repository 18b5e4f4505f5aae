<?php

$settings = json_decode(file_get_contents(__DIR__ . '/../settings.json'), true);
$metadata[$settings['entityId']] = [
    'host' => '__DEFAULT__',
    'auth' => 'people',
    'privatekey' => 'signing.key',
    'certificate' => 'signing.crt',
    'signature.algorithm' => $settings['signatureAlgorithm'],
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
    'SingleSignOnServiceBinding' => $settings['bindings'],
    'SingleLogoutServiceBinding' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'],
];
if ($settings['announced']) {
    // In the metadata, but not yet used for signatures.
    $metadata[$settings['entityId']] += ['new_privatekey' => 'next.key', 'new_certificate' => 'next.crt'];
}
