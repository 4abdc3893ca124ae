package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A number that asks for erasure is called back, and only its key 1 counts. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallBackCallsTest {
    /** Where the trunk has its numbers. */
    private static final Callee PHONES = phones();

    /** Longer than two packets are apart, much shorter than a key is waited for. */
    private static final Duration SILENCE = Duration.ofMillis(200);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, CallBackCallsTest::callingBack);

    private static Callee phones() {
        try {
            return new Callee("phone", TestGateway.greeting("phone").octets(G711.PCMA));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String callingBack(String yaml) {
        return yaml.replace(
                        "{name: local, sources: [\"127.0.0.1\"],",
                        "{name: local, sources: [\"127.0.0.1\"], probe: \"" + PHONES.uri() + "\",")
                .replace(
                        "dialog: privacy\n    first-input: 3s",
                        """
                        dialog: privacy
                            first-input: 1s
                            trunks: [local]
                            confirm-by: call-back
                            confirm-hours: []
                            confirm-after: 0s\
                        """);
    }

    @AfterAll
    static void hangUp() {
        PHONES.close();
    }

    /** Asks, beside the others, and does this when called back. */
    private static CompletableFuture<Void> of(String number, Runnable calledBack) {
        return CompletableFuture.runAsync(
                () -> {
                    asksForErasure(number);
                    calledBack.run();
                },
                each -> Thread.ofVirtual().start(each));
    }

    private static void asksForErasure(String number) {
        TestCaller caller;
        try {
            caller = TestCaller.calls(gateway, TestGateway.PRIVACY, number);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        caller.hears("privacy-menu")
                .presses("3")
                .hears("privacy-erasure")
                .hears("privacy-call-back")
                .hangsUp();
    }

    private static AnsweredCall calledBack(String number) {
        await().atMost(TestCaller.PATIENCE).until(() -> !calls(number).isEmpty());
        return calls(number).getFirst();
    }

    private static List<AnsweredCall> calls(String number) {
        return PHONES.calls().stream()
                .filter(call -> call.invite().startsWith("INVITE sip:" + number + "@"))
                .toList();
    }

    /** The first words say who calls. */
    private static AnsweredCall hearsTheQuestion(String number) {
        AnsweredCall call = calledBack(number);
        await().atMost(TestCaller.PATIENCE).until(() -> call.loudFrames() > 20);
        return call;
    }

    /** To its end: until key 1 has been named it does not count. */
    private static AnsweredCall hearsAllOfTheQuestion(String number) {
        AnsweredCall call = hearsTheQuestion(number);
        await().atMost(TestCaller.PATIENCE)
                .until(() -> {
                    Instant last = call.lastHeard();
                    return last != null && last.plus(SILENCE).isBefore(Instant.now());
                });
        return call;
    }

    @Story
    void keyOneConfirmsAndNothingElseDoes() throws Exception {
        String confirms = "+491710000301";
        String disowns = "+491710000302";
        String presses5 = "+491710000303";
        String hangsUp = "+491710000304";
        String early = "+491710000305"; // before it was asked, as a machine may
        List<CompletableFuture<Void>> all =
                List.of(
                        of(early, () -> calledBack(early).voice().press('1')),
                        of(confirms, () -> hearsAllOfTheQuestion(confirms).voice().press('1')),
                        of(disowns, () -> hearsTheQuestion(disowns).voice().press('2')),
                        of(presses5, () -> hearsTheQuestion(presses5).voice().press('5')),
                        of(hangsUp, () -> hearsTheQuestion(hangsUp).hangUp()));
        all.forEach(CompletableFuture::join);

        tells(confirms, "RequestConfirmed");
        tells(disowns, "RequestUnconfirmed DISOWNED");
        tells(presses5, "RequestUnconfirmed OTHER_KEY");
        tells(hangsUp, "RequestUnconfirmed HUNG_UP");
        tells(early, "RequestUnconfirmed NO_KEY");
        AnsweredCall first = calledBack(confirms);
        assertThat(first.header("From")).contains(TestGateway.PRIVACY);
        TestWait.until(first::over);
        for (String number : List.of(confirms, disowns, presses5, hangsUp, early)) {
            assertThat(calls(number)).as("called once").hasSize(1);
        }
        assertThat(gateway.http("/metrics"))
                .contains("consent_request_call_backs_total{result=\"confirmed\"} 1.0")
                .contains("consent_request_call_backs_total{result=\"disowned\"} 1.0");
        assertThat(gateway.verify().findings()).isEmpty();
    }

    /** What came of the request, which names nobody. */
    private static void tells(String number, String last) throws Exception {
        gateway.tells(number, "RequestOpened ERASURE", "CallBackDue");
        var request = gateway.entries(number).getFirst().id();
        await(last)
                .atMost(TestCaller.PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        AboutEntries.of(gateway.archive().reader(), request)
                                                .stream()
                                                .map(TestGateway::told))
                                .containsExactly("CallBackPlaced", last));
    }
}
