package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.Tones;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real calls over G.722: the prompts are heard, and what both sides have is relayed as it is. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@Nightly("real calls in two more codecs, understood; their frames are tests of media in each run")
class WidebandCallsTest {
    private static final String WIDE = "+4930123497";
    private static final String SOCKET = "+4930123498";
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

    private static final SocketServer bots = started();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, WidebandCallsTest::withItsLine);

    /** An assistant that takes G.722, at the port of the other one. */
    private static String withItsLine(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String wide = Callee.WIDEBAND;
        return yaml.replaceFirst(assistant, "$0\n$1" + wide + "$2" + wide + "$3")
                        .replace(
                                "humans:\n",
                                """
                                  - name: socket
                                    url: "%s"
                                    dialect: jambonz
                                    socket: {sample-rate: 24000}
                                humans:
                                """
                                        .formatted(bots.url("/audio")))
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
                        .formatted(WIDE, wide)
                + AddedLine.to("socket", SOCKET);
    }

    /** Before the gateway, whose configuration names its port. */
    private static SocketServer started() {
        try {
            return SocketServer.start(new WideBot());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        bots.close();
    }

    /** In jambonz' dialect, at 24 kHz: says 6 kHz without an end. */
    private static final class WideBot implements SocketServer.Behaviour {
        @Override
        public void binary(SocketPeer peer, byte[] octets) throws IOException {
            // As fast as it hears: a second each second.
            peer.send(linear(sixKilohertz(24_000, octets.length / 2)));
        }
    }

    private static short[] sixKilohertz(int rate, int samples) {
        short[] sound = new short[samples];
        for (int i = 0; i < samples; i++) {
            sound[i] = (short) Math.round(8000 * Math.sin(2 * Math.PI * 6000 * i / rate));
        }
        return sound;
    }

    private static byte[] linear(short[] samples) {
        ByteBuffer octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        octets.asShortBuffer().put(samples);
        return octets.array();
    }

    /** {@link Tones} has 8 kHz. */
    private static boolean isSixKilohertz(short[] sound, int rate) {
        return Tones.level(sound) > LOUD && Tones.share(sound, 6000.0 * 8000 / rate) > ALIKE;
    }

    private static boolean isSixKilohertz(byte[] message) {
        short[] sound = new short[message.length / 2];
        ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(sound);
        return isSixKilohertz(sound, 24_000);
    }

    /** What a wideband telephone heard, packet by packet. */
    private static final class Heard implements RtpVoice.Listener {
        private final Codec.Decoder decoder = G722.WIDEBAND.decoder();
        private final Codec.Decoder wideDecoder = G722.WIDEBAND.decoder(16_000);
        private final List<short[]> wide = new CopyOnWriteArrayList<>();
        private final List<byte[]> octets = new CopyOnWriteArrayList<>();
        private final List<short[]> sound = new CopyOnWriteArrayList<>();

        @Override
        public void wideband(byte[] packet) {
            short[] samples = new short[packet.length];
            decoder.decode(ByteBuffer.wrap(packet), 0, packet.length, samples, 0, -1);
            short[] both = new short[2 * packet.length];
            wideDecoder.decode(ByteBuffer.wrap(packet), 0, packet.length, both, 0, -1);
            octets.add(packet);
            sound.add(samples);
            wide.add(both);
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
            heard.hears("confirm-keys.basis");
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

    private static long heardBy(SocketPeer bot) {
        return bot.messages().stream().filter(each -> isSixKilohertz(each.octets())).count();
    }

    @Story
    void aBotOf24KilohertzAndTheCallerHearEachOtherAboveFourKilohertzUntilItIsWithdrawn()
            throws Exception {
        String number = "+491710000953";
        Heard heard = new Heard();
        byte[] said = new byte[10 * 160 * 50];
        G722.WIDEBAND
                .encoder(16_000)
                .encode(
                        sixKilohertz(16_000, 2 * said.length),
                        2 * said.length,
                        ByteBuffer.wrap(said),
                        0);
        try (Caller caller = calls(SOCKET, number, heard)) {
            heard.hears("question-keys.assistant");
            assertThat(bots.peers()).as("before the yes").isEmpty();
            caller.presses('1');
            heard.hears("confirm-keys.basis");
            caller.voice().say(said);
            TestWait.until(() -> !bots.peers().isEmpty() && heardBy(bots.peers().getFirst()) > 25);
            TestWait.until(() ->
                    heard.wide.stream().filter(each -> isSixKilohertz(each, 16_000)).count() > 25);
            caller.presses('*');
            caller.presses('9');
            heard.hears("withdrawn").hears("human");
            SocketPeer bot = bots.peers().getFirst();
            TestWait.until(bot::isOver);
            assertThat(bot.closedBy()).isEqualTo(1000);
            caller.hangsUp();
            gateway.tellsOfWithdrawal(number, "basis", "KEY", "CLOSE");
        }
    }
}
