package org.consentgateway.trial.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dialog.Referral;
import org.consentgateway.target.PurposeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One call to an assistant that is tried: what has come of it, and waiting for more.
 */
final class TrialCall implements OutgoingCall.Events, MediaListener {
    private static final int OK = 200;
    private static final int REQUEST_PENDING = 491;

    /** A mean amplitude above the noise of a line, and far below speech. */
    private static final int SOUND = 100;

    /** Time that passes without packets is looked at so often. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MediaLeg leg;
    private final LongSupplier nanos;
    private final long began;

    // Guarded by this.
    private boolean heardOf;
    private boolean rang;
    private int refused;
    private String unusable = "";
    private @Nullable MediaFormat format;
    private @Nullable MediaPeer peer;
    private long answered;
    private IncomingCall.@Nullable How ended;
    private boolean sounded;
    private long lastSound;
    private long lastFrame;
    private boolean mediaLost;
    private boolean referred;
    private int foreignInfos;
    private boolean asking;
    private final Deque<Purpose> asked = new ArrayDeque<>();

    TrialCall(MediaLeg leg, LongSupplier nanos) {
        this.leg = leg;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        leg.listen(this);
    }

    /**
     * Waits.
     *
     * @return whether it came in time
     */
    synchronized boolean until(BooleanSupplier what, Duration patience)
            throws InterruptedException {
        long end = nanos.getAsLong() + patience.toNanos();
        while (!what.getAsBoolean()) {
            long left = end - nanos.getAsLong();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_NANOS));
        }
        return true;
    }

    /** Lets so much time pass. */
    void pause(Duration time) throws InterruptedException {
        boolean _ = until(() -> false, time);
    }

    // ------------------------------------------------------------------ what has come

    /** Whether anybody is there. */
    synchronized boolean isHeardOf() {
        return heardOf;
    }

    synchronized boolean hasRung() {
        return rang;
    }

    synchronized boolean isAnswered() {
        return format != null;
    }

    /** Answered, refused or given up. */
    synchronized boolean isSettled() {
        return format != null || refused != 0;
    }

    /** The status of a refusal; 0: none. */
    synchronized int refusal() {
        return refused;
    }

    /** What is wrong with its description; empty: nothing. */
    synchronized String whyUnusable() {
        return unusable;
    }

    synchronized void forgetUnusable() {
        unusable = "";
    }

    synchronized boolean isOver() {
        return ended != null;
    }

    synchronized IncomingCall.@Nullable How end() {
        return ended;
    }

    synchronized @Nullable MediaFormat format() {
        return format;
    }

    /** Whether it may send, by what was agreed last. */
    synchronized boolean maySend() {
        return peer != null && peer.direction().weReceive();
    }

    synchronized Duration untilAnswered() {
        return Duration.ofNanos(answered - began);
    }

    synchronized Duration sinceAnswered() {
        return Duration.ofNanos(nanos.getAsLong() - answered);
    }

    /** Whether it has said anything since {@link #listenAnew}. */
    synchronized boolean sounds() {
        return sounded;
    }

    synchronized void listenAnew() {
        sounded = false;
        lastSound = nanos.getAsLong();
    }

    /** Whether it has been silent for so long. */
    synchronized boolean silentFor(Duration time) {
        return nanos.getAsLong() - lastSound >= time.toNanos();
    }

    /** Whether anything of it could be heard, be it silence. */
    synchronized boolean hasSent() {
        return lastFrame != 0;
    }

    /** Whether sound or silence has come within so long. */
    synchronized boolean sendsWithin(Duration time) {
        return lastFrame != 0 && nanos.getAsLong() - lastFrame < time.toNanos();
    }

    /** Whether its packets have stayed away for long, and were expected. */
    synchronized boolean wasLost() {
        return mediaLost;
    }

    synchronized boolean hasReferred() {
        return referred;
    }

    /** INFOs that mean nothing. */
    synchronized int foreignInfos() {
        return foreignInfos;
    }

    synchronized boolean isAsked() {
        return !asked.isEmpty();
    }

    /** What it asks for; it may ask again when {@link #answeredRequest}. */
    synchronized Purpose takeRequest() {
        return asked.remove();
    }

    synchronized void answeredRequest() {
        asking = false;
    }

    // ------------------------------------------------------------------ from SIP

    @Override
    public synchronized void trying() {
        heardOf = true;
        notifyAll();
    }

    @Override
    public synchronized void ringing() {
        rang = true;
        notifyAll();
    }

    @Override
    public synchronized void unusable(String why) {
        unusable = why;
        notifyAll();
    }

    @Override
    public synchronized void media(MediaFormat agreed, MediaPeer with) {
        leg.connect(agreed, with);
        if (format == null) {
            heardOf = true;
            answered = nanos.getAsLong();
            lastSound = answered;
        }
        format = agreed;
        peer = with;
        notifyAll();
    }

    @Override
    public synchronized void refused(int status) {
        refused = status;
        notifyAll();
    }

    @Override
    public synchronized int informed(OutgoingCall.InfoBody what) {
        Purpose wanted = PurposeInfo.asked(what).orElse(null);
        if (wanted == null) {
            foreignInfos++;
            return UNKNOWN_BODY;
        }
        if (asking) {
            return REQUEST_PENDING;
        }
        asking = true;
        asked.add(wanted);
        notifyAll();
        return OK;
    }

    @Override
    public void referred(Referral referral) {
        synchronized (this) {
            referred = true;
        }
        referral.decline();
    }

    @Override
    public synchronized void ended(IncomingCall.How how) {
        ended = how;
        notifyAll();
    }

    // ------------------------------------------------------------------ from RTP

    @Override
    public void frame(PcmFrame frame) {
        if (frame.origin() != PcmFrame.Origin.RECEIVED) {
            return;
        }
        long sum = 0;
        for (short sample : frame.samples()) {
            sum += Math.abs(sample);
        }
        boolean sound = sum > (long) SOUND * PcmFrame.SAMPLES;
        synchronized (this) {
            lastFrame = nanos.getAsLong();
            if (sound) {
                sounded = true;
                lastSound = lastFrame;
            }
            notifyAll();
        }
    }

    @Override
    public synchronized void mediaLost(long atNanos) {
        mediaLost = mediaLost || maySend();
    }
}
