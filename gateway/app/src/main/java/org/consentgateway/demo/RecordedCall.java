package org.consentgateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.sip.dialog.IncomingCall;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One call to the recording line: asks for the key 1, and only then records, word by
 * word; the key 9 deletes all of this call at any time. What is said at any other moment is dropped
 * as it comes.
 */
final class RecordedCall implements IncomingCall.Events {
    private static final int KEYS_MOST = 16;
    private static final int CONSENT_SECONDS = 20;
    private static final int WORD_SAMPLES = 3 * PcmFrame.SAMPLE_RATE;
    private static final int WORD_PATIENCE_SECONDS = 6;

    private final IncomingCall call;
    private final MediaLeg leg;
    private final String speaker;
    private final RecordingScript script;
    private final RecordingScript.Speaker voice;
    private final StaffRecordings recordings;
    private final BlockingQueue<Character> keys = new ArrayBlockingQueue<>(KEYS_MOST);
    private final CompletableFuture<Boolean> media = new CompletableFuture<>();
    private volatile boolean over;
    private volatile boolean unwanted;

    /** What is recorded now, and how much of it there is; only the leg's loop writes into it. */
    private volatile @Nullable Word word;

    private static final class Word {
        private final short[] samples = new short[WORD_SAMPLES];
        private final CompletableFuture<short[]> whole = new CompletableFuture<>();
        private int filled;

        void add(short[] more) {
            int room = Math.min(more.length, samples.length - filled);
            System.arraycopy(more, 0, samples, filled, room);
            filled += room;
            if (filled == samples.length) {
                whole.complete(Arrays.copyOf(samples, filled));
            }
        }
    }

    RecordedCall(
            IncomingCall call,
            MediaLeg leg,
            String speaker,
            RecordingScript script,
            RecordingScript.Speaker voice,
            StaffRecordings recordings) {
        this.call = call;
        this.leg = leg;
        this.speaker = speaker;
        this.script = script;
        this.voice = voice;
        this.recordings = recordings;
        leg.listen(
                new MediaListener() {
                    @Override
                    public void frame(PcmFrame frame) {
                        Word now = word;
                        if (now != null) {
                            now.add(frame.samples());
                        }
                    }

                    @Override
                    public void keyDown(char digit, long atNanos) {
                        pressed(digit);
                    }
                });
    }

    private void pressed(char digit) {
        unwanted |= digit == '9';
        keys.offer(digit);
    }

    InetSocketAddress local() {
        return leg.local();
    }

    /** The whole call, on a thread of its own. */
    void run() {
        try {
            if (media.get(CONSENT_SECONDS, TimeUnit.SECONDS) && agreed()) {
                record();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IOException e) {
            call.hangUp(IncomingCall.Ending.FAILURE);
            return;
        }
        call.hangUp(IncomingCall.Ending.NORMAL);
    }

    private boolean agreed() throws IOException, InterruptedException, ExecutionException {
        say(script.opening());
        Character key = keys.poll(CONSENT_SECONDS, TimeUnit.SECONDS);
        return key != null && key == '1' && !over;
    }

    /** The key 9 counts until this is over, whatever became of the rest. */
    private void record()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        boolean deleted;
        try {
            ask();
        } finally {
            deleted = deletes();
        }
        if (deleted) {
            say(script.deleted());
        }
    }

    private boolean deletes() throws IOException {
        if (!unwanted) {
            return false;
        }
        recordings.delete("staff|" + speaker);
        return true;
    }

    private void ask()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        say(script.code().formatted(String.join(" ", speaker.split(""))));
        for (String each : script.words()) {
            say(script.say().formatted(each));
            if (over || unwanted) {
                break;
            }
            var asked = new Word();
            word = asked;
            short[] said = asked.whole.get(WORD_PATIENCE_SECONDS, TimeUnit.SECONDS);
            word = null;
            if (!over && !unwanted) {
                recordings.keep("staff|" + speaker, script.language(), each, said);
            }
        }
        if (!unwanted) {
            say(script.thanks());
        }
    }

    private void say(String text) throws IOException, InterruptedException, ExecutionException {
        if (!over) {
            AudioClip clip = voice.say(text);
            leg.play(List.of(clip), false).ended().toCompletableFuture().get();
        }
    }

    @Override
    public void media(MediaFormat format, MediaPeer peer) {
        if (!over) {
            leg.connect(format, peer);
            media.complete(true);
        }
    }

    @Override
    public void infoDigit(char digit, int durationMillis) {
        pressed(digit);
    }

    @Override
    public void ended(IncomingCall.How how) {
        over = true;
        media.complete(false);
        Word now = word;
        if (now != null) {
            now.whole.complete(new short[0]);
        }
        leg.close();
    }
}
