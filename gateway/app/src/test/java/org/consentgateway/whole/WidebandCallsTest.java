package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.Tones;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real calls over G.722: the prompts are heard, and what both sides have is relayed as it is. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WidebandCallsTest {
    private static final String WIDE = "+4930123497";
    private static final int PACKETS = 100;

    /** Longer than so many packets take. */
    private static final Duration REPEATED = Duration.ofSeconds(4);

    private static final int LOUD = 500;

    /** The end of a prompt, each with a note of its own, and how many have to be heard. */
    private static final int LAST_FRAMES = 12;

    private static final int ENOUGH = 8;

    private static final int TOGETHER_FRAMES = 3;

    /** Of two waves, one of which went through the codec. */
    private static final double ALIKE = 0.9;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, WidebandCallsTest::withItsLine);

    /** An assistant that takes G.722, at the port of the other one. */
    private static String withItsLine(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String wide = Callee.WIDEBAND;
        return yaml.replaceFirst(assistant, "$0\n$1" + wide + "$2" + wide + "$3")
                + """
                  - name: wide
                    numbers: ["%s"]
                    notice: demo
                    languages: [en]
                    levels: [basis]
                    first-input: 3s
                    assistant: %s
                    humans: [human]
                """
                        .formatted(WIDE, wide);
    }

    /** What a wideband telephone heard, packet by packet. */
    private static final class Heard implements RtpVoice.Listener {
        private final Codec.Decoder decoder = G722.WIDEBAND.decoder();
        private final List<byte[]> octets = new CopyOnWriteArrayList<>();
        private final List<short[]> sound = new CopyOnWriteArrayList<>();

        @Override
        public void wideband(byte[] packet) {
            short[] samples = new short[packet.length];
            decoder.decode(ByteBuffer.wrap(packet), 0, packet.length, samples, 0, -1);
            octets.add(packet);
            sound.add(samples);
        }

        /**
         * To its end, by its wave, 20 ms by 20 ms: a yes before the end would be too early, and a
         * machine that stalled loses some of it.
         */
        boolean heard(AudioClip clip) {
            List<short[]> loud = loud(clip);
            List<short[]> end = loud.subList(loud.size() - LAST_FRAMES, loud.size());
            for (int from = 0; from + LAST_FRAMES < sound.size(); from++) {
                if (alike(end, from) >= ENOUGH && isOver(from + ENOUGH)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isOver(int from) {
            return sound.subList(from, sound.size()).stream()
                    .anyMatch(frame -> Tones.level(frame) < LOUD);
        }

        /** How many of these are heard from there on, one right after the other. */
        private int alike(List<short[]> loud, int from) {
            int alike = 0;
            int next = from;
            for (short[] wanted : loud) {
                int end = Math.min(sound.size(), next + TOGETHER_FRAMES);
                for (int at = next; at < end; at++) {
                    if (likeness(wanted, sound.get(at)) > ALIKE) {
                        alike++;
                        next = at + 1;
                        break;
                    }
                }
            }
            return alike;
        }

        private static List<short[]> loud(AudioClip clip) {
            short[] all = G711.PCMA.decode(clip.octets(G711.PCMA));
            List<short[]> frames = new ArrayList<>();
            for (int at = 0; at + PcmFrame.SAMPLES <= all.length; at += PcmFrame.SAMPLES) {
                short[] frame = Arrays.copyOfRange(all, at, at + PcmFrame.SAMPLES);
                if (Tones.level(frame) > LOUD) {
                    frames.add(frame);
                }
            }
            return frames;
        }

        private static double likeness(short[] one, short[] other) {
            double product = 0;
            for (int i = 0; i < one.length; i++) {
                product += (double) one[i] * other[i];
            }
            double powers = Tones.level(one) * Tones.level(other) * one.length;
            return powers == 0 ? 0 : product / powers;
        }

        Heard hears(String part) {
            AudioClip clip =
                    gateway.prompts().clips().getOrDefault(part, TestGateway.greeting(part));
            await("hearing " + part).atMost(TestCaller.PATIENCE).until(() -> heard(clip));
            return this;
        }
    }

    private static Caller calls(String line, String number, Heard heard) throws Exception {
        Caller caller = Caller.of(gateway.sip(), line, number, heard).withWideband().calls();
        assertThat(caller.voice().isWideband()).as("G.722 agreed on").isTrue();
        return caller;
    }

    private static byte[] noise(long seed) {
        byte[] octets = new byte[PACKETS * PcmFrame.SAMPLES];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    /** Bit for bit, in order; between them there may be silence, where a machine stood still. */
    private static boolean holds(List<byte[]> heard, byte[] said) {
        Iterator<byte[]> next = heard.iterator();
        for (int at = 0; at < said.length; at += PcmFrame.SAMPLES) {
            byte[] wanted = Arrays.copyOfRange(said, at, at + PcmFrame.SAMPLES);
            boolean found = false;
            while (!found && next.hasNext()) {
                found = Arrays.equals(next.next(), wanted);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    @Story
    void promptsAreHeardAndAnAssistantWithoutItHearsTheCallerAllTheSame() throws Exception {
        String number = "+491710000951";
        Heard heard = new Heard();
        try (Caller caller = calls(TestGateway.ONE_LEVEL, number, heard)) {
            heard.hears("opening").hears("question-keys.assistant");
            caller.presses('1');
            heard.hears("assistant");
            caller.voice().say(G722.WIDEBAND.encode(Tones.sine(Caller.VOICE_HERTZ, 5000, 6000)));
            AnsweredCall assistant = gateway.assistantOf(number);
            assertThat(assistant.invite()).contains(" RTP/AVP 9 8 0 ");
            await().atMost(TestCaller.PATIENCE).until(assistant::heardTheCaller);
            caller.hangsUp();
            gateway.tellsOfTalk(number, "basis");
        }
    }

    @Story
    void whatBothHaveIsRelayedBitForBitUntilItIsWithdrawn() throws Exception {
        String number = "+491710000952";
        Heard heard = new Heard();
        try (Caller caller = calls(WIDE, number, heard)) {
            heard.hears("question-keys.assistant");
            caller.presses('1');
            AnsweredCall assistant = gateway.assistantOf(number);
            byte[] there = noise(1);
            byte[] back = noise(2);
            heard.hears("confirm.basis");
            await("as it was said")
                    .atMost(TestCaller.PATIENCE)
                    .pollInterval(REPEATED)
                    .until(() -> {
                        if (holds(assistant.wideband(), there) && holds(heard.octets, back)) {
                            return true;
                        }
                        caller.voice().say(there); // again, where the gate was still shut
                        assistant.voice().say(back);
                        return false;
                    });

            caller.presses('*');
            caller.presses('9');
            heard.hears("withdrawn").hears("human");
            await().atMost(TestCaller.PATIENCE).until(assistant::over);
            caller.hangsUp();
            gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
        }
    }
}
