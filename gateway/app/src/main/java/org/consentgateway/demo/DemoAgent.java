package org.consentgateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Stands in for an assistant or a human: answers every call from this machine, and
 * talks ({@link DemoTalk}), or says one sentence and then echoes the caller, until either side
 * hangs up, itself where key # is pressed; in sound, in text, or in both.
 */
public final class DemoAgent implements AutoCloseable {
    /** Calls at a time; a demonstration needs few, a load test some hundreds. */
    private static final int MAX_CALLS = 1000;

    static final String LINE_SEPARATOR = "\u2028";

    private static final int OK = 200;

    private final MediaEngine media;
    private final Manner manner;
    private final Map<Answered, Boolean> calls = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private @Nullable SipEndpoint sip;

    /** What it does with whoever calls. */
    public sealed interface Manner {}

    /** Talks by rule of the consent it is told of, as an assistant. */
    public record Talks(DemoSentences sentences) implements Manner {}

    /** Says this first, to those who hear and to those who read, and then echoes. */
    public record Sentence(AudioClip spoken, String written) implements Manner {
        /**
         * @param name such as "assistant"
         */
        public static Sentence of(String name, AudioClip spoken) {
            return new Sentence(spoken, written(name));
        }

        public static String written(String name) {
            return "(the demo " + name + ")";
        }
    }

    private DemoAgent(MediaEngine media, Manner manner) {
        this.media = media;
        this.manner = manner;
    }

    /**
     * @param listen where it is called, over UDP and TCP; loopback callers only
     * @param media for its legs; stays the caller's to close
     * @param manner towards whoever calls
     */
    public static DemoAgent start(InetSocketAddress listen, MediaEngine media, Manner manner)
            throws IOException {
        DemoAgent agent = new DemoAgent(media, manner);
        agent.listen(listen);
        return agent;
    }

    private synchronized void listen(InetSocketAddress listen) throws IOException {
        sip =
                SipEndpoint.start(
                        DemoEndpoint.settings(
                                        listen, "consent-gateway-demo-agent", List.of(loopback()))
                                .asAssistant(),
                        DemoEndpoint.atMost(MAX_CALLS, this::active, this::answer),
                        System::nanoTime);
    }

    static Trunk loopback() {
        return Trunk.trustedWithNothing(
                "loopback",
                List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")),
                List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")),
                Numbering.GERMANY);
    }

    /** The addresses it listens on: UDP, then TCP. */
    public synchronized List<InetSocketAddress> listening() {
        return sip == null ? List.of() : sip.listening();
    }

    /** Calls it has answered since start. */
    public int answered() {
        return answered.get();
    }

    /** Calls it has at the moment. */
    public int active() {
        return calls.size();
    }

    private void answer(IncomingCall call) {
        call.ring();
        try {
            MediaLeg leg = media.open();
            Answered here = new Answered(call, leg, echo(leg));
            calls.put(here, true);
            answered.incrementAndGet();
            call.answer(new LocalMedia(here.leg.local(), here::textPort), here);
        } catch (PortsExhaustedException none) {
            call.reject(486, "Busy Here", Map.of());
        }
    }

    private MediaLeg echo(MediaLeg leg) throws PortsExhaustedException {
        try {
            return media.open(leg);
        } catch (PortsExhaustedException none) {
            leg.close();
            throw none;
        }
    }

    /**
     * Thread-safe. One call it has answered. The echo is a second leg whose far end is itself: what
     * the bridge gives it comes back, and over the bridge to the caller.
     */
    private final class Answered implements IncomingCall.Events {
        private final IncomingCall call;
        private final MediaLeg leg;
        private final MediaLeg mirror;
        private @Nullable MediaBridge echo;
        private boolean over;
        private boolean greeted;
        private volatile @Nullable DemoTalk talk;

        Answered(IncomingCall call, MediaLeg leg, MediaLeg mirror) {
            this.call = call;
            this.leg = leg;
            this.mirror = mirror;
        }

        private @Nullable InetSocketAddress textPort() {
            try {
                return leg.text().local();
            } catch (PortsExhaustedException none) {
                return null;
            }
        }

        @Override
        public synchronized void agreed(AgreedMedia now) {
            AgreedMedia.AudioStream audio = now.audio();
            AgreedMedia.TextStream text = now.text();
            if (over) {
                return;
            }
            if (audio != null) {
                media(audio.format(), audio.peer());
            }
            try {
                if (text != null) {
                    leg.text().connect(text.format(), text.peer());
                }
            } catch (PortsExhaustedException none) {
                text = null; // it was not answered without a port
            }
            switch (manner) {
                case Sentence first -> echoes(first, audio, text != null);
                case Talks talks -> talks(talks.sentences(), audio != null, text != null);
            }
        }

        @Override
        public synchronized void media(MediaFormat format, MediaPeer peer) {
            leg.connect(format, peer);
        }

        private void echoes(
                Sentence first, AgreedMedia.@Nullable AudioStream audio, boolean written) {
            if (audio != null) {
                leg.listen(new HangsUpOnPound());
                InetSocketAddress itself = mirror.local();
                mirror.connect(
                        audio.format(),
                        new MediaPeer(
                                itself,
                                new InetSocketAddress(itself.getAddress(), itself.getPort() + 1),
                                MediaPeer.Direction.SENDRECV,
                                Set.of()));
            }
            if (audio != null && echo == null) {
                // The sentence takes precedence over the bridge while it lasts.
                echo = media.bridge(leg, mirror);
                leg.play(List.of(first.spoken()), false);
            }
            if (written && !greeted) {
                greeted = true;
                TextLeg text = text();
                text.listen((typed, _) -> text.send(typed));
                text.send(first.written() + LINE_SEPARATOR);
            }
        }

        private TextLeg text() {
            try {
                return leg.text();
            } catch (PortsExhaustedException e) {
                throw new IllegalStateException("a text stream is agreed on and has no port", e);
            }
        }

        private void talks(DemoSentences sentences, boolean spoken, boolean written) {
            if (greeted) {
                return;
            }
            greeted = true;
            var voice = new SipVoice(call, leg, written ? text() : null);
            talk =
                    new DemoTalk(
                            sentences,
                            DemoConsent.of(call.introduction()),
                            ZoneId.systemDefault(),
                            voice);
            voice.hears(talk, spoken);
            talk.begins();
        }

        @Override
        public int told(OutgoingCall.InfoBody what) {
            DemoTalk present = talk;
            return present != null && SipVoice.news(what, present)
                    ? OK
                    : OutgoingCall.Events.UNKNOWN_BODY;
        }

        private final class HangsUpOnPound implements MediaListener {
            @Override
            public void keyDown(char digit, long atNanos) {
                if (digit == HANGS_UP) {
                    call.hangUp(IncomingCall.Ending.NORMAL);
                }
            }
        }

        @Override
        public synchronized void ended(IncomingCall.How how) {
            over = true;
            if (echo != null) {
                echo.close();
            }
            leg.close();
            mirror.close();
            calls.remove(this);
        }
    }

    /** So that a caller can see what comes after a talk that the far end ends. */
    private static final char HANGS_UP = '#';

    @Override
    public synchronized void close() {
        if (sip != null) {
            sip.close();
        }
        calls.keySet().forEach(call -> call.ended(IncomingCall.How.BY_US));
    }
}
