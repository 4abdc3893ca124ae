package org.consentgateway;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.consentgateway.admission.AdmissionControl;
import org.consentgateway.admission.CallRouting;
import org.consentgateway.admission.LoadShedding;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.Calls;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.metrics.Meter;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.nodes.NodeWatch;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.SipConfiguration;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.socket.SocketAssistants;
import org.consentgateway.target.AllTargets;
import org.consentgateway.target.CallerSides;
import org.consentgateway.target.Introductions;
import org.consentgateway.target.SipTargets;
import org.consentgateway.target.TargetHealth;
import org.consentgateway.target.TargetMemory;

/** Thread-safe. Calls: SIP, who is let in, the story of each, and whom it may dial. */
record Telephony(
        SipEndpoint sip,
        TargetHealth targets,
        CallRouting routing,
        Calls calls,
        LoadShedding shedding,
        SocketAssistants sockets,
        CallListeners listeners,
        Making making,
        ReadingInUse inUse,
        OpenParts parts)
        implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    /** Immutable. Of what, and within which limits, calls are made by one reading after another. */
    record Making(
            CallParts parts,
            CallParts.Carriers carriers,
            AdmissionControl admission,
            IntPredicate openMedia) {}

    /**
     * Immutable. What a reading needs of files besides the texts.
     *
     * @param atRestart what of it counts only after a restart, a line each
     */
    record FromFiles(
            CallParts.ReadTargets targets,
            SipSettings sip,
            SSLContext certificates,
            List<String> atRestart) {}

    /** SIP is answered from here on; new calls get 503 until {@link #takeCalls}. */
    static Telephony open(
            Startup startup,
            Proof proof,
            Audio audio,
            CallListeners listeners,
            Tokens tokens,
            ConfigReading first)
            throws IOException {
        GatewayConfig config = startup.config();
        PartSettings settings = startup.settings();
        TrunkLoad trunks = settings.trunkLoad(startup.nanos());
        LoadShedding shedding = settings.shedding();
        AdmissionControl admission = settings.admissionControl(trunks, shedding);
        try (var opening = new OpenParts()) {
            var parts =
                    new CallParts(
                            proof,
                            audio,
                            listeners,
                            new CallTime(startup.expected(), startup.clock(), startup.nanos()),
                            new CallerSides(),
                            settings.advertisedMedia(),
                            trunks,
                            settings.lexicons(),
                            links(opening, startup, listeners));
            var routing =
                    new CallRouting(
                            admission,
                            new LedgerPseudonyms(proof.ledger().pseudonyms()),
                            parts.media(),
                            startup.ids());
            SipEndpoint sip =
                    opening.add(
                            SipEndpoint.start(
                                    settings.sip(audio.media()::isOpen),
                                    routing,
                                    SipConfiguration.machine(config, startup.nanos()),
                                    _ -> !proof.ledger().nodes().shared()));
            var introductions =
                    new Introductions(
                            tokens.consents(),
                            tokens.callers(),
                            config.traces().endpoint().isPresent());
            SocketAssistants sockets =
                    opening.add(
                            new SocketAssistants(
                                    audio.media(), parts.sides(), introductions, parts.time()));
            TargetHealth health = health(sip, sockets);
            var carriers =
                    new CallParts.Carriers(
                            sip,
                            sockets,
                            new SipTargets.Assisting(
                                    health, new TargetMemory(startup.nanos()), introductions));
            CallParts.Made made = parts.of(first, CallParts.ReadTargets.of(settings), carriers);
            routing.use(made.calls());
            return new Telephony(
                    sip,
                    health,
                    routing,
                    new Calls(config.limits().calls(), config.limits().callsPerLine()),
                    shedding,
                    sockets,
                    listeners,
                    new Making(parts, carriers, admission, audio.media()::isOpen),
                    new ReadingInUse(first, made.dialled()),
                    opening.keep());
        }
    }

    private static TargetHealth health(SipEndpoint sip, SocketAssistants sockets) {
        return new TargetHealth(
                () -> Stream.concat(sip.targets().stream(), sockets.states().stream()).toList());
    }

    private static LinkSender links(OpenParts opening, Startup startup, CallListeners listeners)
            throws IOException {
        return startup.settings()
                .textMessages(
                        taken -> listeners.meters().count(Meter.MESSAGES, taken), startup.nanos())
                .<LinkSender>map(opening::add)
                .orElse(LinkSender.NONE);
    }

    /** By which calls go that come now. */
    ConfigReading reading() {
        return inUse.now().reading();
    }

    GatewayConfig config() {
        return reading().config();
    }

    PartSettings settings() {
        return reading().settings();
    }

    AllTargets dialled() {
        return inUse.now().dialled();
    }

    void takeCalls() {
        routing.open(calls);
        watch(config());
    }

    private void watch(GatewayConfig config) {
        sip.watch(SipConfiguration.watched(config), config.sip().keepAlive());
        sockets.watch(config.sip().keepAlive());
    }

    /**
     * Reads what {@link #use} needs, and changes nothing.
     *
     * @throws IOException where a certificate cannot be used, or a secret has gone from its file
     */
    FromFiles prepare(ConfigReading next) throws IOException {
        SipSettings settings = next.settings().sip(making.openMedia());
        SSLContext certificates = SipConfiguration.certificates(next.config());
        return new FromFiles(
                CallParts.ReadTargets.of(next.settings()),
                settings,
                certificates,
                SipConfiguration.notListened(settings, config()));
    }

    /** Has calls to come go by this reading; those under way keep what they have. */
    void use(ConfigReading next, FromFiles prepared) {
        making.admission().use(next.settings().limits(), calls);
        CallParts.Made made = making.parts().of(next, prepared.targets(), making.carriers());
        inUse.use(next, made.dialled());
        routing.use(made.calls());
        sip.change(prepared.sip(), prepared.certificates());
        watch(next.config());
    }

    /**
     * No new calls; waits for those under way, then has the rest say goodbye, and a moment longer
     * for whoever has not got our answer to its BYE.
     */
    void drain() throws InterruptedException {
        sip.drain();
        calls.drain(patience(sip.isStuck(), config().drain().limit()), GOODBYE);
        sip.settle();
    }

    /**
     * How long calls under way are waited for: not at all where no message is read any more, since
     * their ends would not be heard of either, and whoever calls meanwhile hears nothing.
     */
    static Duration patience(boolean stuck, Duration limit) {
        return stuck ? Duration.ZERO : limit;
    }

    /** For whoever tells other nodes of them. */
    NodeWatch.OwnCalls ownCalls() {
        return new NodeWatch.OwnCalls() {
            @Override
            public List<CallFacts> underWay() {
                return calls.underWay();
            }

            @Override
            public void end(UUID call) {
                boolean _ = calls.end(call); // it may have ended meanwhile
            }
        };
    }

    /** For whoever says which node keeps which trunk registered. */
    NodeWatch.OwnTrunks ownTrunks() {
        return new NodeWatch.OwnTrunks() {
            @Override
            public Set<String> toRegister() {
                return sip.toRegister();
            }

            @Override
            public void registerHere(Set<String> trunks) {
                sip.registerHere(trunks);
            }
        };
    }

    /** 1 or 0; NaN where it is left to another node. */
    double registered(String trunk) {
        return sip.registrations().stream()
                .filter(one -> one.trunk().equals(trunk))
                .mapToDouble(one -> one.registered() ? 1 : 0)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        parts.close();
    }
}
