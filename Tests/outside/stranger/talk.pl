#!/usr/bin/perl
# A conversation of Stranger's clients that checks itself, against what chat.md promises and nothing else.
#
#   perl talk.pl ws://127.0.0.1:PORT/ws [restart]
#
# The server keeps rooms "cursor:…" ephemeral. With `restart` a line "restart" is printed once, while drafts
# are under way: whoever reads it kills the server, starts it again on the same archive, and answers with a line.
use Mojo::Base -strict, -signatures;
use FindBin;
use lib $FindBin::Bin;
use Mojo::JSON qw(encode_json);
use Stranger;
use Time::HiRes 'time';

my ($url, $restarts) = @ARGV;
die "perl talk.pl ws://127.0.0.1:PORT/ws [restart]\n" unless $url;
$| = 1;
my ($checks, $run) = (0, sprintf '%x-%x', time * 1000, $$);
my $room = "stranger:$run";
my ($ada, $bob, $cem, $dan, $ra, $rb, %got, $sent);

# --- what the conversation is made of ----------------------------------------------------------------------
sub fail ($why) { say "FAILED after $checks checks: $why"; exit 1 }
sub ok ($true, $what) { $true ? $checks++ : fail($what) }

sub until_ ($what, $condition, $seconds = 30) {
  my ($end, $tick) = (time + $seconds, Mojo::IOLoop->recurring(0.02 => sub { }));
  Mojo::IOLoop->one_tick while !$condition->() && time < $end;
  Mojo::IOLoop->remove($tick);
  ok(!!$condition->(), "waited $seconds s for: $what");
}

sub pause ($seconds) { my $end = time + $seconds; until_('time', sub { time >= $end }) }

sub client ($user, %rooms) {
  my $c = Stranger->new(url => $url, user => $user, name => defined $user ? ucfirst $user : undef);
  $c->on(publication => sub ($, $r, $p) { push @{$r->{order}}, $p->{offset} });
  $c->join($_, %{$rooms{$_}}) for keys %rooms;
  $c->start;
  my $isLive = sub { $c->state eq 'open' && !grep { !$_->{live} } values %{$c->rooms} };
  until_('connect of a client', $isLive);
  return $c;
}

sub call ($c, $verb, $args, $body = undef) {
  my @answer;
  $c->ask($verb, $args, sub { @answer = @_ }, $body);
  until_("$verb answered", sub { @answer });
  return @answer;
}

sub error ($c, $name, $verb, $args, $body = undef) {
  my ($ok, $e) = call($c, $verb, $args, $body);
  ok($e && $e->{name} eq $name, "$verb should be $name, was " . encode_json($e // $ok));
}

sub whole ($r, $n, $who) {                    # order, no gap, no repeat
  ok("@{$r->{order} // []}" eq "@{[1 .. $n]}", "$who saw @{$r->{order} // []}, not 1..$n");
  ok(!$r->{repeats} && $r->{pos}{offset} == $n, "$who: repeats $r->{repeats} position $r->{pos}{offset}");
}

sub post ($c, $body) {
  $sent++;
  $c->publish($room, $body, sub ($ok, $e) { $got{$body->{n}} = $ok // $e });
}

sub bothAt ($offset) { $ra->{pos}{offset} == $offset && $rb->{pos}{offset} == $offset }

# --- its parts, each going on where the one before ended ---------------------------------------------------
sub twoTalkAtOnce () {
  ($ada, $bob) = map { client("$_-$run", $room => {}) } qw(ada bob);
  ($ra, $rb) = map { $_->rooms->{$room} } $ada, $bob;
  my $text = "\x{e4}\x{1F600} line\nfeed";
  post($_ % 2 ? $ada : $bob, {n => $_, text => $text}) for 1 .. 40;
  until_('40 replies and pushes', sub { keys %got == 40 && bothAt(40) });
  whole($ra, 40, 'ada'); whole($rb, 40, 'bob');
  my @odd = map { $_->{body}{n} } grep { $_->{user} eq $ada->user } map { $rb->{log}{$_} } 1 .. 40;
  ok("@odd" eq join(' ', map { 2 * $_ - 1 } 1 .. 20), "ada's drafts in her order: @odd");
  ok($rb->{log}{1}{body}{text} eq $text, 'the body came through');
}

sub aDraftTwice () {
  my %same = (room => $room, clientId => 'same');
  my ($first) = call($ada, publish => \%same, '{"n":41}');
  my ($again) = call($ada, publish => \%same, '{"n":41}');
  my $isSame = $again->{offset} == $first->{offset} && $again->{time} == $first->{time};
  ok(!$first->{repeat} && $again->{repeat} && $isSame, 'repeat');
  error($ada, clientIdReused => publish => \%same, '{"n": 41}');
  ($again) = call($bob, publish => \%same, '{"n":42}');
  ok($again->{offset} == 42 && !$again->{repeat}, "bob's own clientId");
}

sub cutAndBack () {
  $bob->{cutBeforeReply} = 1;
  post($bob, {n => 43});
  until_('bob comes back', sub { $got{43} });
  ok($got{43}{repeat} && $got{43}{offset} == 43, 'the retry was a repeat: ' . encode_json $got{43});
  $bob->cut;
  post($bob, {n => $_}) for 44 .. 48;
  post($ada, {n => $_}) for 49 .. 53;
  until_('both have all', sub { bothAt(53) && $got{48} && $got{53} });
  whole($ra, 53, 'ada'); whole($rb, 53, 'bob');
  ok($rb->{recovered} && !$rb->{gaps}, 'bob recovered');
}

sub serverDies () {
  post($_ % 2 ? $ada : $bob, {n => $_}) for 54 .. 100;
  pause(0.005);
  say 'restart';
  defined(my $line = <STDIN>) or fail('nobody restarted the server');
  post($_ % 2 ? $ada : $bob, {n => $_}) for 101 .. 120;
  until_('all over the crash', sub { keys %got == $sent && bothAt(120) }, 60);
  whole($ra, 120, 'ada'); whole($rb, 120, 'bob');
  ok(!$ra->{gaps} && !$rb->{gaps} && !$ra->{resets}, 'no gap over a crash');
}

sub whoIsThere () {
  my $both = sub ($is) { 2 == grep { my $m = $_->{roster}{members}; $m && $is->($m) } $ra, $rb };
  until_('rosters of two', sub { $both->(sub ($m) { keys %$m == 2 }) });
  $cem = client(undef, $room => {events => []});
  ok($cem->user =~ /^guest-/, 'a guest has a name');
  until_('the guest is in both rosters', sub { $both->(sub ($m) { exists $m->{$cem->user} }) });
  $cem->leave($room);
  until_('the guest left', sub { $both->(sub ($m) { !exists $m->{$cem->user} }) }, 10);
  ok($ra->{roster}{members}{$bob->user} eq ucfirst $bob->user, 'names in the roster');
}

sub whoTypes () {
  $bob->typing($room);
  until_('bob types', sub { $ra->{typing}{$bob->user} });
  ok(!$rb->{typing}{$bob->user}, 'bob does not see himself typing');
  $bob->typing($room, 0);
  until_('bob stops', sub { !$ra->{typing}{$bob->user} });
  pause(1.2);                                 # more than one a second is not told
  $bob->typing($room);
  until_('bob types again', sub { $ra->{typing}{$bob->user} });
  my $n = $ra->{pos}{offset} + 1;
  post($bob, {n => $n});
  until_('bob wrote', sub { $ra->{pos}{offset} == $n && !$ra->{typing}{$bob->user} });
}

sub thePast () {
  my $n = $ra->{pos}{offset};
  for my $direction ('before', 'after') {
    my ($at, @all) = ($direction eq 'before' ? $n + 1 : 0);
    for (1 .. 99) {
      my ($h) = call($cem, history => {room => $room, $direction => $at, limit => 7});
      my @p = map { $_->{offset} } @{$h->{publications}};
      if ($direction eq 'before') { unshift @all, @p; $at = $p[0] } else { push @all, @p; $at = $p[-1] }
      last unless $h->{more};
    }
    ok("@all" eq "@{[1 .. $n]}", "history $direction: @all");
  }
  for ([before => 0], [before => 1], [after => $n + 5]) {
    my ($h) = call($cem, history => {room => $room, @$_});
    ok(!@{$h->{publications}} && !$h->{more}, "an empty page: @$_");
  }
  my ($list) = call($ada, rooms => {});
  my $entry = $list->{rooms}[0];
  ok($entry->{room} eq $room && $entry->{last}{offset} == $n && !$list->{more}, 'rooms');
}

sub aLongRoom () {
  my ($long, $done) = ("long:$run", 0);
  $ada->publish($long, {n => $_, pad => 'x' x 900}, sub { $done++ }) for 1 .. 700;
  until_('700 stored', sub { $done == 700 }, 60);
  $dan = client("dan-$run", $long => {since => {epoch => '0', offset => 0}});
  my $rd = $dan->rooms->{$long};
  whole($rd, 700, 'dan');
  ok($rd->{pages} > 1, 'in several pages');
  $rd = $dan->join($long, since => {epoch => 'unknown', offset => 900}, tail => 3);
  until_('an unknown epoch', sub { $rd->{live} });
  my $gap = $rd->{gaps}[0];
  ok($gap->{from} == 1 && $gap->{to} == 900 && keys %{$rd->{log}} == 700, 'gap, then all');
  $rd = $dan->join($long, tail => 3);
  until_('tail', sub { $rd->{live} });
  ok("@{$rd->{order}}" eq '698 699 700', 'tail of 3');
  my $busy = 0;
  my $count = sub ($ok, $e) { $busy++ if $e && $e->{code} == 110 };
  $dan->ask(publish => {room => $long, clientId => "b$_"}, $count, $_) for 1 .. 400;
  until_('all answered', sub { !keys %{$dan->pending} });
  ok($busy, 'tooManyOutstanding');
}

sub anEphemeralRoom () {
  my ($cursor, @seen) = ("cursor:$run");
  $dan->on(publication => sub ($, $r, $p) { push @seen, $p if $r->{room} eq $cursor });
  my $r = $dan->join($cursor, since => {epoch => 'x', offset => 3});
  until_('the ephemeral room', sub { $r->{live} });
  ok($r->{kind} eq 'ephemeral' && !$r->{recovered}, 'ephemeral, and nothing recovered');
  my ($ok) = call($ada, publish => {room => $cursor}, '{"x":3}');
  ok($ok->{time} && !exists $ok->{offset}, 'an ephemeral publication has a time only');
  until_('the cursor', sub { @seen });
  ok(!exists $seen[0]{offset} && $seen[0]{body}{x} == 3 && $r->{pos}{offset} == 3, 'no offset, no move');
  error($ada, notStored => history => {room => $cursor});
}

sub badInput () {
  error($ada, alreadyConnected => connect => {});
  error($ada, unknownVerb => shout => {});
  error($ada, notJoined => $_ => {room => "never:$run"}) for qw(typing presence);
  error($ada, forbidden => $_->[0] => {room => '$own', clientId => 'c'}, $_->[1])
    for [join => undef], [history => undef], [publish => 1];
  my %since = (room => 'a', since => undef);
  error($ada, badRequest => @$_) for [join => {room => 'a*'}], [join => {room => ' a'}], [join => \%since],
    [join => {room => 'x' x 201}], [join => {room => 'a', tail => 1001}], [leave => {}], [ping => []],
    [history => {room => 'a', before => 2, after => 1}], [history => {room => 'a', limit => 0}],
    [publish => {room => $room}, '1'], [publish => {room => $room, clientId => 'a b'}, 1],
    [publish => {room => $room, clientId => 'n'}, '"\u0000"'],
    [publish => {room => $room, clientId => 'd'}, '[' x 63 . ']' x 63];
  error($ada, tooLarge => publish => {room => $room, clientId => 'big'}, '"' . 'x' x 32767 . '"');
  my @faults;
  $ada->on(fault => sub ($, $e, $id) { push @faults, $e->{name} });
  $ada->raw($_) for '{"id":1.5,"ping":{}}', '{"id":1,"id":2,"ping":{}}', '{"join":{"room":"a"}}', '{}';
  until_('faults without id', sub { @faults == 4 });
  ok("@faults" eq 'badRequest badRequest badRequest badRequest', "@faults");
  my ($left) = call($ada, leave => {room => "never:$run"});
  ok($left && !%$left, 'leaving a room one is not in');
}

sub refusals () {
  my $eve = client("eve-$run");
  $eve->raw('not JSON');
  until_('4501', sub { $eve->state eq 'stopped' });
  ok($eve->{why}{code} == 4501 && $eve->{why}{message} =~ /^\{"reason":/, 'badFrame, and a reason in JSON');
  my $fay = Stranger->new(url => $url, token => 'x')->start;
  until_('refused', sub { $fay->{why} });
  ok($fay->{why}{name} eq 'unauthorized', 'token');
  (my $none = $url) =~ s/ws$/nothing/;
  my $gus = Stranger->new(url => $none)->start;
  until_('404', sub { $gus->{why} });
  ok($gus->{why}{code} eq 'handshake 404', '404: do not come back');
}

sub fedByHand () {                            # what a healthy server cannot be made to say
  my $syn = Stranger->new(url => $url, user => 'syn');
  my %log = map { $_ => {offset => $_} } 1 .. 7;
  my $r = $syn->join('syn', since => {epoch => 'e1', offset => 7}, log => \%log);
  my $feed = sub ($o) { $syn->line(encode_json $o); "$r->{pos}{epoch} $r->{pos}{offset}" };
  my $say = sub (%fields) { $feed->({publication => {room => 'syn', user => 'u', %fields}}) };
  ok($say->(offset => 8, body => 1, epoch => 'e2') eq 'e2 8', 'a new epoch');
  ok($say->(offset => 8, body => 2) eq 'e2 8' && $r->{log}{8}{body} == 1, 'a repeat is ignored');
  my $reset = sub ($epoch, $after) { $feed->({reset => {room => 'syn', epoch => $epoch, after => $after}}) };
  ok($reset->('e3', 5) eq 'e3 5' && keys %{$r->{log}} == 5, 'reset below');
  ok($reset->('e4', 90) eq 'e4 5', 'reset above');
  ok($feed->({skip => {room => 'syn', from => 6, to => 20}}) eq 'e4 20', 'skip');
  $feed->({$_ => {}}) for 'ping', 'somethingNew';
  $feed->({goaway => {afterMs => 7}});
  ok($syn->{afterMs} == 7, 'goaway');
  ok(Stranger::comesBack($_), "$_: come back")
    for 4001, 4499, 1001, 1006, 1009, 1011, 'handshake 503', 'handshake none';
  ok(!Stranger::comesBack($_), "$_: do not come back")
    for 4501, 4999, 1000, 1002, 1003, 1007, 'handshake 403';
}

twoTalkAtOnce; aDraftTwice; cutAndBack;
serverDies if $restarts;
whoIsThere; whoTypes; thePast; aLongRoom; anEphemeralRoom; badInput; refusals; fedByHand;
ok(!grep({ $_->{gaps} || $_->{early} || $_->{ignored} } $ra, $rb), 'nothing was lost or out of turn');
$_->stop for $ada, $bob, $cem, $dan;
say "$checks checks passed";
