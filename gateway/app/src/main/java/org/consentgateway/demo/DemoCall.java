package org.consentgateway.demo;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.jspecify.annotations.Nullable;

/** Thread-safe. One call of a {@link DemoCaller}, under way or over. */
public final class DemoCall implements OutgoingCall.Events {
    /** What is kept of what was heard: ten minutes of samples. */
    static final int MAX_HEARD_SAMPLES = 10 * 60 * PcmFrame.SAMPLE_RATE;

    /** Told of what happens, in order, on threads that must not be held up. */
    public interface Listener {
        /** The first sign that there is anybody at the target. */
        default void trying() {}

        default void ringing() {}

        default void answered() {}

        /** 20 ms of what the far end says, from the first of its packets on. */
        default void hears(PcmFrame frame) {}

        /** What the far end writes, as it comes. */
        default void reads(String text) {}

        /** The last thing that is told. */
        default void over(Outcome outcome) {}
    }

    /** How a call went. */
    public sealed interface Outcome {
        /**
         * It was never answered: the SIP status.
         *
         * @param retryAfterSeconds so long the called asks to wait; 0: it does not say
         */
        record Refused(int status, int retryAfterSeconds) implements Outcome {}

        /** It was answered, and ended so. */
        record Ended(IncomingCall.How how) implements Outcome {}
    }

    /** So far behind, what a stream says is late for a conversation: 300 ms. */
    private static final long MOST_BEHIND = 15L * PcmFrame.SAMPLES;

    /**
     * Somebody who speaks and hears by a stream.
     *
     * @param joins lets the stream and the call hear each other
     */
    record StreamVoice(StreamLeg stream, Supplier<MediaBridge> joins) {}

    private final MediaLeg leg;
    private final @Nullable StreamVoice voice;
    private final Listener listener;
    private short[] heard = new short[PcmFrame.SAMPLE_RATE * 10];
    private int heardSamples;
    private boolean answered;
    private boolean hungUp;
    private boolean ended;
    private @Nullable OutgoingCall dialled;
    private @Nullable MediaBridge bridge;

    /**
     * @param voice null for a caller that plays clips
     */
    DemoCall(MediaLeg leg, Listener listener, @Nullable StreamVoice voice) {
        this.leg = leg;
        this.voice = voice;
        this.listener = listener;
        leg.listen(
                new MediaListener() {
                    @Override
                    public void frame(PcmFrame frame) {
                        keep(frame.samples());
                        listener.hears(frame);
                    }
                });
    }

    InetSocketAddress local() {
        return leg.local();
    }

    /** Its text, which takes the place of sound. */
    InetSocketAddress text() throws PortsExhaustedException {
        leg.withoutAudio();
        leg.text().listen((typed, _) -> listener.reads(typed));
        return leg.text().local();
    }

    /** Types something. */
    public void type(String text) {
        try {
            var _ = leg.text().send(text);
        } catch (PortsExhaustedException e) {
            throw new IllegalStateException("a call without text", e);
        }
    }

    void dialled(OutgoingCall call) {
        boolean already;
        synchronized (this) {
            dialled = call;
            already = hungUp;
        }
        if (already) {
            call.hangUp(IncomingCall.Ending.NORMAL);
        }
    }

    /** Presses a key for 100 ms; several are sent one after the other. */
    public void press(char key) {
        leg.sendDigit(key);
    }

    /** Says something; what was being said stops. */
    public Playback say(AudioClip clip) {
        return leg.play(List.of(clip), false);
    }

    /**
     * The next 20 ms of who speaks by a stream; nothing before the answer. Where they come faster
     * than speech, the oldest that wait are left out.
     */
    public void says(short[] samples) {
        StreamVoice speaker = voice;
        if (speaker == null || !isAnswered()) {
            return;
        }
        StreamLeg stream = speaker.stream();
        if (stream.queued() - stream.position() > MOST_BEHIND) {
            var _ = stream.clear();
        }
        byte[] octets = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            octets[i] = G711.PCMA.toOctet(samples[i]);
        }
        var _ = stream.says(octets);
    }

    private synchronized boolean isAnswered() {
        return answered && !ended;
    }

    /** Its SIP Call-ID; empty until it is dialled. */
    public synchronized String sipCallId() {
        return dialled == null ? "" : dialled.sipCallId();
    }

    /** CANCEL or BYE, as it stands. */
    public void hangUp() {
        OutgoingCall call;
        synchronized (this) {
            call = dialled;
            hungUp = true;
        }
        if (call != null) {
            call.hangUp(IncomingCall.Ending.NORMAL);
        }
    }

    /** All that was heard since the answer, at most ten minutes: 16-bit linear PCM at 8 kHz. */
    public synchronized short[] heard() {
        return Arrays.copyOf(heard, heardSamples);
    }

    private synchronized void keep(short[] samples) {
        int room = Math.min(samples.length, MAX_HEARD_SAMPLES - heardSamples);
        if (heardSamples + room > heard.length) {
            heard = Arrays.copyOf(heard, Math.min(heard.length * 2, MAX_HEARD_SAMPLES));
        }
        System.arraycopy(samples, 0, heard, heardSamples, room);
        heardSamples += room;
    }

    // ------------------------------------------------------------------ from SIP

    @Override
    public void trying() {
        listener.trying();
    }

    @Override
    public void ringing() {
        listener.ringing();
    }

    @Override
    public void agreed(AgreedMedia now) {
        AgreedMedia.AudioStream audio = now.audio();
        AgreedMedia.TextStream text = now.text();
        if (text != null) {
            try {
                leg.text().connect(text.format(), text.peer());
            } catch (PortsExhaustedException e) {
                throw new IllegalStateException("text was offered without a port", e);
            }
        }
        if (audio == null) {
            answered();
        } else {
            media(audio.format(), audio.peer());
        }
    }

    @Override
    public void media(MediaFormat format, MediaPeer peer) {
        leg.connect(format, peer);
        answered();
    }

    private void answered() {
        synchronized (this) {
            if (answered || ended) {
                return;
            }
            if (voice != null) {
                bridge = voice.joins().get();
                voice.stream().start();
            }
            answered = true;
        }
        listener.answered();
    }

    @Override
    public void refused(int status) {
        refused(status, 0);
    }

    @Override
    public void refused(int status, int retryAfterSeconds) {
        over(new Outcome.Refused(status, retryAfterSeconds));
    }

    @Override
    public void ended(IncomingCall.How how) {
        over(new Outcome.Ended(how));
    }

    private void over(Outcome how) {
        synchronized (this) {
            ended = true;
            if (bridge != null) {
                bridge.close();
            }
            if (voice != null) {
                voice.stream().close();
            }
        }
        leg.close();
        listener.over(how);
    }
}
