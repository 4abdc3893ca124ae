package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.junit.jupiter.api.Test;
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

    /** Those of one's own sign-in, which everybody has. */
    private static final List<String> OWN = List.of("/account/confirm", "/account/sessions/end");

    private static Stream<String> forms() {
        return Stream.of(FORMS.keySet(), OWN, List.of("/consents")).flatMap(Collection::stream);
    }

    /**
     * Whoever withdraws for somebody who is on the telephone, behind a break that was too long,
     * must not take the page that comes for a success.
     */
    @Test
    void whatIsSentWithASessionThatHasEndedIsToldAsNotDone() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "away", ConsoleRole.ADMIN);
        String session = visitor.cookies().get("session");
        Map<String, String> form = Map.of("token", visitor.token());
        assertThat(visitor.post("/sign-out", form).statusCode()).isEqualTo(303);
        for (String path : forms().toList()) {
            visitor.cookies().put("session", session);
            HttpResponse<String> english = visitor.post(path, form);
            HttpResponse<String> german = visitor.post(path + "?language=de", form);
            visitor.cookies().remove("language");

            assertThat(english.statusCode()).as(path).isEqualTo(401);
            assertThat(english.headers().allValues("Set-Cookie").toString())
                    .as("a cookie that opens nothing is taken")
                    .contains("session=;");
            assertThat(english.body())
                    .as(path)
                    .contains("role=\"alert\"", "was not done", "action=\"/sign-in\"")
                    .doesNotContain("Your role");
            assertThat(german.body()).contains("wurde nicht getan").doesNotContain("Ihre Rolle");
        }
    }

    /** As in a second tab, which still shows a form of the session before. */
    @Test
    void aFormOfTheSessionBeforeIsToldAsNotDone() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "back", ConsoleRole.SERVICE);
        var visitor = new ConsoleVisitor(gateway);
        String code = ConsoleVisitor.code(totp);
        visitor.signIn("back", ConsoleVisitor.PASSWORD, code);
        Map<String, String> before = Map.of("token", visitor.token());
        assertThat(visitor.post("/sign-out", before).statusCode()).isEqualTo(303);
        String next = totp.code(InstantSource.system().instant().plusSeconds(30));
        visitor.signIn("back", ConsoleVisitor.PASSWORD, next);
        for (String path : forms().toList()) {
            HttpResponse<String> english = visitor.post(path, before);
            HttpResponse<String> german = visitor.post(path + "?language=de", before);
            visitor.cookies().remove("language");

            assertThat(english.statusCode()).as(path).isEqualTo(403);
            assertThat(english.body())
                    .as(path)
                    .contains("Nothing was done", "Ada service")
                    .doesNotContain("Your role");
            assertThat(german.body()).contains("Nichts wurde getan").doesNotContain("Ihre Rolle");
        }
    }

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
