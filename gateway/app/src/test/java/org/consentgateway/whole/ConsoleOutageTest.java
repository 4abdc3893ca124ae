package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the service desk is told of a withdrawal that the store does not take. At a gateway of its
 * own: others would wait for its store.
 */
@Timeout(90)
class ConsoleOutageTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            ConsoleVisitor.LISTEN
                                    + yaml.replace("commit-timeout: 5s", "commit-timeout: 1s"));

    /**
     * Agrees, for later calls as well.
     *
     * @return the consent
     */
    private static String agrees(String number) throws Exception {
        TestWait.until(() -> !storeIsDown());
        TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("remember-keys")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        TestWait.until(() -> gateway.story(number).contains("AssistantCut CALLER_HUNG_UP"));
        return gateway.assistantOf(number).header("X-Consent-Id");
    }

    /** Nobody else writes until it is closed; what was read before can be read. */
    private static Connection heldStore() throws SQLException {
        Connection held = DriverManager.getConnection(gateway.ledger().url());
        try (Statement statement = held.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("BEGIN IMMEDIATE");
        }
        return held;
    }

    private static boolean storeIsDown() throws Exception {
        return gateway.http("/health/ready").contains("no record can be made durable");
    }

    /** Nothing of it is on a disk: who says now that it is withdrawn says what a restart undoes. */
    @Test
    void theServiceDeskIsToldToRepeatAWithdrawalOfWhichNothingIsRecorded() throws Exception {
        String consent = agrees("+491710000923");
        var desk = ConsoleVisitor.signedIn(gateway, "desk-repeats", ConsoleRole.SERVICE);
        Map<String, String> form = Map.of("consent", consent, "once", "w3", "token", desk.token());
        HttpResponse<String> english;
        HttpResponse<String> german;
        try (Connection _ = heldStore()) {
            TestWait.until(ConsoleOutageTest::storeIsDown);
            english = desk.post("/consents/withdraw", form);
            german = desk.post("/consents/withdraw?language=de", form);
        }

        assertThat(english.statusCode()).as(english.body()).isEqualTo(503);
        assertThat(english.body())
                .contains("not certain that this withdrawal is recorded", "Do not say that it is")
                .contains("action=\"/consents/withdraw\"")
                .contains("name=\"consent\" value=\"" + consent + "\"")
                .contains("name=\"once\" value=\"w3\"")
                .contains("name=\"token\" value=\"" + form.get("token") + "\"");
        assertThat(german.body()).contains("Sagen Sie nicht, dass es widerrufen ist");
        TestWait.until(() -> !storeIsDown());
        assertThat(desk.post("/consents/withdraw", form).statusCode()).isEqualTo(303);
        assertThat(desk.get("/consents/" + consent).body()).contains("state withdrawn");
    }

    /** Clicks while the store hangs: the browser shows the answer to the last one alone. */
    @Test
    void theFormComesBackWhereItIsSentAgainBeforeItsFirstAnswer() throws Exception {
        String consent = agrees("+491710000925");
        var desk = ConsoleVisitor.signedIn(gateway, "desk-clicks", ConsoleRole.SERVICE);
        Map<String, String> form = Map.of("consent", consent, "once", "w5", "token", desk.token());
        List<HttpResponse<String>> answers = new CopyOnWriteArrayList<>();
        try (Connection _ = heldStore();
                var clicks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int click = 0; click < 4; click++) {
                var _ = clicks.submit(() -> answers.add(desk.post("/consents/withdraw", form)));
            }
        }

        assertThat(answers)
                .hasSize(4)
                .anySatisfy(first -> assertThat(first.statusCode()).isEqualTo(200))
                .anySatisfy(other -> {
                    assertThat(other.statusCode()).isEqualTo(409);
                    assertThat(other.body())
                            .contains("not certain that this withdrawal is recorded")
                            .contains("action=\"/consents/withdraw\"")
                            .contains("name=\"once\" value=\"w5\"");
                });
    }

    /**
     * It counts, so nobody has to be called back; and the log says later who has done it, also
     * where nobody asks for anything behind it.
     */
    @Test
    void theServiceDeskIsToldOfAWithdrawalThatIsKeptThoughNothingElseCanBeRecorded()
            throws Exception {
        String number = "+491710000924";
        String consent = agrees(number);
        var desk = ConsoleVisitor.signedIn(gateway, "desk-kept", ConsoleRole.SERVICE);
        Map<String, String> form = Map.of("consent", consent, "once", "w4", "token", desk.token());
        HttpResponse<String> withdrawn;
        try (Connection _ = heldStore()) {
            withdrawn = desk.post("/consents/withdraw", form);
        }

        assertThat(withdrawn.statusCode()).as(withdrawn.body()).isEqualTo(200);
        assertThat(withdrawn.body()).contains("The withdrawal counts, and is kept");
        TestWait.until(() -> gateway.story(number).contains("Withdrawn NONE"));
        TestWait.until(() -> !storeIsDown());
        TestWait.until(
                () -> isRecordedOf("console desk-kept", "POST /v1/consents/{id}/withdrawal"));
        assertThat(desk.get("/consents/" + consent).body()).contains("state withdrawn");
    }

    private static boolean isRecordedOf(String by, String action) throws Exception {
        return gateway.archive().reader().ofType(EntryType.ACCESSED, 100).stream()
                .map(entry -> String.valueOf(entry.payload()))
                .anyMatch(access -> access.contains(by) && access.contains(action));
    }
}
