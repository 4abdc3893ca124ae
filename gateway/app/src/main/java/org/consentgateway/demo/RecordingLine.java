package org.consentgateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;

/**
 * Thread-safe. A line that a company's own staff calls to say words into it, so that the company
 * can measure how its people are understood before it goes live. It asks each caller first, knows
 * nobody by number, and writes nowhere but into its folder.
 */
public final class RecordingLine implements AutoCloseable {
    private static final int MAX_CALLS = 8;
    private static final int CODES = 1_000_000;

    private final MediaEngine media;
    private final RecordingScript script;
    private final RecordingScript.Speaker voice;
    private final StaffRecordings recordings;
    private final AtomicInteger active = new AtomicInteger();
    private final SipEndpoint sip;

    /**
     * @param listen where it is called, over UDP and TCP
     * @param from whose calls are taken; all others get no answer
     * @param media for its legs; stays the caller's to close
     */
    public RecordingLine(
            InetSocketAddress listen,
            List<Cidr> from,
            MediaEngine media,
            RecordingScript script,
            RecordingScript.Speaker voice,
            StaffRecordings recordings)
            throws IOException {
        this.media = media;
        this.script = script;
        this.voice = voice;
        this.recordings = recordings;
        this.sip =
                DemoEndpoint.start(
                        listen,
                        "consent-gateway-recording-line",
                        List.of(Trunk.trustedWithNothing("staff", from, from, Numbering.GERMANY)),
                        DemoEndpoint.atMost(MAX_CALLS, active::get, this::answer));
    }

    /** The addresses it listens on: UDP, then TCP. */
    public List<InetSocketAddress> listening() {
        return sip.listening();
    }

    private void answer(IncomingCall call) {
        call.ring();
        MediaLeg leg;
        try {
            leg = media.open();
        } catch (PortsExhaustedException none) {
            call.reject(486, "Busy Here", Map.of());
            return;
        }
        String speaker =
                String.format(Locale.ROOT, "%06d", ThreadLocalRandom.current().nextInt(CODES));
        var recorded = new RecordedCall(call, leg, speaker, script, voice, recordings);
        active.incrementAndGet();
        call.answer(recorded.local(), recorded);
        Thread.ofVirtual()
                .name("recorded-call")
                .start(() -> {
                    try {
                        recorded.run();
                    } finally {
                        active.decrementAndGet();
                    }
                });
    }

    @Override
    public void close() {
        sip.close();
    }
}
