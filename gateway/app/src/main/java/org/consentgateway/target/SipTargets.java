package org.consentgateway.target;

import java.net.InetSocketAddress;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
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
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.sip.sdp.LocalMedia;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Assistants and humans that are reached by SIP: the calling half of a B2BUA. */
public final class SipTargets implements Targets {
    private static final Logger LOG = LoggerFactory.getLogger(SipTargets.class);

    /**
     * By which numbers a call was forwarded. What else may go on (User-to-User) is for people: what
     * one telephone system tells another there of the caller is not known here.
     */
    private static final List<String> FORWARDED_BY = List.of("History-Info", "Diversion");

    private final SipEndpoint sip;
    private final MediaEngine media;
    private final CallerSides sides;
    private final UnaryOperator<InetSocketAddress> advertised;
    private final TargetHealth health;
    private final TargetMemory memory;
    private final Introductions introductions;
    private final Map<String, Assistant> assistants = new LinkedHashMap<>();
    private final Map<String, HumanTarget> humans = new LinkedHashMap<>();
    private final Map<String, HumanTarget> humansByUri = new LinkedHashMap<>();

    /**
     * Immutable. How those we dial stand, and what assistants among them are told.
     *
     * @param memory of how calls to them went
     */
    public record Assisting(
            TargetHealth health, TargetMemory memory, Introductions introductions) {}

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
            Assisting assisting,
            Named named) {
        this.sip = sip;
        this.media = media;
        this.sides = sides;
        this.advertised = advertised;
        this.health = assisting.health();
        this.memory = assisting.memory();
        this.introductions = assisting.introductions();
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

    /**
     * One of the humans.
     *
     * @param named by name, address, or the user of the address
     */
    public Optional<HumanTarget> human(String named) {
        return Optional.ofNullable(humans.get(named))
                .or(() -> Optional.ofNullable(humansByUri.get(named)))
                .or(() ->
                        humansByUri.entrySet().stream()
                                .filter(each -> each.getKey().startsWith("sip:" + named + "@"))
                                .map(Map.Entry::getValue)
                                .findFirst());
    }

    /**
     * Immutable. Whom the INVITE is for, and what it tells.
     *
     * @param from the user part of who calls
     */
    private record Shown(String uri, String from, Map<String, String> headers) {}

    private <E extends FarEnd> Failover.Attempt<E> dial(
            SipTarget target,
            CallFacts facts,
            Function<CallerSide, Shown> shown,
            WhoAnswers<E> answering) {
        CallerSide side = sides.of(facts.callId()).orElse(null);
        if (side == null) {
            return SipDialling.failed(Dialled.Why.UNREACHABLE); // the caller has just gone
        }
        MediaLeg leg;
        LocalMedia local;
        try {
            leg = media.open(side.leg());
            local = offered(side.has(), leg);
        } catch (PortsExhaustedException e) {
            return SipDialling.failed(Dialled.Why.UNREACHABLE);
        }
        Map<String, HumanTarget> referrals = target.refers() ? humansByUri : Map.of();
        Shown to = shown.apply(side);
        var dial =
                new OutgoingCall.Dial(
                        to.uri(),
                        to.from(),
                        to.headers(),
                        local,
                        side.has().preferred(),
                        target.opus() && leg.takesOpus(),
                        target.trunk(),
                        side.calledNumber(),
                        target.login(),
                        target.srtp(),
                        referrals.keySet());
        BooleanSupplier needsText =
                answering.reads() ? sides.needsText(facts.callId(), side) : () -> false;
        var ours = new SipDialling.Ours(leg, needsText);
        return SipDialling.start(sip, target, dial, ours, answering.end(), referrals);
    }

    /**
     * Immutable. Who answers.
     *
     * @param reads whether it has to where the caller answers in text
     * @param end makes what has answered an assistant or a person
     */
    private record WhoAnswers<E extends FarEnd>(boolean reads, Function<SipConnection, E> end) {}

    /** What the caller has; who has no text is no target for a caller who has nothing else. */
    private LocalMedia offered(CallerSide.Has has, MediaLeg leg) throws PortsExhaustedException {
        InetSocketAddress audio = has.codec() == null ? null : advertised.apply(leg.local());
        if (!has.text()) {
            return new LocalMedia(audio, LocalMedia.TextPort.NONE);
        }
        try {
            InetSocketAddress text = advertised.apply(leg.text().local());
            return new LocalMedia(audio, () -> text);
        } catch (PortsExhaustedException e) {
            leg.close();
            throw e;
        }
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

    /** The AI: sees the consent and the called number, and the caller's where it may. */
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
            List<String> places = places();
            CallerSide side = sides.of(facts.callId()).orElse(null);
            if (places.isEmpty() || side == null) {
                return SipDialling.failed(Dialled.Why.UNREACHABLE);
            }
            Introduction introduction =
                    introductions.of(
                            side.caller(),
                            grant,
                            facts,
                            language,
                            new Introductions.Audience(name(), target.shown()));
            return Failover.start(
                    places.stream().map(uri -> at(uri, facts, introduction)).toList());
        }

        /** Those that used to answer and do not any more are passed over. */
        private List<String> places() {
            return target.uris(ThreadLocalRandom.current()).stream()
                    .filter(uri -> !health.fellSilent(Watched.Kind.ASSISTANT, name(), uri))
                    .toList();
        }

        private Supplier<Failover.Attempt<AssistantEnd>> at(
                String uri, CallFacts facts, Introduction introduction) {
            var headers = new LinkedHashMap<>(passed(target, facts));
            headers.keySet().retainAll(FORWARDED_BY);
            headers.putAll(introduction.headers());
            return () ->
                    SipTargets.this.dial(
                            target,
                            facts,
                            side ->
                                    new Shown(
                                            uri,
                                            introduction.number().orElse(side.calledNumber()),
                                            headers),
                            new WhoAnswers<>(
                                    true,
                                    connection ->
                                            new SipAssistantEnd(
                                                    connection,
                                                    news ->
                                                            introductions.report(
                                                                    introduction, name(), news),
                                                    () -> silent(facts))));
        }

        private void silent(CallFacts facts) {
            LOG.atWarn()
                    .addKeyValue("assistant", name())
                    .addKeyValue("call_id", facts.callId())
                    .addKeyValue("reason", "media_ended")
                    .log("assistant failed");
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
        public HumanTarget.Health health() {
            if (memory.down(name())
                    || health.fellSilent(Watched.Kind.HUMAN, name(), target.uri())) {
                return HumanTarget.Health.DOWN;
            }
            boolean silent = health.of(Watched.Kind.HUMAN, name()) == TargetState.Health.DOWN;
            return silent && !memory.answers(name())
                    ? HumanTarget.Health.DOUBTFUL
                    : HumanTarget.Health.UP;
        }

        @Override
        public Dialling<HumanEnd> dial(CallFacts facts) {
            var headers = new LinkedHashMap<String, String>();
            headers.put(Introduction.CALL_ID, facts.callId().toString());
            headers.putAll(passed(target, facts));
            Supplier<Dialling<HumanEnd>> bridge = () -> remembered(facts, headers);
            return sides.of(facts.callId())
                    .map(side -> brought(side.call(), bridge))
                    .orElseGet(bridge);
        }

        private static String number(CallerSide side) {
            String number = side.caller().number();
            return number.isEmpty() ? OutgoingCall.ANONYMOUS : number;
        }

        private Dialling<HumanEnd> remembered(CallFacts facts, Map<String, String> headers) {
            Dialling<HumanEnd> dialling =
                    SipTargets.this.dial(
                            target,
                            facts,
                            side -> new Shown(target.uri(), number(side), headers),
                            new WhoAnswers<>(false, this::answered));
            var _ = dialling.result().thenAccept(how -> memory.dialled(name(), how));
            return dialling;
        }

        private SipHumanEnd answered(SipConnection connection) {
            connection.leg().unheard().thenAccept(_ -> memory.unheard(name()));
            return new SipHumanEnd(connection);
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
