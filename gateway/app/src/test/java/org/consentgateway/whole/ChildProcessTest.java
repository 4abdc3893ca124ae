package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.consentgateway.Main;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway in a process of its own, which is killed, and one that is asked to end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ChildProcessTest {
    private static final int CALLS = 12;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Queue<String> FAILED = new ConcurrentLinkedQueue<>();

    @TempDir Path folder;

    private static Process start(TestGateway gateway) throws Exception {
        Process process = launch(gateway, "child.txt");
        await("the gateway takes calls")
                .atMost(SOON)
                .until(() -> options(gateway) == 200 || !process.isAlive());
        assertThat(process.isAlive()).isTrue();
        return process;
    }

    private static Process launch(TestGateway gateway, String output) throws IOException {
        return new ProcessBuilder(
                        // Where these tests run under nohup, a child would inherit that.
                        "env",
                        "--default-signal=HUP",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--config",
                        gateway.configuration().toString())
                .redirectErrorStream(true)
                .redirectOutput(gateway.data().resolveSibling(output).toFile())
                .start();
    }

    /** Another process with the same node id on the same store ends, and says why. */
    private static void refusesATwin(TestGateway gateway) throws Exception {
        Process twin = launch(gateway, "twin.txt");
        try {
            assertThat(twin.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(twin.exitValue()).isEqualTo(1);
            assertThat(Files.readString(gateway.data().resolveSibling("twin.txt")))
                    .contains("node id \"whole\" is in use by another process on this store")
                    .doesNotContain("\tat ");
        } finally {
            twin.destroyForcibly().waitFor();
        }
    }

    /** Status of the response to OPTIONS; 0 if none comes. */
    private static int options(TestGateway gateway) throws Exception {
        try (SipPeer peer = SipPeer.udp("127.0.0.1", gateway.sip())) {
            SipDialog ping = new SipDialog(peer);
            peer.send(ping.request("OPTIONS", 1, ping.branch, "", ""));
            SipMessage response = peer.receive(500);
            return response == null ? 0 : response.status();
        }
    }

    @Test
    @Nightly("25 s of processes that are killed; KillTest is in each run")
    void whoeverReachedTheAssistantBeforeAKillHasARecordAfterIt() throws Exception {
        try (TestGateway gateway =
                new TestGateway(folder, TestGateway.Wishes.USUAL.withSipPort(FreePort.next()))) {
            Process first = start(gateway);
            List<Thread> callers = new ArrayList<>();
            Random thinking = new Random(20261124);
            try {
                for (int i = 0; i < CALLS; i++) {
                    String number = "+4917500000" + (10 + i);
                    int frames = thinking.nextInt(40);
                    callers.add(Thread.ofVirtual().start(() -> agrees(gateway, number, frames)));
                }
                enoughGetThrough(gateway);
            } finally {
                first.destroyForcibly().waitFor();
            }
            for (Thread caller : callers) {
                caller.interrupt();
            }
            List<AnsweredCall> reached = List.copyOf(gateway.assistant().calls());

            Process second = start(gateway);
            try {
                LedgerArchive archive = gateway.archive();
                for (AnsweredCall visit : reached) {
                    UUID id = UUID.fromString(visit.header("X-Consent-Id"));
                    Entry entry = archive.reader().entry(id).orElseThrow();
                    assertThat(entry.type()).isEqualTo(EntryType.GIVEN);
                    assertThat(TestGateway.payload(entry).at("/call/gateway_call_id").asText())
                            .isEqualTo(visit.header("X-Gateway-Call-Id"));
                }
                assertThat(reached).hasSizeGreaterThanOrEqualTo(CALLS / 3);
                assertThat(gateway.verify().findings()).isEmpty();
                refusesATwin(gateway);
                endsGently(gateway, second);
            } finally {
                second.destroyForcibly().waitFor();
            }
            assertThat(gateway.verify().findings()).isEmpty();
        }
    }

    private static void enoughGetThrough(TestGateway gateway) throws IOException {
        try {
            await("the first to get through")
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(SOON)
                    .until(() -> gateway.assistant().calls().size() >= CALLS / 3);
        } catch (ConditionTimeoutException e) {
            Path told = gateway.data().resolveSibling("child.txt");
            throw new AssertionError(FAILED + "\n" + Files.readString(told), e);
        }
    }

    private static void agrees(TestGateway gateway, String number, int afterFrames) {
        try {
            TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
            caller.hears("question-keys.assistant");
            // Not all at the same moment.
            await().pollDelay(Duration.ofMillis(20L * afterFrames)).until(() -> true);
            caller.presses("1").hears("assistant");
        } catch (Exception | AssertionError killed) {
            // Which is what this test does; told only where nobody gets through.
            FAILED.add(killed.toString());
        }
    }

    /**
     * SIGHUP in the middle of a prompt ends nothing, and has the file read again. SIGTERM: no new
     * call, the running one goes on and may end, then the process ends.
     */
    private static void endsGently(TestGateway gateway, Process process) throws Exception {
        TestCaller running =
                TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491750000099").talks();
        running.hearsBeginningOf("question-keys.assistant");
        assertThat(
                        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
        running.hears("question-keys.assistant").presses("1").hears("assistant");
        Path told = gateway.data().resolveSibling("child.txt");
        await("the file is read again")
                .atMost(SOON)
                .until(() -> Files.readString(told).contains("configuration read again"));
        AnsweredCall assistant = gateway.assistant().calls().getLast();

        process.destroy();
        await("draining").atMost(SOON).until(() -> options(gateway) == 503);
        TestCaller late = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491750000098");
        assertThat(late.isOver().outcome()).isEqualTo(new Telephone.Outcome.Refused(503));
        TestWait.until(assistant::heardTheCaller);
        assertThat(running.over()).isFalse();
        assertThat(process.isAlive()).isTrue();

        running.hangsUp();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        gateway.tellsOfTalk("+491750000099", "basis");
    }
}
