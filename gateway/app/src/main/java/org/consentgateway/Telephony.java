package org.consentgateway;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.consentgateway.admission.AdmissionControl;
import org.consentgateway.admission.CallRouting;
import org.consentgateway.admission.LoadShedding;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.Calls;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.metrics.Meter;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.SipConfiguration;
import org.consentgateway.sip.endpoint.SipEndpoint;
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
        ReadingInUse inUse,
        OpenParts parts)
        implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(15);

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
            var making =
                    new CallParts(
                            proof,
                            audio,
                            listeners,
                            new CallTime(startup.clock(), startup.nanos()),
                            new CallerSides(),
                            settings.advertisedMedia(),
                            trunks,
                            settings.lexicons(),
                            links(opening, settings, listeners));
            var routing =
                    new CallRouting(
                            admission,
                            new LedgerPseudonyms(proof.ledger().pseudonyms()),
                            making.media(),
                            startup.ids());
            SipEndpoint sip =
                    opening.add(
                            SipEndpoint.start(
                                    settings.sip(audio.media()::isOpen),
                                    routing,
                                    SipConfiguration.machine(config, startup.nanos())));
            var introductions = new Introductions(tokens.consents(), tokens.callers());
            SocketAssistants sockets =
                    opening.add(
                            new SocketAssistants(
                                    audio.media(), making.sides(), introductions, making.time()));
            TargetHealth health = health(sip, sockets);
            var carriers =
                    new CallParts.Carriers(
                            sip,
                            sockets,
                            new SipTargets.Assisting(
                                    health, new TargetMemory(startup.nanos()), introductions));
            CallParts.Made made = making.of(first, carriers);
            routing.use(made.calls());
            return new Telephony(
                    sip,
                    health,
                    routing,
                    new Calls(config.limits().calls(), config.limits().callsPerLine()),
                    shedding,
                    sockets,
                    listeners,
                    new ReadingInUse(first, made.dialled()),
                    opening.keep());
        }
    }

    private static TargetHealth health(SipEndpoint sip, SocketAssistants sockets) {
        return new TargetHealth(
                () -> Stream.concat(sip.targets().stream(), sockets.states().stream()).toList());
    }

    private static LinkSender links(
            OpenParts opening, PartSettings settings, CallListeners listeners) {
        return settings.textMessages(taken -> listeners.meters().count(Meter.MESSAGES, taken))
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
        if (!config.sip().keepAlive().isZero()) {
            sip.watch(SipConfiguration.watched(config), config.sip().keepAlive());
            sockets.watch(config.sip().keepAlive());
        }
    }

    /** No new calls; waits for those under way, then has the rest say goodbye. */
    void drain() throws InterruptedException {
        sip.drain();
        calls.drain(config().drain().limit(), GOODBYE);
    }

    boolean registered(String trunk) {
        return sip.registrations().stream()
                .anyMatch(one -> one.trunk().equals(trunk) && one.registered());
    }

    @Override
    public void close() {
        parts.close();
    }
}
