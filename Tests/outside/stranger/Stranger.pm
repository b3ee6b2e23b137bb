# A second client of parley.v1, in another language: Perl with Mojolicious, written from protocol/ alone by
# someone who had not seen the server's sources. Where it had to guess, chat.md was wanting and was mended. It
# shares no line with Parley, so a mistake that server and browser client agree on shows here. talk.pl is its
# conversation.
package Stranger;
use Mojo::Base 'Mojo::EventEmitter', -signatures;
use Mojo::IOLoop;
use Mojo::JSON qw(decode_json encode_json false);
use Mojo::UserAgent;
use Time::HiRes 'time';

has [qw(url user name limits session tx token)];
has state     => 'closed';                  # closed, connecting, open, waiting, stopped
has heartbeat => 'message';
has minMs     => 500;
has maxMs     => 20000;
has boundMs   => sub { shift->minMs };
has [qw(rooms pending)] => sub { {} };       # name => room; id => {verb, cb, at}
has drafts => sub { [] };                    # without a final reply, oldest first
has ua     => sub { Mojo::UserAgent->new->inactivity_timeout(0) };
my $lastId = 0;

# --- the connection, sections 2 to 5 ----------------------------------------------------------------------
sub start ($s) {
  $s->state('connecting');
  $s->{clock} //= Mojo::IOLoop->recurring(1 => sub { $s->watch });
  $s->ua->start($s->ua->build_websocket_tx($s->url => {} => ['parley.v1']) => sub ($ua, $tx) {
    return if $s->state eq 'stopped';
    return $s->ended('handshake ' . ($tx->res->code // 'none'), '') unless $tx->is_websocket;
    $tx->max_websocket_size(4 << 20);
    $s->tx($tx)->{opened} = $s->{heard} = time;
    delete $s->{afterMs};
    $tx->on(frame => sub { $s->{heard} = time });
    $tx->on(text => sub ($, $bytes) { for (split /\n/, $bytes) { $s->line($_) if /\S/ && $s->tx } });
    $tx->on(finish => sub ($, $code, $reason = '') { $s->ended($code, $reason) });
    $s->greet;
  });
  return $s;
}

sub greet ($s) {
  my @rooms = map { $s->rooms->{$_} } sort keys %{$s->rooms};
  my %who = map { defined $s->$_ ? ($_ => $s->$_) : () } qw(user name token);
  my @specs = map { spec($_) } @rooms;
  my $hello = {client => 'stranger/1.0', heartbeat => $s->heartbeat, rooms => \@specs, %who};
  $s->ask(connect => $hello, sub ($ok, $e) {
    return $e->{name} eq 'disconnected' || $s->stop($e) if $e;
    $s->state('open')->user($ok->{user})->limits($ok->{limits})->session($ok->{session});
    $s->minMs($ok->{reconnect}{minMs})->maxMs($ok->{reconnect}{maxMs});
    $s->{silence} = ($ok->{pingMs} + $ok->{pongMs}) / 1000;
    for my $i (0 .. $#rooms) { $s->joined($rooms[$i], $ok->{rooms}[$i]) }
    $s->pump->emit(open => $ok);
  });
}

# --- the end, and coming back, section 13 -----------------------------------------------------------------
sub comesBack ($code) {
  return $1 !~ /^(400|403|404|426)$/ if $code =~ /^handshake (.*)/;
  return $code >= 4000 ? $code < 4500 || $code > 4999 : $code !~ /^(1000|1002|1003|1007)$/;
}

sub ended ($s, $code, $reason) {
  return if $s->state =~ /stopped|waiting/;
  my $lasted = $s->tx ? 1000 * (time - $s->{opened}) : 0;
  my $told = $code =~ /^4\d\d\d$/ && eval { decode_json($reason) } || {};
  $s->tx(undef)->emit(end => $code, $reason);
  $_->{sent} = 0 for @{$s->drafts};
  for my $r (values %{$s->rooms}) { @$r{qw(live joining roster typing)} = (0, 0, undef, {}) }
  my $pending = $s->pending; $s->pending({});
  $_->{cb}->(undef, {code => 0, name => 'disconnected', message => "closed: $code"}) for values %$pending;
  return $s->stop({name => 'closed', code => $code, message => $reason}) unless comesBack($code);
  $s->boundMs($s->minMs) if $lasted > $s->boundMs;
  my $wait = $told->{afterMs} // $s->{afterMs};
  if (!defined $wait) {
    $wait = rand $s->boundMs;
    $s->boundMs($s->boundMs * 2 > $s->maxMs ? $s->maxMs : $s->boundMs * 2);
  }
  $s->state('waiting');
  Mojo::IOLoop->timer($wait / 1000 => sub { $s->start if $s->state eq 'waiting' });
}

sub stop ($s, $why = undef) {
  my $tx = $s->tx; $s->state('stopped')->tx(undef);
  Mojo::IOLoop->remove(delete $s->{clock}) if $s->{clock};
  $tx->finish(1000) if $tx;
  $s->emit(stop => $s->{why} = $why);
}

sub watch ($s) {                             # section 11: our own clock
  my ($limit, $now) = ($s->{silence} // 45, time);
  for my $typing (map { $_->{typing} } values %{$s->rooms}) {
    delete @$typing{grep { $typing->{$_} < $now } keys %$typing};
  }
  return unless $s->tx && $now - $s->{heard} > $limit;
  $s->cut if $now - $s->{sent} > $limit || grep { $now - $_->{at} > $limit } values %{$s->pending};
}

sub cut ($s) { Mojo::IOLoop->remove($s->tx->connection) if $s->tx }     # as a tunnel does: no close frame

# --- commands, replies and pushes, section 4 --------------------------------------------------------------
sub raw ($s, $text) { $s->{sent} = time; $s->tx->send({text => $text}) if $s->tx; $s }
sub say ($s, $verb, $args) { $s->raw(encode_json {$verb => $args}) }

sub ask ($s, $verb, $args, $cb = sub { }, $bodyBytes = undef) {
  return $cb->(undef, {code => 0, name => 'disconnected', message => 'no connection'}) unless $s->tx;
  my $json = encode_json $args;
  $json =~ s/\}\z/,"body":$bodyBytes}/ if defined $bodyBytes;
  $s->pending->{++$lastId} = {verb => $verb, cb => $cb, at => time};
  $s->raw(qq({"id":$lastId,"$verb":$json}));
}

sub line ($s, $bytes) {
  my $o = decode_json $bytes;
  if ($o->{ok} || $o->{error}) {
    my $p = defined $o->{id} ? delete $s->pending->{$o->{id}} : undef;
    # For the test: the tunnel begins just before the reply.
    return $s->cut if $p && $p->{verb} eq 'publish' && $s->{cutBeforeReply} && $s->{cutBeforeReply}--;
    $p ? $p->{cb}->($o->{ok}, $o->{error}) : $o->{error} && $s->emit(fault => $o->{error}, $o->{id});
    return $s->pump;
  }
  my ($what) = grep { exists $o->{$_} } qw(publication skip reset presence typing goaway ping) or return;
  my $push = $o->{$what};
  return $s->say(pong => {}) if $what eq 'ping';
  if ($what eq 'goaway') { $s->{afterMs} = $push->{afterMs}; return $s->emit(goaway => $push) }
  my $r = $s->rooms->{$push->{room}} or return;
  my $method = "on_$what";
  $s->$method($r, $push);
}

# --- rooms and positions, sections 6 and 8 ----------------------------------------------------------------
sub spec ($r) {
  return {room => $r->{room}, $r->{events} ? (events => $r->{events}) : (), $r->{pos} ? (since => $r->{pos})
    : defined $r->{tail} ? (tail => $r->{tail}) : ()};
}

sub join ($s, $room, %opt) {
  my $r = $s->rooms->{$room}
    = {room => $room, log => {}, typing => {}, repeats => 0, pos => $opt{since}, %opt};
  $s->rejoin($r) if $s->state eq 'open';
  return $r;
}

sub isCurrent ($s, $r) { ($s->rooms->{$r->{room}} // 0) == $r }

sub rejoin ($s, $r) {
  return if $r->{joining}++;
  $r->{live} = 0;
  $s->ask(join => spec($r), sub ($ok, $e) {
    $r->{joining} = 0;
    $s->joined($r, $ok // {error => $e}) unless $e && $e->{name} eq 'disconnected';
  });
}

sub later ($s, $e, $cb) { Mojo::IOLoop->timer(($e->{retryAfterMs} // rand $s->boundMs) / 1000 => $cb) }

sub joined ($s, $r, $a) {
  return unless $s->isCurrent($r);
  if (my $e = $a->{error}) {
    my $again = sub { $s->rejoin($r) if $s->state eq 'open' && $s->isCurrent($r) };
    return $s->later($e, $again) if $e->{code} =~ /^11[01]$/;
    delete $s->rooms->{$r->{room}};
    return $s->emit(refused => $r->{error} = $e);
  }
  @$r{qw(kind recovered gap)} = @$a{qw(kind recovered gap)};
  if ($a->{kind} eq 'stored') {
    if (my $g = $a->{gap}) { forget($r, $g->{from}, $g->{to}); push @{$r->{gaps}}, $g }
    my @p = @{$a->{publications}};
    $s->take($r, $_) for @p;
    $r->{pages}++;
    my $offset = @p ? $p[-1]{offset} : $a->{head};
    $r->{pos} = {epoch => $a->{epoch}, offset => $offset} unless !@p && $a->{more};
    return $s->rejoin($r) if $a->{more};
  }
  $r->{live} = 1;
  $s->roster($r);
}

sub forget ($r, $from, $to) { delete @{$r->{log}}{grep { $_ >= $from && $_ <= $to } keys %{$r->{log}}} }

sub take ($s, $r, $p) {
  delete $r->{typing}{$p->{user}};
  return $r->{repeats}++ if defined $p->{offset} && $r->{log}{$p->{offset}};
  $r->{log}{$p->{offset}} = $p if defined $p->{offset};
  $s->emit(publication => $r, $p);
}

sub on_publication ($s, $r, $p) {
  return $s->take($r, $p) unless defined $p->{offset};
  return $r->{early}++ unless $r->{pos};                       # the server promises that there are none
  return $r->{ignored}++ if $p->{offset} <= $r->{pos}{offset};
  return $s->rejoin($r) if $p->{offset} > $r->{pos}{offset} + 1;
  $s->take($r, $p);
  $r->{pos} = {epoch => $p->{epoch} // $r->{pos}{epoch}, offset => $p->{offset}};
}

sub on_skip ($s, $r, $k) {
  push @{$r->{skips}}, $k;
  $r->{pos}{offset} = $k->{to};
  $s->fetch($r, $k->{from} - 1, $k->{to}, $r->{pos}{epoch});
}

sub fetch ($s, $r, $after, $to, $epoch) {                      # what was skipped; moves no position
  $s->ask(history => {room => $r->{room}, after => $after}, sub ($ok, $e) {
    my $again = sub { $s->fetch($r, $after, $to, $epoch) };
    return $s->later($e, $again) if $e && $e->{code} =~ /^11[01]$|^0$/;
    return if $e || $ok->{epoch} ne $epoch;
    $s->take($r, $_) for grep { $_->{offset} <= $to } @{$ok->{publications}};
    my $last = @{$ok->{publications}} ? $ok->{publications}[-1]{offset} : $to;
    $s->fetch($r, $last, $to, $epoch) if $last < $to && $ok->{more};
  });
}

sub on_reset ($s, $r, $x) {
  forget($r, $x->{after} + 1, 2**53);
  $r->{resets}++;
  my $at = $r->{pos} && $r->{pos}{offset} < $x->{after} ? $r->{pos}{offset} : $x->{after};
  $r->{pos} = {epoch => $x->{epoch}, offset => $at};
}

sub leave ($s, $room, $cb = sub { }) { delete $s->rooms->{$room}; $s->ask(leave => {room => $room}, $cb) }

# --- presence and typing, section 10 ----------------------------------------------------------------------
sub roster ($s, $r) {
  return if $r->{asking}++;
  $s->ask(presence => {room => $r->{room}}, sub ($ok, $e) {
    $r->{asking} = 0;
    return $e->{code} == 110 && $s->later($e, sub { $s->roster($r) }) if $e;
    my %members = map { $_->{user} => $_->{name} } @{$ok->{members}};
    $r->{roster} = {version => $ok->{version}, members => \%members};
  });
}

sub on_presence ($s, $r, $p) {
  my $roster = $r->{roster} or return;
  if ($p->{version} != $roster->{version} + 1) { $r->{roster} = undef; return $s->roster($r) }
  $roster->{version}++;
  delete @{$roster->{members}}{@{$p->{leave}}};
  $roster->{members}{$_->{user}} = $_->{name} for @{$p->{join}};
}

sub on_typing ($s, $r, $t) {
  return if $t->{user} eq $s->user;
  $t->{on} ? ($r->{typing}{$t->{user}} = time + 6) : delete $r->{typing}{$t->{user}};
}

sub typing ($s, $room, $on = 1) {
  return if $on && time - ($s->{typed}{$room} // 0) < 3;
  $s->{typed}{$room} = $on ? time : 0;
  $s->say(typing => {room => $room, $on ? () : (on => false)});
}

# --- publishing, section 7: the bytes are made once, a retry repeats them ---------------------------------
sub publish ($s, $room, $body, $cb = sub { }, %opt) {
  my $id = $opt{clientId} // CORE::join '-', map { sprintf '%08x', rand 2**32 } 1 .. 4;
  push @{$s->drafts}, {room => $room, clientId => $id, body => encode_json($body), cb => $cb};
  $s->pump;
  return $id;
}

sub settle ($s, $d, $ok, $e) { @{$s->drafts} = grep { $_ != $d } @{$s->drafts}; $d->{cb}->($ok, $e) }

sub pump ($s) {
  return $s unless $s->state eq 'open';
  for my $d (grep { !$_->{sent} } @{$s->drafts}) {
    last if keys %{$s->pending} >= $s->limits->{outstanding} - 20;
    $d->{sent} = 1;
    $s->ask(publish => {room => $d->{room}, clientId => $d->{clientId}}, sub ($ok, $e) {
      my $kind = ($s->rooms->{$d->{room}} // {})->{kind} // 'stored';
      return if $e && $e->{name} eq 'disconnected' && $kind eq 'stored';     # stays a draft
      return $s->later($e, sub { $d->{sent} = 0; $s->pump }) if $e && $e->{code} =~ /^11[01]$/;
      $s->settle($d, $ok, $e);
    }, $d->{body});
  }
  return $s;
}
1;
