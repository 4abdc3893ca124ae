package org.consentgateway.socket;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.target.CallerSide;
import org.consentgateway.target.CallerSides;
import org.consentgateway.target.Introduction;
import org.consentgateway.target.Introductions;

/** Thread-safe. The assistants that are reached by a WebSocket, and the calls with them. */
public final class SocketAssistants implements AutoCloseable {
    private final MediaEngine media;
    private final CallerSides sides;
    private final Introductions introductions;
    private final SocketLoops loops = new SocketLoops();
    private final SocketTotals totals = new SocketTotals();
    private final SocketWatch watch;
    private final CallTime time;

    /** Those that calls to come may dial. */
    private volatile Map<String, OnSocket> assistants = Map.of();

    /** Those under way, by the gateway's id. */
    private final ConcurrentMap<UUID, SocketCall> calls = new ConcurrentHashMap<>();

    public SocketAssistants(
            MediaEngine media, CallerSides sides, Introductions introductions, CallTime time) {
        this.media = media;
        this.sides = sides;
        this.introductions = introductions;
        this.time = time;
        this.watch =
                new SocketWatch(
                        loops, time::nanos, host -> List.of(InetAddress.getAllByName(host)));
    }

    /**
     * Has calls to come dial these instead of those before; calls with those go on. Who stays where
     * it was is still known to be up or down.
     *
     * @return by name
     */
    public Map<String, Assistant> use(List<SocketTarget> targets) {
        Map<String, OnSocket> next = new LinkedHashMap<>();
        for (SocketTarget target : targets) {
            totals.counts(target.name());
            next.put(target.name(), new OnSocket(target, standing(target)));
        }
        assistants = Collections.unmodifiableMap(next);
        return Map.copyOf(next);
    }

    private SocketStanding standing(SocketTarget target) {
        OnSocket before = assistants.get(target.name());
        return before != null && before.standing.isOf(target)
                ? before.standing
                : new SocketStanding(target, time.clock(), time::nanos);
    }

    /**
     * Looks from now on, again and again, whether those in use can be connected to.
     *
     * @param every zero: nobody looks any more, and who was down by the last look is dialled again
     */
    public void watch(Duration every) {
        for (OnSocket one : assistants.values()) {
            one.standing.watched(!every.isZero());
            if (!every.isZero()) {
                watch.ask(one.target, one.standing, every, () -> assistants.containsValue(one));
            }
        }
    }

    /** Looks now, where the name is one of theirs; completes when that is known. */
    public CompletableFuture<Void> probe(String name) {
        OnSocket one = assistants.get(name);
        return one == null
                ? CompletableFuture.completedFuture(null)
                : watch.once(one.target, one.standing);
    }

    /** How they stand. */
    public List<TargetState> states() {
        return assistants.values().stream().map(one -> one.standing.state()).toList();
    }

    public SocketTotals totals() {
        return totals;
    }

    /** One of them: sees the consent and the called number, and the caller's where it may. */
    private final class OnSocket implements Assistant {
        private final SocketTarget target;
        private final SocketStanding standing;
        private final Introductions.Audience audience;

        OnSocket(SocketTarget target, SocketStanding standing) {
            this.target = target;
            this.standing = standing;
            this.audience = new Introductions.Audience(target.name(), target.shown());
        }

        @Override
        public String name() {
            return target.name();
        }

        /**
         * Nothing is connected before there is the grant that this takes, and nothing at all where
         * it is down: the caller gets to a human at once.
         */
        @Override
        public Dialling<AssistantEnd> dial(DurableGrant grant, CallFacts facts, String language) {
            CallerSide side = sides.of(facts.callId()).orElse(null);
            // The caller has just gone, or needs text, which no socket of ours carries.
            if (side == null || side.has().needsText()) {
                return new FailedDialling<>(Dialled.Why.UNREACHABLE);
            }
            Failure down = standing.down().orElse(null);
            if (down != null) {
                totals.of(name()).failed(down);
                return new FailedDialling<>(down.why());
            }
            Introduction introduction =
                    introductions.of(side.caller(), grant, facts, language, audience);
            var around =
                    new SocketCall.Surroundings(
                            receiver ->
                                    media.openStream(
                                            side.leg(),
                                            target.dialect().sound(side.has().isWideband()),
                                            receiver),
                            news -> introductions.report(introduction, name(), news),
                            over -> calls.remove(facts.callId(), over));
            var call =
                    new SocketCall(
                            target,
                            new NewCall(
                                    facts.callId(), side.calledNumber(), introduction.parameters()),
                            new SocketCall.Watchers(totals.of(name()), standing),
                            loops.next(),
                            around);
            calls.put(facts.callId(), call);
            Thread.ofVirtual().name("assistant-socket").start(() -> call.start(loops));
            return call;
        }
    }

    /**
     * An assistant has asked for it by another way than its socket.
     *
     * @return whether it has such a call
     */
    public boolean hangUp(String assistant, UUID call) {
        return of(assistant, call).map(SocketCall::hangUpByAssistant).isPresent();
    }

    /** The same; it is cut off at once, and the caller handed over. */
    public boolean handOver(String assistant, UUID call, HumanTarget to) {
        return of(assistant, call).map(one -> one.refer(to)).isPresent();
    }

    private Optional<SocketCall> of(String assistant, UUID call) {
        return Optional.ofNullable(calls.get(call)).filter(one -> one.isWith(assistant));
    }

    @Override
    public void close() {
        loops.close();
    }
}
