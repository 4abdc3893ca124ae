package org.consentgateway.demo;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
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
        /** It was never answered: the SIP status. */
        record Refused(int status) implements Outcome {}

        /** It was answered, and ended so. */
        record Ended(IncomingCall.How how) implements Outcome {}
    }

    private final MediaLeg leg;
    private final Listener listener;
    private short[] heard = new short[PcmFrame.SAMPLE_RATE * 10];
    private int heardSamples;
    private boolean answered;
    private boolean hungUp;
    private @Nullable OutgoingCall dialled;

    DemoCall(MediaLeg leg, Listener listener) {
        this.leg = leg;
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
        if (!answered) {
            answered = true;
            listener.answered();
        }
    }

    @Override
    public void refused(int status) {
        over(new Outcome.Refused(status));
    }

    @Override
    public void ended(IncomingCall.How how) {
        over(new Outcome.Ended(how));
    }

    private void over(Outcome how) {
        leg.close();
        listener.over(how);
    }
}
