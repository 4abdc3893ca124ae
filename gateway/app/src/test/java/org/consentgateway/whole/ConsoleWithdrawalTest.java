package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.RecordJson;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the service desk is told of a withdrawal. At a gateway of its own: its log is damaged. */
@Timeout(60)
class ConsoleWithdrawalTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, yaml -> ConsoleVisitor.LISTEN + yaml);

    /** A second consent of the same caller under the same notice, which no longer opens. */
    private static void damagedBeside(String consent) throws Exception {
        Entry entry = gateway.archive().reader().entry(UUID.fromString(consent)).orElseThrow();
        var given = (ConsentRecord.Given) RecordJson.read(TestGateway.payload(entry));
        InstantSource clock = InstantSource.system();
        UUID id = EntryIds.next(clock.instant());
        Period time = Period.ofYears(3);
        try (Ledger ledger = Ledger.openBeside(gateway.ledger(), clock)) {
            var _ =
                    new LedgerStore(
                                    ledger,
                                    new NoticeArchiving(ledger, clock, _ -> Optional.empty()),
                                    new Retention(time, time, time, time),
                                    new Processing("DE", "", Map.of(), List.of(), Map.of()))
                            .append(
                                    List.of(
                                            new ConsentRecord.Given(
                                                    id,
                                                    given.at(),
                                                    given.call(),
                                                    given.notice(),
                                                    given.grant(),
                                                    null)),
                                    TestCaller.PATIENCE);
        }
        TestLedger.spoil(gateway.ledger(), id);
    }

    /** Staff tell the person what the page says: not that everything is withdrawn. */
    @Test
    void theServiceDeskIsToldThatNotEverythingMayHaveEnded() throws Exception {
        String number = "+491710000922";
        TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("remember-keys")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        String consent = gateway.assistantOf(number).header("X-Consent-Id");
        damagedBeside(consent);
        var desk = ConsoleVisitor.signedIn(gateway, "desk-warned", ConsoleRole.SERVICE);

        HttpResponse<String> withdrawn =
                desk.postWithToken("/consents/withdraw", Map.of("consent", consent, "once", "w2"));

        assertThat(withdrawn.statusCode()).as(withdrawn.body()).isEqualTo(303);
        assertThat(withdrawn.headers().firstValue("Location").orElseThrow())
                .endsWith("/consents/" + consent + "?left=yes");
        assertThat(desk.get("/consents/" + consent + "?left=yes").body())
                .contains("This consent is withdrawn", "Do not say that everything is withdrawn");
        assertThat(desk.get("/consents/" + consent + "?left=yes&language=de").body())
                .contains("Sagen Sie nicht, dass alles widerrufen ist");
    }
}
