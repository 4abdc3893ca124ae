package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Assistants as hosted platforms offer them: over TLS where we listen on none, with a password, at
 * several places of which some are dead.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SipAssistantsTest {
    private static final String OVER_TLS = "+4930123471";
    private static final String WITH_PASSWORD = "+4930123472";
    private static final String AT_TWO_PLACES = "+4930123473";
    private static final String FALLING_SILENT = "+4930123474";

    private static final Path FOLDER = folder();
    private static final Callee secure = secure();
    private static final Callee fallingSilent = plain();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, SipAssistantsTest::withTheirLines);

    private static Path folder() {
        try {
            return Files.createTempDirectory("certificates");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] greeting() {
        return TestGateway.greeting("assistant").octets(G711.PCMA);
    }

    private static Callee secure() {
        try {
            var tls = Certificates.in(FOLDER).context(Certificates.GATEWAY);
            return new Callee("assistant", greeting(), tls);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Callee plain() {
        try {
            return new Callee("assistant", greeting());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void isWatched() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ready().contains("assistant falling-silent"));
    }

    @AfterAll
    static void stop() {
        secure.close();
        fallingSilent.close();
    }

    private static String withTheirLines(String yaml) {
        String login =
                "authentication: {user: %s, password: %s}".formatted(Callee.LOGIN, Callee.PASSWORD);
        return yaml.replace("sip:\n  listen:", "sip:\n  keep-alive: 1s\n  listen:")
                        .replace(
                                "tls: {}",
                                "tls: {roots: [\"%s\"], system-roots: false}"
                                        .formatted(FOLDER.resolve("ca.crt")))
                        .replace(
                                "assistants:\n",
                                "assistants:\n"
                                        + assistant("over-tls", secure.uri(), "")
                                        + assistant(
                                                "with-password",
                                                secure.uri(Callee.CHALLENGING),
                                                ", " + login)
                                        + assistant(
                                                "at-two-places",
                                                "sip:assistant@127.0.0.1:9",
                                                ", more: [{uri: \"" + secure.uri() + "\"}]")
                                        + assistant("falling-silent", fallingSilent.uri(), ""))
                + AddedLine.to("over-tls", OVER_TLS)
                + AddedLine.to("with-password", WITH_PASSWORD)
                + AddedLine.to("at-two-places", AT_TWO_PLACES)
                + AddedLine.to("falling-silent", FALLING_SILENT);
    }

    private static String assistant(String name, String uri, String more) {
        return "  - {name: %s, uri: \"%s\", ring-timeout: 5s%s}\n".formatted(name, uri, more);
    }

    private static AnsweredCall talks(String line, String number) throws Exception {
        TestCaller caller = TestCaller.agrees(gateway, line, number).hears("assistant");
        AnsweredCall assistant = callOf(number);
        TestWait.until(assistant::heardTheCaller);
        caller.hangsUp();
        TestWait.until(assistant::over);
        return assistant;
    }

    private static AnsweredCall callOf(String number) throws Exception {
        List<AnsweredCall> calls =
                secure.calls("X-Gateway-Call-Id", gateway.callIds(number).getFirst());
        assertThat(calls).hasSize(1);
        return calls.getFirst();
    }

    private static String ready() throws Exception {
        return gateway.http("/health/ready");
    }

    @Story
    void anAssistantOverTlsIsReachedThoughWeListenOnNone() throws Exception {
        assertThat(gateway.config().sip().listen().toString()).doesNotContain("tls");
        AnsweredCall assistant = talks(OVER_TLS, "+491710000701");
        assertThat(assistant.invite()).contains("SIP/2.0/TLS").contains(";alias");
    }

    @Story
    void anAssistantThatWantsAPasswordIsShownItsOwn() throws Exception {
        AnsweredCall assistant = talks(WITH_PASSWORD, "+491710000702");
        assertThat(assistant.header("Authorization")).contains("username=\"" + Callee.LOGIN + "\"");
    }

    @Story
    void whereOnePlaceIsDeadTheNextOneIsDialled() throws Exception {
        talks(AT_TWO_PLACES, "+491710000703");
        assertThat(gateway.http("/peers")).contains("sip:assistant@127.0.0.1:9");
    }

    @Story
    void anAssistantThatFallsSilentIsToldAndPassedOver() throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> isReady("assistant falling-silent", "ready", "answers"));
        fallingSilent.mute(true);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> isReady("assistant falling-silent", "limited", "does not answer"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(gateway.http("/metrics"))
                                .contains(
                                        "consent_target_up{kind=\"assistant\",target=\"falling-silent\"}"
                                            + " 0")
                                .contains(
                                        "consent_target_up{kind=\"assistant\",target=\"at-two-places\"}"
                                            + " 1"));
        assertThat(gateway.http("/")).contains("assistant falling-silent");

        TestCaller.agrees(gateway, FALLING_SILENT, "+491710000704").hears("human").hangsUp();
        assertThat(fallingSilent.calls()).isEmpty();
        gateway.tells("+491710000704", "Served opening", "Given basis");
    }

    private static boolean isReady(String part, String status, String detail) throws Exception {
        return ready().contains(
                        "{\"name\":\"%s\",\"status\":\"%s\",\"detail\":\"%s"
                                .formatted(part, status, detail));
    }
}
