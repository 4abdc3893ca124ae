package org.consentgateway.reporting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.socket.SocketAssistants;
import org.consentgateway.target.TargetHealth;
import org.consentgateway.web.Diagnosis;
import org.consentgateway.web.LastCalls;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What is known of trunks, those we dial, and calls, in the words of the operators'
 * page.
 */
public final class Peers implements Diagnosis {
    /** Above the 32 s after which SIP gives up on a request. */
    private static final long PROBE_SECONDS = 35;

    private final SipEndpoint sip;
    private final TargetHealth health;
    private final SocketAssistants sockets;
    private final Supplier<GatewayConfig> config;
    private final LastCalls last;

    /**
     * @param health of all there are
     * @param config as it is now
     */
    public Peers(
            SipEndpoint sip,
            TargetHealth health,
            SocketAssistants sockets,
            Supplier<GatewayConfig> config,
            LastCalls last) {
        this.last = last;
        this.sip = sip;
        this.health = health;
        this.sockets = sockets;
        this.config = config;
    }

    @Override
    public List<Peer> peers() {
        GatewayConfig now = config.get();
        List<Peer> peers = new ArrayList<>();
        now.trunks().forEach(trunk -> peers.add(peer(Watched.Kind.TRUNK, trunk.name(), null)));
        now.assistants()
                .forEach(one -> {
                    one.uri().ifPresent(uri -> peers.add(assistant(one.name(), uri)));
                    one.url().ifPresent(url -> peers.add(assistant(one.name(), url)));
                    one.more().forEach(place -> peers.add(assistant(one.name(), place.uri())));
                });
        now.humans()
                .forEach(one ->
                        peers.add(peer(Watched.Kind.HUMAN, one.name(), one.uri().toString())));
        return peers;
    }

    private Peer assistant(String name, Object uri) {
        return peer(Watched.Kind.ASSISTANT, name, uri.toString());
    }

    private Peer peer(Watched.Kind kind, String name, @Nullable String uri) {
        boolean trunk = kind == Watched.Kind.TRUNK;
        TrunkCounters counters = trunk ? counters(name) : none(name);
        TargetState state =
                health.all().stream()
                        .filter(one -> one.kind() == kind && one.name().equals(name))
                        .filter(one -> trunk || one.uri().equals(Optional.ofNullable(uri)))
                        .findFirst()
                        .orElse(unwatched(kind, name, uri));
        return new Peer(
                word(kind),
                name,
                state.uri().orElse(uri),
                word(state.health()),
                text(state.since()),
                text(state.heard()),
                trunk ? registration(name) : null,
                state.servers().stream().map(Peers::server).toList(),
                calls(counters.given(), counters.rejected()),
                calls(counters.got(), Map.of()));
    }

    private static TargetState unwatched(Watched.Kind kind, String name, @Nullable String uri) {
        return new TargetState(
                kind,
                name,
                Optional.ofNullable(uri),
                TargetState.Health.UNKNOWN,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private static Server server(TargetState.ServerState state) {
        return new Server(
                state.address(),
                word(state.health()),
                state.status(),
                state.roundTrip().map(time -> time.toNanos() / 1e6).orElse(null));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private TrunkCounters counters(String trunk) {
        return sip.counters().trunks().stream()
                .filter(one -> one.trunk().equals(trunk))
                .findFirst()
                .orElse(none(trunk));
    }

    private static TrunkCounters none(String trunk) {
        return new TrunkCounters(trunk, Map.of(), Map.of(), Map.of());
    }

    private @Nullable Registration registration(String trunk) {
        for (Registered one : sip.registrations()) {
            if (one.trunk().equals(trunk)) {
                return new Registration(one.registered(), one.status(), one.failures());
            }
        }
        return null;
    }

    private static CallCounts calls(
            Map<Integer, Long> answers, Map<? extends Enum<?>, Long> rejected) {
        Map<String, Long> why = new HashMap<>();
        rejected.forEach((reason, n) -> why.put(word(reason), n));
        return new CallCounts(
                answers,
                why,
                boxed(TrunkCounters.establishment(answers)),
                boxed(TrunkCounters.effectiveness(answers)),
                boxed(TrunkCounters.ineffective(answers)));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    @Override
    public List<Peer> probe(String name) {
        try {
            var _ =
                    sip.probe(name)
                            .thenCombine(sockets.probe(name), (one, _) -> one)
                            .get(PROBE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException notAll) {
            // Those that answered say so, the others stand as before.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return peers().stream().filter(peer -> peer.name().equals(name)).toList();
    }

    @Override
    public List<PastCall> lastCalls() {
        return last.calls();
    }

    @Override
    public List<Step> trace(UUID call) {
        return sip.ladder(call).stream()
                .map(step ->
                        new Step(
                                step.at().toString(),
                                step.leg(),
                                step.sent(),
                                step.peer(),
                                step.message()))
                .toList();
    }

    private static @Nullable String text(Optional<Instant> at) {
        return at.map(Instant::toString).orElse(null);
    }
}
