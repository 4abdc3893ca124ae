package org.consentgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;
import org.consentgateway.admission.CallTerms;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.CallServices;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.spoken.Variants;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.experiment.assignment.Assignment;
import org.consentgateway.line.SharedParts;
import org.consentgateway.line.Sounds;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.SipConfiguration;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.socket.SocketAssistants;
import org.consentgateway.socket.SocketTarget;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.AllTargets;
import org.consentgateway.target.CallerSides;
import org.consentgateway.target.SipTargets;

/**
 * Immutable. What calls are put together from: it outlives every reading of the configuration, so
 * that calls under way and calls to come share ports, store and recogniser, and nothing else.
 */
record CallParts(
        Proof proof,
        Audio audio,
        CallListeners listeners,
        CallTime time,
        CallerSides sides,
        UnaryOperator<InetSocketAddress> advertised,
        TrunkLoad trunks,
        Lexicons lexicons,
        LinkSender links) {

    /** Who carries calls to those that are dialled. */
    record Carriers(SipEndpoint sip, SocketAssistants sockets, SipTargets.Assisting assisting) {}

    /** Immutable. Whom a reading has dialled, with what its files held. */
    record ReadTargets(SipTargets.Named bySip, List<SocketTarget> bySocket) {
        /**
         * @throws IOException where a file has become unreadable
         */
        static ReadTargets of(PartSettings settings) throws IOException {
            return new ReadTargets(
                    new SipTargets.Named(settings.assistants(), settings.humans()),
                    settings.sockets());
        }
    }

    /** What calls get that come from now on. */
    record Made(CallTerms calls, AllTargets dialled) {}

    /** Those reached by sockets are from now on these. */
    Made of(ConfigReading reading, ReadTargets targets, Carriers carriers) {
        var bySip =
                new SipTargets(
                        carriers.sip(),
                        audio.media(),
                        sides,
                        advertised,
                        carriers.assisting(),
                        targets.bySip());
        var dialled = new AllTargets(bySip, carriers.sockets().use(targets.bySocket()));
        return new Made(
                new CallTerms(
                        reading.settings().dialPlan(),
                        reading.settings().askingForLanguages(),
                        shared(reading),
                        services(reading, dialled)),
                dialled);
    }

    private SharedParts shared(ConfigReading reading) {
        return new SharedParts(
                media(),
                audio.recogniser(),
                lexicons,
                new Sounds(reading::clips, Tone.ringBack()),
                sides,
                listeners.watchers(facts -> trunks.leave(facts.trunk())),
                SipConfiguration.numbers(reading.config())::complete,
                time);
    }

    SharedParts.OwnMedia media() {
        return new SharedParts.OwnMedia(audio.media(), advertised);
    }

    private CallServices services(ConfigReading reading, AllTargets dialled) {
        return new CallServices(
                proof.journal(),
                proof.requests(),
                proof.tasks(),
                links,
                proof.archiving().notices(reading.notices()),
                dialled,
                listeners.listener(),
                time,
                new Assignment(
                        reading.settings().experiments(),
                        what -> proof.ledger().pseudonyms().codes(what).getFirst(),
                        new Variants(new SecureRandom())));
    }
}
