package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.AnsweredCall.Asked;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who was given data under a consent learns that it has ended, and the ledger says so. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HoldersToldTest {
    private static final String INFORMED = "+4930123461";
    private static final String SPEECHLESS = "+4930123462";
    private static final String RINGING = "+4930123463";
    private static final String BRIEF = "+4930123464";

    /** From the last packet of the caller to what is told, on a machine that does other work. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, HoldersToldTest::withTheirLines);

    @TempDir private Path folder;

    /** Three more assistants, which answer at the same port by other names. */
    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String all = yaml;
        for (String name : List.of(Callee.INFORMED, Callee.SPEECHLESS, Callee.RINGING)) {
            all = all.replaceFirst(assistant, "$0\n$1" + name + "$2" + name + "$3");
        }
        return all
                + AddedLine.to(Callee.INFORMED, INFORMED)
                + AddedLine.to(Callee.SPEECHLESS, SPEECHLESS)
                + AddedLine.to(Callee.RINGING, RINGING);
    }

    private static TestCaller talks(String line, String number) throws Exception {
        TestCaller caller = TestCaller.agrees(gateway, line, number).hears("assistant");
        TestWait.until(gateway.assistantOf(number, 0)::heardTheCaller);
        return caller;
    }

    /** What the assistant was asked, without repetitions. */
    private static List<String> methods(AnsweredCall assistant) {
        return assistant.asked().stream()
                .map(asked -> asked.request().method())
                .distinct()
                .toList();
    }

    private static Asked first(String method, AnsweredCall assistant) {
        return assistant.asked().stream()
                .filter(asked -> asked.request().method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private static Instant lastHeard(AnsweredCall assistant) {
        return Objects.requireNonNull(assistant.lastHeard());
    }

    /** What came before that moment may be seen so late, and later where the machine stalled. */
    private static Instant late(Instant at, long sinceNanos) {
        return at.plusMillis(200).plus(Stalls.sinceNanos(sinceNanos));
    }

    private static String reason(AnsweredCall assistant) {
        return first("BYE", assistant).request().header("Reason");
    }

    @Story
    void whoTakesInfoIsToldAfterTheLastPacketAndBeforeTheBye() throws Exception {
        String number = "+491710000101";
        TestCaller caller = talks(INFORMED, number);
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        long pressed = Stalls.now();
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);
        assertThat(methods(assistant)).containsExactly("INFO", "BYE");
        Asked info = first("INFO", assistant);
        assertThat(lastHeard(assistant)).isBefore(late(info.at(), pressed));
        assertThat(info.at()).isBefore(first("BYE", assistant).at());
        assertThat(Duration.between(lastHeard(assistant), first("BYE", assistant).at()))
                .isLessThan(AT_ONCE);
        assertThat(info.request().header("Content-Type")).isEqualTo("application/consent+json");
        assertThat(info.request().body())
                .startsWith(
                        "{\"event\":\"withdrawn\",\"consent\":\""
                                + assistant.header("X-Consent-Id")
                                + "\",\"at\":\"20")
                .doesNotContain(number);
        assertThat(reason(assistant)).isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "INFO");
    }

    @Story
    void whoDoesNotAllowInfoIsToldByTheByeAlone() throws Exception {
        String number = "+491710000102";
        TestCaller caller = talks(TestGateway.ONE_LEVEL, number);
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        caller.presses("*9").hears("withdrawn").hangsUp();
        TestWait.until(assistant::over);
        assertThat(methods(assistant)).containsExactly("BYE");
        assertThat(reason(assistant)).isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
    }

    @Story
    void whoNeverAnswersTheInfoDelaysNothing() throws Exception {
        String number = "+491710000103";
        TestCaller caller = talks(SPEECHLESS, number);
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        long pressed = Stalls.now();
        caller.presses("*9").hearsBeginningOf("withdrawn");
        TestWait.until(assistant::over);
        Instant told = first("INFO", assistant).at();
        assertThat(lastHeard(assistant)).as("cut first").isBefore(late(told, pressed));
        assertThat(Duration.between(told, first("BYE", assistant).at()))
                .isBetween(Duration.ofMillis(450).minus(Stalls.sinceNanos(pressed)), AT_ONCE);
        caller.hears("human").hangsUp();
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
    }

    @Story
    void whoHangsUpHasNotWithdrawn() throws Exception {
        String number = "+491710000104";
        TestCaller caller = talks(INFORMED, number);
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        caller.hangsUp();
        TestWait.until(assistant::over);
        assertThat(methods(assistant)).containsExactly("BYE");
        assertThat(reason(assistant)).startsWith("Q.850;cause=16;");
    }

    @Story
    void theCancelSaysThatTheConsentWasWithdrawnWhileItRang() throws Exception {
        String number = "+491710000105";
        TestCaller caller = TestCaller.agrees(gateway, RINGING, number).hears("confirm-keys.basis");
        String call = gateway.callIds(number).getFirst();
        TestWait.until(() -> !gateway.assistant().calls("X-Gateway-Call-Id", call).isEmpty());
        String dialled =
                gateway.assistant().calls("X-Gateway-Call-Id", call).getFirst().header("Call-ID");
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(() -> gateway.assistant().cancels().stream().anyMatch(of(dialled)));
        assertThat(gateway.assistant().cancels().stream().filter(of(dialled)).findFirst())
                .hasValueSatisfying(cancel ->
                        assertThat(cancel.header("Reason")).contains("\"consent withdrawn\""));
    }

    private static java.util.function.Predicate<SipMessage> of(String callId) {
        return message -> message.header("Call-ID").equals(callId);
    }

    @Story
    void anErasureDuringTheTalkEndsItAndLeavesNoPseudonym() throws Exception {
        String number = "+491710000106";
        TestCaller caller = talks(INFORMED, number);
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        erases(number);
        TestWait.until(assistant::over);
        assertThat(methods(assistant)).containsExactly("INFO", "BYE");
        assertThat(first("INFO", assistant).request().body()).contains("\"event\":\"erased\"");
        assertThat(reason(assistant)).isEqualTo("SIP;cause=200;text=\"consent erased\"");
        caller.hears("human").hangsUp();
        String call = assistant.header("X-Gateway-Call-Id");
        await().atMost(TestCaller.PATIENCE)
                .untilAsserted(() ->
                        assertThat(gateway.archive().reader().ofCall(call))
                                .filteredOn(entry -> entry.payload() != null)
                                .extracting(Entry::type)
                                .contains(EntryType.ASSISTANT_CUT, EntryType.HOLDER_NOTIFIED));
        LedgerArchive archive = gateway.archive();
        assertThat(
                        FoundEntries.of(archive.reader(), archive.pseudonyms().subject(number))
                                .page(0, 1000))
                .isEmpty();
        UUID consent = UUID.fromString(assistant.header("X-Consent-Id"));
        await().atMost(TestCaller.PATIENCE)
                .untilAsserted(() ->
                        assertThat(desk().toTell())
                                .as("it was told in its call: nobody has to tell it by hand")
                                .noneMatch(task -> task.consents().contains(consent)));
    }

    /** Art. 19 DSGVO: where no call is under way, a person has to do it. */
    @Story
    void whoHoldsDataThatWasErasedLaterIsATaskForAPerson() throws Exception {
        String number = "+491710000109";
        TestCaller caller = talks(INFORMED, number);
        UUID consent = UUID.fromString(gateway.assistantOf(number, 0).header("X-Consent-Id"));
        caller.hangsUp();
        await().atMost(TestCaller.PATIENCE)
                .untilAsserted(() ->
                        assertThat(gateway.entries(number))
                                .extracting(Entry::type)
                                .contains(EntryType.ASSISTANT_CUT));
        erases(number);

        StoredRequests.ToTell task =
                desk().toTell().stream()
                        .filter(one -> one.consents().contains(consent))
                        .findFirst()
                        .orElseThrow();
        assertThat(task.event()).isEqualTo("erased");
        desk().told(task.number(), new SubjectRequest.Answer("A. Holm", "letter, confirmed"));
        assertThat(desk().toTell()).noneMatch(one -> one.consents().contains(consent));
        assertThat(gateway.archive().reader().ofType(EntryType.HOLDER_TO_TELL, 100))
                .as("what named the erased consents is gone")
                .noneMatch(entry -> String.valueOf(entry.payload()).contains(consent.toString()));
    }

    private static void erases(String number) {
        CommandLine command = SubjectCommand.with(gateway::ledger, HoldersToldTest::desk);
        StringWriter err = new StringWriter();
        command.setOut(new PrintWriter(new StringWriter()));
        command.setErr(new PrintWriter(err));
        assertThat(command.execute("erase", number, "--yes", "--who", "A. Holm"))
                .as(err.toString())
                .isZero();
    }

    private static StoredRequests desk() {
        return TestLedger.requests(gateway.ledger(), InstantSource.system());
    }

    /** Remembered consents last for a few seconds here, and so end during a talk. */
    private String withBriefConsents(String yaml) {
        Path notice = folder.resolve("notices/demo/en").resolve(ShortPrompts.VERSION + ".yaml");
        try {
            String text = Files.readString(notice);
            Files.writeString(notice, text.replace("duration: P12M", "duration: PT6S"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return withTheirLines(yaml).replace("validity: P12M", "validity: PT6S")
                + AddedLine.to(Callee.INFORMED, BRIEF).named("brief").levels("merken");
    }

    @Test
    void aConsentThatEndsDuringATalkHoldsToTheEndOfTheCallAndIsToldThen() throws Exception {
        String number = "+491710000108";
        try (TestGateway brief =
                TestGateway.start(folder, TestGateway.Wishes.USUAL, this::withBriefConsents)) {
            TestCaller caller =
                    TestCaller.agrees(brief, BRIEF, number).hears("remember-keys").presses("1");
            caller.hears("assistant");
            AnsweredCall assistant = brief.assistantOf(number, 0);
            String until =
                    TestGateway.payload(brief.entries(number).get(1))
                            .at("/validity/until")
                            .asText();
            TestWait.until(() -> Instant.now().isAfter(Instant.parse(until).plusSeconds(2)));
            assertThat(lastHeard(assistant)).as("it holds").isAfter(Instant.parse(until));
            assertThat(assistant.asked()).isEmpty();
            caller.hangsUp();
            TestWait.until(assistant::over);
            assertThat(methods(assistant)).containsExactly("INFO", "BYE");
            assertThat(first("INFO", assistant).request().body())
                    .contains("\"event\":\"expired\"", "\"at\":\"" + until + "\"");
            assertThat(reason(assistant)).isEqualTo("SIP;cause=200;text=\"consent expired\"");
            brief.tells(
                    number,
                    "Served opening",
                    "Given merken",
                    "AssistantOpened",
                    "AssistantCut CALLER_HUNG_UP",
                    "HolderNotified EXPIRED INFO");
        }
    }

    @Test
    void whoIsLeftWhenWeShutDownIsToldSo() throws Exception {
        String number = "+491710000107";
        try (TestGateway closing =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml -> withTheirLines(yaml) + "drain: {limit: 0s}\n")) {
            TestCaller caller = TestCaller.agrees(closing, INFORMED, number).hears("assistant");
            AnsweredCall assistant = closing.assistantOf(number, 0);
            closing.gateway().drain();
            caller.isOver();
            TestWait.until(assistant::over);
            assertThat(methods(assistant)).containsExactly("BYE");
            assertThat(reason(assistant)).isEqualTo("SIP;cause=503;text=\"drained\"");
        }
    }
}
