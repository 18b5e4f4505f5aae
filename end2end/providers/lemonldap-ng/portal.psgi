# The portal of LemonLDAP::NG with the files that its pages load. LEMONLDAP_SHARE is /usr/share of its unpacked packages.
use strict;
use warnings;
use Plack::App::File;
use Plack::Builder;
use Lemonldap::NG::Portal::Main;

my $files = "$ENV{LEMONLDAP_SHARE}/lemonldap-ng/portal/htdocs/static";
builder {
    # The TLS proxy is trusted.
    enable sub {
        my $app = shift;
        sub {
            my $env = shift;
            $env->{HTTPS} = 'on';
            $env->{'psgi.url_scheme'} = 'https';
            $app->($env);
        };
    };
    mount '/javascript' => Plack::App::File->new( root => '/usr/share/javascript' )->to_app;
    mount '/static'     => Plack::App::File->new( root => $files )->to_app;
    mount '/'           => Lemonldap::NG::Portal::Main->run( {} );
};
