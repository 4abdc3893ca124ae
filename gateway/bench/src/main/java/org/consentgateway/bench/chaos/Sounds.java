package org.consentgateway.bench.chaos;

import java.time.Duration;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Tones;

/**
 * What a caller says tells what it has agreed to, so that whoever hears it shows what got through:
 * a tone for each state.
 */
enum Sounds {
    /** Nothing was agreed to: no assistant may hear any of it. */
    BEFORE(700),
    /** From the moment before the caller's yes on. */
    AGREED(1000),
    /** From the last packet of the withdrawal's last key on: no assistant may hear 100 ms of it. */
    WITHDRAWN(1300),
    ASSISTANT(1600),
    HUMAN(1900),
    /** In place of the gateway's words that a withdrawal is done. */
    DONE(2200);

    private static final int SECONDS = 40;
    private static final int LOUD = 500;
    private static final double MOSTLY = 0.6;
    private static final int AMPLITUDE = 8000;

    private final double hertz;

    Sounds(double hertz) {
        this.hertz = hertz;
    }

    /** A-law, longer than any call. */
    byte[] octets() {
        return Law.A.encode(Tones.sine(hertz, SECONDS * 1000, AMPLITUDE));
    }

    /** As a prompt. */
    Wav recording(Duration length) {
        return new Wav(Tones.sine(hertz, (int) length.toMillis(), AMPLITUDE), 8000);
    }

    /** Whether a packet is mostly this. */
    boolean isIn(byte[] packet, Law law) {
        short[] samples = law.decode(packet);
        return Tones.level(samples) > LOUD && Tones.share(samples, hertz) > MOSTLY;
    }

    /** Whether a packet is more than silence. */
    static boolean any(byte[] packet, Law law) {
        return Tones.level(law.decode(packet)) > LOUD;
    }
}
