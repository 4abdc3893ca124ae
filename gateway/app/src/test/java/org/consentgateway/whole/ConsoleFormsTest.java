package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.account.ConsoleRole;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each form and each thing with an id, by each role. At a gateway of its own: so many are refused
 * that further refusals of that minute are counted and not recorded.
 */
@Timeout(120)
class ConsoleFormsTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, yaml -> ConsoleVisitor.LISTEN + yaml);

    /** Every form there is, and what it takes to send it. */
    private static final Map<String, ApiScope> FORMS =
            Map.of(
                    "/calls/end", ApiScope.CALLS_WRITE,
                    "/consents/withdraw", ApiScope.CONSENTS_WITHDRAW,
                    "/requests/open", ApiScope.REQUESTS_WRITE,
                    "/requests/approval", ApiScope.REQUESTS_ANSWER,
                    "/requests/refusal", ApiScope.REQUESTS_ANSWER,
                    "/requests/extension", ApiScope.REQUESTS_ANSWER,
                    "/requests/callbacks", ApiScope.TASKS_WRITE,
                    "/requests/complaints", ApiScope.TASKS_WRITE,
                    "/trunks/probe", ApiScope.OPERATION_PROBE,
                    "/texts/demo/en/2026-11/variant", ApiScope.NOTICES_DRAFT);

    /** Everything that is asked for by an id or a name, and what it takes to get it. */
    private static final Map<String, ApiScope> THINGS =
            Map.of(
                    "/consents/ID", ApiScope.CONSENTS_READ,
                    "/consents/ID/receipt", ApiScope.CONSENTS_READ,
                    "/requests/ID/answer", ApiScope.SUBJECTS_EXPORT,
                    "/proof/entry?id=ID", ApiScope.PROOF_READ,
                    "/proof/receipt?id=ID", ApiScope.CONSENTS_READ,
                    "/proof/checkpoints/whole", ApiScope.PROOF_READ,
                    "/proof/verifier.keys", ApiScope.PROOF_READ,
                    "/texts/a/b/c", ApiScope.NOTICES_READ,
                    "/texts/demo/en/2026-11/variant", ApiScope.NOTICES_DRAFT,
                    "/calls/ID", ApiScope.CALLS_READ);

    @ParameterizedTest
    @EnumSource(ConsoleRole.class)
    void whatIsSentAndTakenAlongNeedsItsScopeWhoeverAsks(ConsoleRole role) throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "sends-" + role.text(), role);
        String id = UUID.randomUUID().toString();
        String token = visitor.token();
        for (Map.Entry<String, ApiScope> each : FORMS.entrySet()) {
            int status = visitor.post(each.getKey(), Map.of("token", token)).statusCode();
            assertThat(status == 403)
                    .as("%s: %d", each.getKey(), status)
                    .isNotEqualTo(role.scopes().contains(each.getValue()));
            assertThat(visitor.post(each.getKey(), Map.of()).statusCode())
                    .as(each.getKey() + " without the token of the session")
                    .isEqualTo(403);
        }
        for (Map.Entry<String, ApiScope> each : THINGS.entrySet()) {
            int status = visitor.get(each.getKey().replace("ID", id)).statusCode();
            assertThat(status == 403)
                    .as("%s: %d", each.getKey(), status)
                    .isNotEqualTo(role.scopes().contains(each.getValue()));
        }
    }
}
