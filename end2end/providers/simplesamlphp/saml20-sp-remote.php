<?php

$settings = json_decode(file_get_contents(__DIR__ . '/../settings.json'), true);
foreach ($settings['serviceProviders'] as $provider) {
    $parsed = SimpleSAML\Metadata\SAMLParser::parseString($provider['metadata'])->getMetadata20SP();
    unset($parsed['entityDescriptor'], $parsed['expire']);
    $metadata[$parsed['entityid']] = $provider['options'] + $parsed;
}
