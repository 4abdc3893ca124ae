package org.consentgateway.media;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.consentgateway.media.audio.PcmFrame;

/** A listener that remembers. */
final class RecordingListener implements MediaListener {
    final List<PcmFrame> frames = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    volatile int arrivals;
    volatile int losses;

    @Override
    public void frame(PcmFrame frame) {
        frames.add(frame);
    }

    @Override
    public void keyDown(char digit, long atNanos) {
        keys.add("down " + digit);
    }

    @Override
    public void keyUp(char digit, int durationMillis, long atNanos) {
        keys.add("up " + digit + " " + durationMillis);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Called on one event loop only.
    public void mediaArrived(long atNanos) {
        arrivals++;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Called on one event loop only.
    public void mediaLost(long atNanos) {
        losses++;
    }

    /** What was received, without what was made up to bridge its end. */
    short[] sound() {
        List<PcmFrame> all =
                frames.stream().filter(f -> f.origin() == PcmFrame.Origin.RECEIVED).toList();
        short[] pcm = new short[all.size() * PcmFrame.SAMPLES];
        for (int i = 0; i < all.size(); i++) {
            System.arraycopy(all.get(i).samples(), 0, pcm, i * PcmFrame.SAMPLES, PcmFrame.SAMPLES);
        }
        return pcm;
    }
}
