package org.consentgateway.line;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.audio.PcmFrame;

/**
 * Thread-safe. What a far end that has answered says while the caller is still being spoken to: it
 * is kept back, so that nothing of its greeting is lost. Long silence in it is left out, by which
 * the caller catches up. In memory only, and bounded.
 */
final class Greeting implements MediaListener {
    /** 10 s: who greets for longer loses what comes then. */
    private static final int MOST_FRAMES = 500;

    /** 200 ms: silence that belongs to what is said. */
    private static final int PAUSE_FRAMES = 10;

    /** RMS of 16-bit samples, about -52 dBFS: less is silence. */
    private static final double SOUND = 80;

    private final List<short[]> kept = new ArrayList<>();
    private int quiet = PAUSE_FRAMES;

    /** On the event loop. */
    @Override
    public synchronized void frame(PcmFrame frame) {
        quiet = level(frame.samples()) > SOUND ? 0 : quiet + 1;
        if (quiet < PAUSE_FRAMES && kept.size() < MOST_FRAMES) {
            kept.add(frame.samples());
        }
    }

    /** What was said since the last time; no samples where nothing was. */
    synchronized short[] take() {
        short[] said = new short[kept.size() * PcmFrame.SAMPLES];
        for (int i = 0; i < kept.size(); i++) {
            System.arraycopy(kept.get(i), 0, said, i * PcmFrame.SAMPLES, PcmFrame.SAMPLES);
        }
        kept.clear();
        return said;
    }

    private static double level(short[] samples) {
        double energy = 0;
        for (short sample : samples) {
            energy += (double) sample * sample;
        }
        return Math.sqrt(energy / samples.length);
    }
}
