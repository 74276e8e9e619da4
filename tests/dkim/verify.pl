# Mail::DKIM on every signature that it knows (Debian's edition knows RSA only). One JSON line for each file.
# Arguments: the folder of messages and the port of a name server on this machine.
use strict;
use warnings;
use JSON::PP;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::Resolver;

my ($folder, $port) = @ARGV;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1));
my $json = JSON::PP->new->canonical;
$| = 1;
for my $path (sort glob "$folder/*.eml") {
    open my $file, '<:raw', $path or die "$path: $!";
    my $raw = do { local $/; <$file> };
    my $verifier = Mail::DKIM::Verifier->new;
    $verifier->PRINT($raw);
    $verifier->CLOSE;
    my %signatures;
    for my $signature ($verifier->signatures) {
        next unless $signature->algorithm eq 'rsa-sha256';
        $signatures{ $signature->algorithm } = $signature->result eq 'pass' ? 'pass' : 'fail';
    }
    my ($name) = $path =~ m{([^/]+)$};
    print $json->encode({ file => $name, signatures => \%signatures, wrong => [], fields => {} }), "\n";
}
