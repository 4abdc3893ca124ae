package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.attack.Attack;
import org.consentgateway.testkit.attack.RunningFate;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.testkit.timing.Stalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running call suffers while its trunk's address floods us. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FloodTest {
    private static final int PACKET_MILLIS = 20;
    private static final int FLOOD_SECONDS = 4;

    /** As much as a jitter buffer bears; and a machine that stands still lets nobody be in time. */
    private static final int BUDGET_MILLIS = 60;

    /** Half a dozen threads carry a packet there and back, and each may have had to wait. */
    private static final Duration STOOD_STILL = Duration.ofMillis(15);

    private static final int HUMAN = FreePort.next();

    /** Behind those of {@link RtpVoice}. */
    private static final int ECHO_PORTS = RtpPorts.PEERS + 800;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, FloodTest::withEcho);

    private static @Nullable MediaEngine media;
    private static @Nullable DemoAgent human;

    /** Its human is the one of the demonstration, who echoes. */
    private static String withEcho(String yaml) {
        return yaml.replaceFirst("sip:human@[^\"]+", "sip:human@127.0.0.1:" + HUMAN);
    }

    @BeforeAll
    static void startEcho() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        media =
                MediaEngine.start(
                        new MediaSettings(
                                here,
                                ECHO_PORTS,
                                ECHO_PORTS + 199,
                                Duration.ofMillis(500),
                                Duration.ofSeconds(15),
                                1));
        human =
                DemoAgent.start(
                        new InetSocketAddress(here, HUMAN),
                        media,
                        DemoAgent.Sentence.of("human", TestGateway.greeting("human")));
    }

    @AfterAll
    static void stopEcho() {
        Objects.requireNonNull(human).close();
        Objects.requireNonNull(media).close();
    }

    /** Thread-safe. When which packet came. */
    private static final class Log implements RtpVoice.Listener {
        private final List<Integer> sequences = new ArrayList<>();
        private long last;
        private long longest;

        @Override
        public synchronized void packet(int sequence) {
            long now = Stalls.now();
            longest = sequences.isEmpty() ? 0 : Math.max(longest, now - last);
            last = now;
            sequences.add(sequence);
        }

        synchronized int packets() {
            return sequences.size();
        }

        synchronized long lost() {
            int span = sequences.getLast() - sequences.getFirst() & 0xFFFF;
            return span + 1 - sequences.stream().distinct().count();
        }

        synchronized long longestMillis() {
            return TimeUnit.NANOSECONDS.toMillis(longest);
        }
    }

    private static @Nullable Void flood() throws Exception {
        attack("flood", "--rate", "2000", "--octets", "3400", "--seconds", "" + FLOOD_SECONDS);
        return null;
    }

    private static int tcpPort() {
        return gateway.gateway().listening().get(1).getPort();
    }

    private static void attack(String name, String... options) throws Exception {
        Attack.alone(onUs(name, options));
    }

    private static String[] onUs(String name, String... options) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(List.of("--gateway", "127.0.0.1:" + gateway.sip().getPort()));
        all.addAll(List.of("--line", TestGateway.ONE_LEVEL));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    /** Not beside the other, which measures times. */
    @Test
    void callsFullOfHeaderValuesAreToldSoAndOthersAreAnswered() throws Exception {
        attack("heavy", "--seconds", "1");
        assertThat(gateway.http("/metrics"))
                .containsPattern("reason=\"too_many_headers\"[^}]*} [1-9]");
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000102").calls()) {
            assertThat(caller.hangsUpUntilAnswered().status()).isEqualTo(200);
        }
    }

    @Test
    void theSoundAndTheEndOfARunningCallAreUnharmed() throws Exception {
        var log = new Log();
        long begun = Stalls.now();
        try (ExecutorService flooding = Executors.newVirtualThreadPerTaskExecutor();
                Caller caller =
                        Caller.of(gateway.sip(), TestGateway.ONE_LEVEL, "+491741000101", log)
                                .calls()) {
            caller.talks();
            TestWait.until(() -> log.packets() > 25);
            int before = log.packets();
            Future<?> flood = flooding.submit(FloodTest::flood);
            int most = before + 1000 * (FLOOD_SECONDS - 1) / PACKET_MILLIS;
            TestWait.until(() -> log.packets() > most || flood.isDone());
            assertThat(caller.hangsUpUntilAnswered().status()).isEqualTo(200);
            Object _ = flood.get();
            long stalled = Stalls.sinceNanos(begun).toMillis();
            assertThat(log.lost()).isZero();
            assertThat(log.longestMillis())
                    .as("the machine stood still for %d ms", stalled)
                    .isLessThan(PACKET_MILLIS + BUDGET_MILLIS + stalled);
            assertThat((long) log.packets()).isGreaterThan(most - stalled / PACKET_MILLIS);
        }
        assertThat(gateway.http("/metrics")).containsPattern("reason=\"request_rate\"[^}]*} [1-9]");
    }

    /**
     * The call goes to a human who echoes, over two calls and back, and hangs up in the last second
     * of the flood. Its packets are captured where that is permitted.
     */
    @ParameterizedTest
    @Nightly("three minutes of floods; the one above is in each run, and RunningSoundTest")
    @ValueSource(
            strings = {
                "flood --rate 2000 --octets 3400",
                "flood --rate 2000 --octets 3400 --method 200",
                "flood --rate 2000 --octets 3400 --method OPT(IONS",
                "flood --rate 400 --method INVITE --to +4930999999",
                "unacknowledged --rate 90",
                "cancelled --rate 90",
                "repeated --rate 2000 --octets 2900",
                "repeated --rate 2000 --octets 2900 --method CANCEL",
                "heavy --calls 3",
                "heavy --calls 10 --rate 100 --octets 500 --values 0 --state ended --method BYE",
                "trickle --by tcp:HERE --calls 40 --rate 2000 --octets 7900 --body 7000"
            })
    void bothWaysOfABridgedCallAndItsEndAreUnharmedInEachFlood(String flood) throws Exception {
        List<String> words = List.of(flood.replace("HERE", "127.0.0.1:" + tcpPort()).split(" "));
        List<String> options = new ArrayList<>(words.subList(1, words.size()));
        options.addAll(List.of("--seconds", "" + FLOOD_SECONDS));
        String[] all = onUs(words.getFirst(), options.toArray(String[]::new));
        RunningFate fate =
                Stalls.measured(
                        STOOD_STILL,
                        () -> Attack.besideACall(all).orElseThrow(),
                        RunningFate::isUnharmed);
        assertThat(fate).matches(RunningFate::isUnharmed);
        assertThat(fate.sound().marked())
                .as("packets that had to come back")
                .isGreaterThan(1000 * (FLOOD_SECONDS - 2) / PACKET_MILLIS);
    }
}
