package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G722;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.Tones;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A caller over G.722 and an assistant that has nothing but Opus: a telephone program that is not
 * ours, with the library of those who made the codec.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class OpusCallsTest {
    /** Both above what a narrowband call carries. */
    private static final int CALLER_HERTZ = 5000;

    private static final int ASSISTANT_HERTZ = 6000;

    private static final int LOUD = 500;
    private static final double ALIKE = 0.9;

    /** Half a second. */
    private static final int ENOUGH = 25;

    @TempDir static Path folder;
    private static TestGateway gateway;
    private static Softphone assistant;

    @BeforeAll
    static void start() throws Exception {
        assistant =
                Softphone.inOpus(
                        folder.resolve("assistant"),
                        "<sip:assistant@127.0.0.1>;regint=0;answermode=auto;audio_codecs=opus/48000/2",
                        sine(ASSISTANT_HERTZ, 48_000, 60),
                        RtpPorts.PHONES);
        String uri = "sip:assistant@127.0.0.1:" + assistant.sipPort();
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL.withAssistant(uri),
                        yaml -> yaml.replace("\"" + uri + "\"", "\"" + uri + "\", opus: true"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        assistant.close();
    }

    private static short[] sine(int hertz, int rate, int seconds) {
        short[] sound = new short[rate * seconds];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (short) Math.round(8000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return sound;
    }

    /** {@link Tones} has 8 kHz. */
    private static boolean isTone(short[] sound, double hertz, int rate) {
        return Tones.level(sound) > LOUD && Tones.share(sound, hertz * 8000 / rate) > ALIKE;
    }

    /** Counts frames of the assistant's tone. Confined to the thread that hears. */
    private static final class Heard implements RtpVoice.Listener {
        private final Codec.Decoder decoder = G722.WIDEBAND.decoder(16_000);
        private final AtomicInteger tones = new AtomicInteger();

        @Override
        public void wideband(byte[] packet) {
            short[] sound = new short[2 * packet.length];
            decoder.decode(ByteBuffer.wrap(packet), 0, packet.length, sound, 0, -1);
            if (isTone(sound, ASSISTANT_HERTZ, 16_000)) {
                tones.incrementAndGet();
            }
        }
    }

    @Test
    void bothAreHeardAboveFourKilohertzUntilItIsWithdrawn() throws Exception {
        String number = "+491740000301";
        Heard heard = new Heard();
        byte[] said = new byte[20 * 160 * 50];
        short[] tone = sine(CALLER_HERTZ, 16_000, 20);
        G722.WIDEBAND.encoder(16_000).encode(tone, tone.length, ByteBuffer.wrap(said), 0);
        try (Caller caller =
                Caller.of(gateway.sip(), TestGateway.ONE_LEVEL, number, heard)
                        .withWideband()
                        .calls()) {
            gateway.tells(number, "Served opening");
            // Before the question it is no answer, and behind it nobody waits for another.
            for (int tries = 0; tries < 10 && !agreed(number); tries++) {
                Thread.sleep(500);
                caller.presses('1');
            }
            gateway.tells(number, "Served opening", "Given basis", "AssistantOpened");
            caller.voice().say(said);
            TestWait.until(() -> heard.tones.get() > 2 * ENOUGH);
            caller.presses('*');
            caller.presses('9');
            gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
            caller.hangsUp();
        }
        assertThat(assistant.output()).contains("opus/48000/2");
        assertThat(tones(assistant.heard())).isGreaterThan(ENOUGH);
    }

    private static boolean agreed(String number) throws Exception {
        return gateway.story(number).contains("Given basis");
    }

    private static long tones(short[] sound) {
        int frame = 48_000 / 50;
        long tones = 0;
        for (int at = 0; at + frame <= sound.length; at += frame) {
            tones +=
                    isTone(Arrays.copyOfRange(sound, at, at + frame), CALLER_HERTZ, 48_000) ? 1 : 0;
        }
        return tones;
    }
}
