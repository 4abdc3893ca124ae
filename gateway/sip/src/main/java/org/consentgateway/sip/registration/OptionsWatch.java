package org.consentgateway.sip.registration;

import java.net.InetAddress;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sip.InvalidArgumentException;
import javax.sip.address.SipURI;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.ServerAddress.Place;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.TargetState.ServerState;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.KnownSources;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every server of one target by OPTIONS (RFC 3261 §11), again and again, and remembers how
 * each stands. Thread-safe. Keeps NAT bindings and connections open by the way.
 */
public final class OptionsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(OptionsWatch.class);

    /** Nobody is sent to a target that is down, so it is asked again after 10*T1: 5 s. */
    private static final int WHILE_DOWN_T1 = 10;

    private static final List<Health> BEST = List.of(Health.UP, Health.UNKNOWN, Health.DOWN);

    private final Stack stack;
    private final KnownSources sources;
    private final Writer writer;
    private final Watched watched;
    private final AtomicBoolean stopped = new AtomicBoolean();

    // Guarded by this.
    private Map<Place, One> servers = new LinkedHashMap<>();
    private Health health = Health.UNKNOWN;
    private @Nullable Instant since;

    /** How one server stands. Guarded by its watch. */
    private static final class One {
        private final ServerAddress server;
        private Health health = Health.UNKNOWN;
        private @Nullable Instant since;
        private int status;
        private @Nullable Instant answered;
        private @Nullable Duration roundTrip;

        One(ServerAddress server) {
            this.server = server;
        }

        ServerState state() {
            return new ServerState(
                    server.toString(),
                    health,
                    Optional.ofNullable(since),
                    status,
                    Optional.ofNullable(answered),
                    Optional.ofNullable(roundTrip));
        }
    }

    public OptionsWatch(Stack stack, KnownSources sources, Watched watched) {
        this.stack = stack;
        this.sources = sources;
        this.writer = new Writer(stack);
        this.watched = watched;
    }

    public Watched watched() {
        return watched;
    }

    public synchronized TargetState state(@Nullable Instant heard) {
        return new TargetState(
                watched.kind(),
                watched.name(),
                watched.uri(),
                health,
                Optional.ofNullable(since),
                servers.values().stream().map(One::state).toList(),
                Optional.ofNullable(heard));
    }

    public void stop() {
        stopped.set(true);
    }

    /** Asks now, then every so often. */
    public void every(Duration interval) {
        if (stopped.get()) {
            return;
        }
        CompletableFuture<Void> _ =
                probe().whenComplete((_, _) ->
                        stack.later(pause(interval.toMillis()), () -> every(interval)));
    }

    /** In milliseconds, as the interval. */
    private synchronized long pause(long interval) {
        boolean missed = health == Health.DOWN && watched.kind() != Watched.Kind.TRUNK;
        return missed ? Math.min(interval, WHILE_DOWN_T1 * stack.t1()) : interval;
    }

    /**
     * Asks all servers once; may wait for the DNS.
     *
     * @return done when each has answered, or its time was up
     */
    public CompletableFuture<Void> probe() {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        if (watched.uri().isPresent()) {
            try {
                SipURI uri = writer.uri(watched.uri().get());
                for (One one : found(stack.locator.all(uri))) {
                    answers.add(ask(one, uri));
                }
            } catch (ParseException | InvalidArgumentException | ClassCastException noSuchUri) {
                found(List.of());
            }
            summarise();
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    private synchronized List<One> found(List<ServerAddress> found) {
        Map<Place, One> now = new LinkedHashMap<>();
        for (ServerAddress server : found) {
            One before = servers.get(server.place());
            now.put(server.place(), before == null ? new One(server) : before);
        }
        servers = now;
        return List.copyOf(now.values());
    }

    private CompletableFuture<?> ask(One one, SipURI uri)
            throws ParseException, InvalidArgumentException {
        ServerAddress to = one.server;
        LocalAddress at = stack.locals.facing(to.transport(), to.address().getAddress());
        if (at == null) {
            return CompletableFuture.completedFuture(null);
        }
        SipURI target = withoutUser(uri);
        SipURI us = stack.addresses.createSipURI(null, at.host());
        Request request =
                writer.request(
                        Request.OPTIONS,
                        target,
                        new Writer.Ends(
                                writer.party(us, SipText.tag()),
                                writer.party(target, null),
                                SipText.tag() + SipText.tag()),
                        1,
                        at);
        writer.describe(request, at);
        writer.header(request, "Accept", "application/sdp");
        stack.toward(request, to);
        InetAddress answers = to.address().getAddress();
        sources.expect(answers);
        stack.later(stack.patience(), () -> sources.forget(answers));
        Asked asked = new Asked(one, stack.machine.nanos().getAsLong());
        stack.later(0, () -> stack.send(at, request, asked));
        stack.later(stack.hurry(), () -> asked.failed(true));
        return asked.done;
    }

    /** It is the server that is asked, not the user. */
    private SipURI withoutUser(SipURI uri) throws ParseException {
        SipURI target = stack.addresses.createSipURI(null, uri.getHost());
        if (uri.getPort() > 0) {
            target.setPort(uri.getPort());
        }
        if (uri.getTransportParam() != null) {
            target.setTransportParam(uri.getTransportParam());
        }
        return target;
    }

    /** One OPTIONS under way. Thread-safe. */
    private final class Asked implements TransactionUser {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final One one;
        private final long sentNanos;

        Asked(One one, long sentNanos) {
            this.one = one;
            this.sentNanos = sentNanos;
        }

        @Override
        public void response(Response response, InetAddress source) {
            int status = response.getStatusCode();
            if (status >= 200 && over.compareAndSet(false, true)) {
                long nanos = stack.machine.nanos().getAsLong() - sentNanos;
                stands(one, status, Duration.ofNanos(nanos));
                done.complete(null);
            }
        }

        @Override
        public void failed(boolean timeout) {
            if (over.compareAndSet(false, true)) {
                stands(one, timeout ? 408 : 503, null);
                done.complete(null);
            }
        }
    }

    /** Any answer but 503 says that somebody is there: 404 and 405 as good as 200. */
    private void stands(One one, int status, @Nullable Duration roundTrip) {
        boolean up = roundTrip != null && status != 503 && status != 408;
        boolean mute;
        synchronized (this) {
            // Some providers never answer OPTIONS: that says nothing of them.
            mute = status == 408 && one.answered == null && watched.kind() == Watched.Kind.TRUNK;
        }
        if (up) {
            stack.backoff.answered(one.server);
        } else if (!mute) {
            stack.backoff.failed(one.server, 0);
        }
        synchronized (this) {
            Instant now = stack.machine.clock().instant();
            one.status = status;
            if (roundTrip != null) {
                one.answered = now;
                one.roundTrip = roundTrip;
            }
            Health health = up ? Health.UP : mute ? Health.UNKNOWN : Health.DOWN;
            if (one.health != health) {
                one.health = health;
                one.since = now;
            }
        }
        summarise();
    }

    private synchronized void summarise() {
        Health best =
                servers.values().stream()
                        .map(one -> one.health)
                        .min(Comparator.comparingInt(BEST::indexOf))
                        .orElse(Health.DOWN);
        if (best != health) {
            tell(best);
            health = best;
            since = stack.machine.clock().instant();
        }
    }

    private void tell(Health now) {
        String kind = watched.kind().name().toLowerCase(Locale.ROOT);
        if (now == Health.UP) {
            LOG.info("{} {} answers", kind, watched.name());
        } else if (now == Health.DOWN && servers.isEmpty()) {
            LOG.warn("{} {} is down: the DNS names no server we can reach", kind, watched.name());
        } else if (now == Health.DOWN) {
            LOG.warn("{} {} is down: none of {} answers", kind, watched.name(), addresses());
        }
    }

    private List<String> addresses() {
        return servers.values().stream().map(one -> one.server.toString()).toList();
    }
}
