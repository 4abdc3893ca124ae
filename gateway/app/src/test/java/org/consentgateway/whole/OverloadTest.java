package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.SipMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten times as many calls as there is room for; {@code scripts/bench tenfold} measures the same for
 * a minute.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class OverloadTest {
    private static final int ROOM = 4;
    private static final int TOO_MANY = 9 * ROOM;

    @TempDir static Path folder;
    @TempDir static Path portless;

    private static String number(int call) {
        return "+4917400005%02d".formatted(call);
    }

    @Test
    void whoIsTakenIsServedAndAllOthersAreToldToComeAgain() throws Exception {
        try (TestGateway gateway =
                        TestGateway.start(
                                folder,
                                TestGateway.Wishes.USUAL,
                                yaml -> yaml.replace("calls: 100,", "calls: " + ROOM + ","));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<TestCaller> taken = new ArrayList<>();
            for (int call = 0; call < ROOM; call++) {
                taken.add(TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number(call)).talks());
            }
            CountDownLatch allOffered = new CountDownLatch(1);
            List<Future<?>> stories = new ArrayList<>();
            for (TestCaller caller : taken) {
                stories.add(callers.submit(() -> isServed(caller, allOffered)));
            }
            for (int call = ROOM; call < ROOM + TOO_MANY; call++) {
                assertThat(refused(gateway, number(call)).text())
                        .contains("\r\nRetry-After: 1\r\n");
            }
            allOffered.countDown();
            for (Future<?> story : stories) {
                story.get();
            }
            for (TestCaller caller : taken) {
                gateway.tellsOfTalk(caller.number, "basis");
            }

            // Room again, for the first who comes.
            await().atMost(TestCaller.PATIENCE)
                    .until(() -> counted(gateway, "consent_calls_active") == 0);
            TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number(99))
                    .talks()
                    .hears("opening")
                    .hangsUp();
            String answers =
                    "consent_trunk_answers_total{direction=\"received\",status=\"%d\",trunk=\"local\"}";
            assertThat(counted(gateway, answers.formatted(503))).isEqualTo(TOO_MANY);
            assertThat(counted(gateway, answers.formatted(200))).isEqualTo(ROOM + 1);
            assertThat(counted(gateway, "consent_calls_rejected_total{reason=\"full\"}"))
                    .isEqualTo(TOO_MANY);
        }
    }

    /** As where the ports of a machine are taken by others, or its file descriptors are used up. */
    @Test
    void whoIsToldToComeAgainForWantOfAPortIsCountedSoThatSomebodyHearsOfIt() throws Exception {
        List<DatagramSocket> others = new ArrayList<>();
        InetAddress here = InetAddress.getByName("127.0.0.1");
        for (int port = RtpPorts.GATEWAY; port <= RtpPorts.GATEWAY + 3; port++) {
            others.add(new DatagramSocket(port, here));
        }
        try (TestGateway gateway =
                TestGateway.start(
                        portless,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                yaml.replace("calls: 100,", "calls: 1,")
                                        .replaceAll(
                                                "ports: \\{first: \\d+, last: \\d+}",
                                                "ports: {first: %d, last: %d}"
                                                        .formatted(
                                                                RtpPorts.GATEWAY,
                                                                RtpPorts.GATEWAY + 3)))) {
            assertThat(refused(gateway, number(98)).text()).contains("\r\nRetry-After: 1\r\n");
            String counted = "consent_calls_rejected_total{reason=\"no_port\"}";
            await().atMost(TestCaller.PATIENCE).until(() -> counted(gateway, counted) == 1);
            assertThat(
                            counted(
                                    gateway,
                                    "consent_trunk_rejected_total{reason=\"no_port\",trunk=\"local\"}"))
                    .isEqualTo(1);
        } finally {
            others.forEach(DatagramSocket::close);
        }
    }

    private static SipMessage refused(TestGateway gateway, String number) throws Exception {
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            return caller.isRefused(503);
        }
    }

    private static void isServed(TestCaller caller, CountDownLatch allOffered) {
        caller.hears("opening").hears("question-keys.assistant").presses("1");
        caller.hears("confirm-keys.basis").hears("assistant");
        try {
            allOffered.await();
        } catch (InterruptedException stopped) {
            throw new AssertionError("not all calls were offered", stopped);
        }
        caller.hangsUp();
    }

    /** A series as it is scraped. */
    private static double counted(TestGateway gateway, String series) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }
}
