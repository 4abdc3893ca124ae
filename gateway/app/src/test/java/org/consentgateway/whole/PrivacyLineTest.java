package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.cli.subject.RequestsCommand;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What whoever calls from a number can do about its consents: end them, ask, and nothing else. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class PrivacyLineTest {
    private static final Path WORDS = ShortPrompts.PROJECT.resolve("config/prompts/demo/say");

    /** A word in which the machine stood still so long may not be understood. */
    private static final Duration STALL = Duration.ofMillis(50);

    private static final AtomicLong SPEAKERS = new AtomicLong(491710000600L);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withSpeech(),
                    // Nobody here is silent, and a key that a busy machine is late with is no no.
                    yaml -> yaml.replace("first-input: 3s", "first-input: 20s"));

    private static TestCaller calls(String line, String number) throws Exception {
        return TestCaller.calls(gateway, line, number);
    }

    private static void agrees(String number) throws Exception {
        calls(TestGateway.REMEMBER, number)
                .hears("question.assistant")
                .presses("1")
                .hears("remember")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        gateway.tellsOfTalk(number, "merken");
    }

    private static final String[] AGREED = {
        "Served opening", "Given merken", "AssistantOpened", "AssistantCut CALLER_HUNG_UP"
    };

    private static String[] afterAgreeing(String... more) {
        String[] all = java.util.Arrays.copyOf(AGREED, AGREED.length + more.length);
        System.arraycopy(more, 0, all, AGREED.length, more.length);
        return all;
    }

    @Story
    void aKeyWithdraws() throws Exception {
        String number = "+491710000104";
        agrees(number);
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        privacy.hears("privacy-opening").hears("privacy-consent").hears("privacy-menu");
        privacy.presses("1").hears("privacy-withdrawn").hangsUp();
        calls(TestGateway.PRIVACY, number).hears("privacy-none").hangsUp();
        calls(TestGateway.ONE_LEVEL, number).hears("question.assistant").hangsUp();
        gateway.tells(
                number,
                afterAgreeing(
                        "Withdrawn KEY", "Served opening", "Unanswered HANGUP_DURING_QUESTION"));
    }

    @Story
    void aKeyWithdrawsBeforeTheLineHasSaidWhatItMeans() throws Exception {
        String number = "+491710000105";
        agrees(number);
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        privacy.hearsBeginningOf("privacy-consent").presses("1");
        privacy.hears("privacy-withdrawn").hangsUp();
        gateway.tells(number, afterAgreeing("Withdrawn KEY"));
    }

    @Story
    void aWordWithdraws() throws Exception {
        String number = Stalls.measured(STALL, PrivacyLineTest::withdrawsByAWord, done -> true);
        gateway.tells(number, afterAgreeing("Withdrawn SPEECH"));
    }

    /** Somebody else each time. */
    private static String withdrawsByAWord() throws Exception {
        String number = "+" + SPEAKERS.incrementAndGet();
        agrees(number);
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        try {
            privacy.hears("privacy-menu");
            privacy.says(Wav.read(WORDS.resolve("en-withdraw-consent.wav")).clip());
            privacy.hears("privacy-withdrawn");
            return number;
        } finally {
            privacy.hangsUp();
        }
    }

    @Story
    void aWithdrawalEndsACallThatGoesOn() throws Exception {
        String number = "+491710000107";
        TestCaller caller = calls(TestGateway.ONE_LEVEL, number).hears("question.assistant");
        caller.presses("1").hears("assistant").talks();
        AnsweredCall assistant =
                gateway.assistant()
                        .calls("X-Gateway-Call-Id", gateway.callIds(number).getFirst())
                        .getFirst();
        TestWait.until(assistant::heardTheCaller);
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        privacy.hears("privacy-consent").hears("privacy-menu").presses("1");
        privacy.hears("privacy-withdrawn").hangsUp();
        caller.hears("withdrawn").hears("to-human").hears("human");
        TestWait.until(assistant::over);
        assertThat(gateway.human().calls("From", number)).hasSize(1);
        caller.hangsUp();
        // Two calls wrote the last two, side by side.
        await().atMost(TestCaller.PATIENCE)
                .untilAsserted(() ->
                        assertThat(gateway.story(number))
                                .startsWith("Served opening", "Given basis", "AssistantOpened")
                                .contains(
                                        "Withdrawn KEY",
                                        "AssistantCut WITHDRAWN",
                                        "HolderNotified WITHDRAWN BYE")
                                .hasSize(6));
    }

    @Story
    void aRequestForAccessIsNotedAndItsNumberIsSpokenTwice() throws Exception {
        String number = "+491710000108";
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        privacy.hears("privacy-none").hears("privacy-menu").presses("2");
        privacy.hears("privacy-access").hears("privacy-reference-again");
        gateway.tells(number, "RequestOpened ACCESS");
        ObjectNode request = TestGateway.payload(gateway.entries(number).getFirst());
        String reference = request.at("/request/reference").asText();
        List<String> digits =
                reference.chars().mapToObj(digit -> "privacy-digit." + (char) digit).toList();
        TestWait.until(() -> spoken(privacy).size() == 2 * digits.size());
        assertThat(spoken(privacy).subList(0, digits.size())).isEqualTo(digits);
        assertThat(spoken(privacy).subList(digits.size(), 2 * digits.size())).isEqualTo(digits);
        assertThat(Instant.parse(request.at("/request/due").asText()))
                .isBetween(
                        Instant.parse(request.at("/event_time").asText()).plus(Duration.ofDays(28)),
                        Instant.parse(request.at("/event_time").asText())
                                .plus(Duration.ofDays(32)));
        privacy.hangsUp();
    }

    private static List<String> spoken(TestCaller caller) {
        return caller.heard().stream().filter(part -> part.startsWith("privacy-digit")).toList();
    }

    @Story
    void aRequestForErasureErasesNothing() throws Exception {
        String number = "+491710000109";
        agrees(number);
        List<Entry> before = gateway.entries(number);
        TestCaller privacy = calls(TestGateway.PRIVACY, number);
        privacy.hears("privacy-menu").presses("3").hears("privacy-erasure");
        privacy.hears("privacy-reference").hangsUp();
        gateway.tells(number, afterAgreeing("RequestOpened ERASURE"));
        assertThat(gateway.entries(number).subList(0, before.size())).isEqualTo(before);
        String reference =
                TestGateway.payload(gateway.entries(number).getLast())
                        .at("/request/reference")
                        .asText();
        assertThat(gateway.archive().reader().latest(1000))
                .filteredOn(entry -> entry.type() == EntryType.ERASED)
                .as("other stories erase what is theirs, on this number's request nobody does")
                .noneMatch(entry ->
                        TestGateway.payload(entry).path("case").asText().equals(reference));
        assertThat(gateway.verify().findings()).isEmpty();
        calls(TestGateway.PRIVACY, number).hears("privacy-consent").hangsUp();
    }

    @Story
    void aPersonWhoApprovesAnErasureEndsTheTalkThatGoesOnUnderTheConsent() throws Exception {
        String number = "+491710000110";
        TestCaller caller = calls(TestGateway.ONE_LEVEL, number).hears("question.assistant");
        caller.presses("1").hears("assistant").talks();
        TestCaller privacy = calls(TestGateway.PRIVACY, number).hears("privacy-menu").presses("3");
        privacy.hears("privacy-erasure").hangsUp();
        List<Entry> before = gateway.entries(number);
        Entry request = before.getLast();
        await("the gauge is looked at every ten seconds")
                .atMost(Duration.ofSeconds(25))
                .until(() ->
                        gateway.http("/metrics")
                                .matches(
                                        "(?s).*consent_requests_open\\{kind=\"erasure\",overdue="
                                                + "\"false\"} [1-9].*"));
        String reference = TestGateway.payload(request).at("/request/reference").asText();
        assertThat(requests("list")).contains(reference);
        assertThat(
                        requests(
                                "approve",
                                reference,
                                "--number",
                                number,
                                "--who",
                                "A. Beispiel",
                                "--ground",
                                "asked back in writing"))
                .contains("entries erased");
        caller.hears("withdrawn").hears("human").hangsUp();
        assertThat(gateway.archive().reader().entry(before.getFirst().id()).orElseThrow().payload())
                .isNull();
        calls(TestGateway.PRIVACY, number).hears("privacy-none").hangsUp();
        assertThat(requests("show", reference)).contains("approved", "A. Beispiel");
        assertThat(gateway.verify().findings()).isEmpty();
    }

    /** As typed beside the running gateway. */
    private static String requests(String... arguments) {
        var out = new StringWriter();
        var desk = TestLedger.requests(gateway.ledger(), InstantSource.system());
        int code =
                RequestsCommand.with(() -> desk)
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(out))
                        .execute(arguments);
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    @Story
    void whoseNumberIsNotShownHearsTheAddressAndMayHaveAPerson() throws Exception {
        TestCaller privacy = calls(TestGateway.PRIVACY, "anonymous");
        privacy.hears("privacy-unknown-caller").hears("privacy-contact");
        privacy.hears("privacy-unknown-menu").presses("4");
        await().atMost(TestCaller.PATIENCE)
                .until(() ->
                        privacy.heard().stream().filter("privacy-contact"::equals).count() == 2);
        privacy.presses("0").hears("to-human").hears("human").hangsUp();
    }
}
