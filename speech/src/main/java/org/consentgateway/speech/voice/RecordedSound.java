package org.consentgateway.speech.voice;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;

/**
 * Immutable. The sound of a recording, and how loud it is: what takes long of reading one. The
 * process keeps what it has read, by the hash of the file, as long as there is room: each reload,
 * each check of a changed text and each command reads all recordings, and hardly one has changed.
 */
record RecordedSound(AudioClip clip, SpeechLevel level) {
    private static final Map<String, SoftReference<RecordedSound>> READ = new ConcurrentHashMap<>();

    /**
     * @param file where it was read, to be named in an error
     * @param octets of a WAV file
     * @param sha256 of these octets, and of no others
     * @throws IOException where it is none, or not of 8 kHz
     */
    static RecordedSound of(Path file, byte[] octets, String sha256) throws IOException {
        SoftReference<RecordedSound> known = READ.get(sha256);
        RecordedSound there = known == null ? null : known.get();
        if (there != null) {
            return there;
        }
        Wav wav = Wav.parseMono(octets);
        if (wav.rate() != PcmFrame.SAMPLE_RATE) {
            throw new IOException(file + ": " + wav.rate() + " Hz, not " + PcmFrame.SAMPLE_RATE);
        }
        RecordedSound sound = of(AudioClip.of(wav.samples()));
        READ.put(sha256, new SoftReference<>(sound));
        return sound;
    }

    static RecordedSound of(AudioClip clip) {
        double[] heard = TelephoneBand.ofFullScale(clip.linear());
        return new RecordedSound(clip, SpeechLevel.of(heard, PcmFrame.SAMPLE_RATE));
    }
}
