package org.consentgateway.target;

import java.net.InetSocketAddress;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.consentgateway.call.Line;
import org.consentgateway.call.Targets;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.Watched;

/** Thread-safe. Assistants and humans that are reached by SIP: the calling half of a B2BUA. */
public final class SipTargets implements Targets {
    private final SipEndpoint sip;
    private final MediaEngine media;
    private final CallerSides sides;
    private final UnaryOperator<InetSocketAddress> advertised;
    private final TargetHealth health;
    private final Map<String, Assistant> assistants = new LinkedHashMap<>();
    private final Map<String, HumanTarget> humans = new LinkedHashMap<>();
    private final Map<String, HumanTarget> humansByUri = new LinkedHashMap<>();

    /** Immutable. Those there are. */
    public record Named(List<SipTarget> assistants, List<SipTarget> humans) {
        public Named {
            assistants = List.copyOf(assistants);
            humans = List.copyOf(humans);
        }
    }

    /**
     * @param advertised what targets are told to send their RTP to, for our own address
     */
    public SipTargets(
            SipEndpoint sip,
            MediaEngine media,
            CallerSides sides,
            UnaryOperator<InetSocketAddress> advertised,
            TargetHealth health,
            Named named) {
        this.sip = sip;
        this.media = media;
        this.sides = sides;
        this.advertised = advertised;
        this.health = health;
        named.assistants().forEach(t -> this.assistants.put(t.name(), new SipAssistant(t)));
        for (SipTarget target : named.humans()) {
            HumanTarget human = new SipHuman(target);
            this.humans.put(target.name(), human);
            this.humansByUri.putIfAbsent(target.uri(), human);
        }
    }

    @Override
    public Assistant assistant(String name) {
        Assistant assistant = assistants.get(name);
        if (assistant == null) {
            throw new IllegalArgumentException("no assistant named " + name);
        }
        return assistant;
    }

    @Override
    public List<HumanTarget> humans(Line line) {
        return line.humans().stream()
                .flatMap(name -> Optional.ofNullable(humans.get(name)).stream())
                .toList();
    }

    private <E extends FarEnd> Dialling<E> dial(
            SipTarget target,
            CallFacts facts,
            Map<String, String> headers,
            boolean showCaller,
            Function<SipConnection, E> end) {
        CallerSide side = sides.of(facts.callId()).orElse(null);
        if (side == null) {
            return SipDialling.failed(Dialled.Why.UNREACHABLE); // the caller has just gone
        }
        MediaLeg leg;
        try {
            leg = media.open(side.leg());
        } catch (PortsExhaustedException e) {
            return SipDialling.failed(Dialled.Why.UNREACHABLE);
        }
        Map<String, HumanTarget> referrals = target.refers() ? humansByUri : Map.of();
        String from = side.calledNumber();
        if (showCaller) {
            from =
                    side.caller().number().isEmpty()
                            ? OutgoingCall.ANONYMOUS
                            : side.caller().number();
        }
        var dial =
                new OutgoingCall.Dial(
                        target.uri(),
                        from,
                        headers,
                        advertised.apply(leg.local()),
                        side.codec(),
                        target.trunk(),
                        side.calledNumber(),
                        target.srtp(),
                        referrals.keySet());
        return SipDialling.start(sip, target, dial, leg, end, referrals);
    }

    /** Diversion, History-Info and the like, untouched, for those who may see them. */
    private Map<String, String> passed(SipTarget target, CallFacts facts) {
        var headers = new LinkedHashMap<String, String>();
        if (target.diversion()) {
            sides.of(facts.callId())
                    .ifPresent(side ->
                            side.passedHeaders()
                                    .forEach((name, values) ->
                                            headers.put(name, String.join(", ", values))));
        }
        return headers;
    }

    /** The AI: sees the consent and the called number, never the caller's. */
    private final class SipAssistant implements Assistant {
        private final SipTarget target;

        SipAssistant(SipTarget target) {
            this.target = target;
        }

        @Override
        public String name() {
            return target.name();
        }

        @Override
        public Dialling<AssistantEnd> dial(DurableGrant grant, CallFacts facts, String language) {
            if (health.fellSilent(Watched.Kind.ASSISTANT, target.name(), target.uri())) {
                return SipDialling.failed(Dialled.Why.UNREACHABLE);
            }
            var headers = new LinkedHashMap<>(passed(target, facts));
            headers.putAll(ConsentHeaders.of(grant, facts, language));
            return SipTargets.this.dial(target, facts, headers, false, SipAssistantEnd::new);
        }
    }

    /** A person: sees who calls, as on any telephone, unless the caller withheld it. */
    private final class SipHuman implements HumanTarget {
        private final SipTarget target;

        SipHuman(SipTarget target) {
            this.target = target;
        }

        @Override
        public String name() {
            return target.name();
        }

        @Override
        public boolean open(ZonedDateTime now) {
            return target.hours().open(now);
        }

        @Override
        public boolean down() {
            return health.of(Watched.Kind.HUMAN, target.name()) == Health.DOWN;
        }

        @Override
        public Dialling<HumanEnd> dial(CallFacts facts) {
            var headers = new LinkedHashMap<String, String>();
            headers.put(ConsentHeaders.CALL_ID, facts.callId().toString());
            headers.putAll(passed(target, facts));
            Supplier<Dialling<HumanEnd>> bridge =
                    () -> SipTargets.this.dial(target, facts, headers, true, SipHumanEnd::new);
            return sides.of(facts.callId())
                    .map(side -> brought(side.call(), bridge))
                    .orElseGet(bridge);
        }

        private Dialling<HumanEnd> brought(
                IncomingCall caller, Supplier<Dialling<HumanEnd>> bridge) {
            return switch (target.transfer()) {
                case BRIDGE -> bridge.get();
                case REFER -> ReferDialling.start(caller::refer, target, bridge);
                case ATTENDED -> AttendedTransfer.start(caller, target, bridge.get());
            };
        }
    }
}
