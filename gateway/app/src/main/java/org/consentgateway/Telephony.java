package org.consentgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.consentgateway.admission.CallRouting;
import org.consentgateway.admission.LoadShedding;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.CallServices;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.Calls;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.line.SharedParts;
import org.consentgateway.line.Sounds;
import org.consentgateway.media.audio.Tone;
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

/** Thread-safe. Calls: SIP, who is let in, the story of each, and whom it may dial. */
record Telephony(
        GatewayConfig config,
        SipEndpoint sip,
        TargetHealth targets,
        CallRouting routing,
        Calls calls,
        LoadShedding shedding,
        SocketAssistants sockets,
        AllTargets dialled,
        CallListeners listeners,
        OpenParts parts)
        implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    /** SIP is answered from here on; new calls get 503 until {@link #takeCalls}. */
    static Telephony open(
            Startup startup, Proof proof, Audio audio, CallListeners listeners, Tokens tokens)
            throws IOException {
        GatewayConfig config = startup.config();
        PartSettings settings = startup.settings();
        var sides = new CallerSides();
        TrunkLoad trunks = settings.trunkLoad(startup.nanos());
        LoadShedding shedding = settings.shedding();
        UnaryOperator<InetSocketAddress> advertised = settings.advertisedMedia();
        var time = new CallTime(startup.clock(), startup.nanos());
        var shared =
                new SharedParts(
                        new SharedParts.OwnMedia(audio.media(), advertised),
                        audio.recogniser(),
                        settings.lexicons(),
                        new Sounds(audio::clips, Tone.ringBack()),
                        sides,
                        listeners.watchers(facts -> trunks.leave(facts.trunk())),
                        SipConfiguration.numbers(config)::complete,
                        time);
        var routing =
                new CallRouting(
                        settings.dialPlan(),
                        settings.admissionControl(trunks, shedding),
                        new LedgerPseudonyms(proof.ledger().pseudonyms()),
                        shared,
                        startup.ids(),
                        settings.askingForLanguages());
        try (var opening = new OpenParts()) {
            LinkSender links = links(opening, settings, listeners);
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
                                    audio.media(), sides, introductions, settings.sockets(), time));
            TargetHealth health = health(sip, sockets);
            var dialledBySip =
                    new SipTargets(
                            sip,
                            audio.media(),
                            sides,
                            advertised,
                            new SipTargets.Assisting(health, startup.nanos(), introductions),
                            new SipTargets.Named(settings.assistants(), settings.humans()));
            var dialled = new AllTargets(dialledBySip, sockets.assistants());
            var calls =
                    new Calls(
                            config.limits().calls(),
                            config.limits().callsPerLine(),
                            services(proof, audio, listeners, dialled, links, time));
            return new Telephony(
                    config,
                    sip,
                    health,
                    routing,
                    calls,
                    shedding,
                    sockets,
                    dialled,
                    listeners,
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

    private static CallServices services(
            Proof proof,
            Audio audio,
            CallListeners listeners,
            AllTargets dialled,
            LinkSender links,
            CallTime time) {
        return new CallServices(
                proof.journal(),
                proof.requests(),
                proof.tasks(),
                links,
                proof.archiving().notices(audio.notices()),
                dialled,
                listeners.listener(),
                time,
                new SecureRandom());
    }

    void takeCalls() {
        routing.open(calls);
        if (!config.sip().keepAlive().isZero()) {
            sip.watch(SipConfiguration.watched(config), config.sip().keepAlive());
            sockets.watch(config.sip().keepAlive());
        }
    }

    /** No new calls; waits for those under way, then has the rest say goodbye. */
    void drain() throws InterruptedException {
        sip.drain();
        calls.drain(config.drain().limit(), GOODBYE);
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
