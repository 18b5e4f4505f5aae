<?php

// Copied into each provider's own folder, with settings.json (written by ../simplesamlphp.ts) beside it.
$settings = json_decode(file_get_contents(__DIR__ . '/settings.json'), true);
$folder = __DIR__;
$config = [
    'baseurlpath' => $settings['origin'] . '/',
    'certdir' => "$folder/",
    'metadatadir' => "$folder/metadata/",
    'datadir' => "$folder/data/",
    'tempdir' => "$folder/temporary/",
    'loggingdir' => "$folder/",
    'session.phpsession.savepath' => "$folder/sessions/",
    'session.cookie.secure' => true,
    'secretsalt' => $settings['salt'],
    'auth.adminpassword' => $settings['salt'],
    'timezone' => 'UTC',
    'enable.saml20-idp' => true,
    'enable.http_post' => false,
    'module.enable' => ['core' => true, 'saml' => true, 'exampleauth' => true],
    'logging.handler' => 'errorlog',
    'logging.level' => SimpleSAML\Logger::WARNING,
    'language.default' => 'en',
    'language.available' => ['en'],
    'store.type' => 'phpsession',
];
