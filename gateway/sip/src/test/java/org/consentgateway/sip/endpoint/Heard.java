package org.consentgateway.sip.endpoint;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.testkit.SipPeer;

/** Remembers, in order, what was told of a call of either kind. Thread-safe. */
final class Heard implements IncomingCall.Events, OutgoingCall.Events {
    final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    /** Of the last refusal. */
    volatile int retryAfterSeconds = -1;

    /** What whoever tells of ringing waits for. */
    private final CountDownLatch goesOn;

    Heard() {
        this(new CountDownLatch(0));
    }

    Heard(CountDownLatch goesOn) {
        this.goesOn = goesOn;
    }

    @Override
    public void ringing() {
        all.add("ringing");
        try {
            goesOn.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void media(MediaFormat format, MediaPeer peer) {
        all.add(
                "media "
                        + format.codec()
                        + "/"
                        + format.payloadType()
                        + "/"
                        + format.eventPayloadType()
                        + " "
                        + peer.rtp().getAddress().getHostAddress()
                        + ":"
                        + peer.rtp().getPort()
                        + " "
                        + peer.direction());
    }

    @Override
    public void passedOn() {
        all.add("passed on");
    }

    @Override
    public void infoDigit(char digit, int durationMillis) {
        all.add("digit " + digit + " " + durationMillis);
    }

    @Override
    public void refused(int status) {
        all.add("refused " + status);
    }

    @Override
    public void refused(int status, int retryAfterSeconds) {
        this.retryAfterSeconds = retryAfterSeconds;
        refused(status);
    }

    @Override
    public void ended(IncomingCall.How how) {
        all.add("ended " + how);
    }

    String next() throws InterruptedException {
        String event = all.poll(SipPeer.PATIENCE_MILLIS + 2000, TimeUnit.MILLISECONDS);
        return event == null ? "nothing" : event;
    }

    boolean nothingMore(int millis) throws InterruptedException {
        return all.poll(millis, TimeUnit.MILLISECONDS) == null;
    }
}
